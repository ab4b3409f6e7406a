"""The Standing Committee's digest: when it is made, what it holds, that it stays, whom it is told."""

from datetime import date, timedelta

import pytest
from django.core import mail as outgoing
from django.db import DatabaseError, IntegrityError, connection, transaction

from directive_tracker import clock
from notifications import forecast
from notifications.models import Message, Notice, NoticeRule
from notifications.rounds import look, run_round, run_tick
from records.models import AuditEvent
from tasks.digests.freezing import freeze
from tasks.digests.making import make_due, make_now
from tasks.digests.periods import due_periods, may_begin_between
from tasks.errors import Refused
from tasks.models import Assignment, Digest, DigestKind, DirectiveTask, ExtensionRequest
from tests.factories import at, make_assignment, make_directive, make_membership, make_office_user, make_task, make_unit
from tests.tasks.digests import NAME, REASON, make_committee, make_reader, request_extension
from units.calendar import work_calendar
from units.models import CalendarDay

pytestmark = pytest.mark.django_db
ROUND = {"planned": 0, "held": 0, "sent": 0, "failed": 0, "superseded": 0}
THURSDAY = at("2024-04-25", "17:00")


@pytest.fixture(autouse=True)
def _no_stages(db):
    """Only digests are told here."""
    NoticeRule.objects.update(is_active=False)


def periods(day: str, hour: str) -> list[tuple[str, str, str]]:
    """Kind, words, hour of the mail of what is due at that moment."""
    found = due_periods(now=at(day, hour), calendar=work_calendar())
    return [(str(row.kind), row.words, f"{row.mail_at:%d/%m/%Y %H:%M}") for row in found]


# --- when ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        ("2024-04-11", "16:59", [("weekly", "tuần 29/3–04/4/2024", "05/04/2024 07:30")]),
        ("2024-04-11", "17:00", [("weekly", "tuần 05/4–11/4/2024", "12/04/2024 07:30")]),
        # Giỗ Tổ, a Thursday off: data of that evening, mail on Friday.
        ("2024-04-18", "17:00", [("weekly", "tuần 12/4–18/4/2024", "19/04/2024 07:30")]),
        # Tết 2024, off from Thursday 8/2 to Wednesday 14/2.
        ("2024-02-08", "17:00", [("weekly", "tuần 02/02–08/02/2024", "15/02/2024 07:30")]),
        ("2024-02-15", "16:59", [("weekly", "tuần 02/02–08/02/2024", "15/02/2024 07:30")]),
        ("2024-02-15", "17:00", [("weekly", "tuần 09/02–15/02/2024", "16/02/2024 07:30")]),
        # April's last working day is Friday 26/4; 27/4–1/5 are off.
        ("2024-04-26", "16:59", [("weekly", "tuần 19/4–25/4/2024", "26/04/2024 07:30")]),
        (
            "2024-04-26",
            "17:00",
            [
                ("weekly", "tuần 19/4–25/4/2024", "26/04/2024 07:30"),
                ("monthly", "tháng 4/2024", "02/05/2024 07:30"),
            ],
        ),
        # The Saturday worked for 29/4 is no end of a week.
        ("2024-05-04", "17:00", [("weekly", "tuần 26/4–02/5/2024", "03/05/2024 07:30")]),
        # Year end: Tuesday 31/12/2024 is worked, 1/1/2025 is off.
        (
            "2024-12-31",
            "17:00",
            [
                ("weekly", "tuần 20/12–26/12/2024", "27/12/2024 07:30"),
                ("monthly", "tháng 12/2024", "02/01/2025 07:30"),
            ],
        ),
        (
            "2025-01-02",
            "17:00",
            [
                ("weekly", "tuần 27/12/2024–02/01/2025", "03/01/2025 07:30"),
                ("monthly", "tháng 12/2024", "02/01/2025 07:30"),
            ],
        ),
    ],
)
def test_a_week_ends_on_thursday_and_a_month_with_its_last_working_day(day, hour, expected):
    assert periods(day, hour) == expected


