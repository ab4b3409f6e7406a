"""What must leave an event leaves one: with words, with the machine, one act one event."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from directive_tracker import clock
from records import jobs_runner, verbs
from records.models import AuditEvent
from records.results import keep_file
from tasks import lifecycle
from tasks.enums import AssignmentState
from tasks.jobs import MATRIX_XLSX
from tests.admin_pages import address, inline, signed_in
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_membership,
    make_office,
    make_office_user,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from tests.tasks.figures import NOW, TODAY, make_house
from units.models import Deputation, Membership, Role

ROOMS = ("records", "accounts", "units", "notifications", "tasks", "veterans", "directive_tracker")
VERB = re.compile(r"[a-z_]+\.[a-z_]+")
# The functions that write an event: audit.record itself, and those that hand a verb on to it.
WRITERS = {"record", "_record", "_done", "_set_aside"}
# Verbs that older rows of the log may still hold.
FORMER = {"demo.played"}


def _calls(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in WRITERS:
                yield node


def verbs_in_the_code() -> dict[str, str]:
    """Every verb the code writes, with the file it stands in."""
    found = {}
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            for call in _calls(path):
                for node in ast.walk(call):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str) and VERB.fullmatch(node.value):
                        found[node.value] = str(path.relative_to(settings.BASE_DIR))
    return found


def test_every_verb_of_the_code_has_words():
    found = verbs_in_the_code()
    assert len(found) > 40
    assert {verb: path for verb, path in found.items() if not verbs.is_named(verb)} == {}


@pytest.fixture
def monday(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.django_db
def test_a_downloaded_file_leaves_who_and_from_where_and_a_look_at_its_head_nothing(client, monday):
    user = make_office_user()
    job = jobs_runner.start(MATRIX_XLSX, title="x", arguments={}, by=user, now=NOW)
    stored = keep_file(b"PK", "bang.xlsx", "application/zip", by=user, now=NOW)
    job.result_file = stored
    job.save()
    client.force_login(user)

    client.head(f"/tep/{stored.pk}/", REMOTE_ADDR="10.0.0.9")
    client.get(f"/tep/{stored.pk}/", REMOTE_ADDR="10.0.0.9")

    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.target_label, event.ip) == (
        "file.downloaded",
        user,
        "bang.xlsx",
        "10.0.0.9",
    )


@pytest.mark.django_db
def test_a_file_that_may_not_be_seen_leaves_nothing(client, monday):
    stored = keep_file(b"PK", "bang.xlsx", "application/zip", by=make_user("khac"), now=NOW)
    client.force_login(make_office_user())
    assert client.get(f"/tep/{stored.pk}/").status_code == 404
    assert AuditEvent.objects.count() == 0


@pytest.mark.django_db
def test_an_exported_matrix_leaves_who_what_and_how_many_rows(monday):
    house = make_house()
    user = make_office_user("xuat")
    job = jobs_runner.start(MATRIX_XLSX, title="x", arguments={"directive": house.directive.pk}, by=user, now=NOW)
    jobs_runner.run(job.pk, now=NOW)
    event = AuditEvent.objects.get(verb="export.matrix")
    assert (event.actor, event.topic, event.data["count"]) == (user, "exports", house.directive.assignments.count())


@pytest.mark.django_db
def test_an_export_for_somebody_else_names_both_though_a_worker_makes_it(monday):
    house = make_house()
    deputy, principal = make_user("pho"), make_office_user("chanh")
    Deputation.objects.create(
        deputy=deputy,
        principal=principal,
        valid_from=TODAY,
        valid_to=TODAY,
        reason="đi công tác",
        made_by=principal,
        made_at=NOW,
    )
    deputy.acting_for = principal
    job = jobs_runner.start(MATRIX_XLSX, title="x", arguments={"directive": house.directive.pk}, by=deputy, now=NOW)

    jobs_runner.run(job.pk, now=NOW)

    event = AuditEvent.objects.get(verb="export.matrix")
    assert (event.actor, event.acting_for) == (deputy, principal)
    assert event.data["count"] == house.directive.assignments.count()


# --- one act, one event ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_taking_all_new_work_is_one_event_with_its_count():
    unit, directive = make_unit(), make_directive()
    work = [make_assignment(make_task(directive, code), unit) for code in ("1a.1", "1a.2", "1a.3")]
    assert lifecycle.acknowledge_all(work, by=make_reporter(unit), now=at("2024-04-15")) == 3
    event = AuditEvent.objects.get()
    assert (event.verb, event.data) == ("assignment.all_acknowledged", {"count": 3, "codes": ["1a.1", "1a.2", "1a.3"]})


@pytest.mark.django_db
def test_a_condition_that_does_not_apply_is_one_event_with_its_count():
    task = make_task(condition_state="undecided")
    for _ in range(3):
        make_assignment(task)
    lifecycle.decide_condition(task, applies=False, by=make_office_user(), now=at("2024-04-15"), reason="không có")
    event = AuditEvent.objects.get()
    assert (event.data, event.reason) == (
        {"from": "Chờ quyết định", "to": "Không", "count": 3, "set_aside": 3},
        "không có",
    )


@pytest.mark.django_db
def test_an_act_says_from_what_to_what_and_why():
    assignment = make_assignment(state=AssignmentState.IN_PROGRESS)
    lifecycle.pause(assignment, by=make_office_user(), now=at("2024-04-15"), reason="chờ hướng dẫn")
    event = AuditEvent.objects.get()
    assert (event.data, event.reason) == ({"from": "Đang làm", "to": "Tạm dừng"}, "chờ hướng dẫn")


# --- rights ---------------------------------------------------------------------------------------


@pytest.fixture
def admin_client():
    user = make_user("quantri")
    make_membership(user, make_office(), Role.ADMINISTRATOR)
    return signed_in(user)


@pytest.mark.django_db
def test_a_changed_role_leaves_old_and_new_values(admin_client):
    unit, other = make_unit("Huyện ủy Đắk Hà"), make_unit("Huyện ủy Đắk Tô")
    user = make_user("dakha", full_name="Y Lan")
    role = make_membership(user, unit, Role.REPORTER)
    data = {"user": user.pk, "role": "unit_head", "unit": other.pk, "area": "", "valid_from": "01/01/1900"}

    admin_client.post(address("units.membership", "change", role.pk), {**data, "valid_to": "30/04/2024"})

    event = AuditEvent.objects.get(verb="admin.changed")
    assert event.topic == "rights"
    assert event.data["from"] == {"role": "Cán bộ đầu mối", "unit": str(unit), "valid_to": None}
    assert event.data["to"] == {"role": "Lãnh đạo đơn vị", "unit": str(other), "valid_to": "2024-04-30"}


@pytest.mark.django_db
def test_a_role_given_on_a_person_s_page_is_named(admin_client):
    unit = make_unit("Huyện ủy Đắk Hà")
    user = make_user("dakha", full_name="Y Lan")
    row = {"role": "reporter", "unit": unit.pk, "area": "", "valid_from": "15/01/2024", "valid_to": ""}
    form = {"full_name": "Y Lan", "username": "dakha", "language": "vi", "is_active": "on", "email": user.email}

    admin_client.post(address("accounts.user", "change", user.pk), {**form, **inline("memberships", [row])})

    rows = AuditEvent.objects.get(verb="admin.changed").data["rows"]["units.membership"]
    membership = Membership.objects.get(user=user)
    assert rows["added"] == 1
    assert rows["each"] == [
        {
            "what": str(membership),
            "to": {
                "user": "Y Lan",
                "role": "Cán bộ đầu mối",
                "unit": str(unit),
                "valid_from": "2024-01-15",
            },
        }
    ]


@pytest.mark.django_db
def test_what_says_how_to_reach_somebody_is_named_without_its_value(admin_client):
    user = make_user("dakha", full_name="Y Lan")
    form = {"full_name": "Y Lan", "username": "dakha", "language": "vi", "email": "moi@example.vn", "phone": ""}
    admin_client.post(address("accounts.user", "change", user.pk), {**form, **inline("memberships")})
    event = AuditEvent.objects.get(verb="admin.changed")
    assert sorted(event.data["fields"]) == ["email", "is_active"]
    assert (event.data["from"], event.data["to"]) == ({"is_active": True}, {"is_active": False})
    assert "moi@example.vn" not in str(event.data)
