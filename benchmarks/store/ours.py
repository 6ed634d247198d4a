"""`ioc replay` of the file itself, which the profile reads in messages of many lines."""
import json
import os
import subprocess
import time

from harness import fleet, setting
from harness.service import World

TIERS = ("1m", "15m", "1h", "1d")


class Ours:
    name = title = "ioc"
    form, is_installed = "lines", True

    def __init__(self, devices, fields):
        self.world = World("ours")
        self.world.write("bench", "site", fleet.line_protocol(fields), devices)

    def fill(self, path, fields, lines, sums, is_last):
        self.world.forget()
        start = time.perf_counter()
        counted = self.world.replay(path, more=("--profile", "bench/site"))
        seconds = time.perf_counter() - start
        setting.must_equal("readings stored", counted["readings"], lines * fields)
        self._check(lines, fields, sums)
        return seconds

    def _check(self, lines, fields, sums):
        with self.world.database() as database:
            for tier in TIERS:
                found = database.execute(
                    f"SELECT measurement, sum(r.count), round(sum(r.sum) * 100) FROM rollup_{tier} r "
                    "JOIN series ON series.id = r.series GROUP BY 1 ORDER BY 1").fetchall()
                expected = [(f"v{field}", lines, sums[field]) for field in range(fields)]
                setting.must_equal(f"rollups of {tier}", found, expected)
            stored = database.execute("SELECT sum(readings) FROM journal").fetchone()[0]
            setting.must_equal("raw readings in the journal", stored, lines * fields)
        self._check_raw("d-00007/v0", database)

    def _check_raw(self, series, database):
        """The raw readings of one series, as the program reads them, against the merge of its rollups."""
        command = [setting.IOC, "query", series, "--tier", "raw", "--from", "2026-01-01T00:00:00Z", "--to",
                   "2026-02-01T00:00:00Z", "--json", "--data-dir", self.world.data]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True)
        values = [reading["value"] for reading in json.loads(done.stdout)["readings"]]
        found = self.world.database().execute(
            "SELECT sum(count), round(sum(sum) * 100) FROM v_rollup_1d WHERE device || '/' || measurement = ?",
            (series,)).fetchone()
        setting.must_equal(f"raw readings of {series}", (len(values), round(sum(values) * 100)), found)

    def sizes(self, readings):
        """Bytes: of the journal with its index and of the whole database per reading, of a row of a rollup; all with their pages'
        share. `ioc replay` has rewritten the journal by then."""
        with self.world.database() as database:
            journal = database.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'journal%'").fetchone()[0]
            counts = sum(database.execute(f"SELECT count(*) FROM rollup_{tier}").fetchone()[0] for tier in TIERS)
            pages = database.execute("SELECT sum(pgsize) FROM dbstat WHERE name GLOB 'gathered_*' OR name GLOB 'recent_*'").fetchone()[0]
        return {"journal": journal / readings, "rollup": pages / counts,
                "database": os.path.getsize(self.world.data / "ioc.sqlite") / readings}