def test_a_month_older_than_a_week_is_not_caught_up():
    assert [row[0] for row in periods("2024-05-03", "16:59")] == ["weekly", "monthly"]
    assert [row[0] for row in periods("2024-05-03", "17:00")] == ["weekly"]


def test_weekday_and_hours_are_settings(settings):
    settings.DIGEST_WEEKDAY = 1
    settings.DIGEST_DATA_HOUR = at("2024-04-15", "11:00").time()
    settings.DIGEST_MAIL_HOUR = at("2024-04-15", "09:15").time()

    assert periods("2024-04-15", "11:00") == [("weekly", "tuần 09/4–15/4/2024", "16/04/2024 09:15")]


def test_only_the_minutes_after_the_hour_wake_a_quiet_tick():
    minutes = timedelta(minutes=6)
    moments = {
        "Thursday before": at("2024-04-11", "16:53"),
        "Thursday": at("2024-04-11", "16:54"),
        "Thursday after": at("2024-04-11", "17:00"),
        "Friday": at("2024-04-12", "16:58"),
        "end of a month": at("2024-04-26", "16:58"),
    }

    assert [name for name, moment in moments.items() if may_begin_between(moment, moment + minutes)] == [
        "Thursday",
        "end of a month",
    ]


def test_a_tick_freezes_within_the_minute_and_a_quiet_one_does_not_look():
    make_committee()
    run_tick(now=at("2024-04-11", "16:58"))
    before = Digest.objects.count()

    assert not look(now=at("2024-04-11", "16:59")).touched
    run_tick(now=at("2024-04-11", "16:59"))
    run_tick(now=at("2024-04-11", "17:00"))

    newest = Digest.objects.order_by("-pk").first()
    assert (Digest.objects.count() - before, newest.period_to, newest.as_of) == (
        1,
        date(2024, 4, 11),
        at("2024-04-11", "17:00"),
    )


# --- made, told, sent --------------------------------------------------------------------------------


def test_a_week_is_frozen_on_thursday_evening_and_leaves_on_friday_morning():
    house = make_committee()

    assert run_round(now=at("2024-04-11", "16:59")) == {**ROUND, "planned": 1, "sent": 1}  # last week's, caught up
    assert run_round(now=at("2024-04-11", "17:00")) == {**ROUND, "planned": 1, "held": 1}
    assert run_round(now=at("2024-04-12", "07:29")) == {**ROUND, "held": 1}
    assert run_round(now=at("2024-04-12", "07:30")) == {**ROUND, "sent": 1}
    assert run_round(now=at("2024-04-12", "07:31")) == ROUND

    digest = Digest.objects.get(kind="weekly", period_to=date(2024, 4, 11))
    assert (digest.as_of, digest.due_at, digest.late_words) == (
        at("2024-04-11", "17:00"),
        at("2024-04-12", "07:30"),
        "",
    )
    (notice,) = Notice.objects.filter(target_type="tasks.digest", target_id=digest.pk)
    assert (notice.key, notice.kind, notice.recipient) == (
        f"digest:weekly:2024-04-11:{house.reader.pk}",
        "digest",
        house.reader,
    )
    assert [event.verb for event in AuditEvent.objects.filter(verb="digest.made")] == ["digest.made"] * 2


def test_a_holiday_waits_for_the_next_working_day_and_the_month_leaves_with_it():
    make_committee()
    run_round(now=at("2024-04-25", "17:00"))
    run_round(now=at("2024-04-26", "07:30"))
    sent = len(outgoing.outbox)

    assert run_round(now=at("2024-04-26", "17:00")) == {**ROUND, "planned": 1, "held": 1}
    for day in ("2024-04-27", "2024-04-29", "2024-04-30", "2024-05-01"):
        assert run_round(now=at(day, "08:00")) == {**ROUND, "held": 1}
    assert run_round(now=at("2024-05-02", "07:30")) == {**ROUND, "sent": 1}
    assert outgoing.outbox[sent].subject == "Báo cáo nhanh tháng 4/2024: 3/9 việc hoàn thành, 4 việc quá hạn"


