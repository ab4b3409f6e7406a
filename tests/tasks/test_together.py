"""Working together: contributions and what they add up to, released papers, work that waits on nobody, and the pages."""

from datetime import date

import pytest

from notifications.models import Message, Notice
from records.models import AuditEvent
from records.results import keep_file
from tasks.drafts.answers import copy_together
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.drafts.opening import open_report
from tasks.errors import Refused
from tasks.forms.report_editor import ReportEditor
from tasks.handing import contributions, idle, releasing
from tasks.models import (
    ContributionRequest,
    IdleWork,
    IndicatorCategory,
    ProductRelease,
    ReleaseRecipient,
    SectionProduct,
)
from tasks.reporting import submit
from tests.factories import at, make_assignment, make_office_user, make_reporter, make_unit
from tests.tasks.story import owe_paper, write
from tests.tasks.together import NOW, count_sessions, give, make_district, report
from units.models import Membership

pytestmark = pytest.mark.django_db
LATER = at("2024-04-08", "09:00")
TODAY = date(2024, 4, 8)


# --- asking for contributions -------------------------------------------------------------------------------------


def ask(district, rows, **values):
    words = {"words": "Gửi số buổi.", "wanted_by": date(2024, 4, 10)} | values
    return contributions.ask(district.work, rows, **words, by=district.story.reporter, now=LATER)


def test_a_coordinating_unit_is_asked_in_the_app_and_once_by_mail():
    district = make_district(0)
    helper = make_assignment(district.story.task, make_unit("Hội Nông dân"), role="coordinating", state="in_progress")
    person = make_reporter(helper.unit, "nongdan")

    (request,) = ask(district, [helper])

    told = Notice.objects.get(recipient=person)
    assert (told.title, told.detail, told.kind) == (
        "Huyện ủy Đắk Hà đề nghị góp cho việc 1a.1 Tuyên truyền, trước ngày 10/4/2024",
        "Gửi số buổi.",
        "contribution_asked",
    )
    assert Message.objects.filter(recipient=person).count() == 1
    assert (request.asking, request.wanted_by) == (district.work, date(2024, 4, 10))
    assert "Gửi số buổi" not in Message.objects.get(recipient=person).subject


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"words": " "}, "Hãy ghi nội dung đề nghị"),
        ({"wanted_by": date(2024, 4, 7)}, "Ngày 07/4/2024 đã qua"),
    ],
)
def test_a_request_that_cannot_be_is_refused_in_words(values, sentence):
    district = make_district(1)
    (part,) = give(district)

    with pytest.raises(Refused, match=sentence):
        ask(district, [part], **values)

    assert not ContributionRequest.objects.exists()


def test_nobody_is_asked_twice_a_day_or_after_having_sent_everything():
    district = make_district(2)
    first, second = give(district)
    ask(district, [first])

    with pytest.raises(Refused, match="Hôm nay đã đề nghị Đảng ủy xã 1"):
        ask(district, [first, second])
    with pytest.raises(Refused, match="ít nhất một đơn vị"):
        ask(district, [])
    section = report(second, district.people[1], claims_completion=True)
    with pytest.raises(Refused, match="không còn chờ đơn vị góp"):
        ask(district, [section.assignment])


def test_the_table_says_who_has_sent_what_and_when_each_was_asked():
    district = make_district(2)
    first, second = give(district)
    ask(district, [second])
    report(first, district.people[0])

    rows = contributions.others_of(district.work, district.story.reporter)
    lines = contributions.lines_of(rows, district.story.reporter, own=True, today=TODAY)

    assert [(line.assignment.unit.short_name, line.words, line.waits) for line in lines] == [
        ("Đảng ủy xã 1", "chờ chấp nhận", True),
        ("Đảng ủy xã 2", "chưa góp", False),
    ]
    assert [line.assignment.asked_at for line in lines] == [None, LATER]
    assert contributions.count_of(district.work, district.story.reporter) == contributions.Count(2, 1, 1)


