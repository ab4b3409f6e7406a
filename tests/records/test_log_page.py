"""The page "Nhật ký": whole sentences, each role its part, one price whatever the length of the log."""

import time
from datetime import UTC, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from directive_tracker import clock
from records import sentences, verbs
from records.audit import record
from records.models import AuditEvent
from records.topics import Topic
from tests.factories import (
    at,
    make_area,
    make_assignment,
    make_membership,
    make_office,
    make_office_user,
    make_reporter,
    make_unit,
    make_user,
)
from units.models import AreaLevel, Role
from veterans.models import Person

pytestmark = pytest.mark.django_db
NOW = at("2024-04-15", "09:12")


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: NOW.date())


def told(client, user, **query) -> list[str]:
    """The rows of the page as a person reads them."""
    client.force_login(user)
    response = client.get("/nhat-ky/", query)
    assert response.status_code == 200
    return [f"{sentence.actor} {sentence.what} {sentence.target}".strip() for _, sentence in response.context["rows"]]


def verbs_seen(client, user, **query) -> list[str]:
    client.force_login(user)
    return sorted(event.verb for event, _ in client.get("/nhat-ky/", query).context["rows"])


def administrator(username="quantri"):
    user = make_user(username)
    make_membership(user, make_office(), Role.ADMINISTRATOR)
    return user


def a_person(area, **values) -> Person:
    values.setdefault("full_name", "Nguyễn Thị Kín")
    return Person.objects.create(residence=area, created_by=make_user(), created_at=NOW, **values)


# --- sentences ------------------------------------------------------------------------------------


def test_an_event_is_told_in_one_sentence():
    deputy, principal = make_user("a", full_name="Nguyễn Văn A"), make_user("b", full_name="Trần Thị B")
    deputy.acting_for = principal
    assignment = make_assignment(unit=make_unit("Huyện ủy Đắk Hà"))
    event = record(
        "section.accepted",
        by=deputy,
        at=NOW,
        target=assignment,
        data={"from": "Đã gửi", "to": "Xong"},
        reason="đủ văn bản",
        ip="10.0.0.7",
    )
    assert str(sentences.sentence(event)) == (
        "09:12 15/4/2024 · Nguyễn Văn A (thay mặt Trần Thị B) chấp nhận mục báo cáo: "
        f"{assignment}; từ “Đã gửi” thành “Xong”; lý do: đủ văn bản; từ máy 10.0.0.7"
    )


@pytest.mark.parametrize(
    ("target_type", "data", "words"),
    [
        ("", {}, ""),
        ("", {"from": "2024-04-19", "to": "2024-04-26"}, "từ “19/4/2024” thành “26/4/2024”"),
        ("", {"from": None, "to": 5}, "từ “trống” thành “5”"),
        ("", {"to": "Trần Thị B"}, "là “Trần Thị B”"),
        ("", {"from": "Trần Thị B"}, "trước là “Trần Thị B”"),
        ("", {"count": 1234}, "số lượng: 1.234"),
        ("", {"reason": "nhầm"}, "lý do: nhầm"),
        ("", {"way": "password"}, "cách: mật khẩu"),
        ("", {"sha256": "abc"}, ""),
        ("", {"Vai trò": "3 mới"}, "Vai trò: 3 mới"),
        ("accounts.user", {"fields": ["is_active", "email"]}, "mục: kích hoạt, địa chỉ email"),
        (
            "accounts.user",
            {"fields": ["is_active", "email"], "from": {"is_active": True}, "to": {"is_active": False}},
            "kích hoạt từ “có” thành “không”; mục: địa chỉ email",
        ),
        (
            "accounts.user",
            {
                "rows": {
                    "units.membership": {
                        "added": 0,
                        "changed": 1,
                        "each": [{"what": "An – Cán bộ", "from": {"valid_to": None}, "to": {"valid_to": "2024-04-14"}}],
                    }
                }
            },
            "vai trò: 0 dòng mới, 1 dòng sửa; An – Cán bộ: đến hết ngày từ “trống” thành “14/4/2024”",
        ),
        ("gone.room", {"fields": ["x"]}, "mục: x"),
    ],
)
def test_details_are_said_as_the_screen_says_them(target_type, data, words):
    event = AuditEvent.objects.create(verb="admin.changed", at=NOW, target_type=target_type, data=data)
    assert sentences.details(event).lower() == words.lower()


