"""Where figures were measured, and with what."""
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
# By the name a row gives a peer or a library: its Debian package.
PACKAGES = {
    "boost": "libboost-dev", "collectd": "collectd-core", "influxdb": "influxdb", "moodycamel": "libconcurrentqueue-dev",
    "mosquitto": "mosquitto", "prometheus-mqtt-exporter": "prometheus-mqtt-exporter", "simdjson": "libsimdjson-dev",
    "sqlite": "libsqlite3-0", "victoria-metrics": "victoria-metrics",
}


def output(*command):
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def commit():
    return output("git", "rev-parse", "--short", "HEAD") + ("+" if output("git", "status", "--porcelain") else "")


def version(package):
    """Of an installed Debian package; empty if it is not."""
    return output("dpkg-query", "-W", "-f=${Version}", package)


def versions():
    swift = re.search(r"Swift version (\S+)", output("swift", "--version"))
    compiler = output(os.environ.get("CXX", "c++"), "-dumpfullversion")
    found = {"swift": swift[1] if swift else "", "c++": compiler}
    found |= {name: version(package) for name, package in PACKAGES.items()}
    return {name: version for name, version in found.items() if version}


def facts():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    system = re.search(r'PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text())
    return {
        "cpu": model[1].strip() if model else os.uname().machine,
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "kernel": os.uname().release,
        "os": system[1] if system else "",
    }