# --- put together for the report above ------------------------------------------------------------------------------


def editor_of(district, *, day="2024-04-10"):
    unit_report = open_report(district.story.unit, district.story.directive, by=district.story.reporter, now=at(day))
    return ReportEditor(unit_report, today=date.fromisoformat(day))


def test_three_communes_figures_and_words_fill_the_districts_section_by_one_click(client):
    district = make_district()
    count_sessions(district)
    for number, (part, person) in enumerate(zip(give(district), district.people, strict=True), start=1):
        values = {"indicator_values": {"CT01": number * 10}, "results": f"Xã {number} đã phát thanh."}
        report(part, person, accept_by=district.story.reporter, **values)
    editor = editor_of(district)
    (block,) = editor.blocks

    assert (block.together.units, [figure.value for figure in block.together.figures]) == (3, [60])
    assert block.section.indicator_values == {}
    filled = copy_together(editor, data := ReportInput(), block.section.pk)
    typed = data.sections[block.section.pk]
    assert filled == ["Kết quả", "Số buổi"]
    assert typed.indicator_values["CT01"] == 60
    assert typed.results == (
        "Đảng ủy xã 1: Xã 1 đã phát thanh.\nĐảng ủy xã 2: Xã 2 đã phát thanh.\nĐảng ủy xã 3: Xã 3 đã phát thanh."
    )
    copy_together(editor, data, block.section.pk)
    assert typed.results.count("Xã 1 đã phát thanh.") == 1


def test_the_district_reads_that_only_some_of_its_communes_stand_behind_the_figures(client):
    district = make_district()
    count_sessions(district)
    first, second, _ = give(district)
    report(first, district.people[0], indicator_values={"CT01": 10}, accept_by=district.story.reporter)
    report(second, district.people[1], indicator_values={"CT01": 5})
    editor = editor_of(district)
    client.force_login(district.story.reporter)

    page = client.get(f"/don-vi/bao-cao/{editor.report.pk}/soan/").content.decode()

    assert "Từ 1 trong 3 đơn vị góp: Số buổi 10 buổi" in page


def test_what_has_not_been_accepted_or_was_taken_back_does_not_count():
    district = make_district(3)
    count_sessions(district)
    first, second, _ = give(district)
    report(first, district.people[0], indicator_values={"CT01": 10})
    report(second, district.people[1], indicator_values={"CT01": 5}, accept_by=district.story.reporter)
    second.__class__.objects.filter(pk=second.pk).update(state="cancelled")

    assert editor_of(district).blocks[0].together is None


def test_a_mean_over_units_is_a_mean_and_categories_are_added_one_by_one():
    district = make_district(2)
    mean = count_sessions(district, over_units="mean")
    split = count_sessions(district, code="CT02", order=2, name="Người dự")
    for order, code in enumerate(("nam", "nu"), start=1):
        IndicatorCategory.objects.create(indicator=split, code=code, name=code, order=order)
    for number, (part, person) in enumerate(zip(give(district), district.people, strict=True), start=1):
        typed = {"indicator_values": {"CT01": number}, "indicator_parts": {"CT02": {"nam": number, "nu": 10}}}
        report(part, person, accept_by=district.story.reporter, **typed)

    figures = editor_of(district).blocks[0].together.figures

    assert [(figure.indicator.pk, figure.value, figure.parts) for figure in figures] == [
        (mean.pk, 2, {}),
        (split.pk, 23, {"nam": 3, "nu": 20}),
    ]


def test_figures_of_the_period_that_were_in_the_last_report_are_not_put_in_twice():
    district = make_district(1)
    count_sessions(district)
    (part,) = give(district)
    report(part, district.people[0], day="2024-04-02", indicator_values={"CT01": 7}, accept_by=district.story.reporter)
    report(district.work, district.story.reporter, day="2024-04-03", indicator_values={"CT01": 7})
    assert district.story.office is not None
    report(part, district.people[0], day="2024-04-05", indicator_values={"CT01": 4}, accept_by=district.story.reporter)

    together = editor_of(district).blocks[0].together

    assert [figure.value for figure in together.figures] == [4]


