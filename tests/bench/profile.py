"""Where one page's time goes; run as a program under the servers' settings: `python -m tests.bench.profile ASK`, where ASK is
JSON (path, key, fields). With --buffers: only how much its statements touch, as JSON.
"""

import cProfile
import io
import json
import pstats
import re
import sys

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bench.pages import CSRF, HOST

FUNCTIONS = 45
WARM_UP, TIMES = 3, 20
_BUFFERS = re.compile(r"Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?")


def asker(ask: dict):
    """What asks for the page once."""
    client = Client(headers={"host": HOST, "x-forwarded-proto": "https", "origin": f"https://{HOST}"})
    client.cookies[settings.SESSION_COOKIE_NAME] = ask["key"]
    client.cookies[settings.CSRF_COOKIE_NAME] = CSRF
    if ask["fields"] is None:
        return lambda: client.get(ask["path"])
    return lambda: client.post(ask["path"], ask["fields"])


def plans(statements: list[str]) -> list[tuple[str, str]]:
    """(statement, plan with times and buffers); what changes rows is explained and undone."""
    found = []
    for sql in statements:
        if not re.match(r"\s*\(?(SELECT|EXECUTE|WITH|INSERT|UPDATE|DELETE)", sql):
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}")
            found.append((sql, "\n".join(line for (line,) in cursor.fetchall())))
            transaction.set_rollback(True)
    return found


def touched(plan: str) -> int:
    """Buffers that one statement touched: the top line of its plan holds the sum."""
    first = _BUFFERS.search(plan.partition("Planning:")[0])
    return sum(int(number or 0) for number in first.groups()) if first else 0


def main(ask: dict, *, only_buffers: bool) -> None:
    """Ask and tell."""
    once = asker(ask)
    is_read = ask["fields"] is None
    for _ in range(WARM_UP if is_read else 0):
        once()
    with CaptureQueriesContext(connection) as queries:
        if is_read:
            once()
        else:
            with transaction.atomic():
                once()
                transaction.set_rollback(True)
    explained = plans([query["sql"] for query in queries])
    if only_buffers:
        json.dump({"buffers": sum(touched(plan) for _, plan in explained)}, sys.stdout)
        return
    profile = cProfile.Profile()
    for _ in range(TIMES if is_read else 1):
        profile.runcall(once)
    said = io.StringIO()
    statistics = pstats.Stats(profile, stream=said)
    statistics.sort_stats("tottime").print_stats(FUNCTIONS)
    statistics.sort_stats("cumulative").print_stats(FUNCTIONS)
    print(said.getvalue())
    for sql, plan in explained:
        print(f"--- {touched(plan)} buffers: {sql[:400]}\n{plan}\n")


if __name__ == "__main__":
    main(json.loads(sys.argv[-1]), only_buffers="--buffers" in sys.argv)
