"""What most groups do: the same work on several sides, one after the other, round by round."""
import json
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = pathlib.Path(os.environ.get("BENCH_WORK", "/tmp"))
IS_SMOKE = os.environ.get("BENCH_SIZE") == "smoke"
ROUNDS = 1 if IS_SMOKE else 5
RELEASE = ROOT / ".build" / "release"


def log(text):
    print(text, file=sys.stderr, flush=True)


def answer(command):
    """The JSON objects a program prints, one a line; a program that fails ends the group."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit code {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def alternate(sides, rounds=ROUNDS):
    """Runs each side's command in turn. Returns by side the answers of all rounds."""
    answers = {side: [] for side in sides}
    for _ in range(rounds):
        for side, command in sides.items():
            answers[side] += answer(command)
    return answers


def must_agree(what, answers, key="hash"):
    found = {side: {answer[key] for answer in runs} for side, runs in answers.items()}
    if len(set().union(*found.values())) != 1:
        sys.exit(f"{what}: the results differ: {found}")


def middle(values):
    return statistics.median(values)


def spread(values):
    return (max(values) - min(values)) / middle(values) if middle(values) else 0


def row(name, values, unit, better="higher", **more):
    found = {"name": name, "value": middle(values), "unit": unit, "better": better,
             "spread": round(spread(values), 4), "rounds": len(values)}
    print(json.dumps(found | more, ensure_ascii=False), flush=True)


def compile_peer(source, *flags):
    """Builds a program of one C++ file for the processor the Swift side is built for: the least x86-64 there is."""
    program = WORK / source.stem
    command = [os.environ.get("CXX", "c++"), "-std=c++20", "-O3", "-DNDEBUG", "-Wall", "-o", program, source, *flags]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{source}: {done.stderr}")
    return program


def installed(package):
    """The upstream version of a Debian package; None if it is not installed."""
    done = subprocess.run(["dpkg-query", "-W", "-f=${db:Status-Abbrev}${Version}", package], capture_output=True, text=True)
    return done.stdout[3:].split("-")[0].split("+")[0].split(":")[-1] if done.stdout.startswith("ii ") else None


def absent(peer, package):
    return f"{peer}: not installed (apt-get install {package})"