def test_data_of_the_afternoon_still_leave_the_next_morning(settings):
    settings.DIGEST_DATA_HOUR = at("2024-04-25", "15:00").time()
    make_committee()
    make_due(at("2024-04-18", "15:00"))
    Message.objects.update(state="sent", sent_at=at("2024-04-19"))

    assert run_round(now=at("2024-04-25", "15:00")) == {**ROUND, "planned": 1, "held": 1}
    assert run_round(now=at("2024-04-26", "07:30")) == {**ROUND, "sent": 1}


def test_when_the_demos_clock_jumps_the_figures_are_those_of_the_hour(client, settings, tmp_path):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    make_committee()
    make_due(at("2024-04-18", "17:00"))
    clock.set_demo_clock(at("2024-04-25", "10:00"))

    client.post("/thu/ngay-tiep/")
    client.post("/thu/ngay-tiep/")

    # Friday 26/4 and, over the holidays, Thursday 02/5.
    assert list(Digest.objects.order_by("pk").values_list("kind", "as_of")) == [
        ("weekly", at("2024-04-18", "17:00")),
        ("weekly", at("2024-04-25", "17:00")),
        ("monthly", at("2024-04-26", "17:00")),
    ]


def test_late_freezing_says_so_and_the_mail_leaves_at_once_in_working_hours():
    make_committee()

    assert run_round(now=at("2024-04-26", "09:40")) == {**ROUND, "planned": 1, "sent": 1}

    digest = Digest.objects.get()
    assert (digest.as_of, digest.due_at) == (at("2024-04-26", "09:40"), at("2024-04-26", "09:40"))
    assert digest.late_words == "chốt muộn, theo lịch là 17:00 25/4/2024"
    assert "số liệu chốt lúc 09:40 26/4/2024 (chốt muộn, theo lịch là 17:00 25/4/2024)." in outgoing.outbox[0].body


def test_after_missed_weeks_only_the_newest_is_caught_up():
    make_committee()
    run_round(now=at("2024-03-07", "17:00"))

    assert run_round(now=at("2024-04-24", "08:00"))["planned"] == 1
    assert list(Digest.objects.order_by("pk").values_list("period_to", flat=True)) == [
        date(2024, 3, 7),
        date(2024, 4, 18),
    ]


def test_with_nothing_to_say_nothing_is_made_and_nothing_sent():
    make_reader()
    assert run_round(now=THURSDAY) == ROUND
    # A directive without counted work, one that is a draft, and one that came after the period.
    make_assignment(make_task(make_directive(), "1", strength="encouraged"))
    make_directive(state="draft")
    make_assignment(make_task(make_directive(issued_on=date(2024, 4, 26)), "1"), due=date(2024, 5, 30))

    assert run_round(now=THURSDAY) == ROUND
    assert run_round(now=at("2024-04-26", "08:00")) == ROUND
    assert Digest.objects.count() == 0


def test_without_readers_it_is_frozen_for_the_office_alone():
    make_assignment(make_task(make_directive(), "1"))
    make_office_user()

    assert run_round(now=THURSDAY) == ROUND
    assert Digest.objects.count() == 1


def test_only_readers_in_force_get_it_each_once():
    house = make_committee()
    make_membership(house.reader, make_unit("Ban Thường vụ"), "reader")
    for name, until in (("cu", date(2024, 4, 24)), ("moi", None)):
        make_membership(make_reader(name), make_unit(), "reader", valid_to=until)
    former = make_reader("da-thoi")
    former.memberships.update(valid_to=date(2024, 4, 24))

    make_due(THURSDAY)

    people = Notice.objects.filter(kind="digest").values_list("recipient__username", flat=True)
    assert sorted(people) == ["cu", "moi", "thuongtruc"]


