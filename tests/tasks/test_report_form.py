"""The unit's report form: drafts, files, numbers, conflicts, sending, correcting, the unit's head."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directive_tracker import clock
from notifications.models import Notice
from records.models import StoredFile
from tasks.drafts.inputs import ProductInput, ReportInput, SectionInput
from tasks.drafts.opening import open_report
from tasks.drafts.saving import save_draft
from tasks.enums import AssignmentState, ReportState, SectionState
from tasks.models import DraftCopy, Indicator, ReportRound, SectionFile, SectionProduct, UnitReport
from tasks.models.assignment import AssignmentProduct
from tasks.models.task import TaskSpan
from tasks.reporting import submit
from tasks.reviewing import accept_section, return_section
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_membership,
    make_office_user,
    make_product,
    make_reporter,
    make_task,
    make_text,
    make_unit,
    make_user,
)
from units.models import Role

pytestmark = pytest.mark.django_db
NOW = at("2024-04-15")
TEXT = "Kế hoạch tuyên truyền\n".encode()


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: date(2024, 4, 15))


class Scene:
    """One unit with two tasks: 1a.1 with a paper and a figure, 3a.4 with words and counts only."""

    def __init__(self, **unit_values):
        self.unit = make_unit("Huyện ủy Đắk Hà", **unit_values)
        self.person = make_reporter(self.unit, "dakha", full_name="Y Hương")
        self.directive = make_directive()
        text = make_text(self.directive, "Mở đầu.\nCác đơn vị xây dựng kế hoạch tuyên truyền. Báo cáo kết quả.\nHết.")
        self.task = make_task(self.directive, "1a.1")
        TaskSpan.objects.create(
            task=self.task, text=text, start=8, end=8 + len("Các đơn vị xây dựng kế hoạch tuyên truyền.")
        )
        self.indicator = Indicator.objects.create(task=self.task, code="CT03", order=1, name="Tin, bài", measure="bài")
        self.product = make_product(self.task, name="Kế hoạch", has_paper=True)
        self.assignment = make_assignment(self.task, self.unit, state=AssignmentState.IN_PROGRESS)
        self.delivery = AssignmentProduct.objects.create(assignment=self.assignment, product=self.product)
        self.words_task = make_task(self.directive, "3a.4", words_and_counts_only=True)
        make_assignment(self.words_task, self.unit, state=AssignmentState.IN_PROGRESS, due=date(2024, 5, 31))
        self.report = open_report(self.unit, self.directive, by=self.person, now=NOW)
        self.first, self.words = self.report.sections.order_by("assignment__task__order")

    @property
    def url(self) -> str:
        return reverse("tasks:report_edit", args=[self.report.pk])

    def typed(self, **fields) -> dict:
        """A POST with the version; keys first__x and words__x go to the two sections."""
        data = {"chung-version": UnitReport.objects.get(pk=self.report.pk).version, "do": "save"}
        for name, value in fields.items():
            part, _, field = name.partition("__")
            section = {"first": self.first, "words": self.words}.get(part)
            data[f"muc{section.pk}-{field}" if section else name] = value
        return data

    def reload(self):
        for row in (self.report, self.first, self.assignment):
            row.refresh_from_db()
        # A section nobody wrote in is gone once the report is sent.
        self.words = self.report.sections.filter(pk=self.words.pk).first() or self.words


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def form(scene, client):
    client.force_login(scene.person)
    return client


def paper(scene, **values) -> dict:
    known = {"number": "12", "symbol": "KH/HU", "paper_date": "07/3/2024", "signer": "A Pót"}
    return {f"first__{name}_{scene.delivery.pk}": value for name, value in (known | values).items()}


def test_the_form_shows_each_section_with_its_sentence_highlighted(scene, form):
    page = form.get(scene.url).content.decode()
    assert "<mark>Các đơn vị xây dựng kế hoạch tuyên truyền.</mark> Báo cáo kết quả." in page
    assert page.count('class="dt-card dt-section"') == 2


def test_a_draft_is_saved_and_typed_values_come_back(scene, form):
    answer = form.post(
        scene.url, scene.typed(first__results="Đã mở 3 lớp", **{f"first__indicator_{scene.indicator.pk}": "1.234"})
    )
    scene.reload()
    assert answer.status_code == 302
    assert (scene.first.results, scene.first.indicator_values) == ("Đã mở 3 lớp", {"CT03": 1234})
    assert 'value="1.234"' in form.get(scene.url).content.decode()


@pytest.mark.parametrize("typed", ["-5", "12,5", "mười", "1.23", "9" * 20])
def test_a_figure_that_is_no_whole_number_is_refused_and_the_rest_is_saved(scene, form, typed):
    name = f"first__indicator_{scene.indicator.pk}"
    answer = form.post(scene.url, scene.typed(first__results="Đã mở 3 lớp", **{name: typed}))
    page = answer.content.decode()
    scene.reload()
    assert answer.status_code == 422
    assert f'value="{typed}"' in page and "Có 1 chỗ cần sửa" in page
    assert f'href="#id_muc{scene.first.pk}-indicator_{scene.indicator.pk}"' in page
    assert (scene.first.results, scene.first.indicator_values) == ("Đã mở 3 lớp", {})


def test_saving_again_after_an_error_is_no_conflict(scene, form):
    page = form.post(scene.url, scene.typed(first__expected_on="31/2/2024")).content.decode()
    assert "Không có ngày “31/2/2024” trong lịch." in page
    assert 'name="chung-version" value="2"' in page


def test_good_files_stay_and_each_refusal_names_the_limit(scene, form, settings, tmp_path):
    settings.MEDIA_ROOT, settings.UPLOAD_MAX_BYTES = tmp_path, 1024 * 1024
    files = [SimpleUploadedFile("anh.exe", b"MZ"), SimpleUploadedFile("kehoach.txt", TEXT)]
    files.append(SimpleUploadedFile("to.txt", TEXT + b"0" * 2 * 1024 * 1024))
    data = scene.typed(first__results="Đã làm") | {f"muc{scene.first.pk}-files": files}
    answer = form.post(scene.url, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Không nhận tệp “anh.exe”." in page
    assert "vượt giới hạn 1 MB" in page
    assert list(SectionFile.objects.values_list("section", "file__original_name")) == [(scene.first.pk, "kehoach.txt")]
    assert page.count("kehoach.txt") == 2


def test_a_file_is_removed_by_its_box(scene, form):
    stored = StoredFile.objects.create(
        file="ab/x.pdf",
        original_name="x.pdf",
        extension=".pdf",
        content_type="application/pdf",
        size=1,
        sha256="0" * 64,
        uploaded_at=NOW,
    )
    item = SectionFile.objects.create(section=scene.first, file=stored)
    form.post(scene.url, scene.typed(first__remove=[item.pk]))
    item.refresh_from_db()
    assert item.removed_at == NOW


def test_a_paper_keeps_number_symbol_day_signer_and_file(scene, form, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    upload = {f"muc{scene.first.pk}-paper_{scene.delivery.pk}": SimpleUploadedFile("kh.txt", TEXT)}
    form.post(scene.url, scene.typed(**paper(scene)) | upload)
    product = SectionProduct.objects.get(section=scene.first)
    assert (product.number, product.symbol, product.paper_date, product.signer, str(product.file)) == (
        "12",
        "KH/HU",
        date(2024, 3, 7),
        "A Pót",
        "kh.txt",
    )


@pytest.mark.parametrize("words", ["xem https://a.b", "ở www.trang", "nhóm @nguoi.a", "trang facebook.com/abc"])
def test_the_task_of_words_and_counts_has_no_file_field_and_refuses_links(scene, form, words):
    page = form.post(scene.url, scene.typed(words__results=f"Có 3 ý kiến, {words} nhé")).content.decode()
    scene.reload()
    assert "chỉ nhận chữ và số đếm" in page
    assert f"muc{scene.words.pk}-files" not in page
    assert words in page and scene.words.results == ""


def test_a_secrecy_mark_in_a_text_is_refused(scene, form):
    answer = form.post(scene.url, scene.typed(first__results="MẬT\nNội dung"))
    scene.reload()
    assert (answer.status_code, scene.first.results) == (422, "")


def test_two_people_conflict_and_nothing_typed_is_lost(scene, form):
    stale = scene.typed(first__results="Bản của tôi")
    colleague = make_reporter(scene.unit, "dongnghiep", full_name="A Pót")
    save_draft(
        scene.report,
        ReportInput(sections={scene.first.pk: SectionInput(results="Bản của đồng nghiệp")}),
        by=colleague,
        now=NOW,
        version=1,
    )
    answer = form.post(scene.url, stale)
    page = answer.content.decode()
    scene.reload()
    assert answer.status_code == 409
    assert "A Pót vừa lưu bản nháp này." in page
    assert "Bản của tôi</textarea>" in page and '<dd class="dt-written">Bản của đồng nghiệp</dd>' in page
    assert scene.first.results == "Bản của đồng nghiệp"
    assert form.post(scene.url, scene.typed(first__results="Bản của tôi")).status_code == 302
    scene.reload()
    assert scene.first.results == "Bản của tôi"


def test_saving_by_itself_answers_with_the_new_version(scene, form):
    answer = form.post(scene.url, scene.typed(first__results="Đang gõ"), headers={"X-Autosave": "1"})
    assert (answer.status_code, answer.json()) == (
        200,
        {"version": 2, "saved": "08:00", "problems": 0, "parts": answer.json()["parts"], "clashes": []},
    )
    assert {part: sorted(known) for part, known in answer.json()["parts"].items()} == {
        f"muc{scene.first.pk}": ["version", "was"]
    }


def test_saving_by_itself_after_sending_says_so(scene, form):
    form.post(scene.url, scene.typed(first__results="Đã làm", do="submit"))
    answer = form.post(scene.url, scene.typed(first__results="Muộn"), headers={"X-Autosave": "1"})
    assert (answer.status_code, answer.json()["message"][:28]) == (409, "Báo cáo đã gửi lúc 08:00 15/")


def test_sending_moves_on_to_the_page_that_says_what_was_sent(scene, form):
    answer = form.post(scene.url, scene.typed(first__results="Đã làm", do="submit"), follow=True)
    page = answer.content.decode()
    scene.reload()
    assert answer.redirect_chain == [(reverse("tasks:report_detail", args=[scene.report.pk]), 302)]
    assert scene.report.state == ReportState.SUBMITTED
    assert "Đã gửi báo cáo đến Văn phòng Tỉnh ủy lúc 08:00 15/4/2024." in page
    assert "Đã làm" in page


def test_sending_twice_says_what_happened(scene, form):
    data = scene.typed(first__results="Đã làm", do="submit")
    form.post(scene.url, data)
    answer = form.post(scene.url, data, follow=True)
    assert "Báo cáo đã gửi lúc 08:00 15/4/2024, người gửi: Y Hương." in answer.content.decode()
    assert scene.first.rounds.count() == 1


def test_what_was_typed_stays_when_the_office_has_stopped_the_work_meanwhile(scene, form):
    scene.assignment.state, scene.assignment.paused_from = AssignmentState.PAUSED, AssignmentState.IN_PROGRESS
    scene.assignment.save()

    answer = form.post(
        scene.url,
        scene.typed(
            **paper(scene),
            **{"first__results": "Đã ban hành kế hoạch.", "first__claims_completion": "on"},
            **{"words__results": "Đã tuyên truyền.", "do": "submit"},
        ),
        follow=True,
    )

    scene.reload()
    said = "Phần việc đang ở trạng thái “Tạm dừng”, không chuyển sang “Đã gửi, chờ xác nhận” được."
    assert said in answer.content.decode()
    assert (scene.report.state, scene.report.version, scene.report.submitted_at) == ("draft", 2, None)
    kept = [(section.state, section.results) for section in scene.report.sections.order_by("assignment__task__order")]
    assert kept == [("draft", "Đã ban hành kế hoạch."), ("draft", "Đã tuyên truyền.")]
    assert SectionProduct.objects.get().number == "12"
    assert (ReportRound.objects.count(), Notice.objects.filter(kind="report").count()) == (0, 0)


def test_a_part_left_blank_is_still_there_when_another_one_could_not_be_sent(scene, form):
    stopped = scene.words.assignment
    stopped.state, stopped.paused_from = AssignmentState.PAUSED, AssignmentState.IN_PROGRESS
    stopped.save()

    answer = form.post(
        scene.url, scene.typed(words__results="Đã nói chuyện.", words__claims_completion="on", do="submit")
    )

    kept = [(section.state, section.results) for section in scene.report.sections.order_by("assignment__task__order")]
    assert (answer.status_code, kept) == (302, [("draft", ""), ("draft", "Đã nói chuyện.")])


def test_what_was_typed_stays_when_the_database_cannot_send(scene, form):
    ReportRound.objects.create(
        section=scene.words, number=1, submitted_by=scene.person, submitted_at=NOW, submitted_on=NOW.date(), content={}
    )

    with pytest.raises(IntegrityError):
        form.post(scene.url, scene.typed(first__results="Đã ban hành.", words__results="Đã nói.", do="submit"))

    scene.reload()
    kept = [(section.state, section.results) for section in scene.report.sections.order_by("assignment__task__order")]
    assert (scene.report.state, kept) == ("draft", [("draft", "Đã ban hành."), ("draft", "Đã nói.")])


def test_what_was_typed_stays_when_something_is_missing_for_sending(scene, form):
    answer = form.post(scene.url, scene.typed(first__results="", first__difficulties="Thiếu kinh phí", do="submit"))

    scene.reload()
    assert (answer.status_code, scene.report.state, scene.first.difficulties) == (422, "draft", "Thiếu kinh phí")


def test_what_is_typed_and_sent_at_once_is_frozen_as_typed_and_other_versions_are_gone(scene, form):
    DraftCopy.objects.create(section=scene.first, by=scene.person, at=NOW, content={})

    form.post(scene.url, scene.typed(first__results="Bản cuối", words__results="Đã tuyên truyền.", do="submit"))

    rounds = ReportRound.objects.order_by("section__assignment__task__order")
    assert [row.content["results"] for row in rounds] == ["Bản cuối", "Đã tuyên truyền."]
    scene.reload()
    assert (scene.first.state, scene.first.results, scene.first.saved_by) == ("submitted", "Bản cuối", scene.person)
    assert DraftCopy.objects.count() == 0


def test_an_empty_report_is_not_sent(scene, form):
    answer = form.post(scene.url, scene.typed(do="submit"))
    scene.reload()
    assert answer.status_code == 422
    assert "Báo cáo chưa ghi gì" in answer.content.decode()
    assert scene.report.state == ReportState.DRAFT


def test_completion_without_the_paper_names_the_field(scene, form):
    page = form.post(
        scene.url, scene.typed(first__results="Xong", first__claims_completion="on", do="submit")
    ).content.decode()
    assert "1a.1 – Số: Hãy ghi số, ký hiệu hoặc đính kèm: Kế hoạch." in page
    assert f'href="#id_muc{scene.first.pk}-number_{scene.delivery.pk}"' in page


def test_a_returned_section_shows_the_reason_and_is_sent_again(scene, form):
    office = make_office_user()
    form.post(scene.url, scene.typed(first__results="Xong", first__claims_completion="on", do="submit", **paper(scene)))
    scene.reload()
    return_section(scene.first, by=office, now=NOW, reason="Thiếu số bài", fields=("indicators",))
    page = form.get(scene.url).content.decode()
    assert "Thiếu số bài" in page and "Chỗ cần sửa: Số liệu." in page
    data = scene.typed(first__results="Xong, 12 bài", first__claims_completion="on", do="submit", **paper(scene))
    form.post(scene.url, data | {f"muc{scene.first.pk}-indicator_{scene.indicator.pk}": "12"})
    scene.reload()
    assert (scene.first.state, scene.first.rounds.count()) == (SectionState.SUBMITTED, 2)
    assert scene.assignment.state == AssignmentState.SUBMITTED


def _accepted_last_month(scene):
    office = make_office_user()
    data = ReportInput(
        sections={
            scene.first.pk: SectionInput(
                results="Lần trước",
                proposals="Thêm cờ",
                indicator_values={"CT03": 5},
                products={scene.delivery.pk: ProductInput(number="1")},
            )
        }
    )
    save_draft(scene.report, data, by=scene.person, now=at("2024-03-14"), version=1)
    submit(scene.report, by=scene.person, now=at("2024-03-14"))
    scene.first.refresh_from_db()
    accept_section(scene.first, by=office, now=at("2024-03-15"))
    scene.report = open_report(scene.unit, scene.directive, by=scene.person, now=NOW)
    scene.first, scene.words = scene.report.sections.order_by("assignment__task__order")


def test_copying_the_last_report_fills_only_empty_fields(scene, form):
    _accepted_last_month(scene)
    answer = form.post(scene.url, scene.typed(first__results="Đang gõ", do=f"copy-{scene.first.pk}"))
    scene.reload()
    assert answer.url.endswith(f"?muc={scene.first.pk}#muc-{scene.first.pk}")
    assert (scene.first.results, scene.first.proposals, scene.first.indicator_values) == (
        "Đang gõ",
        "Thêm cờ",
        {"CT03": 5},
    )


def test_there_may_be_nothing_to_copy(scene, form):
    answer = form.post(scene.url, scene.typed(do=f"copy-{scene.first.pk}"), follow=True)
    assert "chưa có báo cáo nào đã gửi để chép lại" in answer.content.decode()


def test_a_foreign_report_does_not_exist(scene, client):
    client.force_login(make_reporter(make_unit("Đảng ủy khác")))
    assert client.get(scene.url).status_code == 404
    assert client.get(reverse("tasks:report_detail", args=[scene.report.pk])).status_code == 404


def test_the_office_may_read_a_sent_report_but_not_write_on_it(scene, form, client):
    form.post(scene.url, scene.typed(first__results="Đã làm", do="submit"))
    client.force_login(make_office_user())
    assert client.get(scene.url).status_code == 403
    assert client.get(reverse("tasks:report_detail", args=[scene.report.pk])).status_code == 200


def test_opening_twice_gives_the_same_draft(scene, form):
    url = reverse("tasks:report_open", args=[scene.directive.pk, scene.unit.pk])
    assert [form.post(url).url for _ in range(2)] == [scene.url, scene.url]


def test_nobody_opens_a_report_for_another_unit(scene, client):
    url = reverse("tasks:report_open", args=[scene.directive.pk, scene.unit.pk])
    client.force_login(make_reporter(make_unit("Đảng ủy khác")))
    assert client.post(url).status_code == 404
    above = make_unit("Tỉnh")
    scene.unit.parent = above
    scene.unit.save()
    client.force_login(make_reporter(above))
    assert client.post(url).status_code == 403


def test_statements_of_the_form_do_not_grow_with_its_sections(scene, form):
    form.get(scene.url)
    with CaptureQueriesContext(connection) as few:
        form.get(scene.url)
    for _ in range(30):
        task = make_task(scene.directive)
        Indicator.objects.create(task=task, code="CT01", order=1, name="Buổi", measure="buổi")
        assignment = make_assignment(task, scene.unit, state=AssignmentState.IN_PROGRESS)
        AssignmentProduct.objects.create(assignment=assignment, product=make_product(task, has_paper=True))
    open_report(scene.unit, scene.directive, by=scene.person, now=NOW)
    with CaptureQueriesContext(connection) as many:
        page = form.get(scene.url).content.decode()
    assert page.count('class="dt-card dt-section"') == 32
    assert (len(few), len(many)) == (14, 14)


# --- the unit's head ------------------------------------------------------------------------------


@pytest.fixture
def headed(client):
    scene = Scene(needs_head_approval=True)
    scene.head = make_user("lanhdao", full_name="A Thái")
    make_membership(scene.head, scene.unit, Role.UNIT_HEAD)
    client.force_login(scene.person)
    scene.answer = client.post(scene.url, scene.typed(first__results="Đã làm", do="submit"), follow=True)
    scene.reload()
    return scene


def head_url(scene) -> str:
    return reverse("tasks:report_head", args=[scene.report.pk])


def test_the_report_waits_for_the_head(headed, client):
    assert headed.report.state == ReportState.AWAITING_UNIT_HEAD
    assert "Đã trình lãnh đạo đơn vị duyệt. Báo cáo chưa gửi Văn phòng." in headed.answer.content.decode()
    assert client.get(head_url(headed)).status_code == 403


def test_the_head_approves_and_it_reaches_the_office(headed, client):
    client.force_login(headed.head)
    assert "Đã làm" in client.get(head_url(headed)).content.decode()
    client.post(head_url(headed), {"do": "approve"})
    headed.reload()
    assert (headed.report.state, headed.report.submitted_by) == (ReportState.SUBMITTED, headed.head)
    again = client.post(head_url(headed), {"do": "approve"}, follow=True)
    assert "Báo cáo đã gửi lúc 08:00 15/4/2024" in again.content.decode()


def test_the_head_asks_for_changes_with_a_reason_that_the_writer_sees(headed, client):
    client.force_login(headed.head)
    assert client.post(head_url(headed), {"do": "return", "reason": ""}).status_code == 422
    client.post(head_url(headed), {"do": "return", "reason": "Ghi rõ số lớp"})
    headed.reload()
    client.force_login(headed.person)
    assert headed.report.state == ReportState.DRAFT
    assert "Ghi rõ số lớp" in client.get(headed.url).content.decode()


def test_the_head_sends_without_asking_anybody(headed, client):
    client.force_login(headed.head)
    client.post(head_url(headed), {"do": "return", "reason": "Tôi tự sửa"})
    client.post(headed.url, headed.typed(first__results="Đã mở 3 lớp", do="submit"))
    headed.reload()
    assert headed.report.state == ReportState.SUBMITTED


def test_the_list_of_reports_says_where_each_is(headed, client):
    page = client.get(reverse("tasks:unit_reports")).content.decode()
    assert "Chờ lãnh đạo duyệt" in page and "chưa gửi" in page
