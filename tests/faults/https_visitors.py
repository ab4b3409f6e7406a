"""People who open pages over TLS all the time: https_visitors.py CERTIFICATE ADDRESS PORT HOST; ends with its input.

Prints {"answers": {status: number}, "failed": [...], "slowest": seconds} as JSON.
"""

import http.client
import json
import ssl
import sys
import threading
import time
from collections import Counter

from tests.deploying import ask

VISITORS = 4
# Seconds; on a machine that does nothing else a restart takes four, on a busy one half a minute.
PATIENCE = 60
PATHS = ("/accounts/login/", "/healthz", "/khong-co/")
EXPECTED = {"/accounts/login/": 200, "/healthz": 200, "/khong-co/": 404}


class Visitors:
    """Some threads, each asking for one page after the other on a connection of its own."""

    def __init__(self, certificate: str, address: str, port: int, host: str) -> None:
        self._context = ssl.create_default_context(cafile=certificate)
        self._address, self._host = (address, port), host
        self._over = threading.Event()
        self._lock = threading.Lock()
        self.answers: Counter[str] = Counter()
        self.failed: list[str] = []
        self.slowest = 0.0
        self._threads = [threading.Thread(target=self._visit, args=[number]) for number in range(VISITORS)]
        for thread in self._threads:
            thread.start()

    def _visit(self, number: int) -> None:
        while not self._over.is_set():
            path = PATHS[number % len(PATHS)]
            number += 1
            began, trouble = time.monotonic(), ""
            try:
                answer = ask(self._address, path, "GET", None, {}, self._host, self._context, PATIENCE)
                if answer.status != EXPECTED[path]:
                    trouble = f"{path}: {answer.status}"
                with self._lock:
                    self.answers[str(answer.status)] += 1
            except (OSError, http.client.HTTPException) as error:
                trouble = f"{path}: {error!r}"
            with self._lock:
                if trouble:
                    self.failed.append(trouble)
                self.slowest = max(self.slowest, time.monotonic() - began)

    def end(self) -> dict[str, object]:
        """Let everybody finish; what they saw."""
        self._over.set()
        for thread in self._threads:
            thread.join()
        return {"answers": dict(self.answers), "failed": self.failed, "slowest": round(self.slowest, 2)}


if __name__ == "__main__":
    visitors = Visitors(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
    sys.stdin.read()
    print(json.dumps(visitors.end()))