def test_a_coordinating_units_contribution_fills_every_lead_of_the_task():
    district = make_district(0)
    count_sessions(district)
    helper = make_assignment(district.story.task, make_unit("Hội Nông dân"), role="coordinating", state="in_progress")
    person = make_reporter(helper.unit)
    report(helper, person, indicator_values={"CT01": 3}, accept_by=district.story.reporter)

    assert editor_of(district).blocks[0].together.units == 1


@pytest.mark.parametrize("count", [1, 30])
def test_the_form_asks_the_same_number_of_statements_for_one_commune_and_for_thirty(count, django_assert_num_queries):
    district = make_district(count)
    count_sessions(district)
    for part, person in zip(give(district), district.people, strict=True):
        report(part, person, indicator_values={"CT01": 1}, accept_by=district.story.reporter)
    editor = editor_of(district)
    assert editor.beside.last_rounds == {}

    with django_assert_num_queries(3):
        assert editor.blocks[0].together.units == count


# --- released papers ------------------------------------------------------------------------------------------------


def sent_paper(district):
    """The district's plan, sent with its report, not accepted yet."""
    delivery = owe_paper(district.work)
    stored = keep_file(b"Ke hoach", "ke-hoach.txt", "text/plain", by=district.story.reporter, now=NOW)
    unit_report = write(district.story, moment=NOW)
    SectionProduct.objects.filter(delivery=delivery).update(
        number="12", symbol="KH/HU", paper_date=date(2024, 4, 1), file=stored
    )
    submit(unit_report, by=district.story.reporter, now=NOW)
    return delivery


def test_a_paper_is_released_as_it_was_sent_also_before_it_is_accepted():
    district = make_district(0)
    delivery = sent_paper(district)

    made, count = releasing.release(
        delivery, [district.story.other_unit], words="Xin triển khai.", by=district.story.reporter, now=LATER
    )

    told = Notice.objects.get(recipient=district.story.stranger)
    assert (count, made.paper_identity, made.file.original_name) == (1, "12-KH/HU", "ke-hoach.txt")
    assert (told.title, told.url) == ("Văn bản được gửi: Kế hoạch của Huyện ủy Đắk Hà", f"/van-ban-duoc-gui/{made.pk}/")


def test_what_was_never_sent_is_not_released():
    district = make_district(0)
    delivery = owe_paper(district.work)

    with pytest.raises(Refused, match="chưa được gửi"):
        releasing.release(delivery, [district.story.other_unit], words="", by=district.story.reporter, now=LATER)


def test_releasing_again_adds_only_who_was_forgotten():
    district = make_district(1)
    delivery = sent_paper(district)
    act = {"words": "", "by": district.story.reporter, "now": LATER}
    made, _ = releasing.release(delivery, [district.story.other_unit], **act)

    same, count = releasing.release(delivery, [district.story.other_unit, district.communes[0]], **act)

    assert (same, count, ProductRelease.objects.count()) == (made, 1, 1)
    with pytest.raises(Refused, match="đều nhận được"):
        releasing.release(delivery, [district.communes[0]], **act)