def test_an_act_about_oneself_names_the_person_once():
    user = make_user("an", full_name="An")
    event = record("account.signed_in", by=user, at=NOW, target=user, data={"way": "password"})
    assert str(sentences.sentence(event)) == "09:12 15/4/2024 · An đăng nhập; cách: mật khẩu"


def test_nothing_done_by_a_person_is_done_by_the_system():
    assert sentences.sentence(record("audit.verified", by=None, at=NOW)).actor == "Hệ thống"


def test_a_verb_cannot_be_named_twice():
    with pytest.raises(ValueError, match="named twice"):
        verbs.register({"account.signed_in": "Vào"})


# --- who sees what --------------------------------------------------------------------------------


@pytest.fixture
def everything():
    """One event of every topic, by somebody else."""
    other = make_user("khac")
    for topic in Topic:
        AuditEvent.objects.create(verb=f"{topic}.x", topic=topic, actor=other, at=NOW)
    return other


OFFICE = "directives exports files notices reports system units work"
ADMINISTRATOR = "exports notices rights sign_in system units"


@pytest.mark.parametrize(
    ("role", "topics"),
    [
        (Role.OFFICE, OFFICE),
        (Role.ADMINISTRATOR, ADMINISTRATOR),
        (Role.READER, ""),
        (Role.REPORTER, ""),
        (Role.UNIT_HEAD, ""),
        (Role.REGISTRAR, ""),
        (None, ""),
    ],
)
def test_a_role_reads_its_topics(client, everything, role, topics):
    user = make_user("ai")
    if role == Role.REGISTRAR:
        make_membership(user, role=role, area=make_area())
    elif role:
        make_membership(user, make_office(), role)
    assert verbs_seen(client, user) == [f"{topic}.x" for topic in topics.split()]


def test_office_and_administrator_together_read_both_parts(client, everything):
    user = administrator()
    make_membership(user, make_office(), Role.OFFICE)
    assert verbs_seen(client, user) == sorted(f"{topic}.x" for topic in {*OFFICE.split(), *ADMINISTRATOR.split()})


@pytest.mark.parametrize("role", [Role.REPORTER, Role.OFFICE, Role.ADMINISTRATOR])
def test_everybody_reads_the_own_acts_and_those_in_the_own_name(client, role):
    user, deputy = make_user("toi"), make_user("thay")
    make_membership(user, make_office(), role)
    deputy.acting_for = user
    for by, verb in ((user, "person.read"), (deputy, "person.changed"), (make_user("la"), "person.added")):
        AuditEvent.objects.create(verb=verb, topic="registry", actor=by, acting_for=by.acting_for, at=NOW)
    assert verbs_seen(client, user) == ["person.changed", "person.read"]


def test_a_registrar_reads_about_the_entries_of_the_own_areas_only(client):
    district, elsewhere = make_area(), make_area("Huyện Đắk Tô")
    commune = make_area("Xã Đắk Hring", level=AreaLevel.COMMUNE, parent=district)
    registrar, colleague = make_user("ghiso"), make_user("dongnghiep")
    make_membership(registrar, role=Role.REGISTRAR, area=district)
    record("person.read", by=colleague, at=NOW, target=a_person(commune))
    record("person.changed", by=colleague, at=NOW, target=a_person(elsewhere))

    assert verbs_seen(client, registrar) == ["person.read"]
    assert verbs_seen(client, make_office_user()) == []
    assert verbs_seen(client, administrator()) == []


def test_strangers_and_switched_off_accounts_read_nothing(client, everything):
    assert client.get("/nhat-ky/").status_code == 302
    everything.is_active = False
    everything.save()
    assert AuditEvent.objects.visible_to(everything).count() == 0


def test_the_admin_lists_what_the_page_shows(client, everything):
    user = administrator()
    page = verbs_seen(client, user)
    listed = client.get("/quan-tri/records/auditevent/").context["cl"].result_list
    assert sorted(event.verb for event in listed) == page


def test_a_name_from_the_registry_never_stands_on_the_page(client):
    area = make_area()
    registrar = make_user("ghiso")
    make_membership(registrar, role=Role.REGISTRAR, area=area)
    person = a_person(area)
    record("person.changed", by=registrar, at=NOW, target=person, data={"fields": ["full_name", "relative_phone"]})
    client.force_login(registrar)
    page = client.get("/nhat-ky/").content.decode()
    assert ("Kín" in page, f"Hồ sơ tri ân số {person.pk}" in page, "họ và tên" in page) == (False, True, True)


