"""Single figures, papers and files that come back by themselves: chosen, said at their place, followed to the next sending."""

import io
from datetime import date

import docx
import pytest

from records.models import AuditEvent, StoredFile
from tasks import reviewing
from tasks.drafts.inputs import ProductInput
from tasks.errors import Refused
from tasks.links import addresses, making
from tasks.models import ReportRound, UnitReport
from tasks.reportview import sections_for_reading
from tasks.rounds.differences import Asked
from tasks.rounds.places import figure_key
from tasks.rounds.recalling import recall
from tests.factories import at
from tests.tasks.story import make_story, owe_paper, send

pytestmark = pytest.mark.django_db
MONDAY = at("2024-04-15", "09:00")
FIGURE, PART = "figure:CT%2001", "figure:doi:tn"


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 09:00."""
    monkeypatch.setattr("directive_tracker.clock.now", lambda: MONDAY)
    monkeypatch.setattr("directive_tracker.clock.today", lambda: date(2024, 4, 15))


class Scene:
    """A section in its first sending: two figures, one in two parts, a paper, a file."""

    def __init__(self):
        self.story = story = make_story(state="in_progress")
        story.task.indicators.create(code="CT 01", name="Số buổi", measure="buổi", order=1)
        people = story.task.indicators.create(code="doi", name="Người dự", measure="người", order=2)
        people.categories.create(code="tn", name="Thanh niên", order=1)
        people.categories.create(code="ccb", name="Cựu chiến binh", order=2)
        self.paper = owe_paper(story.assignment)
        self.file = StoredFile.objects.create(
            original_name="anh-hoi-nghi.jpg",
            file="anh-hoi-nghi.jpg",
            size=10,
            sha256="0" * 64,
            content_type="image/jpeg",
            uploaded_by=story.reporter,
            uploaded_at=MONDAY,
        )
        self.section = self.send(new_files=[self.file])

    @property
    def product(self) -> str:
        return f"product:{self.paper.pk}"

    @property
    def attached(self) -> str:
        return f"file:{self.file.pk}"

    def send(self, day="2024-04-10", **typed):
        values = {
            "results": "Đã làm.",
            "indicator_values": {"CT 01": 12, "doi": None},
            "indicator_parts": {"doi": {"tn": 30, "ccb": 5}},
            "products": {self.paper.pk: ProductInput("12", "KH/HU", date(2024, 4, 9), "Trần Văn B")},
        }
        return send(self.story, day=day, **{**values, **typed})

    def send_back(self, **field_reasons):
        said = {PART: "Thiếu xã Đắk Hring", self.product: "Sai số văn bản", self.attached: "Ảnh mờ"}
        reviewing.return_section(
            self.section,
            by=self.story.office,
            now=at("2024-04-11"),
            reason="",
            fields=(FIGURE,),
            field_reasons={**said, **field_reasons},
            seen=1,
        )


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_every_single_place_comes_back_with_its_own_reason_under_the_name_of_that_day(scene):
    scene.send_back()
    scene.story.task.indicators.filter(code="doi").update(name="Số người tham dự")

    round_ = ReportRound.objects.get()
    assert round_.returned_fields == [FIGURE, PART, scene.product, scene.attached]
    assert round_.returned_labels == {
        FIGURE: "Số buổi",
        PART: "Người dự – Thanh niên",
        scene.product: "Kế hoạch",
        scene.attached: "anh-hoi-nghi.jpg",
    }
    assert round_.reason == (
        "Người dự – Thanh niên: Thiếu xã Đắk Hring; Kế hoạch: Sai số văn bản; anh-hoi-nghi.jpg: Ảnh mờ"
    )
    event = AuditEvent.objects.filter(verb="section.returned").get()
    assert event.data["mend"] == ["Số buổi", "Người dự – Thanh niên", "Kế hoạch", "anh-hoi-nghi.jpg"]


@pytest.mark.parametrize("place", ["figure:la", "figure:doi:la", "product:987654321", "file:987654321"])
def test_a_place_that_the_section_does_not_have_is_refused(scene, place):
    with pytest.raises(Refused, match=r"^Chỗ cần sửa không có trong danh sách\.$"):
        scene.send_back(**{place: "Sai rồi"})

    assert ReportRound.objects.get().decision == "pending"


def test_two_figures_never_share_a_place():
    assert figure_key("a", "b") == "figure:a:b"
    assert figure_key("a:b") == "figure:a%3Ab"


@pytest.mark.parametrize("page", ["/cho-xem-xet/", "review"])
def test_the_office_sends_single_places_back_from_the_plain_form(scene, client, page):
    client.force_login(scene.story.office)
    url = scene.section.unit_report.get_review_url() if page == "review" else page
    prefix = f"s{scene.section.pk}"
    shown = client.get(url).content.decode()

    client.post(
        url,
        {
            **{"section": scene.section.pk, "decision": "return", "seen": f"{scene.section.pk}-1"},
            **{f"{prefix}-fields_to_mend": [FIGURE], f"{prefix}-why_{PART}": "Thiếu xã Đắk Hring"},
        },
    )

    assert [f'name="{prefix}-why_{key}"' in shown for key in (FIGURE, PART, scene.product, scene.attached)] == [
        True,
        True,
        True,
        True,
    ]
    round_ = ReportRound.objects.get()
    assert (round_.returned_fields, round_.field_reasons) == ([FIGURE, PART], {PART: "Thiếu xã Đắk Hring"})


def test_what_was_typed_at_a_place_that_is_gone_is_said_and_not_lost(scene, client):
    recall(scene.section.unit_report, by=scene.story.reporter, now=at("2024-04-11"))
    scene.send(day="2024-04-12", removed_file_ids={scene.section.files.get().pk})
    client.force_login(scene.story.office)
    prefix = f"s{scene.section.pk}"
    data = {"section": scene.section.pk, "decision": "return", f"{prefix}-why_{scene.attached}": "Ảnh mờ quá"}
    url = scene.section.unit_report.get_review_url()

    stale = client.post(url, {**data, "seen": f"{scene.section.pk}-1"}).content.decode()
    again = client.post(url, {**data, "seen": f"{scene.section.pk}-2"}).content.decode()

    assert ("Xin đọc lần gửi 2 rồi quyết định." in stale, 'value="Ảnh mờ quá"' in stale) == (True, True)
    assert "Lý do “Ảnh mờ quá” ghi cho chỗ không còn trong lần gửi này; xin ghi lại ở chỗ khác." in again


def whys(page: str) -> list[str]:
    """What stands at the fields, in the order of the page."""
    marks = page.split('<div class="dt-why"><strong>Cần sửa:</strong> ')[1:]
    return [mark.split("</div>")[0] for mark in marks]


def test_the_unit_reads_each_reason_at_its_place_in_the_second_round(scene, client):
    scene.send_back()
    client.force_login(scene.story.reporter)

    page = client.get(f"/don-vi/bao-cao/{scene.section.unit_report_id}/soan/").content.decode()

    assert whys(page) == ["Văn phòng đề nghị sửa chỗ này.", "Thiếu xã Đắk Hring", "Sai số văn bản", "Ảnh mờ"]


def test_whoever_comes_through_the_mailed_link_reads_the_same_reasons(scene, client):
    scene.send_back()
    story, day = scene.story, date(2024, 4, 15)
    link = making.ensure(story.unit, story.directive, None, story.reporter, now=MONDAY, today=day)

    answer = client.post(
        addresses.path_of(link), {"do": "open", "name": "Trần Văn Bình", "position": "Phó Chánh Văn phòng"}, follow=True
    )

    assert whys(answer.content.decode()) == [
        "Văn phòng đề nghị sửa chỗ này.",
        "Thiếu xã Đắk Hring",
        "Sai số văn bản",
        "Ảnh mờ",
    ]


def test_the_next_sending_says_place_by_place_what_was_mended(scene):
    scene.send_back(difficulties="Chưa nêu")
    scene.send(
        day="2024-04-12",
        indicator_parts={"doi": {"tn": 34, "ccb": 5}},
        removed_file_ids={scene.section.files.get().pk},
    )

    (reading,) = sections_for_reading(UnitReport.objects.get(), scene.story.office)
    (step,) = reading.changes

    assert step.asked == [
        Asked("Khó khăn, nguyên nhân", "Chưa nêu", False),
        Asked("Số buổi", "", False),
        Asked("Người dự – Thanh niên", "Thiếu xã Đắk Hring", True),
        Asked("Kế hoạch", "Sai số văn bản", False),
        Asked("anh-hoi-nghi.jpg", "Ảnh mờ", True),
    ]


def test_a_sending_that_mends_nothing_is_shown_as_such(scene, client):
    scene.send_back()
    scene.send(day="2024-04-12")
    client.force_login(scene.story.office)

    page = client.get(scene.section.unit_report.get_review_url()).content.decode()

    assert page.count("<strong>chưa thay đổi</strong>") == 4


def test_the_word_file_carries_the_reasons_at_the_margin_while_they_are_to_be_mended(scene, client):
    scene.send_back()
    client.force_login(scene.story.reporter)
    url = f"/don-vi/bao-cao/{scene.section.unit_report_id}/docx/"

    def remarks() -> list[str]:
        return [remark.text for remark in docx.Document(io.BytesIO(client.get(url).content)).comments]

    before = remarks()
    scene.send(day="2024-04-12")

    assert sorted(before) == [
        "Kế hoạch: Sai số văn bản",
        "Người dự – Thanh niên: Thiếu xã Đắk Hring",
        "Số buổi: Văn phòng đề nghị sửa chỗ này.",
        "anh-hoi-nghi.jpg: Ảnh mờ",
    ]
    assert remarks() == []
