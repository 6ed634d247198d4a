"""As much of MQTT 3.1.1 as a prober needs: one connection that publishes or subscribes at QoS 1."""
import socket
import struct


def _text(text):
    data = text.encode()
    return struct.pack(">H", len(data)) + data


def _packet(kind, body):
    length, size = b"", len(body)
    while True:
        size, digit = divmod(size, 128)
        length += bytes([digit | (0x80 if size else 0)])
        if not size:
            return bytes([kind]) + length + body


class Connection:
    def __init__(self, port, name):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.unread = b""
        self.packet = 0
        self.socket.sendall(_packet(0x10, _text("MQTT") + b"\x04\x02\x00\x00" + _text(name)))
        self._await(0x20)

    def subscribe(self, topic):
        self.socket.sendall(_packet(0x82, b"\x00\x01" + _text(topic) + b"\x01"))
        self._await(0x90)

    def publish(self, topic, payload):
        self.packet = self.packet % 65535 + 1
        self.socket.sendall(_packet(0x32, _text(topic) + struct.pack(">H", self.packet) + payload))

    def fileno(self):
        return self.socket.fileno()

    def _await(self, kind):
        while not any(first & 0xF0 == kind for first, _ in self.packets()):
            pass

    def packets(self):
        """What has come in: first byte and body of each packet. Waits for the first byte of it."""
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the broker closed the connection")
        self.unread += data
        found = []
        while True:
            size, shift, at = 0, 0, 1
            while at < len(self.unread) and self.unread[at] & 0x80:
                size |= (self.unread[at] & 0x7F) << shift
                shift, at = shift + 7, at + 1
            if at >= len(self.unread):
                return found
            size |= self.unread[at] << shift
            if len(self.unread) < at + 1 + size:
                return found
            found.append((self.unread[0], self.unread[at + 1:at + 1 + size]))
            self.unread = self.unread[at + 1 + size:]

    def payloads(self):
        """Payloads of the messages that have come in, acknowledged."""
        for first, body in self.packets():
            if first & 0xF0 != 0x30:
                continue
            at = 2 + struct.unpack(">H", body[:2])[0]
            if first & 0x06:
                self.socket.sendall(_packet(0x40, body[at:at + 2]))
                at += 2
            yield body[at:]