# --- filters --------------------------------------------------------------------------------------


@pytest.fixture
def week():
    """Three days of the office, one of a reporter."""
    office = make_office_user(full_name="Nguyễn Văn Hòa")
    reporter = make_reporter(make_unit(), full_name="Y Đắk")
    for day, verb, by in (
        ("2024-04-10", "directive.recorded", office),
        ("2024-04-11", "directive.issued", office),
        ("2024-04-12", "assignment.acknowledged", reporter),
    ):
        record(verb, by=by, at=at(day, "23:59"))
    return office


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ({}, ["assignment.acknowledged", "directive.issued", "directive.recorded"]),
        ({"nguoi": "nguyen hoà"}, ["directive.issued", "directive.recorded"]),
        ({"nguoi": "y dak"}, ["assignment.acknowledged"]),
        ({"nguoi": "không có ai"}, []),
        ({"nhom": "directives"}, ["directive.issued", "directive.recorded"]),
        ({"nhom": "registry"}, ["assignment.acknowledged", "directive.issued", "directive.recorded"]),
        ({"tu": "11/4/2024"}, ["assignment.acknowledged", "directive.issued"]),
        ({"den": "11-04-2024"}, ["directive.issued", "directive.recorded"]),
        ({"tu": "11/4/2024", "den": "11/4/24", "nhom": "directives"}, ["directive.issued"]),
        ({"tu": "ngày mai"}, ["assignment.acknowledged", "directive.issued", "directive.recorded"]),
        ({"nguoi": "\x00", "nhom": "'", "tu": "31/2/2024", "ma": "x", "loai": "../.."}, None),
        ({"ma": "9" * 30, "loai": "tasks.assignment"}, None),
        ({"sau": "abc"}, None),
        ({"sau": "9" * 30 + "-1"}, None),
        ({"sau": "²-¹"}, None),
    ],
)
def test_the_log_is_filtered_and_bad_filters_filter_nothing(client, week, query, seen):
    everything = ["assignment.acknowledged", "directive.issued", "directive.recorded"]
    assert verbs_seen(client, week, **query) == (everything if seen is None else seen)


def test_days_the_wrong_way_round_are_told(client, week):
    client.force_login(week)
    page = client.get("/nhat-ky/", {"tu": "12/4/2024", "den": "10/4/2024"})
    assert page.context["form"].errors["den"] == ["Đến ngày phải sau từ ngày."]


def test_a_deputy_is_found_by_the_name_of_whom_it_stood_in_for(client, week):
    deputy, principal = make_user("phó", full_name="Lê Phó"), make_user("truong", full_name="Lò Trưởng")
    deputy.acting_for = principal
    record("assignment.paused", by=deputy, at=NOW)
    assert verbs_seen(client, week, nguoi="lo truong") == ["assignment.paused"]


def test_an_object_s_page_leads_to_its_events(client):
    office = make_office_user()
    assignment, other = make_assignment(), make_assignment()
    record("assignment.paused", by=office, at=NOW, target=assignment)
    record("assignment.resumed", by=office, at=NOW, target=other)
    client.force_login(office)

    page = client.get(assignment.get_absolute_url()).content.decode()
    link = f"/nhat-ky/?loai=tasks.assignment&amp;ma={assignment.pk}"
    assert link in page
    log = client.get(link.replace("&amp;", "&"))
    assert [event.verb for event, _ in log.context["rows"]] == ["assignment.paused"]
    assert f"Chỉ các việc về: {assignment}" in strip_tags(log.content.decode())


@pytest.mark.parametrize(("role", "linked"), [(Role.OFFICE, True), (Role.ADMINISTRATOR, True), (Role.REPORTER, False)])
def test_the_navigation_leads_there_for_who_reads_more_than_the_own_acts(client, role, linked):
    user = make_user("ai")
    make_membership(user, make_office(), role)
    client.force_login(user)
    page = client.get("/nhat-ky/")
    assert ("records:log" in [entry.name for entry in page.context["look"].nav]) == linked


# --- pages, statements, speed ---------------------------------------------------------------------


