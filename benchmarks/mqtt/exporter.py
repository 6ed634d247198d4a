"""prometheus-mqtt-exporter: the newest value of each device, in memory alone."""
import itertools
import time

from harness import rows, setting
from harness.process import Process, free_port
from harness.web import Web

numbers = itertools.count()


class Exporter:
    name, form = "prometheus-mqtt-exporter 0.1.7", "json"
    binary = setting.program("prometheus-mqtt-exporter")
    is_installed = binary is not None
    missing = rows.missing("prometheus-mqtt-exporter", "prometheus-mqtt-exporter")

    def __init__(self, pack, devices):
        self.pack = pack

    def start(self, broker, qos):
        config = setting.WORK / f"exporter-{next(numbers)}.yaml"
        config.write_text(
            f"mqtt:\n  server: tcp://127.0.0.1:{broker.port}\n  topic_path: bench/+\n  qos: {qos}\n"
            "cache:\n  timeout: 60m\nmetrics:\n"
            + "".join(f"  - {{prom_name: v{field}, mqtt_name: v{field}, help: value, type: gauge}}\n"
                      for field in range(self.pack)))
        port = free_port()
        process = Process(
            [self.binary, "-config", config, "-listen-address", "127.0.0.1", "-listen-port", port,
             "-log-level", "error"], config.with_suffix(".log"))
        process.web = Web(port)
        process.wait_for(lambda: process.web.answers("/metrics"), "listening")
        time.sleep(1)
        return process

    def counted(self, process, count):
        lines = process.web.get("/metrics").decode().splitlines()
        return sum(int(float(line.split()[-1])) for line in lines
                   if line.startswith("received_messages{") and 'status="success"' in line)

    def stop(self, process):
        process.stop()
