"""A mosquitto of our own on a free loopback port."""
from .process import Process, free_port
from .setting import WORK, program


class Broker(Process):
    def __init__(self, name="broker"):
        self.port = free_port()
        folder = WORK / name
        folder.mkdir(parents=True)
        # Room for all that waits while a subscriber is held, and the same window for clients that cannot say their own.
        (folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n"
            "max_inflight_messages 2000\nset_tcp_nodelay true\nlog_type error\nlog_dest stderr\n")
        binary = program("mosquitto")
        if not binary:
            raise SystemExit("mosquitto: not installed (apt-get install mosquitto)")
        super().__init__([binary, "-c", folder / "mosquitto.conf"], folder / "log", cwd=folder)
        self.wait_for(self._listens, "listening")

    def _listens(self):
        import socket
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