def test_a_recipient_opens_it_once_and_only_those_who_have_not_are_reminded_once_a_day():
    district = make_district(1)
    delivery = sent_paper(district)
    units = [district.story.other_unit, district.communes[0]]
    made, _ = releasing.release(delivery, units, words="", by=district.story.reporter, now=LATER)
    with pytest.raises(Refused, match="mới được gửi"):
        releasing.remind(made, by=district.story.reporter, now=LATER)

    releasing.note_opened(made, [district.story.other_unit.pk], now=at("2024-04-08", "10:00"))
    releasing.note_opened(made, [district.story.other_unit.pk], now=at("2024-04-09", "10:00"))
    reminded = releasing.remind(made, by=district.story.reporter, now=at("2024-04-09", "11:00"))

    opened = ReleaseRecipient.objects.get(unit=district.story.other_unit).opened_at
    assert (opened, reminded) == (at("2024-04-08", "10:00"), 1)
    assert Notice.objects.filter(kind="release_unopened").count() == 1
    with pytest.raises(Refused):
        releasing.remind(made, by=district.story.reporter, now=at("2024-04-09", "12:00"))


def test_opening_the_page_is_the_units_moment_and_the_office_only_looks(client):
    district = make_district(0)
    made, _ = releasing.release(
        sent_paper(district), [district.story.other_unit], words="", by=district.story.reporter, now=LATER
    )
    row = ReleaseRecipient.objects.get()

    for person, opened in (
        (district.story.office, False),
        (district.story.reporter, False),
        (district.story.stranger, True),
    ):
        client.force_login(person)
        assert client.get(made.get_absolute_url()).status_code == 200
        row.refresh_from_db()
        assert (row.opened_at is not None) is opened


def test_a_recipient_does_not_read_which_others_have_opened_it(client):
    district = make_district(0)
    other = make_unit("Huyện ủy Sa Thầy")
    units = [district.story.other_unit, other]
    made, _ = releasing.release(sent_paper(district), units, words="", by=district.story.reporter, now=LATER)
    client.force_login(district.story.stranger)

    page = client.get(made.get_absolute_url()).content.decode()

    assert "Huyện ủy Sa Thầy" not in page
    assert set(ReleaseRecipient.objects.visible_to(district.story.stranger)) == {
        ReleaseRecipient.objects.get(unit=district.story.other_unit)
    }


def test_a_recipient_may_open_the_file_and_nobody_else_of_the_units_may(client):
    district = make_district(0)
    made, _ = releasing.release(
        sent_paper(district), [district.story.other_unit], words="", by=district.story.reporter, now=LATER
    )
    nobody = make_reporter(make_unit("Huyện ủy Sa Thầy"), "sathay")

    answers = []
    for person in (district.story.stranger, nobody):
        client.force_login(person)
        answers.append(client.get(f"/tep/{made.file.pk}/").status_code)

    assert answers == [200, 404]


def test_the_page_of_the_work_leads_back_to_its_released_paper_and_to_who_has_opened_it(client):
    district = make_district(0)
    made, _ = releasing.release(
        sent_paper(district), [district.story.other_unit], words="", by=district.story.reporter, now=LATER
    )
    link = f'<a href="/van-ban-duoc-gui/{made.pk}/">đã phát hành cho 1 đơn vị, 08/4/2024</a>'

    pages = {}
    for name, person in (("own", district.story.reporter), ("office", district.story.office)):
        client.force_login(person)
        pages[name] = client.get(district.work.get_absolute_url()).content.decode()

    assert (link in pages["own"], link in pages["office"]) == (True, True)
    assert ("Phát hành thêm" in pages["own"], "Phát hành thêm" in pages["office"]) == (True, False)


def released_to_neighbour(district):
    made, _ = releasing.release(
        sent_paper(district), [district.story.other_unit], words="", by=district.story.reporter, now=LATER
    )
    return made


def test_a_wrong_release_is_taken_back_its_recipients_are_told_and_what_was_opened_stays_on_record():
    district = make_district(0)
    made = released_to_neighbour(district)
    releasing.note_opened(made, [district.story.other_unit.pk], now=at("2024-04-08", "10:00"))

    releasing.withdraw(made, by=district.story.reporter, now=at("2024-04-08", "11:00"), reason="Gửi nhầm bản nháp.")

    told = Notice.objects.get(kind="release_withdrawn")
    assert (told.recipient, told.title, told.detail) == (
        district.story.stranger,
        "Thu hồi văn bản đã gửi: Kế hoạch của Huyện ủy Đắk Hà",
        "Gửi nhầm bản nháp.",
    )
    assert "nhầm" not in Message.objects.filter(recipient=district.story.stranger).latest("pk").subject
    assert ReleaseRecipient.objects.get().opened_at == at("2024-04-08", "10:00")
    assert AuditEvent.objects.filter(verb="release.withdrawn").count() == 1


