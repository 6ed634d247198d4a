"""The floor of everything that is durable: one row and a commit with synchronous=FULL, into a log of SQLite, on this disk.

    commits.py DIRECTORY"""
import sqlite3
import sys
import time

database = sqlite3.connect(sys.argv[1] + "/commits.sqlite", isolation_level=None)
database.execute("PRAGMA journal_mode = WAL")
database.execute("PRAGMA synchronous = FULL")
database.execute("CREATE TABLE t (block BLOB)")
times = []
for _ in range(300):
    start = time.monotonic()
    database.execute("INSERT INTO t VALUES (zeroblob(2000))")
    times.append((time.monotonic() - start) * 1e3)
    time.sleep(0.005)
times.sort()
print(f"{'one commit, idle machine':<28}{len(times):>7}{times[150]:>9.2f}{times[297]:>9.2f}{times[299]:>9.2f}{times[-1]:>9.2f}")
