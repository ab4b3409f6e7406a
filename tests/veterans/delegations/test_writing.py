"""Delegations are made within the campaign, changed by one at a time, and go or do not go."""

from datetime import date

import pytest

from records.models import AuditEvent
from tasks.errors import Refused
from tests.factories import at
from tests.veterans.conftest import NOW
from tests.veterans.delegations.conftest import MADE, names_of
from veterans.delegations import writing
from veterans.models import Campaign, Delegation

pytestmark = pytest.mark.django_db


def refusal_of(act) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return str(caught.value)


def test_a_delegation_is_written_down_with_who_goes_along(land, plan, details):
    members = (("Trần  Văn Hai", "Chủ tịch Hội"), ("Lê Thị Ba", ""))
    made = writing.make(plan, details(name=" Đoàn  số 1 ", members=members), by=land.of_near, now=MADE)
    assert (made.name, made.state, made.version, made.on) == ("Đoàn số 1", "planned", 1, date(2024, 5, 5))
    assert list(made.members.values_list("name", "title")) == [("Trần Văn Hai", "Chủ tịch Hội"), ("Lê Thị Ba", "")]
    event = AuditEvent.objects.get(verb="registry.delegation_made")
    assert (event.target_id, event.actor_id, event.data) == (made.pk, land.of_near.pk, {})


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2024, 3, 31), "Ngày đi 31/3/2024 đứng trước ngày lập kế hoạch (01/4/2024)."),
        (date(2024, 5, 16), "Ngày đi 16/5/2024 nằm ngoài đợt (15/02/2024 – 15/5/2024)."),
    ],
)
def test_a_day_before_the_plan_or_out_of_the_campaign_is_told(land, plan, details, day, words):
    told = refusal_of(lambda: writing.make(plan, details(on=day), by=land.of_near, now=MADE))
    assert told == words
    assert Delegation.objects.count() == 0


@pytest.mark.parametrize("day", [date(2024, 4, 1), date(2024, 5, 15)])
def test_the_day_of_the_plan_and_the_last_day_of_the_campaign_are_good(land, plan, details, day):
    assert writing.make(plan, details(on=day), by=land.of_near, now=MADE).on == day


def test_the_plans_day_is_that_of_viet_nam(land, plan, details):
    """17:30 in London of 31/3 is half past midnight of 1/4 here."""
    plan.made_at = at("2024-04-01", "00:30")
    plan.save()
    told = refusal_of(lambda: writing.make(plan, details(on=date(2024, 3, 31)), by=land.of_near, now=MADE))
    assert told == "Ngày đi 31/3/2024 đứng trước ngày lập kế hoạch (01/4/2024)."


def test_who_writes_on_an_old_page_is_told_who_did_what_and_when(land, send, details):
    row = send()
    later = at("2024-04-02", "10:15")
    writing.change(row, details(name="Đoàn số 2"), version=1, by=land.of_near, now=later)
    told = refusal_of(lambda: writing.change(row, details(name="Đoàn 3"), version=1, by=land.of_province, now=NOW))
    assert told == (
        "Trong lúc anh/chị xem, Nguyễn Văn Dakha đã sửa đoàn thăm lúc 10:15 02/4/2024. Hãy xem lại rồi làm tiếp."
    )
    row.refresh_from_db()
    assert (row.name, row.version) == ("Đoàn số 2", 2)


def test_a_delegation_that_does_not_go_says_why_and_lets_its_people_wait(land, enter, send):
    entry = enter()
    row = send(entry)
    people = writing.cancel(row, why=" Đường  sạt lở ", version=row.version, by=land.of_near, now=NOW)
    row.refresh_from_db()
    entry.refresh_from_db()
    assert (people, row.state, row.cancelled_because) == (1, "cancelled", "Đường sạt lở")
    assert (entry.delegation_id, entry.position) == (None, 0)
    event = AuditEvent.objects.get(verb="registry.delegation_cancelled")
    assert (event.data, event.reason) == ({"people": 1}, "Đường sạt lở")


def test_without_a_reason_it_goes(land, send):
    row = send()
    told = refusal_of(lambda: writing.cancel(row, why="  ", version=1, by=land.of_near, now=NOW))
    assert told == "Hãy ghi vì sao đoàn không đi."
    row.refresh_from_db()
    assert row.state == "planned"


def test_before_its_day_a_delegation_has_not_gone(land, enter, send):
    row = send(enter(), on=date(2024, 4, 16))
    act = {"version": row.version, "by": land.of_near}
    told = refusal_of(lambda: writing.done(row, **act, now=at("2024-04-15", "23:59")))
    assert told == "Đoàn đi ngày 16/4/2024; chưa đến ngày nên chưa ghi được là đã đi."
    assert writing.done(row, **act, now=at("2024-04-16", "00:00")).state == "done"


def test_nobody_to_call_on_is_no_delegation_that_has_gone(land, send):
    row = send(on=date(2024, 4, 15))
    told = refusal_of(lambda: writing.done(row, version=1, by=land.of_near, now=NOW))
    assert told == "Đoàn chưa có ai để thăm. Hãy chọn người, hoặc ghi là đoàn không đi."


DONE = "Đoàn này đã ghi là đã đi. Hãy ghi lại là chưa đi rồi mới sửa."
CANCELLED = "Đoàn này không đi; hãy lập đoàn mới."
NOT_DONE = "Chỉ đoàn đã ghi là đã đi mới ghi lại là chưa đi được."


@pytest.mark.parametrize(
    ("state", "act", "words"),
    [
        ("planned", "change", ""),
        ("planned", "cancel", ""),
        ("planned", "done", ""),
        ("planned", "reopen", NOT_DONE),
        ("done", "change", DONE),
        ("done", "cancel", DONE),
        ("done", "done", DONE),
        ("done", "reopen", ""),
        ("cancelled", "change", CANCELLED),
        ("cancelled", "cancel", CANCELLED),
        ("cancelled", "done", CANCELLED),
        ("cancelled", "reopen", NOT_DONE),
    ],
)
def test_what_can_be_done_in_which_state(land, enter, send, details, state, act, words):
    row = send(enter(), on=date(2024, 4, 15))
    row.state, row.cancelled_because = state, "Mưa" if state == "cancelled" else ""
    row.save()
    given = {"version": row.version, "by": land.of_near, "now": NOW}
    acts = {
        "change": lambda: writing.change(row, details(), **given),
        "cancel": lambda: writing.cancel(row, why="Mưa", **given),
        "done": lambda: writing.done(row, **given),
        "reopen": lambda: writing.reopen(row, **given),
    }
    if words:
        assert refusal_of(acts[act]) == words
    else:
        acts[act]()
        row.refresh_from_db()
        assert row.state == {"change": "planned", "cancel": "cancelled", "done": "done", "reopen": "planned"}[act]


def test_after_the_campaign_nothing_is_written(land, enter, send, details):
    row = send(enter())
    Campaign.objects.update(state="closed", closed_by=land.of_province, closed_at=NOW)
    words = "Đợt “Kỷ niệm 70 năm” đã kết thúc; các đoàn của đợt chỉ còn để xem."
    given = {"version": row.version, "by": land.of_near, "now": NOW}
    assert refusal_of(lambda: writing.change(row, details(), **given)) == words
    assert refusal_of(lambda: writing.make(row.plan, details(), by=land.of_near, now=NOW)) == words
    assert names_of(row) == ["A Thút"]