def test_who_no_longer_reads_when_the_mail_leaves_gets_none():
    house = make_committee()
    make_due(THURSDAY)
    house.reader.memberships.update(role="reporter")

    assert run_round(now=at("2024-04-26", "07:30")) == {**ROUND, "superseded": 1}
    assert outgoing.outbox == []


def test_a_mail_that_a_newer_digest_has_overtaken_is_not_sent():
    make_committee()
    make_due(THURSDAY)
    Message.objects.update(state="held")
    make_due(at("2024-05-09", "17:00"))
    Message.objects.update(state="planned")

    assert run_round(now=at("2024-05-10", "07:30")) == {**ROUND, "sent": 1, "superseded": 1}
    assert [sent.subject[:34] for sent in outgoing.outbox] == ["Báo cáo nhanh tuần 03/5–09/5/2024:"]


def test_the_office_sees_it_coming_before_it_is_frozen_and_holds_it():
    house = make_committee()
    make_due(at("2024-04-18", "17:00"))
    thursday, key = at("2024-04-25", "10:00"), f"digest:weekly:2024-04-25:{house.reader.pk}"
    Message.objects.all().update(state="sent", sent_at=at("2024-04-19"))

    coming = forecast.forecast(now=thursday)
    assert [(mail.key, mail.titles) for mail in coming.mails] == [(key, ["Báo cáo nhanh tuần 19/4–25/4/2024"])]
    assert forecast.hold([key], by=house.office, now=thursday) == 1

    assert run_round(now=THURSDAY) == {**ROUND, "planned": 1, "held": 1}
    assert run_round(now=at("2024-04-26", "07:30")) == {**ROUND, "held": 1}
    assert forecast.release([key], by=house.office, now=at("2024-04-26", "09:00")) == 1
    assert run_round(now=at("2024-04-26", "09:01")) == {**ROUND, "sent": 1}


def test_facts_that_come_before_the_mail_leaves_do_not_change_what_it_says():
    house = make_committee()
    make_due(THURSDAY)
    frozen = Digest.objects.get().data
    Assignment.objects.filter(pk=house.works["overdue"].pk).update(state="completed", completed_on=date(2024, 4, 25))
    DirectiveTask.objects.update(short_title="Tên mới")

    assert run_round(now=at("2024-04-26", "07:30"))["sent"] == 1

    assert Digest.objects.get().data == frozen
    assert outgoing.outbox[0].subject == "Báo cáo nhanh tuần 19/4–25/4/2024: 3/9 việc hoàn thành, 4 việc quá hạn"
    assert "Tên mới" not in outgoing.outbox[0].body


# --- frozen ------------------------------------------------------------------------------------------


def test_a_digest_refuses_to_be_changed_and_deleted():
    make_committee()
    make_due(THURSDAY)
    digest = Digest.objects.get()
    digest.headline = "khác"

    with pytest.raises(TypeError):
        digest.save()
    with pytest.raises(TypeError):
        digest.delete()


