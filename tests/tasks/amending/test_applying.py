"""What issuing a later document does to the work of an earlier one."""

from datetime import date

import pytest

from notifications.letters import letter, write
from notifications.models import Message, Notice
from records.models import AuditEvent
from tasks.amending.reading import amended_by
from tasks.amending.writing import remove
from tasks.errors import Refused
from tasks.issuing import add_assignment, issue
from tasks.models import (
    Amendment,
    Assignment,
    Directive,
    DueChange,
    ExtensionRequest,
    StatusChange,
    Tally,
    TaskRecipient,
)
from tests.factories import make_assignment, make_membership, make_office, make_office_user, make_reporter, make_unit
from tests.tasks.amending.papers import NEW_DUE, NOW, OLD_DUE, make_papers

pytestmark = pytest.mark.django_db
REASON = "Theo Công văn 57-CV/TU: “Lùi thời hạn đến 26/4/2024.”"


@pytest.fixture
def papers():
    return make_papers()


def put_out(papers, by=None):
    return issue(papers.later, by=by or papers.office, now=NOW)


def told(unit):
    """(kind, title) of what the unit's reporter was told, and in which mail."""
    return list(
        Notice.objects.filter(recipient__username=f"cb-{unit}")
        .order_by("pk")
        .values_list("kind", "title", "message__key")
    )


def test_a_new_day_is_set_with_its_history_and_the_first_day_stays(papers):
    papers.amend("due", "1", new_due=NEW_DUE, words="Lùi thời hạn đến 26/4/2024.")
    put_out(papers)
    assert papers.states("1") == {
        "north": ("lead", "in_progress", NEW_DUE),
        "south": ("lead", "completed", OLD_DUE),
        "youth": ("coordinating", "assigned", NEW_DUE),
    }
    part = papers.part("1", "north")
    assert (part.due_original, part.due_version, part.due_source) == (OLD_DUE, 2, "text")
    changes = list(DueChange.objects.order_by("pk").values_list("old_due", "new_due", "reason", "by"))
    assert changes == [(OLD_DUE, NEW_DUE, REASON, papers.office.pk)] * 2


def test_an_ended_task_leaves_the_figures_and_what_is_done_stays_in(papers):
    papers.amend("ends", "1", words="Lùi thời hạn đến 26/4/2024.")
    put_out(papers)
    assert papers.states("1") == {
        "north": ("lead", "cancelled", OLD_DUE),
        "south": ("lead", "completed", OLD_DUE),
        "youth": ("coordinating", "cancelled", OLD_DUE),
    }
    part = papers.part("1", "north")
    assert part.state_reason == REASON
    last = StatusChange.objects.filter(assignment=part).latest("pk")
    assert (last.old_state, last.new_state, last.by, last.note) == ("in_progress", "cancelled", papers.office, REASON)
    tally = Tally.objects.get(directive=papers.earlier, task=papers.tasks["1"])
    assert (tally.done_on_time, tally.open_in_time, tally.outside) == (1, 0, 1)


def test_a_request_for_more_time_ends_with_the_work(papers):
    request = ExtensionRequest.objects.create(
        assignment=papers.part("2", "north"),
        requested_due=NEW_DUE,
        reason="Mưa",
        requested_by=papers.office,
        requested_at=NOW,
    )
    papers.amend("ends", "2")
    put_out(papers)
    request.refresh_from_db()
    assert request.state == "refused"


def test_a_replaced_task_ends_and_the_new_one_is_given(papers):
    papers.amend("replaces", "2", new_task=papers.new)
    put_out(papers)
    assert papers.states("2") == {"north": ("lead", "cancelled", OLD_DUE)}
    given = Assignment.objects.get(task=papers.new)
    assert (given.unit.short_name, given.state, given.due_current) == ("north", "assigned", date(2024, 5, 10))
    (line,) = amended_by(papers.earlier, user=papers.office, task=papers.tasks["2"])
    assert (line.what, line.amendment.new_task) == ("Được thay thế bởi", papers.new)


