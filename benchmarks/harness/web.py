"""HTTP on loopback, one connection kept as long as the server keeps it."""
import http.client
import json
import time


class Web:
    def __init__(self, port, token=None):
        self.port, self.connection = port, None
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def request(self, method, path, body=None):
        kept = self.connection
        try:
            return self._ask(method, path, body)
        except ConnectionError:
            # A server ends a connection that was idle for too long.
            if not kept or method != "GET":
                raise
            return self._ask(method, path, body)

    def _ask(self, method, path, body):
        if not self.connection:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            self.connection.request(method, path, body, self.headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except OSError:
            self.connection.close()
            self.connection = None
            raise

    def must(self, method, path, body=None):
        status, answer = self.request(method, path, body)
        if status >= 300:
            raise SystemExit(f"{method} {path}: {status} {answer[:300]}")
        return answer

    def get(self, path):
        return self.must("GET", path)

    def json(self, path):
        return json.loads(self.get(path))

    def answers(self, path):
        """Whether the server is there and says yes."""
        try:
            return self.request("GET", path)[0] < 300
        except (OSError, http.client.HTTPException):
            return False

    def timed(self, path):
        """Seconds until the last byte, and the answer."""
        start = time.perf_counter()
        answer = self.get(path)
        return time.perf_counter() - start, answer