def fill(count: int, by) -> None:
    """So many events of all topics, a second apart."""
    topics, start = list(Topic), NOW - timedelta(days=300)
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                verb="assignment.paused",
                topic=topics[number % len(topics)],
                actor=by,
                at=start + timedelta(seconds=number),
                target_type="tasks.assignment",
                target_id=number % 1000,
                data={"from": "Đang làm", "to": "Tạm dừng"},
            )
            for number in range(count)
        ],
        batch_size=1000,
    )


def test_older_pages_show_every_event_once_also_of_one_moment(client):
    office = make_office_user()
    for number in range(120):
        record("assignment.paused", by=office, at=NOW + timedelta(seconds=number // 60), data={"count": number})
    client.force_login(office)
    seen, query = [], {}
    for _ in range(4):
        page = client.get("/nhat-ky/", query)
        seen += [event.data["count"] for event, _ in page.context["rows"]]
        query = {"sau": page.context["older"]}
        if not page.context["older"]:
            break
    assert seen == list(range(119, -1, -1))


def statements(client, **query) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get("/nhat-ky/", query).status_code == 200
    return len(captured)


def test_the_page_costs_the_same_statements_with_one_row_and_with_thousands(client):
    office, other = make_office_user(), make_user("khac")
    client.force_login(office)
    client.get("/nhat-ky/")
    found = []
    for count in (1, 24, 3000):
        fill(count, other)
        found.append((statements(client), statements(client, nguoi="khac", nhom="work", tu="1/1/2024")))
    assert found[0] == found[1] == found[2]


NUMBERS = {
    "postgresql": ("generate_series(0, %s) AS n", "gen_random_uuid()", "%s::timestamptz + n * interval '1 second'"),
    "sqlite": (
        "(WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < %s) SELECT n FROM c)",
        "lower(hex(randomblob(16)))",
        "strftime('%%Y-%%m-%%d %%H:%%M:%%S', %s, '+' || n || ' seconds')",
    ),
}


def fill_fast(count: int, by) -> None:
    """As `fill`, written by the database itself; the rows have no token, which no page looks at."""
    rows, uid, moment = NUMBERS[connection.vendor]
    topic = "CASE n %% {} {} END".format(
        len(Topic), " ".join(f"WHEN {place} THEN '{topic}'" for place, topic in enumerate(Topic))
    )
    start = (NOW - timedelta(days=300)).astimezone(UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_auditevent (at, actor_id, verb, topic, target_type, target_id, target_label, data, "
            f"reason, uid, token, prev_hash, hash) SELECT {moment}, %s, 'assignment.paused', {topic}, "
            f"'tasks.assignment', n %% 1000, 'x', '{{}}', '', {uid}, '', '', '' FROM {rows}",
            [start.strftime("%Y-%m-%d %H:%M:%S") + ("+00" if connection.vendor == "postgresql" else ""), by.pk, count],
        )


# The index the plan must name. A topic that every tenth event has is found as well by walking through the moments.
PLANS = {
    "all": ({}, ("audit_moment",)),
    "a topic": ({"nhom": "units"}, ("audit_topic", "audit_moment")),
    "days": ({"tu": "20/6/2023", "den": "21/6/2023"}, ("audit_moment",)),
    "a person": ({"nguoi": "it viec"}, ("audit_actor", "audit_acting_for")),
    "an object": ({"loai": "tasks.assignment", "ma": "7"}, ("audit_target",)),
}


@pytest.mark.bench
@pytest.mark.parametrize("name", PLANS)
def test_two_hundred_thousand_events_are_read_by_an_index(client, name, capsys):
    office, other, rare = make_office_user(), make_user("khac"), make_user("it", full_name="Ít Việc")
    fill_fast(200_000, other)
    fill(5, rare)
    if connection.vendor == "postgresql":
        # What autovacuum does within a minute in production.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE records_auditevent")
    client.force_login(office)
    query, indexes = PLANS[name]
    client.get("/nhat-ky/", query)
    with CaptureQueriesContext(connection) as captured:
        began = time.perf_counter()
        client.get("/nhat-ky/", query)
        spent = (time.perf_counter() - began) * 1000
    (statement,) = [row["sql"] for row in captured if "records_auditevent" in row["sql"]]
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(explain + statement)
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    with capsys.disabled():
        print(f"\n{connection.vendor}: {name}: {spent:.0f} ms, {len(captured)} statements")
    assert any(index in plan for index in indexes), plan
