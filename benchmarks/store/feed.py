"""Lines of a file over HTTP, in batches, by two clients at a time: one would leave a core of the peer idle."""
import itertools
import queue
import threading

from harness.web import Web

LINES = 10_000


def batches(path):
    with open(path, "rb") as file:
        while batch := b"".join(itertools.islice(file, LINES)):
            yield batch


def post(path, port, target):
    waiting = queue.Queue(maxsize=4)
    faults = []

    def client():
        web = Web(port)
        while (batch := waiting.get()) is not None:
            try:
                if not faults:
                    web.must("POST", target, batch)
            except (SystemExit, Exception) as fault:
                faults.append(fault)

    clients = [threading.Thread(target=client) for _ in range(2)]
    for thread in clients:
        thread.start()
    for batch in batches(path):
        waiting.put(batch)
    for _ in clients:
        waiting.put(None)
    for thread in clients:
        thread.join()
    if faults:
        raise SystemExit(f"POST {target}: {faults[0]}")
