"""What the pages need in one database; run as a program of its own under the settings of the servers.

`python -m tests.bench.prepare office`: sessions of officers and of units' reporters, parts to open, drafts to send, the
statements and bytes of each page. `… floor`: sessions for the floor, and the column that its search reads. JSON on stdout.
"""

import gzip
import json
import sys
from random import Random

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as FloorSession
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.second_factor import VERIFIED
from accounts.sessions import SessionStore
from directive_tracker.middleware_access import STAMP
from directive_tracker.scale.work import UPDATES
from tasks.enums import AssignmentRole, AssignmentState, ReportState
from tasks.forms.report_editor import ReportEditor
from tasks.models import Assignment, Directive, ProgressReport, UnitReport
from tests.bench.pages import CSRF, HOST, PAGES, Page
from tests.tasks.figures import make_house
from units.access import resolve_standing
from units.models import Membership, Role

PEOPLE = 8
PARTS = 24
KEPT_DRAFTS = 8
SEARCHES = ("dan van", "chuyen doi so", "nong thon moi", "khuyen hoc", "viec 12", "giam ngheo")
SEARCH_TABLE = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
DROP TABLE IF EXISTS bench_search;
CREATE TABLE bench_search AS SELECT a.id, a.due_current AS due, t.search_key || ' ' || u.search_key AS words
FROM tasks_assignment a JOIN tasks_directivetask t ON t.id = a.task_id JOIN units_unit u ON u.id = a.unit_id;
CREATE INDEX bench_search_words ON bench_search USING gin (words gin_trgm_ops);
CREATE UNIQUE INDEX ON bench_search (id);
ANALYZE bench_search;
"""


def people(role: str) -> list[User]:
    """Up to eight people with that role, spread over all of them."""
    rows = Membership.objects.filter(role=role, user__username__startswith="scale", is_contact=role == Role.REPORTER)
    users = [row.user for row in rows.select_related("user").order_by("user_id")]
    return users[:: max(1, len(users) // PEOPLE)][:PEOPLE]


def session(user: User, store: type, backend: str) -> str:
    """The key of a new session of the user, as if signed in with everything that is asked for."""
    new = store()
    new[SESSION_KEY], new[BACKEND_SESSION_KEY] = str(user.pk), backend
    new[HASH_SESSION_KEY] = user.get_session_auth_hash()
    new[VERIFIED] = {"user": user.pk, "way": "app", "at": timezone.now().isoformat()}
    new[STAMP] = sorted(resolve_standing(user, today=timezone.localdate()).stamp)
    new.create()
    return new.session_key


def parts(**filters) -> list[int]:
    """Parts with five updates, which have the longest history there is."""
    found = (
        Assignment.objects.filter(**filters, role=AssignmentRole.LEAD, state=AssignmentState.COMPLETED)
        .annotate(updates=Count("progress_reports__rounds"))
        .filter(updates__gte=UPDATES)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    keys = list(found)
    return keys[:: max(1, len(keys) // PARTS)][:PARTS]


def a_matrix() -> int:
    """A document whose sixteen tasks are led by all of twenty-two units: one screen of the matrix."""
    return make_house(units=22, tasks=16).directive.pk


@transaction.atomic
def drafts(count: int, reporters: dict[int, User]) -> list[dict]:
    """Drafts of one section each, ready to be sent: the form's fields with a claim of completion.

    Args:
        reporters: unit → who sends for it.
    """
    now = timezone.now()
    candidates = (
        Assignment.objects.filter(
            state=AssignmentState.IN_PROGRESS,
            role=AssignmentRole.LEAD,
            unit__needs_head_approval=False,
            unit__in=list(reporters),
            products__product__has_paper=False,
            task__indicators__isnull=True,
        )
        .order_by("directive", "unit", "pk")
        .select_related("unit")
    )
    chosen: dict[tuple[int, int], Assignment] = {}
    for part in candidates:
        chosen.setdefault((part.directive_id, part.unit_id), part)
    found = []
    # Shuffled, so that two senders rarely meet at the same document.
    for part in Random(1).sample(list(chosen.values()), min(count, len(chosen))):
        user = reporters[part.unit_id]
        report = UnitReport.objects.create(
            directive_id=part.directive_id,
            unit_id=part.unit_id,
            state=ReportState.DRAFT,
            created_by=user,
            created_at=now,
            saved_by=user,
            saved_at=now,
        )
        section = ProgressReport.objects.create(unit_report=report, assignment=part)
        editor = ReportEditor(report, today=timezone.localdate(now))
        fields = {
            bound.html_name: "" if bound.value() in (None, False) else str(bound.value())
            for form in editor.forms
            for bound in form
            if bound.name not in ("files", "remove", "no_change", "claims_completion")
        }
        fields |= {
            f"muc{section.pk}-results": "Đã hoàn thành các nội dung được giao.",
            f"muc{section.pk}-claims_completion": "on",
            "do": "submit",
            "csrfmiddlewaretoken": CSRF,
        }
        found.append({"report": report.pk, "part": part.pk, "user": user.pk, "fields": fields})
    return found


def count(page: Page, values: dict, key: str, fields: dict | None) -> dict:
    """Statements and bytes of one page, asked for twice: the first time something may be made that stays."""
    client = Client(headers={"host": HOST, "x-forwarded-proto": "https", "origin": f"https://{HOST}"})
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    client.cookies[settings.CSRF_COOKIE_NAME] = CSRF
    path = page.path.format(**values)
    if fields is None:
        client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(path, fields) if fields is not None else client.get(path)
    expected = 302 if page.is_write else 200
    if answer.status_code != expected:
        raise SystemExit(f"{page.name}: {path} answered {answer.status_code}")
    statements = [query["sql"] for query in queries]
    return {
        "queries": len(statements),
        "bytes": len(answer.content),
        "gzip_bytes": len(gzip.compress(answer.content, 6)),
        "statements": statements,
    }


def office(count_of_drafts: int) -> dict:
    """Everything for our own servers."""
    backend = settings.AUTHENTICATION_BACKENDS[0]
    officers, reporters = people(Role.OFFICE), people(Role.REPORTER)
    contacts = Membership.objects.filter(role=Role.REPORTER, is_contact=True, user__username__startswith="scale")
    units = {row.unit_id: row.user for row in contacts.select_related("user")}
    keys = {user.pk: session(user, SessionStore, backend) for user in [*officers, *units.values()]}
    directives = list(Directive.objects.order_by("pk").values_list("pk", flat=True))
    directives = directives[:: max(1, len(directives) // PEOPLE)][:PEOPLE]
    waiting = drafts(count_of_drafts + 1 + KEPT_DRAFTS, units)
    unit_of = {user.pk: unit for unit, user in units.items()}
    chosen = {
        "office": [
            {"key": keys[officers[n % len(officers)].pk], "part": part, "directive": directives[n % len(directives)]}
            for n, part in enumerate(parts())
        ],
        "unit": [
            {"key": keys[user.pk], "part": part, "unit": unit_of[user.pk]}
            for user in reporters
            for part in parts(unit=unit_of[user.pk])[:3]
        ],
    }
    matrix = a_matrix()
    # Drafts that stay drafts: the form is opened and not sent.
    left, waiting = waiting[:KEPT_DRAFTS], waiting[KEPT_DRAFTS:]
    chosen["writer"] = [{**draft, "key": keys[draft["user"]]} for draft in left]
    for values in chosen["office"]:
        values["matrix"] = matrix
        values["year"] = timezone.localdate().year
    for values in (*chosen["office"], *chosen["unit"]):
        values["q"] = SEARCHES[values["part"] % len(SEARCHES)].replace(" ", "+")
    chosen["nobody"] = [{**values, "key": ""} for values in chosen["office"]]
    last = waiting.pop()
    counted = {}
    for page in PAGES:
        if page.is_write:
            counted[page.name] = count(page, last, keys[last["user"]], last["fields"])
        else:
            counted[page.name] = count(page, chosen[page.who][0], chosen[page.who][0]["key"], None)
    return {
        **chosen,
        "drafts": [{**draft, "key": keys[draft["user"]]} for draft in waiting],
        "counted": counted,
        "cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }


def floor() -> dict:
    """Everything for the floor's servers."""
    with connection.cursor() as cursor:
        cursor.execute(SEARCH_TABLE)
    backend = settings.AUTHENTICATION_BACKENDS[0]
    keys = [session(user, FloorSession, backend) for user in people(Role.OFFICE)]
    return {"keys": keys, "cookie": settings.SESSION_COOKIE_NAME, "csrf_cookie": settings.CSRF_COOKIE_NAME}


if __name__ == "__main__":
    answer = floor() if sys.argv[1] == "floor" else office(int(sys.argv[2]))
    json.dump(answer, sys.stdout)