def test_what_was_taken_back_is_neither_opened_nor_reminded_of_and_may_be_released_anew():
    district = make_district(0)
    made = released_to_neighbour(district)
    act = {"by": district.story.reporter, "now": at("2024-04-09", "11:00")}
    releasing.withdraw(made, reason="Gửi nhầm bản nháp.", **act)

    opened = releasing.note_opened(made, [district.story.other_unit.pk], now=act["now"])
    with pytest.raises(Refused, match="đã được thu hồi"):
        releasing.remind(made, **act)
    with pytest.raises(Refused, match="người khác thu hồi"):
        releasing.withdraw(ProductRelease.objects.get(), reason="Lần nữa.", **act)
    again, count = releasing.release(made.delivery, [district.story.other_unit], words="", **act)

    assert (opened, count, again != made, ProductRelease.objects.count()) == (0, 1, True, 2)


def test_only_whose_paper_it_is_takes_it_back_with_a_reason_and_everybody_reads_that_it_was(client, monkeypatch):
    monkeypatch.setattr("directive_tracker.clock.now", lambda: LATER)
    district = make_district(0)
    made = released_to_neighbour(district)
    address, typed = made.get_absolute_url(), {"do": "withdraw", "reason": "Gửi nhầm bản nháp."}
    answers = []
    for person, data in (
        (district.story.office, typed),
        (district.story.stranger, typed),
        (district.story.reporter, {"do": "withdraw", "reason": " "}),
        (district.story.reporter, typed),
        (district.story.reporter, typed),
    ):
        client.force_login(person)
        answers.append(client.post(address, data).status_code)
    client.force_login(district.story.stranger)

    page = client.get(address).content.decode()

    assert answers == [403, 403, 422, 302, 302]
    assert ("Văn bản này đã được thu hồi ngày 08/4/2024" in page, "Gửi nhầm bản nháp." in page) == (True, True)


def test_a_lead_is_told_in_the_app_that_a_contribution_has_come_and_others_are_not():
    district = make_district(0)
    helper = make_assignment(district.story.task, make_unit("Hội Nông dân"), role="coordinating", state="in_progress")
    person = make_reporter(helper.unit, "nongdan")
    elsewhere = make_reporter(make_unit("Huyện ủy Sa Thầy"), "sathay")

    report(helper, person)

    told = Notice.objects.filter(kind="contributed")
    assert {(row.recipient, row.title, row.message_id) for row in told} == {
        (district.story.reporter, "Hội Nông dân đã góp cho việc 1a.1 Tuyên truyền", None),
        (district.story.stranger, "Hội Nông dân đã góp cho việc 1a.1 Tuyên truyền", None),
    }
    assert elsewhere.notices.count() == 0


def test_releasing_again_offers_only_units_that_have_not_received_it(client):
    district = make_district(0)
    delivery = sent_paper(district)
    made, _ = releasing.release(delivery, [district.story.other_unit], words="", by=district.story.reporter, now=LATER)
    newcomer = make_assignment(district.story.task, make_unit("Huyện ủy Sa Thầy")).unit
    client.force_login(district.story.reporter)
    address = f"/san-pham/{delivery.pk}/phat-hanh/"

    first = client.get(address)
    assert (list(first.context["form"].fields["units"].queryset), first.context["received"]) == ([newcomer], 1)
    client.post(address, {"units": [newcomer.pk]})
    last = client.get(address)

    assert set(last.context["form"].fields) == {"words", "groups"}
    assert "Đã phát hành cho 2 đơn vị" in last.content.decode()
    empty = client.post(address, {"words": "Gửi thêm"})
    assert (empty.status_code, empty.context["form"].errors) == (
        422,
        {"groups": ["Hãy chọn ít nhất một đơn vị hoặc một nhóm."]},
    )
    assert made.recipients.count() == 2


