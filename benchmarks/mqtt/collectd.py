"""collectd with its plugins mqtt and csv: it reads `time:value:…` under a topic of its own scheme."""
import itertools
import shutil
import time

from harness import rows, setting
from harness.process import Process

numbers = itertools.count()


class Collectd:
    name, form = "collectd 5.12 (mqtt, csv)", "plain"
    binary = setting.program("collectd")
    is_installed = binary is not None
    missing = rows.missing("collectd", "collectd-core")

    def __init__(self, pack, devices):
        self.pack = pack
        if pack > 50:
            # Its csv plugin has a line of 512 bytes.
            self.is_installed, self.missing = False, f"{self.name}: takes no {pack} values at once"

    def start(self, broker, qos):
        self.folder = setting.WORK / f"collectd-{next(numbers)}"
        self.folder.mkdir()
        (self.folder / "types.db").write_text(
            "pack " + ", ".join(f"v{number}:GAUGE:U:U" for number in range(self.pack)) + "\n")
        (self.folder / "collectd.conf").write_text(
            f'FQDNLookup false\nBaseDir "{self.folder}"\nPIDFile "{self.folder}/pid"\nInterval 3600\nWriteThreads 1\n'
            # Several write threads overtake each other, and what is older than the newest of its series is dropped.
            f'TypesDB "{self.folder}/types.db"\nLoadPlugin csv\n<Plugin csv>\n  DataDir "{self.folder}/csv"\n</Plugin>\n'
            f'LoadPlugin mqtt\n<Plugin mqtt>\n  <Subscribe "bench">\n    Host "127.0.0.1"\n    Port {broker.port}\n'
            f'    ClientId "collectd"\n    QoS {qos}\n    Topic "bench/#"\n  </Subscribe>\n</Plugin>\n')
        process = Process([self.binary, "-f", "-C", self.folder / "collectd.conf"], self.folder / "log")
        time.sleep(1)
        process.must_live()
        return process

    def counted(self, process, count):
        """Lines of its files, without the header of each."""
        end = time.monotonic() + 10
        while (found := self._rows()) < count and time.monotonic() < end:
            time.sleep(0.2)
        return found

    def _rows(self):
        return sum(file.read_bytes().count(b"\n") - 1 for file in self.folder.rglob("csv/*/*/*"))

    def stop(self, process):
        process.stop()
        shutil.rmtree(self.folder)
