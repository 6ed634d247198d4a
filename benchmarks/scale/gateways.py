"""Gateways that report evenly: each device once a period, in turn, at the time it is."""
import collections
import time

from harness import mqtt

MINUTE = 60_000


class Gateways:
    def __init__(self, port, devices, fields):
        self.devices, self.fields, self.sent = devices, fields, 0
        self.by_minute = collections.Counter()  # readings by the minute they belong to
        self.publisher = mqtt.Publisher(port)

    def report(self, periods, seconds=None):
        """Every device once a period; in `seconds` altogether, or as fast as the broker takes it. Returns when the broker
        has acknowledged all."""
        begun, begin = time.monotonic(), self.sent
        end = begin + periods * self.devices
        rate = (end - begin) / seconds if seconds else None
        while self.sent < end:
            # A second's messages at a time: none is older than a second.
            until = min(end, begin + int(rate * (time.monotonic() - begun + 1))) if rate else end
            until = min(until, self.sent + self.devices)  # a device says one thing at a time
            packets = self._packets(until)
            self.publisher.send(packets, 1, rate=rate, together=1 if rate else None)
            self.sent = until
            if rate:
                time.sleep(max(0, begun + (self.sent - begin) / rate - time.monotonic()))

    def _packets(self, until):
        now = int(time.time() * 1000)
        self.by_minute[now // MINUTE * MINUTE] += (until - self.sent) * self.fields
        return mqtt.publishes(
            [(f"bench/d-{at % self.devices:05}", self._payload(now, at)) for at in range(self.sent, until)], 1)

    def _payload(self, now, at):
        values = "".join(f',"v{field}":{(at * 7 + field) % 400 / 10}' for field in range(self.fields))
        return f'{{"ts":{now},"seq":{at // self.devices + 1}{values}}}'
