"""A group's program and all that it starts, brokers and servers too: one process group, which ends with it."""
import os
import signal
import subprocess
import tempfile
import time

# By size. Full groups take minutes and smoke ones seconds, also on a machine several times slower; one that hangs must not keep
# the others from being measured, nor its servers running for days.
SECONDS = {"full": 45 * 60, "smoke": 10 * 60}
GRACE = 10


class Failed(Exception):
    """In a sentence."""


def output(command, seconds, **options):
    """What it prints on stdout. Nothing it started is left, whether it ends well, fails, takes longer than `seconds`, or the
    driver is told to end."""
    with tempfile.TemporaryFile("w+") as printed:
        child = subprocess.Popen(command, stdout=printed, start_new_session=True, **options)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"not done within {seconds} s (SECONDS in benchmarks/group.py); ended, with all it started")
        finally:
            end(child)
        if child.returncode != 0:
            raise Failed(f"failed with exit code {child.returncode}")
        printed.seek(0)
        return printed.read()


def end(child):
    """First as an operator would, then for good: a held process (SIGSTOP) hears of nothing else."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        until = time.monotonic() + GRACE
        try:
            os.killpg(child.pid, number)
            while time.monotonic() < until:
                child.poll()  # a child that ended stays in its process group until it is asked for
                os.killpg(child.pid, 0)
                time.sleep(0.05)
        except ProcessLookupError:
            return


def end_on_signals():
    """SIGTERM and SIGINT end the driver by way of every `finally`; further ones find it at that already."""
    def leave(number, _):
        for ignored in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ignored, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