def test_units_are_given_a_task_and_relieved_of_it(papers):
    papers.amend("units", "2", take=[papers.units["north"]], give=[papers.units["west"]], role="lead")
    put_out(papers)
    assert papers.states("2") == {"north": ("lead", "cancelled", OLD_DUE), "west": ("lead", "assigned", OLD_DUE)}


def test_whoever_is_given_the_task_later_owes_it_on_the_new_day(papers):
    papers.amend("due", "2", new_due=NEW_DUE)
    papers.amend("units", "2", give=[papers.units["west"]], role="lead")
    put_out(papers)
    later = add_assignment(papers.tasks["2"], papers.units["youth"], "coordinating", by=papers.office, now=NOW)
    assert papers.states("2")["west"] == ("lead", "assigned", NEW_DUE)
    assert (later.due_original, later.due_current) == (NEW_DUE, NEW_DUE)


def test_a_supplement_is_only_linked(papers):
    papers.amend("adds", "1", new_task=papers.new)
    papers.amend("adds", words="Bổ sung phần tổ chức.")
    before = papers.states("1")
    put_out(papers)
    assert papers.states("1") == before
    said = [(line.what, line.amendment.words) for line in amended_by(papers.earlier, user=papers.office)]
    assert said == [("Được bổ sung bởi", ""), ("Được bổ sung bởi", "Bổ sung phần tổ chức.")]


def test_each_unit_is_told_once_in_the_mail_of_issuing(papers):
    papers.amend("ends", "1", words="Câu riêng.")
    papers.amend("due", "2", new_due=NEW_DUE)
    put_out(papers)
    mail = f"issued:{papers.later.pk}:{papers.units['north'].pk}"
    north = told("north")
    assert [(kind, title) for kind, title, _ in north] == [
        ("issued", "Giao việc: Điều chỉnh – 1 việc chủ trì, hạn sớm nhất 10/5/2024"),
        ("amended", "Ngày hội: 1 không phải làm nữa; 2 hạn mới 26/4/2024 (theo Điều chỉnh)"),
    ]
    assert [key.rpartition(":")[0] for *_, key in north] == [mail, mail]
    assert [(kind, title) for kind, title, _ in told("youth")] == [
        ("amended", "Ngày hội: 1 không phải làm nữa (theo Điều chỉnh)")
    ]
    assert told("south") == []
    assert Message.objects.count() == 2


def test_the_mail_of_issuing_says_the_changes_below_what_is_given(papers):
    papers.amend("due", "2", new_due=NEW_DUE)
    put_out(papers)
    mail = Message.objects.get(recipient__username="cb-north")
    said = letter(mail, list(mail.notices.order_by("pk")), now=NOW)
    subject, body = write(said)
    assert subject == "Giao việc: Điều chỉnh – 1 việc chủ trì, hạn sớm nhất 10/5/2024"
    given, changed = body.index("Xin xem, xác nhận"), body.index("Ngày hội: 2 hạn mới 26/4/2024 (theo Điều chỉnh).")
    assert given < changed
    assert "\n\n\n" not in body


def test_a_document_that_only_amends_is_issued_without_tasks(papers):
    TaskRecipient.objects.all().delete()
    papers.amend("ends", "2")
    put_out(papers)
    assert (papers.states("2")["north"][1], Directive.objects.get(pk=papers.later.pk).state) == ("cancelled", "issued")


def test_a_document_without_tasks_and_amendments_is_not_issued(papers):
    TaskRecipient.objects.all().delete()
    with pytest.raises(Refused, match="chưa có nhiệm vụ nào có đơn vị chủ trì"):
        put_out(papers)


def refused(papers, words, by=None):
    """Issuing fails with these words and leaves everything as it was."""
    before = [papers.states(code) for code in papers.tasks]
    with pytest.raises(Refused, match=words):
        put_out(papers, by)
    assert [papers.states(code) for code in papers.tasks] == before
    assert (Directive.objects.get(pk=papers.later.pk).state, Notice.objects.count()) == ("draft", 0)