# --- work that waits on nobody ----------------------------------------------------------------------------------------


def test_the_check_finds_empty_units_and_parts_left_behind_and_tells_the_office_once():
    district = make_district(1)
    (part,) = give(district)
    type(part).objects.filter(pk=district.work.pk).update(state="cancelled")
    Membership.objects.filter(user=district.story.stranger).delete()

    new = idle.look(now=LATER)
    again = idle.look(now=at("2024-04-09", "05:00"))

    assert (new, again) == (2, 0)
    assert {(row.kind, row.target_id) for row in IdleWork.objects.all()} == {
        ("unit_empty", district.story.other_unit.pk),
        ("part_left", part.pk),
    }
    assert [notice.title for notice in Notice.objects.filter(recipient=district.story.office, kind="idle_work")] == [
        "Có 2 việc mới không ai đang làm"
    ]


def test_what_somebody_does_again_leaves_the_list_and_may_come_back():
    district = make_district(0)
    Membership.objects.filter(user=district.story.stranger).delete()
    idle.look(now=LATER)
    person = make_reporter(district.story.other_unit)
    idle.look(now=at("2024-04-09", "05:00"))
    assert IdleWork.objects.standing().count() == 0

    Membership.objects.filter(user=person).delete()

    assert idle.look(now=at("2024-04-10", "05:00")) == 1
    assert IdleWork.objects.count() == 2


def test_a_dissolved_unit_and_reviews_and_days_nobody_decides_are_found():
    district = make_district(1)
    (part,) = give(district)
    report(part, district.people[0])
    Membership.objects.filter(user=district.story.reporter).delete()
    type(district.story.unit).objects.filter(pk=district.story.other_unit.pk).update(valid_to=date(2024, 4, 1))

    sections = {section.kind.value: section.count for section in idle.idle_sections(today=TODAY)}

    assert sections == {"unit_empty": 1, "unit_ended": 1, "review": 1}


# --- pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 20])
def test_the_table_asks_the_same_number_of_statements_for_one_unit_and_for_twenty(
    client, count, django_assert_num_queries
):
    district = make_district(count)
    for part, person in zip(give(district), district.people, strict=True):
        report(part, person)
    client.force_login(district.story.reporter)
    client.get("/don-vi/")

    with django_assert_num_queries(8):
        page = client.get(f"/phan-viec/{district.work.pk}/cung-lam/")

    assert page.content.decode().count("Xem và chấp nhận") == count


def test_three_hundred_units_take_the_statements_of_one(client, django_assert_num_queries):
    district = make_district(1)
    (part,) = give(district)
    report(part, district.people[0])
    for number in range(299):
        unit = make_unit(f"Chi bộ {number}", parent=district.story.unit)
        make_assignment(district.story.task, unit, role="part", parent=district.work, state="in_progress")
    client.force_login(district.story.reporter)
    client.get("/don-vi/")

    with django_assert_num_queries(8):
        page = client.get(f"/phan-viec/{district.work.pk}/cung-lam/").content.decode()

    assert "1/300 đơn vị đã góp" in page


