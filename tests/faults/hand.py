"""What people do in the scenarios, through the program's own functions, in a process of its own.

Reads one JSON line a step from its input – {"database": name, "step": name, "values": {…}} – and answers with one line.
"""

import io
import json
import os
import sys
import traceback
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directive_tracker.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.sessions import SessionStore  # noqa: E402
from directive_tracker.demo_people import create_demo_people  # noqa: E402
from notifications import outbox  # noqa: E402
from notifications.models import UnitAddress  # noqa: E402
from records.models import StoredFile  # noqa: E402
from records.uploads import UploadRefused, store_upload  # noqa: E402
from tasks import lifecycle  # noqa: E402
from tasks.extensions import decide_extension, request_extension  # noqa: E402
from tasks.models import Assignment, DirectiveTask  # noqa: E402
from tasks.recording import record_directive  # noqa: E402
from tests.bench.prepare import session  # noqa: E402
from tests.factories import (  # noqa: E402
    make_assignment,
    make_directive,
    make_membership,
    make_office,
    make_office_user,
    make_task,
    make_unit,
    make_user,
)
from units.models import Membership, Role, Unit, UnitKind  # noqa: E402
from units.reference import load_reference  # noqa: E402

BATCH = 2000
ASSIGNED_ON = "2024-02-15"
TEXT = Path(__file__).parents[2] / "tasks" / "data" / "kon-tum-70-nam-dien-bien-phu.txt"


def prepare(people: int, mail_due: str, app_due: str, *, first: int = 0, assigned_on: str = ASSIGNED_ON) -> int:
    """Make so many units with one reporter each, who has one work due on each of the two days.

    Returns: how many people there are now.
    """
    mail_task, app_task = _tasks()
    for start in range(first, first + people, BATCH):
        numbers = range(start, min(start + BATCH, first + people))
        units = Unit.objects.bulk_create(
            Unit(
                name=f"Đơn vị {n}",
                short_name=f"Đơn vị {n}",
                code=f"don-vi-{n}",
                kind=UnitKind.PARTY_COMMITTEE,
                sort_order=n,
            )
            for n in numbers
        )
        users = User.objects.bulk_create(
            User(username=f"nguoi{n}", full_name=f"Người {n}", email=f"nguoi{n}@example.vn", password="!")
            for n in numbers
        )
        Membership.objects.bulk_create(
            Membership(user=user, unit=unit, role=Role.REPORTER) for user, unit in zip(users, units, strict=True)
        )
        Assignment.objects.bulk_create(
            _assignment(task, unit, due, date.fromisoformat(assigned_on))
            for unit in units
            for task, due in ((mail_task, date.fromisoformat(mail_due)), (app_task, date.fromisoformat(app_due)))
        )
    # What the server does by itself within a minute of so much writing.
    with connections["default"].cursor() as cursor:
        cursor.execute("ANALYZE")
    return first + people


def _tasks() -> list[DirectiveTask]:
    """The two tasks, made at the first call."""
    found = list(DirectiveTask.objects.filter(code__in=["m", "n"]).order_by("code"))
    if not found:
        make_office_user()
        directive = make_directive()
        found = [make_task(directive, "m"), make_task(directive, "n")]
    return found


def _assignment(task: DirectiveTask, unit: Unit, due: date, given: date) -> Assignment:
    return Assignment(
        directive=task.directive,
        task=task,
        unit=unit,
        role="lead",
        state="in_progress",
        due_original=due,
        due_current=due,
        assigned_on=given,
        # Taken note of at once: nobody is asked for that.
        acknowledged_on=given,
        updated_at=datetime.fromisoformat("2024-02-16T08:00:00+07:00"),
    )


def prepare_story(password: str) -> int:
    """The demo's units and people, and the real directive as a draft; its number."""
    load_reference()
    create_demo_people(password, timezone.now())
    office = User.objects.get(username="vanphong")
    directive, _ = record_directive(TEXT.read_bytes(), TEXT.name, office, timezone.now())
    return directive.pk


def prepare_senders(count: int, password: str) -> list[dict[str, Any]]:
    """So many units with one reporter and one work each, of a document of their own: who, unit and document."""
    office = Unit.objects.filter(kind=UnitKind.OFFICE).first() or make_office()
    directive = make_directive(office=office, short_title="Báo cáo đều đặn")
    task = make_task(directive, "k1")
    today, hashed = timezone.localdate(), make_password(password)
    found = []
    for n in range(count):
        unit = make_unit(f"Đơn vị gửi {n}")
        user = make_user(f"gui{n}", password=password)
        User.objects.filter(pk=user.pk).update(password=hashed)
        make_membership(user, unit, Role.REPORTER)
        make_assignment(task, unit, state="in_progress", due=today + timedelta(days=30), assigned_on=today)
        found.append({"username": user.username, "unit": unit.pk, "directive": directive.pk})
    return found


def run(now: str) -> dict[str, int]:
    """One round at that moment."""
    answer = io.StringIO()
    call_command("run_reminders", now=now, stdout=answer)
    return json.loads(answer.getvalue())


