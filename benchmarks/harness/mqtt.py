"""As much of MQTT 3.1.1 as a publisher needs: packets made beforehand, sent as fast as the broker takes them or paced."""
import socket
import struct
import threading
import time


def _text(text):
    data = text.encode()
    return struct.pack(">H", len(data)) + data


def _packet(kind, body):
    size = len(body)
    length = bytearray()
    while True:
        size, digit = divmod(size, 128)
        length.append(digit | (0x80 if size else 0))
        if not size:
            return bytes([kind]) + bytes(length) + body


def publishes(messages, qos):
    """The packets of (topic, payload)."""
    if qos == 0:
        return [_packet(0x30, _text(topic) + payload.encode()) for topic, payload in messages]
    return [_packet(0x32, _text(topic) + struct.pack(">H", number % 65_535 + 1) + payload.encode())
            for number, (topic, payload) in enumerate(messages)]


class Publisher:
    def __init__(self, port, name="publisher"):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(_packet(0x10, _text("MQTT") + b"\x04\x02\x00\x00" + _text(name)))
        if self.socket.recv(4)[:1] != b"\x20":
            raise SystemExit("the broker refused the publisher")

    def send(self, packets, qos, rate=None, together=None):
        """Until the broker has all of them: it has acknowledged each, or answered a ping behind the last. At a rate so many
        go together as are due in ten milliseconds, or `together`."""
        expected = 4 * len(packets) if qos else 2
        reader = threading.Thread(target=self._take, args=(expected,))
        reader.start()
        step = together or (200 if rate is None else max(1, int(rate // 100)))
        start = time.monotonic()
        for at in range(0, len(packets), step):
            self.socket.sendall(b"".join(packets[at:at + step]))
            if rate:
                time.sleep(max(0, start + (at + step) / rate - time.monotonic()))
        if not qos:
            self.socket.sendall(b"\xc0\x00")
        reader.join()

    def _take(self, expected):
        while expected > 0:
            data = self.socket.recv(65_536)
            if not data:
                raise ConnectionError("the broker closed the connection")
            expected -= len(data)

    def close(self):
        self.socket.sendall(b"\xe0\x00")
        self.socket.close()
