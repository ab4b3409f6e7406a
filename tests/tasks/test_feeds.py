"""Calendars for other programs: made, read back with a calendar library, moved, taken back."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from icalendar import Calendar

from directive_tracker import clock, logs
from records.models import AuditEvent
from tasks.closing.ending import Ending, end, follow_again
from tasks.enums import DueSource
from tasks.feeds.addresses import hash_of, make, revoke
from tasks.lifecycle import cancel
from tasks.models import Activity, Assignment, CalendarFeed, DirectiveTask, ReportingPeriod
from tests.factories import (
    at,
    make_assignment,
    make_membership,
    make_product,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from tests.tasks.story import Story, make_story, send
from units.models import Membership, Role

pytestmark = pytest.mark.django_db

NOW = at("2024-04-15", "09:00")
TODAY = date(2024, 4, 15)


@pytest.fixture(autouse=True)
def office_time(monkeypatch):
    """09:00 of 15/4/2024 on every page; nobody has mistyped an address yet."""
    set_clock(monkeypatch, NOW)
    cache.clear()


def set_clock(monkeypatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(clock, "today", lambda: moment.date())


@pytest.fixture
def story() -> Story:
    return make_story()


def path_of(person, unit=None) -> str:
    """The path of a new address."""
    _, address = make(person, unit, now=NOW)
    return address[address.index("/lich/") :]


def events(client, path: str) -> dict[str, dict]:
    """UID → the event as a calendar program reads it."""
    answer = client.get(path)
    assert answer.status_code == 200
    calendar = Calendar.from_ical(answer.content)
    assert calendar.errors == []
    return {
        str(event["UID"]).removesuffix("@theo-doi-chi-dao"): {
            "summary": str(event["SUMMARY"]),
            "first": event["DTSTART"].dt,
            "end": event["DTEND"].dt,
            "off": event.get("STATUS") == "CANCELLED",
            "sequence": event.get("SEQUENCE"),
        }
        for event in calendar.walk("VEVENT")
    }


# --- addresses --------------------------------------------------------------------------------------------------------


def test_only_the_hash_of_a_long_secret_is_kept(story):
    feed, address = make(story.reporter, story.unit, now=NOW)

    secret = re.search(r"/lich/ics/([\w-]+)\.ics$", address)[1]
    assert len(secret) == 43
    assert feed.token_hash == hash_of(secret)
    assert secret not in str(AuditEvent.objects.filter(verb="calendar_feed.made").values())


def test_a_new_address_is_the_end_of_the_old_one(story, client):
    old = path_of(story.reporter, story.unit)

    new = path_of(story.reporter, story.unit)

    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)


def test_an_address_of_the_person_and_one_of_the_unit_live_side_by_side(story, client):
    paths = [path_of(story.reporter), path_of(story.reporter, story.unit), path_of(story.stranger, story.other_unit)]

    assert [client.get(path).status_code for path in paths] == [200, 200, 200]


def test_one_that_was_taken_back_reads_like_one_that_never_was(story, client):
    path = path_of(story.reporter)
    revoke(CalendarFeed.objects.get(), by=story.reporter, now=NOW)

    dead, unknown = client.get(path), client.get("/lich/ics/abc.ics")

    assert (dead.status_code, dead.content) == (unknown.status_code, unknown.content)
    assert dead.status_code == 404
    assert dead["Content-Type"] == "text/plain; charset=utf-8"
    assert "Không có lịch này." in dead.content.decode()


def test_both_cost_one_statement(story, client, django_assert_num_queries):
    path = path_of(story.reporter)
    revoke(CalendarFeed.objects.get(), by=story.reporter, now=NOW)

    for address in (path, "/lich/ics/abc.ics"):
        with django_assert_num_queries(1):
            client.get(address)


def test_whoever_tries_many_addresses_has_to_wait(client):
    answers = [client.get(f"/lich/ics/{number}.ics").status_code for number in range(32)]

    assert answers == [404] * 30 + [429] * 2


@pytest.mark.parametrize("secret", ["a" * 5000, "%00", "..", "ế", "a b", "'--"])
def test_any_text_for_a_secret_is_answered_with_words(client, secret):
    assert client.get(f"/lich/ics/{secret}.ics").status_code == 404


def test_the_secret_stands_in_no_line_of_the_log():
    masked = logs.SECRET_PATH.sub(r"\1…", "Not Found: /lich/ics/bi-mat_43.ics")

    assert masked == "Not Found: /lich/ics/…"


def test_reading_sets_no_cookie_and_leaves_no_trace_of_the_address(story, client):
    answer = client.get(path_of(story.reporter))

    assert answer.cookies == {}
    assert answer["Cache-Control"] == "private"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"


def test_what_has_not_changed_is_not_sent_again(story, client):
    path = path_of(story.reporter)
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    Assignment.objects.filter(pk=story.assignment.pk).update(due_current=date(2024, 4, 22), updated_at=NOW)
    changed = client.get(path, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def test_the_day_of_the_last_reading_is_kept_and_no_more(story, client):
    client.get(path_of(story.reporter))

    assert CalendarFeed.objects.get().last_read_on == date(2024, 4, 15)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_but_reading_is_possible(story, client, method):
    assert getattr(client, method)(path_of(story.reporter)).status_code == 405


# --- what stands in it --------------------------------------------------------------------------------------------------


def test_a_due_day_takes_the_whole_day(story, client):
    found = events(client, path_of(story.reporter, story.unit))

    assert found == {
        f"han-{story.assignment.pk}": {
            "summary": "Hạn 1a.1 Tuyên truyền – Huyện ủy Đắk Hà",
            "first": date(2024, 4, 19),
            "end": date(2024, 4, 20),
            "off": False,
            "sequence": 761_274_000,
        }
    }


def test_a_moved_day_moves_the_one_event(story, client):
    path = path_of(story.reporter, story.unit)
    before = events(client, path)

    story.assignment.set_due(date(2024, 4, 26), source=DueSource.EXTENDED, by=story.office, now=NOW, reason="Gia hạn.")
    after = events(client, path)

    assert list(before) == list(after) == [f"han-{story.assignment.pk}"]
    (old,), (new,) = before.values(), after.values()
    assert (old["first"], new["first"]) == (date(2024, 4, 19), date(2024, 4, 26))
    assert new["sequence"] > old["sequence"]


def test_work_that_is_over_is_cancelled_for_a_month_and_then_gone(story, client, monkeypatch):
    path = path_of(story.reporter, story.unit)
    cancel(story.assignment, by=story.office, now=NOW, reason="Không phải làm.")

    shown = {}
    for day in ("2024-04-15", "2024-05-15", "2024-05-16"):
        set_clock(monkeypatch, at(day, "09:00"))
        shown[day] = [event["off"] for event in events(client, path).values()]

    assert shown == {"2024-04-15": [True], "2024-05-15": [True], "2024-05-16": []}


def test_work_of_a_document_that_was_ended_is_cancelled(story, client):
    path = path_of(story.reporter, story.unit)

    end(story.directive, Ending(TODAY, "125-BC/VPTU", anyway=True), by=story.office, now=NOW)

    assert [event["off"] for event in events(client, path).values()] == [True]


def test_each_step_of_ending_and_following_again_is_newer_than_the_one_before(story, client):
    path = path_of(story.reporter, story.unit)
    seen = [*events(client, path).values()]
    end(story.directive, Ending(TODAY, "125-BC/VPTU", anyway=True), by=story.office, now=NOW)
    seen += events(client, path).values()
    follow_again(story.directive, by=story.office, now=NOW + timedelta(minutes=5), reason="Kết thúc nhầm.")
    seen += events(client, path).values()

    assert [event["off"] for event in seen] == [False, True, False]
    assert seen[0]["sequence"] < seen[1]["sequence"] < seen[2]["sequence"]


def test_milestones_periods_and_events_stand_in_it(story, client):
    product = make_product(story.task, kind="plan", name="Kế hoạch của ông Ba")
    paper = story.assignment.products.create(product=product, due_date=date(2024, 4, 17))
    period = ReportingPeriod.objects.create(
        directive=story.directive,
        name="Kỳ tháng 4",
        opens_on=date(2024, 4, 1),
        cutoff_on=date(2024, 4, 14),
        due_on=date(2024, 4, 18),
    )
    activity = Activity.objects.create(
        assignment=story.assignment,
        kind="meeting",
        title="Gặp bà Tư",
        starts_on=date(2024, 4, 16),
        starts_at="07:30",
        ends_on=date(2024, 4, 16),
        ends_at="08:30",
        saved_by=story.reporter,
        saved_at=NOW,
    )

    found = events(client, path_of(story.reporter, story.unit))

    assert {key: (event["summary"], event["first"]) for key, event in found.items()} == {
        f"han-{story.assignment.pk}": ("Hạn 1a.1 Tuyên truyền – Huyện ủy Đắk Hà", date(2024, 4, 19)),
        f"moc-{paper.pk}": ("Mốc 1a.1 kế hoạch – Huyện ủy Đắk Hà", date(2024, 4, 17)),
        f"ky-gui-{period.pk}": ("Gửi báo cáo kỳ chốt 14/4/2024 chậm nhất", date(2024, 4, 18)),
        f"su-kien-{activity.pk}": (
            "Hội nghị, sinh hoạt – Huyện ủy Đắk Hà (1a.1)",
            datetime(2024, 4, 16, 0, 30, tzinfo=UTC),
        ),
    }


def test_no_person_and_no_other_words_stand_in_it(story, client):
    story.unit.phone = "0260 3862 111"
    story.unit.save()
    cancel(story.assignment, by=story.office, now=NOW, reason="Ông Nguyễn Văn Ba đã mất.")

    body = client.get(path_of(story.reporter, story.unit)).content.decode().replace("\r\n ", "")

    for words in ("Nguyễn Văn", "3862", "đã mất", "dakha"):
        assert words not in body


def test_a_unit_sees_its_own_work_and_no_other(story, client):
    found = events(client, path_of(story.stranger, story.other_unit))

    assert list(found) == [f"han-{story.other_assignment.pk}"]


def test_the_person_s_calendar_holds_the_work_of_all_units_of_the_person(story, client):
    make_membership(story.reporter, story.other_unit, Role.REPORTER)

    assert set(events(client, path_of(story.reporter))) == {
        f"han-{story.assignment.pk}",
        f"han-{story.other_assignment.pk}",
    }


def test_the_office_sees_what_waits_for_it_and_no_due_day_of_units(story, client):
    task = make_task(
        story.directive, "2", condition_state="undecided", condition_decide_by=date(2024, 4, 19), short_title="Cầu"
    )
    send(story)

    path = path_of(story.office)
    found = events(client, path)

    feed = CalendarFeed.objects.get()
    assert {key: (event["summary"], event["first"]) for key, event in found.items()} == {
        f"dieu-kien-{task.pk}": ("Quyết định điều kiện 2 Cầu", date(2024, 4, 19)),
        f"cho-xem-xet-{feed.pk}": ("1 mục báo cáo chờ xem xét", date(2024, 4, 15)),
    }


def test_far_days_are_left_out(story, client):
    for day, kept in ((TODAY - timedelta(91), 0), (TODAY - timedelta(90), 1), (TODAY + timedelta(366), 0)):
        Assignment.objects.filter(pk=story.assignment.pk).update(due_current=day)

        assert len(events(client, path_of(story.reporter, story.unit))) == kept


# --- when the right ends ------------------------------------------------------------------------------------------------


def note(found: dict) -> list[tuple]:
    return [(event["summary"], event["first"]) for event in found.values()]


@pytest.mark.parametrize("how", ["membership", "account"])
def test_a_calendar_says_that_it_is_over_once_the_person_has_left(story, client, how):
    path = path_of(story.reporter, story.unit)
    if how == "membership":
        Membership.objects.filter(user=story.reporter).update(valid_to=date(2024, 4, 14))
    else:
        story.reporter.is_active = False
        story.reporter.save()

    assert note(events(client, path)) == [("Lịch này đã hết hiệu lực", date(2024, 4, 15))]


# --- the file itself ----------------------------------------------------------------------------------------------------


def test_lines_end_and_fold_as_the_standard_says(story, client):
    DirectiveTask.objects.filter(pk=story.task.pk).update(short_title="Đợt; một, hai\\ba " + "ế" * 50)

    body = client.get(path_of(story.reporter, story.unit)).content

    lines = body.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() is not None for line in lines)
    assert "SUMMARY:Hạn 1a.1 Đợt\\; một\\, hai\\\\ba " + "ế" * 50 in body.decode().replace("\r\n ", "")
    assert b"DTSTART;VALUE=DATE:20240419\r\nDTEND;VALUE=DATE:20240420" in body
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in body
    assert b"X-PUBLISHED-TTL:PT6H" in body


def test_the_demo_says_in_the_name_of_the_calendar_that_the_data_is_invented(story, client, settings):
    settings.DEMO = True

    body = client.get(path_of(story.reporter, story.unit)).content.decode().replace("\r\n ", "")

    assert "X-WR-CALNAME:Việc của Huyện ủy Đắk Hà – DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH" in body


@pytest.mark.parametrize("count", [1, 60])
def test_a_unit_s_calendar_costs_six_statements_whatever_its_size(story, client, django_assert_num_queries, count):
    for number in range(count):
        task = make_task(story.directive, f"n{number}")
        part = make_assignment(task, story.unit)
        part.products.create(product=make_product(task), due_date=date(2024, 4, 17))
    path = path_of(story.reporter, story.unit)
    CalendarFeed.objects.update(last_read_on=TODAY)

    with django_assert_num_queries(6):
        client.get(path)


# --- the page -----------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_address_once(story, client):
    client.force_login(story.reporter)

    made = client.post(reverse("tasks:feed_make"), {"unit": story.unit.pk})
    later = client.get(reverse("tasks:feed_list"))

    assert "/lich/ics/" in made.content.decode()
    assert "Địa chỉ chỉ hiện một lần này." in made.content.decode()
    assert "/lich/ics/" not in later.content.decode()
    assert "no-store" in made["Cache-Control"]


def test_an_address_is_taken_back_on_the_page_at_once(story, client):
    path = path_of(story.reporter)
    client.force_login(story.reporter)

    client.post(reverse("tasks:feed_revoke", args=[CalendarFeed.objects.get().pk]))

    assert client.get(path).status_code == 404
    assert AuditEvent.objects.filter(verb="calendar_feed.revoked").count() == 1


def test_the_calendar_page_leads_there(story, client):
    client.force_login(story.reporter)

    assert "/lich/phan-mem/" in client.get(reverse("tasks:month")).content.decode()


def test_nobody_makes_one_of_a_unit_of_others(story, client):
    client.force_login(make_reporter(make_unit("Đơn vị khác"), "khac"))

    answer = client.post(reverse("tasks:feed_make"), {"unit": story.unit.pk})

    assert (answer.status_code, CalendarFeed.objects.count()) == (404, 0)


def test_administrators_have_none(client):
    administrator = make_user("quantri")
    make_membership(administrator, make_unit("Trung tâm"), Role.ADMINISTRATOR)
    client.force_login(administrator)

    assert client.get(reverse("tasks:feed_list")).status_code == 403


def test_two_people_of_one_unit_keep_their_own_addresses(client, story):
    colleague = make_reporter(story.unit, "dong-nghiep")
    mine, theirs = path_of(story.reporter, story.unit), path_of(colleague, story.unit)

    path_of(colleague, story.unit)

    assert [client.get(path).status_code for path in (mine, theirs)] == [200, 404]


def test_the_page_lists_no_colleague_s_address(client, story):
    colleague = make_reporter(story.unit, "dong-nghiep")
    path_of(colleague, story.unit)
    client.force_login(story.reporter)

    page = client.get("/lich/phan-mem/")

    assert [(str(unit) if unit else "", feed) for unit, feed in page.context["rows"]] == [
        ("", None),
        (story.unit.name, None),
    ]
