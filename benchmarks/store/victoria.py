"""VictoriaMetrics, started for one filling."""
import shutil
import time
import urllib.parse

import feed
from harness import rows, setting
from harness.process import Process, free_port
from harness.web import Web

END = 1_767_600_000  # seconds, behind the last line of the file
LOOK = "10h"


class Victoria:
    name, form = "VictoriaMetrics", "lines"
    binary = setting.program("victoria-metrics")
    is_installed = binary is not None
    title = "VictoriaMetrics 1.79" if is_installed else rows.missing("victoria-metrics", "victoria-metrics")
    bytes = None

    def fill(self, path, fields, lines, sums, is_last):
        folder = setting.WORK / "victoria"
        port = free_port()
        server = Process(
            [self.binary, f"-storageDataPath={folder}", f"-httpListenAddr=127.0.0.1:{port}", "-retentionPeriod=100y",
             "-search.maxUniqueTimeseries=1000000", "-loggerLevel=ERROR"], setting.WORK / "victoria.log")
        web = Web(port)
        server.wait_for(lambda: web.answers("/health"), "listening")
        start = time.perf_counter()
        feed.post(path, port, "/write")
        web.get("/internal/force_flush")
        seconds = time.perf_counter() - start
        for field in range(fields):
            name = f"site_v{field}"
            found = (self._ask(web, f"sum(count_over_time({name}[{LOOK}]))"),
                     round(self._ask(web, f"sum(sum_over_time({name}[{LOOK}]))") * 100))
            setting.must_equal(f"VictoriaMetrics, {name}", found, (lines, sums[field]))
        if is_last:
            web.get("/internal/force_merge")
            server.wait_for(lambda: "vm_active_force_merges 0" in web.get("/metrics").decode(), "merging")
        server.stop()
        if is_last:
            self.bytes = sum(path.stat().st_size for path in (folder / "data").rglob("*") if path.is_file())
        shutil.rmtree(folder)
        return seconds

    @staticmethod
    def _ask(web, query):
        words = urllib.parse.urlencode({"query": query, "time": END, "nocache": 1})
        return float(web.json(f"/api/v1/query?{words}")["data"]["result"][0]["value"][1])
