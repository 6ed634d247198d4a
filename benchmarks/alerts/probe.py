"""Publishes readings that raise an alert and end it, and sees when each comes back: over the broker alone, and as an
alert on the live stream. One thread and one monotonic clock for both.

    probe.py BROKER-PORT CONSOLE-PORT TOKEN-FILE PROBES"""
import json
import select
import socket
import sys
import time

from mqtt import Connection

TOPIC = "probe/p-1"
PAUSE = 0.05
# Not counted.
WARM_UP = 40
PATIENCE = 5


class AlertStream:
    def __init__(self, port, token):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(
            f"GET /api/v1/alerts/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        self.unread = b""
        while b"retry:" not in self.unread:
            self._receive()

    def fileno(self):
        return self.socket.fileno()

    def _receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the service closed the stream: " + self.unread.decode(errors="replace"))
        self.unread += data

    def values(self):
        """The value of each alert event of the probe's device that has come in."""
        self._receive()
        *lines, self.unread = self.unread.split(b"\n")
        for line in lines:
            if line.startswith(b"data: "):
                event = json.loads(line[6:])
                if event["device"] == "p-1" and event.get("value") is not None:
                    yield event["value"]


def payload(number):
    # Every probe has a value of its own: even ones raise the alert, odd ones end it.
    value = (60 if number % 2 == 0 else 10) + number / 1e4
    return json.dumps({"ts": time.time_ns() // 1_000_000, "value": round(value, 4)}).encode()


def number(value):
    return round((value - (60 if value > 50 else 10)) * 1e4)


def measure(publisher, subscriber, stream, probes):
    sent, over_broker, on_stream = [], {}, {}
    begin = time.monotonic()
    while len(on_stream) < probes:
        now = time.monotonic()
        # Off the beat, so that no other rhythm of the machine falls together with it.
        due = begin + len(sent) * PAUSE + (len(sent) * 7919 % 100) / 1e4
        if len(sent) < probes and now >= due:
            message = payload(len(sent))
            sent.append(time.monotonic())
            publisher.publish(TOPIC, message)
            continue
        if len(sent) == probes and now > sent[-1] + PATIENCE:
            break
        wait = max(0, due - now) if len(sent) < probes else 0.1
        ready, _, _ = select.select([publisher, subscriber, stream], [], [], wait)
        at = time.monotonic()
        if stream in ready:
            for value in stream.values():
                on_stream.setdefault(number(value), at)
        if subscriber in ready:
            for received in subscriber.payloads():
                over_broker.setdefault(number(json.loads(received)["value"]), at)
        if publisher in ready:
            publisher.packets()
    times = lambda arrivals: sorted((at - sent[n]) * 1e3 for n, at in arrivals.items() if n >= WARM_UP)
    return times(over_broker), times(on_stream)


def quantile(times, share):
    return times[min(len(times) - 1, int(share * len(times)))]


def figures(times):
    return {name: quantile(times, share) for name, share in (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999))}


def main():
    broker, console, token, probes = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    publisher, subscriber = Connection(broker, "probe-out"), Connection(broker, "probe-in")
    subscriber.subscribe(TOPIC)
    stream = AlertStream(console, open(token).readline().strip())
    over_broker, on_stream = measure(publisher, subscriber, stream, probes)
    wanted = probes - WARM_UP
    if len(on_stream) != wanted or len(over_broker) != wanted:
        sys.exit(f"lost: {len(over_broker)} of {wanted} over the broker, {len(on_stream)} on the stream")
    print(json.dumps({"probes": wanted, "over_broker": figures(over_broker), "on_stream": figures(on_stream)}))


main()