@pytest.mark.pg
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tasks_digest SET headline = 'x'",
        "DELETE FROM tasks_digest",
        "SET CONSTRAINTS ALL IMMEDIATE; SET tracker.emptying = 'off'; TRUNCATE tasks_digest CASCADE",
    ],
)
def test_postgresql_takes_new_digests_and_nothing_else(statement):
    make_committee()
    make_due(THURSDAY)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_a_second_digest_of_a_period_and_one_that_makes_no_sense():
    make_committee()
    make_due(THURSDAY)
    good = {
        field.attname: getattr(Digest.objects.get(), field.attname)
        for field in Digest._meta.concrete_fields
        if field.attname != "id"
    }

    for wrong in (
        {},
        {"period_to": date(2024, 4, 1), "period_from": date(2024, 4, 2)},
        {"period_to": date(2024, 6, 6), "as_of": good["cut_at"] - timedelta(minutes=1)},
        {"period_to": date(2024, 6, 6), "due_at": good["as_of"] - timedelta(minutes=1)},
        {"period_to": date(2024, 6, 6), "due_at": None},
        {"kind": "on_demand"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Digest.objects.create(**{**good, **wrong})


# --- the numbers -------------------------------------------------------------------------------------


def test_the_frozen_figures_of_a_known_house():
    house = make_committee()

    data = freeze(DigestKind.WEEKLY, now=at("2024-04-18", "17:00")).data

    assert data["sentence"] == (
        "3 trên 9 việc hoàn thành · 3 việc quá hạn · 2 việc chờ xác nhận · còn 11 ngày làm việc đến 07/5/2024"
    )
    assert data["total"] == {
        "done_on_time": 2,
        "done_late": 1,
        "open_in_time": 3,
        "open_overdue": 3,
        "open_without_due": 1,
        "outside": 3,
        "paused": 1,
        "undecided": 1,
        "encouraged": 1,
        "waiting": 2,
        "not_acknowledged": 2,
    }
    (directive,) = data["directives"]
    assert (directive["title"], directive["document"]) == ("70 năm Điện Biên Phủ", "Công văn")
    columns = ("name", "done_on_time", "done_late", "open_in_time", "open_overdue", "extensions", "returned")
    assert [tuple(unit[name] for name in columns) for unit in directive["units"]] == [
        ("Huyện ủy Đắk Hà", 1, 1, 1, 2, 0, 1),
        ("Huyện ủy Ngọc Hồi", 1, 0, 2, 1, 0, 0),
    ]
    assert data["overdue"]["count"] == 3
    late = ("code", "unit", "due", "working_days", "days", "waits", "cause", "reason", "expected")
    assert [tuple(row[name] for name in late) for row in data["overdue"]["rows"]] == [
        ("1b.1", "Huyện ủy Đắk Hà", "2024-04-12", 3, 6, False, "chủ quan", REASON, "2024-04-22"),
        ("1b.1", "Huyện ủy Ngọc Hồi", "2024-04-12", 3, 6, False, "", "", ""),
        ("1b.2", "Huyện ủy Đắk Hà", "2024-04-15", 1, 1, True, "", "", ""),
    ]
    assert data["waiting"] == [
        {"what": "confirm", "who": "Văn phòng", "who_pk": house.directive.office_id, "count": 2, "since": "2024-04-10"},
        {
            "what": "extension",
            "who": "Văn phòng",
            "who_pk": house.directive.office_id,
            "count": 1,
            "since": "2024-04-11",
        },
    ]
    assert data["conditions"] == [
        {
            "task": house.tasks["2"].pk,
            "code": "2",
            "title": "Tuyên truyền",
            "question": "nếu có điểm cầu tại tỉnh",
            "decider": "Huyện ủy Đắk Hà",
            "decide_by": "2024-04-19",
        }
    ]
    coming = data["coming"]
    assert (coming["first"], coming["last"], coming["count"]) == ("2024-04-18", "2024-04-25", 1)
    assert [(row["day"], row["code"], row["count"]) for row in coming["rows"]] == [("2024-04-24", "1a.3", 1)]
    assert data["registry"]["veterans"]["verified_living"] == "0"
    assert data["changes"] is None
    assert NAME not in str(data)


def test_what_is_no_longer_followed_is_in_no_list():
    task = make_task(make_directive(state="closed"), "1")
    for state in ("in_progress", "submitted", "awaiting_unit_head", "returned_by_unit"):
        make_assignment(task, make_unit(), due=date(2024, 4, 12), state=state)
    make_assignment(task, make_unit(), due=date(2024, 4, 19), state="redo")

    data = freeze(DigestKind.WEEKLY, now=at("2024-04-18", "17:00")).data

    lists = (data["directives"], data["overdue"]["rows"], data["waiting"], data["coming"]["rows"])
    assert lists == ([], [], [], [])


def test_the_four_classes_add_up_to_what_the_units_add_up_to():
    make_committee()
    data = freeze(DigestKind.WEEKLY, now=at("2024-04-18", "17:00")).data

    for name, number in data["total"].items():
        assert number == sum(unit[name] for row in data["directives"] for unit in row["units"]), name


def test_no_more_rows_than_a_hundred_are_kept_and_the_number_is_whole():
    directive = make_directive()
    unit = make_unit()
    for number in range(103):
        make_assignment(make_task(directive, f"{number}"), unit, due=date(2024, 4, 12), state="in_progress")

    overdue = freeze(DigestKind.WEEKLY, now=at("2024-04-18", "17:00")).data["overdue"]

    assert (overdue["count"], len(overdue["rows"])) == (103, 100)


# --- what changed ------------------------------------------------------------------------------------


def test_what_changed_since_the_digest_before():
    house = make_committee()
    works = house.works
    make_due(at("2024-04-18", "17:00"))
    Assignment.objects.filter(pk=works["overdue"].pk).update(state="completed", completed_on=date(2024, 4, 19))
    Assignment.objects.filter(pk=works["done too"].pk).update(
        state="redo", completed_on=None, due_current=date(2024, 4, 29)
    )
    ExtensionRequest.objects.all().delete()
    request_extension(house, "overdue too", asked="2024-04-26", granted_at="2024-04-19")
    request_extension(house, "sent late", asked="2024-04-27", granted_at="2024-04-18")
    Assignment.objects.filter(pk=works["overdue too"].pk).update(due_current=date(2024, 4, 26))

    make_due(THURSDAY)

    digest = Digest.objects.order_by("-pk").first()
    changes = digest.data["changes"]
    named = {
        name: [(row["code"], row["how"], row["units"]) for row in changes[name]["rows"]]
        for name in ("done", "undone", "overdue", "recovered")
    }
    assert digest.previous == Digest.objects.order_by("pk").first()
    assert changes["previous_words"] == "tuần 12/4–18/4/2024"
    assert named == {
        "done": [("1b.1", "", ["Huyện ủy Đắk Hà"])],
        "undone": [("1a.1", "hạn mới 29/4/2024", ["Huyện ủy Ngọc Hồi"])],
        "overdue": [("1a.3", "", ["Huyện ủy Đắk Hà"])],
        "recovered": [
            ("1b.1", "đã hoàn thành", ["Huyện ủy Đắk Hà"]),
            ("1b.1", "hạn mới 26/4/2024", ["Huyện ủy Ngọc Hồi"]),
        ],
    }
    assert changes["figures"]["done"] == [3, 3]
    assert changes["figures"]["open_overdue"] == [3, 2]
    # Granted on Thursday morning, before the last digest, is no news.
    assert [(row["code"], row["unit"], row["to"]) for row in changes["extensions"]["rows"]] == [
        ("1b.1", "Huyện ủy Ngọc Hồi", "2024-04-26")
    ]
    assert (changes["extensions"]["count"], changes["directives_new"], changes["directives_gone"]) == (1, [], [])


def test_done_before_and_newly_done_less_no_longer_done_are_done_now():
    house = make_committee()
    make_due(at("2024-04-18", "17:00"))
    Assignment.objects.filter(pk=house.works["open"].pk).update(state="completed", completed_on=date(2024, 4, 19))
    Assignment.objects.filter(pk=house.works["done"].pk).update(state="paused", paused_from="redo", completed_on=None)
    make_assignment(make_task(make_directive(short_title="Văn bản mới"), "1"), state="completed")
    make_due(THURSDAY)

    changes = Digest.objects.order_by("-pk").first().data["changes"]

    before, now = changes["figures"]["done"]
    assert (before, changes["done"]["count"], changes["undone"]["count"], now) == (3, 2, 1, 4)
    assert changes["directives_new"] == ["Văn bản mới"]


def test_a_directive_that_is_no_longer_followed_is_named():
    house = make_committee()
    make_assignment(make_task(make_directive(short_title="Khác"), "1"))
    make_due(at("2024-04-18", "17:00"))
    type(house.directive).objects.filter(pk=house.directive.pk).update(state="closed", closed_on=date(2024, 4, 22))
    make_due(THURSDAY)

    changes = Digest.objects.order_by("-pk").first().data["changes"]

    assert changes["directives_gone"] == ["70 năm Điện Biên Phủ"]
    assert {row["how"] for row in changes["undone"]["rows"]} == {"văn bản đã kết thúc theo dõi"}


def test_a_month_is_compared_with_the_month_before_not_with_the_week():
    make_committee()
    for day in ("2024-03-29", "2024-04-25", "2024-04-26"):
        make_due(at(day, "17:00"))

    month = Digest.objects.filter(kind="monthly").order_by("-pk").first()

    assert month.data["changes"]["previous_words"] == "tháng 3/2024"
    assert month.previous.kind == "monthly"


# --- at the office's word ----------------------------------------------------------------------------


def test_the_office_freezes_at_any_time_and_the_readers_hear_of_it_only_when_asked():
    house = make_committee()

    quiet = make_now(by=house.office, now=at("2024-04-15", "09:00"), send=False)
    loud = make_now(by=house.office, now=at("2024-04-15", "09:05"), send=True)

    assert (str(quiet), quiet.due_at, quiet.made_by) == ("Báo cáo nhanh đến 09:00 15/4/2024", None, house.office)
    assert loud.previous == quiet
    assert [notice.key for notice in Notice.objects.all()] == [f"digest:on_demand:{loud.pk}:{house.reader.pk}"]
    assert run_round(now=at("2024-04-15", "09:06"))["sent"] == 2  # this one, and last week's that nobody had frozen


def test_who_presses_twice_gets_one():
    house = make_committee()
    make_now(by=house.office, now=at("2024-04-15", "09:00"), send=True)

    with pytest.raises(Refused, match="Vừa chốt số liệu xong"):
        make_now(by=house.office, now=at("2024-04-15", "09:00"), send=True)


def test_the_office_is_told_when_there_is_nothing_to_freeze():
    with pytest.raises(Refused, match="Chưa có việc nào đang theo dõi"):
        make_now(by=make_office_user(), now=at("2024-04-15", "09:00"), send=True)


# --- cost --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 300])
def test_freezing_costs_the_same_for_one_work_and_for_three_hundred(django_assert_num_queries, count):
    directive = make_directive()
    units = [make_unit() for _ in range(min(count, 20))]
    tasks = [make_task(directive, f"{number}") for number in range(-(-count // len(units)))]
    for number in range(count):
        make_assignment(
            tasks[number // len(units)], units[number % len(units)], due=date(2024, 4, 12), state="in_progress"
        )
    make_assignment(make_task(directive, "late"), units[0], due=date(2024, 4, 12), state="in_progress")
    make_due(at("2024-04-18", "17:00"))
    Assignment.objects.exclude(task__code="late").update(state="completed", completed_on=date(2024, 4, 19))

    # The savepoint twice, calendar, last digest, directives, figures, works known, units, extensions, returned, late and
    # what is said of it, four kinds of waiting, conditions, coming days, reported figures, the registry, changed works, extensions twice.
    with django_assert_num_queries(21):
        frozen = freeze(DigestKind.WEEKLY, now=THURSDAY)
    assert frozen.data["changes"]["done"]["count"] == count


def test_a_calendar_of_the_office_moves_the_end_of_the_month():
    CalendarDay.objects.create(date=date(2024, 4, 26), is_working=False, reason="Nghỉ của tỉnh")

    assert periods("2024-04-25", "17:00")[1] == ("monthly", "tháng 4/2024", "02/05/2024 07:30")
