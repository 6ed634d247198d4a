"""What the driver says about a run, and where things are."""
import os
import pathlib
import shutil
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
IOC = ROOT / ".build/release/ioc"
SMOKE = os.environ.get("BENCH_SIZE", "full") == "smoke"
WORK = pathlib.Path(os.environ.get("BENCH_WORK") or tempfile.mkdtemp())


def size(full, smoke):
    return smoke if SMOKE else full


def say(text):
    print(text, file=sys.stderr, flush=True)


def wrong(text):
    """A wrong result ends the group."""
    sys.exit(f"wrong result: {text}")


def must_equal(what, found, expected):
    if found != expected:
        wrong(f"{what}: expected {expected}, found {found}")


def program(name):
    """The path of an installed program, or None; Debian keeps servers outside of a user's path."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
