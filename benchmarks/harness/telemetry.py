"""Telemetry that looks like a city's: seeded, every series a walk of a few decimals, so that sums are exact."""
import pathlib
import subprocess

from .setting import WORK, program, say

SOURCE = pathlib.Path(__file__).with_name("telemetry.c")


def compiled(source, *libraries):
    """The program of a C file."""
    binary = WORK / source.stem
    if not binary.exists():
        compiler = program("cc")
        if not compiler:
            raise SystemExit("cc: not installed (apt-get install gcc)")
        subprocess.run([compiler, "-O3", "-o", binary, source, *libraries], check=True)
    return binary


def write(path, form, devices, fields, rounds, start_ms, step_ms, lines=1):
    """Every device once a round, `lines` moments a time. Returns count and sum (in hundredths) of each field."""
    say(f"writing {devices * rounds * lines} lines of {fields} values")
    with open(path, "wb") as file:
        sums = subprocess.run(
            [str(word) for word in (compiled(SOURCE), form, devices, fields, rounds, start_ms, step_ms, lines)],
            stdout=file, stderr=subprocess.PIPE, text=True, check=True).stderr.split()
    return devices * rounds * lines, [int(text) for text in sums]