def nudge_and_fail(people: int, now: str) -> int:
    """The office chases so many units, a mail of its own each, and the transaction is rolled back."""
    told = 0
    try:
        with transaction.atomic():
            for assignment in Assignment.objects.filter(task__code="m").order_by("pk")[:people]:
                told += _nudge(assignment, now)
            raise _Rollback
    except _Rollback:
        return told


class _Rollback(Exception):
    pass


def nudge(people: int, now: str) -> int:
    """The same, committed."""
    with transaction.atomic():
        return sum(_nudge(row, now) for row in Assignment.objects.filter(task__code="m").order_by("pk")[:people])


def _nudge(assignment: Assignment, now: str) -> int:
    office = User.objects.get(username="vanphong")
    lifecycle.nudge(assignment, by=office, now=datetime.fromisoformat(now), message="Đề nghị báo cáo.")
    return 1


def extend(person: int, new_due: str, now: str) -> int:
    """The unit of a person asks for more time for its mailed work and gets it. The assignment."""
    moment = datetime.fromisoformat(now)
    reporter = User.objects.get(username=f"nguoi{person}")
    assignment = Assignment.objects.get(task__code="m", unit__memberships__user=reporter)
    request = request_extension(
        assignment, by=reporter, now=moment, new_due=date.fromisoformat(new_due), reason="Chờ số liệu"
    )
    decide_extension(request, by=User.objects.get(username="vanphong"), now=moment, approve=True)
    return assignment.pk


def leave(person: int) -> str:
    """The account of a person is closed, without the care that the pages take."""
    user = User.objects.get(username=f"nguoi{person}")
    user.is_active = False
    user.save()
    return user.username


def move(person: int, last_day: str) -> str:
    """A person works in another unit from the day after."""
    day = date.fromisoformat(last_day)
    user = User.objects.get(username=f"nguoi{person}")
    Membership.objects.filter(user=user).update(valid_to=day)
    elsewhere = make_unit(f"Đơn vị mới của {user.username}")
    Membership.objects.create(user=user, unit=elsewhere, role=Role.REPORTER, valid_from=day + timedelta(days=1))
    return user.username


def tell_daily(person: int, number: int, now: str) -> int:
    """One more thing for a person's mail of the day; 1 when it is new."""
    user = User.objects.get(username=f"nguoi{person}")
    telling = outbox.Telling(
        key=f"more:{number}:{user.pk}", kind="more", recipient=user, title=f"Việc thêm số {number}", mail="daily"
    )
    return outbox.tell_many([telling], now=datetime.fromisoformat(now))


def attach(size: int, now: str) -> dict[str, Any]:
    """Somebody uploads a text of so many bytes: the refusal, and what is stored then."""
    uploaded = SimpleUploadedFile("bao-cao.txt", b"Noi dung bao cao.\n" * (size // 18))
    refusal = ""
    try:
        store_upload(uploaded, by=None, now=datetime.fromisoformat(now))
    except UploadRefused as refused:
        refusal = str(refused)
    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    return {"refusal": refusal, "rows": StoredFile.objects.count(), "files": len(files)}


def sign_in(people: int) -> list[list[Any]]:
    """Everybody is signed in: [number, address that opens the report, key of the session]."""
    directive = Assignment.objects.earliest("pk").directive_id
    rows = Membership.objects.filter(user__username__startswith="nguoi").select_related("user").order_by("pk")[:people]
    backend = settings.AUTHENTICATION_BACKENDS[0]
    found = []
    with transaction.atomic():
        for row in rows:
            key = session(row.user, SessionStore, backend)
            number = int(row.user.username.removeprefix("nguoi"))
            found.append([number, reverse("tasks:report_open", args=[directive, row.unit_id]), key])
    return found


def place_systems(url: str, secret: str, count: int) -> list[str]:
    """Give the first so many units an address of another system; how the keys of what those are told end."""
    ends = []
    for unit in Unit.objects.filter(memberships__role=Role.REPORTER).distinct().order_by("pk")[:count]:
        place = UnitAddress(unit=unit, channel="webhook", address=url)
        place.keep_secret(secret)
        place.save()
        ends.append(f"@{place.pk}")
    return ends


STEPS: dict[str, Any] = {
    step.__name__: step
    for step in (
        prepare,
        prepare_story,
        prepare_senders,
        run,
        nudge_and_fail,
        nudge,
        extend,
        leave,
        move,
        tell_daily,
        attach,
        sign_in,
        place_systems,
    )
}


def main() -> None:
    """Answer {"value": …} or {"error": traceback} to each step, until the input ends."""
    # What the program prints must not get between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        asked = json.loads(line)
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = asked["database"]
        connections["default"].settings_dict["CONN_MAX_AGE"] = 0
        try:
            answer = {"value": STEPS[asked["step"]](**asked["values"])}
        except Exception:  # noqa: BLE001 – the test shows it
            answer = {"error": traceback.format_exc()}
        connections["default"].close()
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
