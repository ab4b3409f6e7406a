"""What a unit answers beside "đã nhận", and the answers it gets."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from directive_tracker import clock
from notifications.models import Notice
from tasks import lifecycle
from tasks.asking import service
from tasks.errors import Refused
from tasks.forms.asking import AnswerForm, UnitNameField
from tasks.models import Assignment, Tally, UnitQuestion
from tests.factories import at, make_membership, make_reporter, make_unit, make_user
from tests.tasks.story import make_story, send

pytestmark = pytest.mark.django_db
NOW, LATER = at("2024-03-04", "10:15"), at("2024-03-05", "08:30")
TODAY = date(2024, 3, 4)


def fresh(story) -> Assignment:
    return Assignment.objects.get(pk=story.assignment.pk)


# --- taking note agrees to a proposed day ------------------------------------------------------------


def test_taking_note_without_objection_agrees_to_the_day_the_office_proposed_and_tells_nobody_anew():
    story = make_story(due_source="office")

    lifecycle.acknowledge(story.assignment, by=story.reporter, now=NOW)

    saved = fresh(story)
    assert (saved.due_source, saved.due_version, saved.due_current) == ("agreed", 1, date(2024, 4, 19))
    assert saved.status_changes.get().note == "Đã tiếp nhận, thống nhất hạn 19/4/2024"


def test_reporting_on_it_is_taking_note_and_agrees_as_well():
    story = make_story(due_source="office")

    send(story)

    assert fresh(story).due_source == "agreed"


@pytest.mark.parametrize("source", ["text", "extended"])
def test_a_day_of_the_text_stays_the_texts(source):
    story = make_story(due_source=source)

    lifecycle.acknowledge(story.assignment, by=story.reporter, now=NOW)

    assert fresh(story).due_source == source


@pytest.mark.parametrize("together", [False, True])
def test_while_an_objection_waits_nothing_is_agreed(together):
    story = make_story(due_source="office")
    service.propose_due(story.assignment, by=story.reporter, now=NOW, day=date(2024, 4, 26), reason="Chờ các xã")

    if together:
        lifecycle.acknowledge_all([story.assignment], by=story.reporter, now=NOW)
    else:
        lifecycle.acknowledge(story.assignment, by=story.reporter, now=NOW)

    saved = fresh(story)
    assert (saved.state, saved.due_source) == ("in_progress", "office")


# --- not ours ----------------------------------------------------------------------------------------


def not_ours(story, named=None) -> UnitQuestion:
    return service.say_not_ours(
        story.assignment, by=story.reporter, now=NOW, reason="Không đúng chức năng", named_unit=named
    )


def test_the_office_hands_the_work_to_the_unit_that_was_named():
    story = make_story()
    named = make_unit("Hội Cựu chiến binh tỉnh")
    make_reporter(named, "ccb")
    question = not_ours(story, named)

    given = service.hand_over(question, named, by=story.office, now=LATER, words="Đúng chức năng của Hội")

    saved, row = fresh(story), UnitQuestion.objects.get()
    assert (saved.state, saved.state_reason) == ("cancelled", "Giao Hội Cựu chiến binh tỉnh: Đúng chức năng của Hội")
    assert (given.task, given.unit, given.role, given.state, given.assigned_on) == (
        story.task,
        named,
        "lead",
        "assigned",
        date(2024, 3, 5),
    )
    assert (row.state, row.handed_to, row.answered_by, row.answered_at) == ("handed_over", given, story.office, LATER)
    assert Notice.objects.filter(recipient__username="ccb", kind="issued").count() == 1
    assert Notice.objects.get(kind="answered").title == "Trả lời về việc 1a.1: đã giao đơn vị khác"
    assert Tally.objects.get(unit=named).counted == 1


def test_work_is_not_handed_to_a_unit_that_has_it():
    story = make_story()
    question = not_ours(story)

    with pytest.raises(Refused) as refusal:
        service.hand_over(question, story.other_unit, by=story.office, now=LATER, words="Đúng chức năng")

    assert str(refusal.value) == "Huyện ủy Ngọc Hồi đã có việc 1a.1; chọn đơn vị khác hoặc hủy phần việc này."
    assert (fresh(story).state, UnitQuestion.objects.get().state) == ("returned_by_unit", "open")


@pytest.mark.parametrize(
    ("answer", "work", "state"),
    [(service.keep, "assigned", "kept"), (service.cancel, "cancelled", "set_aside")],
)
def test_the_office_keeps_or_cancels_and_the_words_stay(answer, work, state):
    story = make_story()
    question = not_ours(story)

    answer(question, by=story.office, now=LATER, words="Theo ý kiến lãnh đạo")

    row = UnitQuestion.objects.get()
    assert (fresh(story).state, row.state, row.answer) == (work, state, "Theo ý kiến lãnh đạo")


@pytest.mark.parametrize(
    ("verb", "state"),
    [(lifecycle.keep, "kept"), (lifecycle.cancel, "set_aside"), (lifecycle.mark_not_applicable, "set_aside")],
)
def test_what_is_done_to_the_work_itself_answers_the_question(verb, state):
    story = make_story()
    not_ours(story)

    verb(story.assignment, by=story.office, now=LATER, reason="Đã trao đổi")

    row = UnitQuestion.objects.get()
    assert (row.state, row.answer, row.answered_by) == (state, "Đã trao đổi", story.office)


def test_a_unit_may_take_its_refusal_back():
    story = make_story()
    question = not_ours(story)

    service.withdraw(question, by=story.reporter, now=LATER)

    saved = fresh(story)
    assert (saved.state, saved.state_reason, UnitQuestion.objects.get().state) == ("assigned", "", "withdrawn")


# --- unclear -----------------------------------------------------------------------------------------


def test_a_question_changes_no_state_and_its_answer_is_told():
    story = make_story()
    question = service.ask(story.assignment, by=story.reporter, now=NOW, words="Có tính cả học sinh không?")
    before = fresh(story).state

    service.explain(question, by=story.office, now=LATER, words="Có, tính cả học sinh.")

    row = UnitQuestion.objects.get()
    notice = Notice.objects.get(kind="answered")
    assert (before, fresh(story).state, fresh(story).acknowledged_on) == ("assigned", "assigned", None)
    assert (row.state, row.answer) == ("explained", "Có, tính cả học sinh.")
    assert (notice.title, notice.detail) == ("Trả lời về việc 1a.1: đã làm rõ", "Có, tính cả học sinh.")


def test_only_one_question_of_a_kind_waits():
    story = make_story()
    service.ask(story.assignment, by=story.reporter, now=NOW, words="Có tính cả học sinh không?")

    with pytest.raises(Refused) as refusal:
        service.ask(story.assignment, by=story.reporter, now=NOW, words="Hỏi nữa")

    assert str(refusal.value) == "Phần việc đã có một câu hỏi như vậy đang chờ trả lời."


def test_the_second_to_answer_is_told_who_answered_what_and_when():
    story = make_story()
    question = service.ask(story.assignment, by=story.reporter, now=NOW, words="Có tính cả học sinh không?")
    stale = UnitQuestion.objects.get(pk=question.pk)
    service.explain(question, by=story.office, now=LATER, words="Có.  Tính cả.")

    with pytest.raises(Refused) as refusal:
        service.explain(stale, by=story.office, now=LATER, words="Không tính.")

    assert str(refusal.value) == f"{story.office} đã giải quyết câu hỏi này lúc 08:30 05/3/2024: đã làm rõ."


# --- another day -------------------------------------------------------------------------------------


def objection(story) -> UnitQuestion:
    return service.propose_due(story.assignment, by=story.reporter, now=NOW, day=date(2024, 4, 26), reason="Chờ các xã")


@pytest.mark.parametrize(
    ("answer", "state", "due", "source"),
    [
        (lambda q, by: service.agree(q, by=by, now=LATER), "agreed", date(2024, 4, 26), "agreed"),
        (
            lambda q, by: service.set_another(q, date(2024, 4, 23), by=by, now=LATER, words="Sát ngày lễ"),
            "another_due",
            date(2024, 4, 23),
            "office",
        ),
        (lambda q, by: service.keep(q, by=by, now=LATER, words="Cần đúng hạn"), "kept", date(2024, 4, 19), "office"),
    ],
)
def test_an_objection_is_agreed_to_answered_with_a_third_day_or_turned_down(answer, state, due, source):
    story = make_story(due_source="office")

    answer(objection(story), story.office)

    saved, row = fresh(story), UnitQuestion.objects.get()
    assert (row.state, saved.due_current, saved.due_source, saved.due_original) == (
        state,
        due,
        source,
        date(2024, 4, 19),
    )


def test_a_day_that_was_kept_is_not_objected_to_again():
    story = make_story(due_source="office")
    service.keep(objection(story), by=story.office, now=LATER, words="Cần đúng hạn")

    with pytest.raises(Refused) as refusal:
        objection(story)

    assert str(refusal.value) == (
        "Văn phòng đã trả lời đề nghị về hạn này: giữ nguyên. Cần thêm thời gian thì xin gia hạn."
    )


@pytest.mark.parametrize(
    ("values", "day", "sentence"),
    [
        (
            {"due_source": "text"},
            date(2024, 4, 26),
            "Chỉ đề nghị hạn khác khi hạn do Văn phòng đề nghị và chưa thống nhất; hạn khác thì xin gia hạn.",
        ),
        ({}, date(2024, 4, 19), "Ngày đề nghị trùng hạn hiện nay (19/4/2024)."),
        ({}, date(2024, 3, 4), "Ngày này đã đến hoặc đã qua; hãy chọn một ngày sau hôm nay."),
        (
            {},
            date(2024, 5, 8),
            "Việc này phải xong trước ngày 07/5/2024 (Kỷ niệm 70 năm Chiến thắng Điện Biên Phủ); "
            "hãy chọn ngày không muộn hơn ngày đó.",
        ),
    ],
)
def test_a_day_that_makes_no_sense_is_told_why(values, day, sentence):
    story = make_story(**({"due_source": "office"} | values))

    with pytest.raises(Refused) as refusal:
        service.propose_due(story.assignment, by=story.reporter, now=NOW, day=day, reason="Chờ các xã")

    assert str(refusal.value) == sentence


@pytest.mark.parametrize("answer", [service.keep, service.explain, service.cancel, service.agree])
def test_nobody_of_the_unit_answers_its_own_question(answer):
    story = make_story(due_source="office")
    question = objection(story)
    make_membership(story.office, story.unit, "reporter")

    with pytest.raises(Refused):
        answer(question, by=type(story.office).objects.get(pk=story.office.pk), now=LATER, words="Tự trả lời")

    assert UnitQuestion.objects.get().state == "open"


# --- names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["huyen uy dak ha", "Huyện ủy Đắk Hà", "Đắk Hà"])
def test_a_unit_is_found_by_its_name_with_or_without_accents(typed):
    make_unit("Huyện ủy Đắk Hà")
    make_unit("Huyện ủy Ngọc Hồi")
    field = UnitNameField()
    field.today = TODAY

    assert field.clean(typed).name == "Huyện ủy Đắk Hà"


def test_a_name_that_fits_several_units_is_asked_about():
    make_unit("Huyện ủy Đắk Hà")
    make_unit("Huyện ủy Đắk Tô")
    question = UnitQuestion(kind="not_ours", assignment=Assignment())
    form = AnswerForm(
        {"decision": "hand_over", "unit": "dak", "words": "Đúng chức năng"}, question=question, today=TODAY
    )

    assert form.errors == {
        "unit": ["Có nhiều đơn vị như vậy: Huyện ủy Đắk Hà, Huyện ủy Đắk Tô. Xin ghi đủ tên một đơn vị."]
    }


# --- pages -------------------------------------------------------------------------------------------


@pytest.fixture
def now_(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.usefixtures("now_")
def test_a_unit_names_another_one_and_the_office_hands_the_work_over_on_one_page():
    story = make_story()
    named = make_unit("Hội Cựu chiến binh tỉnh")
    browser(story.reporter).post(
        reverse("tasks:give_back", args=[story.assignment.pk]),
        {"reason": "Không đúng chức năng", "named_unit": "hoi cuu chien binh"},
    )
    question = UnitQuestion.objects.get()
    office = browser(story.office)

    today_page = office.get("/hom-nay/").content.decode()
    answer = office.post(
        question.get_absolute_url(),
        {"decision": "hand_over", "unit": named.name, "words": "Đúng chức năng của Hội"},
    )

    assert question.get_absolute_url() in today_page
    assert "đề nghị giao Hội Cựu chiến binh tỉnh" in today_page
    assert (answer.status_code, Assignment.objects.get(unit=named).state) == (302, "assigned")


@pytest.mark.usefixtures("now_")
@pytest.mark.parametrize("name", ["question_ask", "question_due"])
def test_what_is_wrong_stands_at_the_field_and_nothing_typed_is_lost(name):
    story = make_story(due_source="office")
    typed = {"words": "x", "reason": "Chờ các xã gửi danh sách", "day": "32/13/2024"}

    answer = browser(story.reporter).post(reverse(f"tasks:{name}", args=[story.assignment.pk]), typed)

    kept = "x" if name == "question_ask" else "Chờ các xã gửi danh sách"
    assert (answer.status_code, kept in answer.content.decode(), UnitQuestion.objects.count()) == (422, True, 0)


@pytest.mark.usefixtures("now_")
def test_questions_wait_on_the_offices_day_and_on_the_units_page_and_stay_on_the_assignment():
    story = make_story(due_source="office")
    service.ask(story.assignment, by=story.reporter, now=NOW, words="Có tính cả học sinh không?")
    objection(story)
    office, unit = browser(story.office), browser(story.reporter)

    asked = [question.kind for question in office.get("/hom-nay/").context["page"].questions]
    waiting = [question.kind for question in unit.get(reverse("tasks:unit_home")).context["asked"]]
    page = unit.get(story.assignment.get_absolute_url()).content.decode()

    assert (asked, waiting) == (["unclear", "other_due"], ["unclear", "other_due"])
    assert "Có tính cả học sinh không?" in page


@pytest.mark.usefixtures("now_")
def test_a_question_of_another_unit_is_unknown():
    story = make_story()
    question = service.ask(story.assignment, by=story.reporter, now=NOW, words="Có tính cả học sinh không?")
    outsider = make_user("nguoi-la")
    make_membership(outsider, make_unit("Đơn vị khác"), "reporter")

    assert browser(outsider).get(question.get_absolute_url()).status_code == 404


@pytest.mark.usefixtures("now_")
@pytest.mark.parametrize("verb", ["cancel", "pause", "not_applicable"])
def test_a_page_of_an_action_that_is_out_of_date_says_who_did_what_when(verb):
    story = make_story()
    lifecycle.acknowledge(story.assignment, by=story.reporter, now=at("2024-03-04", "09:00"))

    answer = browser(story.office).post(
        reverse("tasks:assignment_action", args=[story.assignment.pk, verb]),
        {"reason": "Trùng việc", "was": "assigned"},
    )

    assert answer.status_code == 422
    assert "Nguyễn Văn Dakha đã chuyển phần việc này sang “Đang làm” lúc 09:00 04/3/2024." in answer.content.decode()
    assert fresh(story).state == "in_progress"
