"""InfluxDB 1.x, started for one filling; it answers a write when its log is synced."""
import os
import shutil
import time
import urllib.parse

import feed
from harness import rows, setting
from harness.process import Process, free_port
from harness.web import Web


class Influx:
    name, form = "InfluxDB", "lines"
    binary = setting.program("influxd")
    is_installed = binary is not None
    title = "InfluxDB 1.6" if is_installed else rows.missing("influxd", "influxdb")

    def fill(self, path, fields, lines, sums, is_last):
        folder = setting.WORK / "influx"
        port = free_port()
        folder.mkdir()
        (folder / "influxdb.conf").write_text(
            f'reporting-disabled = true\nbind-address = "127.0.0.1:{free_port()}"\n[meta]\ndir = "{folder}/meta"\n'
            f'[data]\ndir = "{folder}/data"\nwal-dir = "{folder}/wal"\nquery-log-enabled = false\n'
            f'[http]\nbind-address = "127.0.0.1:{port}"\nlog-enabled = false\n[monitor]\nstore-enabled = false\n')
        server = Process([self.binary, "-config", folder / "influxdb.conf"], setting.WORK / "influx.log",
                         env=os.environ | {"HOME": str(folder)})
        web = Web(port)
        server.wait_for(lambda: web.answers("/ping"), "listening")
        web.must("POST", "/query?" + urllib.parse.urlencode({"q": "CREATE DATABASE bench"}))
        start = time.perf_counter()
        feed.post(path, port, "/write?db=bench&precision=ns")
        seconds = time.perf_counter() - start
        what = ", ".join(f"count(v{field}), sum(v{field})" for field in range(fields))
        words = urllib.parse.urlencode({"db": "bench", "q": f"SELECT {what} FROM site"})
        found = web.json(f"/query?{words}")["results"][0]["series"][0]["values"][0][1:]
        for field in range(fields):
            count, total = found[2 * field:2 * field + 2]
            setting.must_equal(f"InfluxDB, v{field}", (count, round(total * 100)), (lines, sums[field]))
        server.stop()
        shutil.rmtree(folder)
        return seconds