def test_nothing_is_issued_when_the_earlier_document_is_closed_meanwhile(papers):
    papers.amend("ends", "2")
    Directive.objects.filter(pk=papers.earlier.pk).update(state="closed", closed_on=NOW.date())
    refused(papers, "Ngày hội không còn được theo dõi")


def test_nothing_is_issued_when_the_new_task_was_taken_out(papers):
    papers.amend("due", "1", new_due=NEW_DUE)
    papers.amend("replaces", "2", new_task=papers.new)
    papers.new.delete()
    refused(papers, "Nhiệm vụ thay cho 2 đã bị bỏ khỏi dự thảo")


def test_nobody_issues_what_relieves_an_own_unit(papers):
    papers.amend("due", "1", new_due=NEW_DUE)
    papers.amend("ends", "2")
    clerk = make_office_user("kiem")
    make_membership(clerk, papers.units["north"], "reporter")
    refused(papers, "việc của chính đơn vị bạn", by=clerk)


def test_the_offices_own_work_stays_as_it_is(papers):
    make_assignment(papers.tasks["3"], make_office(), due=OLD_DUE)
    papers.amend("ends", "3")
    put_out(papers)
    assert papers.states("3") == {"Văn phòng": ("lead", "assigned", OLD_DUE)}


def test_what_has_taken_effect_is_history(papers):
    row = papers.amend("ends", "2")
    put_out(papers)
    row.refresh_from_db()
    assert row.applied_at == NOW
    with pytest.raises(Refused, match="đã có hiệu lực"):
        remove(row, by=papers.office, now=NOW)
    with pytest.raises(TypeError, match="history"):
        row.save()
    with pytest.raises(TypeError, match="history"):
        row.delete()


def test_issuing_again_changes_nothing(papers):
    papers.amend("due", "2", new_due=NEW_DUE)
    put_out(papers)
    put_out(papers)
    assert DueChange.objects.count() == 1


def test_taken_out_before_issue_it_does_nothing_and_the_log_says_both(papers):
    row = papers.amend("ends", "2")
    remove(row, by=papers.office, now=NOW)
    put_out(papers)
    assert (papers.states("2")["north"][1], Amendment.objects.count()) == ("assigned", 0)
    said = AuditEvent.objects.filter(verb__startswith="amendment.").order_by("pk").values_list("verb", "data")
    data = {"kind": "Kết thúc nhiệm vụ", "task": "2", "amended": "Ngày hội"}
    assert list(said) == [("amendment.added", data), ("amendment.removed", data)]


def test_a_draft_is_shown_to_nobody_but_the_office_until_it_is_issued(papers):
    papers.amend("ends", "2")
    reporter = make_reporter(make_unit("Đơn vị khác"))
    before = (Amendment.objects.visible_to(reporter).count(), Amendment.objects.visible_to(papers.office).count())
    put_out(papers)
    assert (before, Amendment.objects.visible_to(reporter).count()) == ((0, 1), 1)


@pytest.mark.parametrize(
    ("kind", "code", "values", "words"),
    [
        ("due", "1", {}, "Hãy ghi hạn mới"),
        ("due", "1", {"new_due": date(1999, 1, 1)}, "không hợp lý"),
        ("due", None, {"new_due": NEW_DUE}, "Hãy chọn nhiệm vụ được sửa đổi"),
        ("replaces", "1", {}, "Hãy chọn nhiệm vụ của văn bản này"),
        ("units", "1", {}, "Hãy chọn ít nhất một đơn vị"),
    ],
)
def test_what_is_not_whole_is_refused(papers, kind, code, values, words):
    with pytest.raises(Refused, match=words):
        papers.amend(kind, code, **values)


def test_a_task_is_ended_once(papers):
    papers.amend("ends", "1")
    with pytest.raises(Refused, match="đã ghi kết thúc nhiệm vụ 1"):
        papers.amend("replaces", "1", new_task=papers.new)
