"""One subscriber and one broker: held, filled, let go."""
import itertools
import signal
import time

import messages as wire
from harness import setting
from harness.broker import Broker
from harness.mqtt import Publisher, publishes

PAUSE = 0.005   # seconds between two looks at the CPU
REST = 0.4      # it is done when it has rested as long
BUSY = 0.15     # of a core: less is rest
LONGEST = 300   # seconds; the slowest takes a tenth
numbers = itertools.count()


def drain(subscriber, qos, pack, count, devices):
    """Messages a second and microseconds of CPU a message."""
    broker = Broker(f"broker-{next(numbers)}")
    process = subscriber.start(broker, qos)
    time.sleep(0.3)
    _leave_the_minute()
    packets = publishes(wire.made(subscriber.form, count, pack, devices, int(time.time() * 1000)), qos)
    before = process.cpu_seconds()
    process.signal(signal.SIGSTOP)
    publisher = Publisher(broker.port)
    publisher.send(packets, qos)
    start, held = time.monotonic(), process.cpu_seconds()
    process.signal(signal.SIGCONT)
    seconds, after = _until_rest(process, start, held)
    publisher.close()
    setting.must_equal(f"{subscriber.name}: messages counted", subscriber.counted(process, count), count)
    subscriber.stop(process)
    broker.stop()
    return count / seconds, (after - before) / count * 1e6


def _leave_the_minute():
    """Ours closes its windows at the minute: a cost of the series, not of the messages."""
    second = time.time() % 60
    if not setting.SMOKE and second > 48:
        time.sleep(65 - second)


def _until_rest(process, start, held):
    """Seconds from the start until it rests, and its CPU then. Rest counts from when it is first seen at work: under load it may
    be a while until it is let go on, and a thousand messages are done before the first look."""
    busy, used = None, held
    while time.monotonic() - start < LONGEST:
        time.sleep(PAUSE)
        process.must_live()
        now, found = time.monotonic(), process.cpu_seconds()
        if found - used > (0 if busy is None else BUSY * PAUSE):
            busy = now
        elif busy is not None and now - busy > REST:
            return busy - start, found
        used = found
    raise SystemExit(f"{process.child.args[0]}: it does not rest: not within {LONGEST} s")