def test_the_district_hands_on_and_asks_by_its_pages(client):
    district = make_district(2)
    client.force_login(district.story.reporter)
    here = f"/phan-viec/{district.work.pk}/"

    wrong = client.post(f"{here}giao-lai/", {"units": [district.communes[0].pk], "words": ""})
    done = client.post(
        f"{here}giao-lai/",
        {"units": [unit.pk for unit in district.communes], "words": "Tuyên truyền.", "due": "12/4/2030"},
    )
    assert (wrong.status_code, done.status_code) == (422, 422)
    assert "sau hạn của Huyện ủy Đắk Hà" in done.content.decode()
    client.post(f"{here}giao-lai/", {"units": [unit.pk for unit in district.communes], "words": "Tuyên truyền."})
    parts = list(district.work.parts.all())
    asked = client.post(f"{here}cung-lam/", {"phan-viec": [parts[0].pk], "words": "Gửi số liệu.", "wanted_by": ""})
    nobody = client.post(f"{here}cung-lam/", {"words": "Gửi số liệu.", "wanted_by": ""})

    assert (len(parts), asked.status_code, nobody.status_code) == (2, 302, 422)
    assert ContributionRequest.objects.get().assignment == parts[0]


def test_a_unit_elsewhere_is_found_by_name_and_confirmed(client):
    district = make_district(0)
    far = make_unit("Sở Văn hóa, Thể thao và Du lịch", kind="state_body")
    client.force_login(district.story.reporter)
    address = f"/phan-viec/{district.work.pk}/giao-lai/?khac=1&tim=van+hoa"

    page = client.get(address).content.decode()
    refused = client.post(address, {"units": [far.pk], "words": "Dựng phim."})
    given = client.post(address, {"units": [far.pk], "words": "Dựng phim.", "across": "on"})

    assert "không trực thuộc Huyện ủy Đắk Hà" in page
    assert (refused.status_code, given.status_code) == (422, 302)
    assert district.work.parts.get().unit == far


def test_the_office_that_cancels_work_says_what_becomes_of_its_parts(client):
    district = make_district(1)
    (part,) = give(district)
    client.force_login(make_office_user("vanphong2"))
    address = f"/phan-viec/{district.work.pk}/cancel/"

    unanswered = client.post(address, {"reason": "Không cần nữa"})
    answered = client.post(address, {"reason": "Không cần nữa", "parts": "end"})

    part.refresh_from_db()
    district.work.refresh_from_db()
    assert (unanswered.status_code, answered.status_code) == (422, 302)
    assert (district.work.state, part.state) == ("cancelled", "cancelled")


def test_a_commune_reads_who_gave_it_what_on_its_own_page(client):
    district = make_district(1)
    give(district)
    client.force_login(district.people[0])

    page = client.get("/don-vi/").content.decode()

    assert "Đơn vị giao: Huyện ủy Đắk Hà" in page
    assert "Tuyên truyền trên loa, báo cáo số buổi." in page


def test_the_button_of_the_form_saves_the_draft_with_what_was_put_together(client):
    district = make_district(1)
    count_sessions(district)
    (part,) = give(district)
    report(part, district.people[0], indicator_values={"CT01": 12}, accept_by=district.story.reporter)
    client.force_login(district.story.reporter)
    unit_report = open_report(
        district.story.unit, district.story.directive, by=district.story.reporter, now=at("2024-04-09")
    )
    section = unit_report.sections.get()
    address = f"/don-vi/bao-cao/{unit_report.pk}/soan/"

    page = client.get(address).content.decode()
    client.post(
        address, {"do": f"together-{section.pk}", "chung-version": unit_report.version, "chung-general_note": ""}
    )

    section.refresh_from_db()
    assert "Từ 1 đơn vị góp: Số buổi 12 buổi" in page
    assert (section.indicator_values, section.results, section.state) == (
        {"CT01": 12},
        "Đảng ủy xã 1: Đã tuyên truyền.",
        "draft",
    )


def with_running_total(draft: dict, *, contributed: int = 15):
    """A district whose commune contributed to a running total, and the form's page with what the draft holds."""
    district = make_district(1)
    indicator = count_sessions(district, mode="cumulative", over_periods="last")
    (part,) = give(district)
    report(part, district.people[0], indicator_values={"CT01": contributed}, accept_by=district.story.reporter)
    unit_report = open_report(
        district.story.unit, district.story.directive, by=district.story.reporter, now=at("2024-04-09")
    )
    section = unit_report.sections.get()
    section.indicator_values = draft
    section.save()
    return district, indicator, unit_report, section


