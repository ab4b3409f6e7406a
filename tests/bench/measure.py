"""Asking for pages, at eight connections for CPU and at one for times."""

import itertools
import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import median, quantiles
from urllib.parse import urlencode

from tests.bench.pages import CSRF, HOST
from tests.bench.servers import Bench, Server

CONNECTIONS = 8


@dataclass(frozen=True)
class Ask:
    """One request: where, with which cookies, and what is typed (None: GET)."""

    path: str
    cookie: str
    fields: dict | None = None


@dataclass
class Taken:
    """What one page took on one server, round by round: CPU milliseconds a page, and seconds of single pages."""

    cpu: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        return median(self.cpu)

    @property
    def p50(self) -> float:
        return median(self.seconds) * 1000

    @property
    def p95(self) -> float:
        return quantiles(self.seconds, n=20)[-1] * 1000


def fetch(server: Server, ask: Ask) -> float:
    """Seconds until the whole answer was there. Errors: SystemExit for an answer that is not the page."""
    headers = {"Host": HOST, "X-Forwarded-Proto": "https", "Cookie": ask.cookie, "Origin": f"https://{HOST}"}
    body = None
    if ask.fields is not None:
        body = urlencode(ask.fields)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    begun = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request("GET" if body is None else "POST", ask.path, body, headers)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    expected = 200 if body is None else 302
    if answer.status != expected:
        raise SystemExit(f"{ask.path}: {answer.status}")
    return time.perf_counter() - begun


def crowd(server: Server, asks: Iterable[Ask]) -> None:
    """Ask for all of them, eight at a time. Errors: the first one of any."""
    waiting: queue.SimpleQueue = queue.SimpleQueue()
    failed: list[BaseException] = []
    for ask in asks:
        waiting.put(ask)

    def work() -> None:
        try:
            while not failed:
                fetch(server, waiting.get_nowait())
        except queue.Empty:
            return
        except (SystemExit, OSError) as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit(f"with {CONNECTIONS} connections: {failed[0]}")


def one_round(
    bench: Bench, server: Server, next_ask: Callable[[], Ask], taken: Taken, *, many: int, single: int
) -> None:
    """Warm up, then `many` pages at eight connections for their CPU, then `single` ones for their times."""
    crowd(server, [next_ask() for _ in range(CONNECTIONS)])
    asks = [next_ask() for _ in range(many)]
    before = server.cpu() + bench.postgres_cpu()
    crowd(server, asks)
    taken.cpu.append((server.cpu() + bench.postgres_cpu() - before) * 1000 / many)
    taken.seconds += [fetch(server, next_ask()) for _ in range(single)]


def turns(asks: list[Ask], *, once: bool = False) -> Callable[[], Ask]:
    """The next request each time: round and round, or each only once (drafts are sent once)."""
    source = iter(asks) if once else itertools.cycle(asks)
    return lambda: next(source)


def cookies(name: str, key: str, csrf_name: str) -> str:
    """The Cookie header."""
    return f"{name}={key}; {csrf_name}={CSRF}"
