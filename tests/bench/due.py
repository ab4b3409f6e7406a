"""Run under the servers' settings: make work that is due, plan it, and say as JSON how long it took.

python -m tests.bench.due prepare PEOPLE WORKS   each person in a unit of its own, with WORKS parts due in three days
python -m tests.bench.due plan                    one whole planning, a second one, and the quiet minute after it
python -m tests.bench.due quiet                   the quiet minute alone
"""

import json
import statistics
import sys
import time
from datetime import date, timedelta

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import User  # noqa: E402
from notifications import delivery, rounds  # noqa: E402
from notifications.models import Message, Notice, NoticeRule, Pulse  # noqa: E402
from tasks.models import Assignment  # noqa: E402
from tests.factories import at, make_directive, make_task  # noqa: E402
from units.models import Membership, Role, Unit, UnitKind  # noqa: E402

# Due Friday 19/4/2024: three working days before is Monday 15/4.
NOW = at("2024-04-15", "08:00")
DUE = date(2024, 4, 19)
BATCH = 5000
QUIET = 25


def prepare(people: int, works: int) -> dict:
    """Rows for the planner, written at once."""
    directive = make_directive()
    tasks = [make_task(directive, f"t{number}") for number in range(works)]
    units = Unit.objects.bulk_create(
        Unit(name=f"Đơn vị {n}", short_name=f"Đơn vị {n}", code=f"dv-{n}", kind=UnitKind.OTHER, sort_order=n)
        for n in range(people)
    )
    users = User.objects.bulk_create(
        User(username=f"nguoi{n}", full_name=f"Người {n}", email=f"nguoi{n}@example.vn", password="!")
        for n in range(people)
    )
    Membership.objects.bulk_create(
        Membership(user=user, unit=unit, role=Role.REPORTER) for user, unit in zip(users, units, strict=True)
    )
    Assignment.objects.bulk_create(
        (
            Assignment(
                directive=directive,
                task=task,
                unit=unit,
                role="lead",
                state="in_progress",
                due_original=DUE,
                due_current=DUE,
                assigned_on=date(2024, 2, 15),
                acknowledged_on=date(2024, 2, 16),
                updated_at=at("2024-02-16"),
            )
            for task in tasks
            for unit in units
        ),
        batch_size=BATCH,
    )
    NoticeRule.objects.exclude(stage="due-3").update(is_active=False)
    return {"due": Assignment.objects.count()}


def plan() -> dict:
    """One planning of everything, one more, and quiet minutes."""
    # A worker that plans each minute has the addresses of the pages and the holidays in memory.
    rounds.plan(now=NOW - timedelta(days=400))
    begun = time.perf_counter()
    planned = rounds.plan(now=NOW)
    first = time.perf_counter() - begun
    begun = time.perf_counter()
    again = rounds.plan(now=NOW)
    return {
        "planned": planned,
        "seconds": round(first, 2),
        "again": again,
        "again_seconds": round(time.perf_counter() - begun, 2),
        "mails": Message.objects.count(),
        **quiet(),
    }


def floor(rows: int) -> dict:
    """The least that planning can be: the same rows written by one INSERT … SELECT without a question."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE floor_notice (LIKE notifications_notice INCLUDING ALL)")
        begun = time.perf_counter()
        cursor.execute(
            "INSERT INTO floor_notice SELECT * FROM notifications_notice ORDER BY id LIMIT %s ON CONFLICT DO NOTHING",
            [rows],
        )
        return {"floor_seconds": round(time.perf_counter() - begun, 3)}


def quiet() -> dict:
    """The minute's tick when nothing is due: milliseconds (median) and statements, all sending aside."""
    Pulse.objects.update(held_since=Pulse.objects.get().planned_whole, held_reason="đo tốc độ")
    moment = NOW + timedelta(minutes=1)
    taken = []
    for _ in range(QUIET):
        begun = time.perf_counter()
        rounds.run_tick(now=moment)
        taken.append((time.perf_counter() - begun) * 1000)
    with CaptureQueriesContext(connection) as context:
        rounds.run_tick(now=moment)
    Pulse.objects.update(held_since=None, held_reason="")
    return {
        "quiet_ms": round(statistics.median(taken), 1),
        "quiet_statements": len(context),
        "waiting": delivery.held_count(now=NOW),
        "assignments": Assignment.objects.count(),
        "notices": Notice.objects.count(),
    }


def quiet_at_size() -> dict:
    """The same in a loaded database: one whole planning first."""
    # The pages measured before wrote with this machine's clock, years behind the data's: none of it is of this minute.
    Assignment.objects.filter(updated_at__gte=NOW).update(updated_at=NOW - timedelta(days=1))
    begun = time.perf_counter()
    planned = rounds.plan(now=NOW)
    return {"planned": planned, "plan_seconds": round(time.perf_counter() - begun, 2), **quiet()}


if __name__ == "__main__":
    step, *rest = sys.argv[1:]
    answer = {"prepare": prepare, "plan": plan, "floor": floor, "quiet": quiet_at_size}[step](*map(int, rest))
    print(json.dumps(answer))