def press(client, unit_report, section, button: str, typed: str) -> str:
    values = {"chung-version": unit_report.version, "chung-general_note": "", f"muc{section.pk}-results": ""}
    (indicator,) = section.assignment.task.indicators.all()
    values[f"muc{section.pk}-indicator_{indicator.pk}"] = typed
    address = f"/don-vi/bao-cao/{unit_report.pk}/soan/"
    return client.post(address, {**values, "do": button}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("draft", "typed", "kept"),
    [({}, "", 15), ({}, "40", 40), ({"CT01": 40}, "40", 40), ({"CT01": 40}, "41", 41), ({}, "0", 0), ({}, "15", 15)],
)
def test_a_running_total_the_lead_has_typed_is_not_overwritten_by_contributions(client, draft, typed, kept):
    district, _, unit_report, section = with_running_total(draft)
    client.force_login(district.story.reporter)

    page = press(client, unit_report, section, f"together-{section.pk}", typed)

    section.refresh_from_db()
    assert section.indicator_values == {"CT01": kept}
    assert section.results == "Đảng ủy xã 1: Đã tuyên truyền."
    assert (f"Giữ số lũy kế đã ghi của “Số buổi”: {kept} (phần góp: 15)." in page) is (kept != 15)


def test_both_numbers_of_a_running_total_are_shown_and_the_lead_takes_the_one_of_the_contributions(client):
    district, indicator, unit_report, section = with_running_total({"CT01": 40})
    client.force_login(district.story.reporter)
    shown = client.get(f"/don-vi/bao-cao/{unit_report.pk}/soan/").content.decode()

    page = press(client, unit_report, section, f"total-{section.pk}-{indicator.pk}", "40")

    section.refresh_from_db()
    assert "đang ghi <strong>40</strong>, phần góp <strong>15</strong> buổi" in shown
    assert "Đã lấy số phần góp cho “Số buổi”: 15 (trước đó ghi 40)." in page
    assert "đang ghi <strong>" not in page
    assert (section.indicator_values, section.results) == ({"CT01": 15}, "")


@pytest.mark.parametrize("button", ["total-", "total-x-y", "total-0-0", "total-{section}-0", "total-9999-{indicator}"])
def test_a_button_for_a_total_that_is_not_there_changes_nothing(client, button):
    district, indicator, unit_report, section = with_running_total({"CT01": 40})
    client.force_login(district.story.reporter)

    page = press(client, unit_report, section, button.format(section=section.pk, indicator=indicator.pk), "40")

    section.refresh_from_db()
    assert "Chưa có phần góp nào cho số này." in page
    assert section.indicator_values == {"CT01": 40}


def test_parts_of_a_running_total_stay_together():
    district = make_district(1)
    indicator = count_sessions(district, mode="cumulative", over_periods="last")
    for code, name in (("A", "Xã"), ("B", "Phường")):
        IndicatorCategory.objects.create(indicator=indicator, code=code, name=name, order=1)
    (part,) = give(district)
    parts = {"CT01": {"A": 3, "B": 4}}
    report(part, district.people[0], indicator_parts=parts, accept_by=district.story.reporter)
    editor = editor_of(district)
    (block,) = editor.blocks
    ((figure, own),) = block.together.typed_totals(SectionInput(indicator_parts={"CT01": {"A": 3, "B": 9}}))

    assert (figure.value, own) == (7, 12)
    assert block.together.typed_totals(SectionInput(indicator_parts={"CT01": {"A": None, "B": None}})) == []
    assert block.together.typed_totals(SectionInput(indicator_parts=parts)) == []
