#!/usr/bin/env python3
"""Compares a simulator's ledger with the database, window by window.

Every acknowledged message must be counted exactly once at every tier: count, min, max and sum of each window are computed
here again from the ledger alone. Sums may differ in the last bits, because addition of doubles depends on the order.

usage: compare.py LEDGER DATABASE [UTC_OFFSET_HOURS]      exit code 1 if anything differs
"""
import json
import math
import sqlite3
import sys
from collections import defaultdict

TIERS = {"1m": 60_000, "15m": 900_000, "1h": 3_600_000, "1d": 86_400_000}


def expected_windows(ledger, kinds, offset):
    """Windows by (tier, series, start); series whose readings are stamped on arrival only as totals."""
    windows = {tier: defaultdict(lambda: [0, math.inf, -math.inf, 0.0, 0.0]) for tier in TIERS}
    totals = defaultdict(int)
    seen = set()
    messages = duplicates = broken = 0
    with open(ledger, encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            messages += 1
            if entry["kind"] == "malformed":
                broken += 1
                continue
            stamped = entry.get("stamped_on_arrival", False)
            if not stamped:
                key = hash((entry["topic"], entry.get("payload") or entry.get("payload_base64")))
                if key in seen:
                    duplicates += 1
                    continue
                seen.add(key)
            for reading in entry["readings"]:
                series = f'{entry["device"]}/{reading["measurement"]}'
                if stamped:
                    totals[series] += 1
                    continue
                kind = kinds[series]
                value, weight, time = reading["value"], reading["weight"], reading["time_ms"]
                shown = value / weight if kind == "ratio" else value
                for tier, length in TIERS.items():
                    start = (time + offset) // length * length - offset
                    window = windows[tier][series, start]
                    window[0] += 1
                    window[1] = min(window[1], shown)
                    window[2] = max(window[2], shown)
                    window[3] += value
                    window[4] += weight if kind == "ratio" else 1
    return windows, totals, messages, duplicates, broken


def same(left, right):
    return left == right or abs(left - right) <= 1e-9 * max(abs(left), abs(right), 1)


def main():
    ledger, database = sys.argv[1:3]
    offset = int(float(sys.argv[3] if len(sys.argv) > 3 else 7) * 3_600_000)
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    names = {
        row[0]: (f"{row[1]}/{row[2]}", row[3])
        for row in db.execute("SELECT s.id, d.key, s.measurement, s.kind FROM series s JOIN device d ON d.id = s.device")
    }
    kinds = dict(names.values())
    windows, totals, messages, duplicates, broken = expected_windows(ledger, kinds, offset)
    open_from = db.execute("SELECT value FROM meta WHERE key = 'closed_through'").fetchone()[0]
    wrong = compared = still_open = 0
    arrived = defaultdict(int)
    for tier, length in TIERS.items():
        stored = {}
        # What follows from other columns is NULL.
        rows = db.execute(
            "SELECT series, start_ms, count, coalesce(min, sum / weight), coalesce(max, min, sum / weight), sum, weight "
            f'FROM "rollup_{tier}"')
        for series, start, *figures in rows:
            name, kind = names[series]
            # What the service reports of itself is in nobody's ledger.
            if name.startswith("ioc/"):
                continue
            if name in totals:
                if tier == "1m":
                    arrived[name] += figures[0]
                continue
            stored[name, start] = figures
        for key, window in windows[tier].items():
            if key[1] + length > open_from:
                still_open += 1
                continue
            found = stored.pop(key, None)
            compared += 1
            # A counter's sum is its increase, which the ledger does not have.
            fields = [0, 1, 2] if kinds[key[0]] == "counter" else [0, 1, 2, 3, 4]
            if found is None or not all(same(window[i], found[i]) for i in fields):
                wrong += 1
                if wrong <= 10:
                    print(f"{tier} {key}: ledger {window}, database {found}")
        for key in stored:
            wrong += 1
            print(f"{tier} {key}: in the database only")
    for name, count in totals.items():
        if arrived[name] > count:
            wrong += 1
            print(f"{name}: {arrived[name]} in the database, {count} in the ledger")
    received, stored_messages, rejected, duplicate, dropped, unaccounted = db.execute(
        "SELECT sum(received), sum(stored), sum(rejected), sum(duplicate), sum(dropped), sum(unaccounted) FROM v_loss"
        " WHERE source <> 'own'"
    ).fetchone()
    print(f"ledger: {messages} acknowledged, {duplicates} of them sent twice, {broken} broken on purpose")
    print(f"database: {received} received = {stored_messages} stored + {rejected} rejected + {duplicate} duplicate + {dropped} dropped")
    print(f"windows: {compared} compared, {wrong} wrong, {still_open} still open")
    if stored_messages != messages - duplicates - broken:
        wrong += 1
        print(f"stored {stored_messages} messages, the ledger has {messages - duplicates - broken}")
    sys.exit(1 if wrong or unaccounted or dropped else 0)


main()
