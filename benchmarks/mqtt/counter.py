"""The limit: a C subscriber that counts and does nothing else."""
import pathlib
import signal

from harness import setting, telemetry
from harness.process import Process


class Counter:
    name, form, is_installed = "counting C subscriber", "json", True

    def __init__(self, pack, devices):
        self.binary = telemetry.compiled(pathlib.Path(__file__).with_name("count.c"), "-lmosquitto")

    def start(self, broker, qos):
        log = setting.WORK / f"count-{broker.port}.log"
        process = Process([self.binary, str(broker.port)], log)
        process.wait_for(lambda: process.has_logged("subscribed"), "subscribed")
        return process

    def counted(self, process, count):
        process.stop()
        return int(process.log.read_text().split()[-1])

    def stop(self, process):
        pass
