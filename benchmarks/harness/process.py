"""Programs that a group starts, watched and ended by their process id."""
import atexit
import os
import pathlib
import socket
import subprocess
import time

from .setting import say


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """What it writes lies in `log`; it ends with the group."""

    def __init__(self, command, log, **options):
        self.log = pathlib.Path(log)
        with open(self.log, "ab") as output:
            self.child = subprocess.Popen(
                [str(word) for word in command], stdout=output, stderr=output, **options)
        self.pid = self.child.pid
        atexit.register(self.kill)

    def kill(self):
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()

    def stop(self, seconds=60):
        """As an operator would; what it says when it ends lies in the log afterwards."""
        if self.child.poll() is None:
            self.child.terminate()
        self.child.wait(seconds)

    def signal(self, number):
        self.child.send_signal(number)

    def must_live(self):
        if self.child.poll() is not None:
            say(self.log.read_text(errors="replace")[-3000:])
            raise SystemExit(f"{self.child.args[0]} ended with code {self.child.returncode}")

    def wait_for(self, condition, what, seconds=60, pause=0.02):
        """What `condition` returns when it is no longer false."""
        end = time.monotonic() + seconds
        while True:
            self.must_live()
            if found := condition():
                return found
            if time.monotonic() > end:
                say(self.log.read_text(errors="replace")[-3000:])
                raise SystemExit(f"{self.child.args[0]}: {what}: not within {seconds} s")
            time.sleep(pause)

    def has_logged(self, text):
        return text.encode() in self.log.read_bytes()

    def cpu_seconds(self):
        """Of all its threads, in nanoseconds' grain; /proc/PID/stat has ticks of 10 ms."""
        total = 0
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            try:
                with open(f"/proc/{self.pid}/task/{thread}/schedstat") as file:
                    total += int(file.read().split()[0])
            except FileNotFoundError:
                pass  # a thread that has just ended
        return total / 1e9

    def memory(self):
        """The resident set, in bytes."""
        return self._field("status", "VmRSS") * 1024

    def memory_peak(self):
        return self._field("status", "VmHWM") * 1024

    def bytes_written(self):
        """To disks; what lies in memory and is still to go there counts."""
        return self._field("io", "write_bytes")

    def _field(self, file, name):
        with open(f"/proc/{self.pid}/{file}") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
