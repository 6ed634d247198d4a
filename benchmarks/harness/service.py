"""`ioc` on a world of its own: as commands over files, and as the service."""
import json
import shutil
import sqlite3
import subprocess

from .process import Process, free_port
from .setting import IOC, ROOT, WORK
from .web import Web


class World:
    """A folder with the city's config without its rules, and the devices that `write` adds."""

    def __init__(self, name, with_city=False):
        self.folder = WORK / name
        shutil.copytree(ROOT / "config", self.folder / "config")
        for rules in (self.folder / "config/alerts").iterdir():
            rules.unlink()
        if with_city:
            shutil.copytree(ROOT / "devices", self.folder / "devices")
        self.data = self.folder / "data"
        self.options = ["--config", self.folder / "config/ioc.yaml", "--devices", self.folder / "devices"]

    def write(self, domain, profile, text, devices, ward="phu-hoi"):
        """A profile and its fleet, devices of one ward."""
        folder = self.folder / "devices" / domain
        folder.mkdir(parents=True)
        (folder / f"{profile}.yaml").write_text(text)
        rows = "".join(f"{device},{profile},{device},{device},{ward},16.4655,107.5905,\n" for device in devices)
        (folder / "fleet.csv").write_text("id,profile,name,name_en,ward,lat,lon,cadence\n" + rows)

    def replay(self, *files, more=()):
        """What the program counted."""
        command = [IOC, "replay", *files, "--data-dir", self.data, "--json", *self.options, *more]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"ioc replay: {done.stderr}")
        return json.loads(done.stdout)

    def database(self):
        return sqlite3.connect(f"file:{self.data}/ioc.sqlite?mode=ro", uri=True)

    def forget(self):
        shutil.rmtree(self.data, ignore_errors=True)


class Service(Process):
    def __init__(self, world, broker):
        self.port, self.world = free_port(), world
        super().__init__(
            [IOC, "run", "--broker", f"mqtt://127.0.0.1:{broker.port}", "--data-dir", world.data,
             "--http", f"127.0.0.1:{self.port}", *world.options], world.folder / "service.log")

    def wait_ready(self, seconds=120):
        self.wait_for(self._is_ready, "ready", seconds, pause=0.002)
        return self

    def _is_ready(self):
        # The token is made at the first start.
        token = self.world.data / "token"
        self.web = Web(self.port, token.read_text().strip()) if token.exists() else None
        return self.web and self.web.answers("/readyz")

    def metric(self, name, *labels):
        """The sum of all lines of a figure that have these labels."""
        total = 0
        for line in self.web.get("/metrics").decode().splitlines():
            if line.startswith(name) and all(label in line for label in labels):
                total += float(line.rsplit(" ", 1)[1])
        return total

    def stored(self, domain):
        return int(self.metric("ioc_messages_total{", 'outcome="stored"', f'domain="{domain}"'))
