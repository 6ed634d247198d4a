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
    start = time.monotonic()
    process.signal(signal.SIGCONT)
    seconds, after = _until_rest(process, start, before)
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


def _until_rest(process, start, used):
    """Seconds from the start until it rests, and its CPU then. It does not rest before it has done something: under load it may
    be a while until it is let go on, and a thousand messages are done before the first look."""
    idle, busy = used, start
    while True:
        time.sleep(PAUSE)
        process.must_live()
        now, found = time.monotonic(), process.cpu_seconds()
        if found - used > BUSY * PAUSE:
            busy = now
        elif found > idle and now - busy > REST:
            return max(busy - start, PAUSE), found
        used = found
