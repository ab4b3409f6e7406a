"""Working together: the guidance handed to all recipients and who has opened it; a district's part in three communes' hands."""

from collections.abc import Iterator
from datetime import datetime

from directive_tracker.demo_story.build import acts, day
from directive_tracker.demo_story.cast import Cast
from directive_tracker.demo_story.figures import figures_of
from directive_tracker.demo_story.steps import Step
from directive_tracker.vietnamese import vn_number
from tasks import lifecycle, reporting, reviewing
from tasks.drafts import opening, saving
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.enums import AssignmentRole, SectionState
from tasks.errors import Refused
from tasks.handing import giving, releasing
from tasks.handing.giving import PartInput
from tasks.models import AssignmentProduct, ProductRelease, ProgressReport

GUIDES, GUIDANCE = "ban-tuyen-giao", "3a.1"
GUIDANCE_WORDS = "Đề nghị cấp ủy căn cứ hướng dẫn này tổ chức đợt sinh hoạt chính trị; vướng mắc xin trao đổi với Ban."
# day → units that open the guidance; some need a reminder, one has not opened it by 15/4. It goes out and is called to
# mind on days on which those that are late get mail anyway: nobody's post box is filled for the story's sake.
HANDED_OUT, REMINDED = day(3, 4), day(3, 11)
OPENED = {
    day(3, 4): ("tu-kon-tum", "hu-dak-to", "tinh-doan", "cong-an", "quan-su", "mttq", "hu-dak-ha", "hu-ngoc-hoi"),
    day(3, 5): (
        "hu-dak-glei",
        "hu-sa-thay",
        "hoi-nong-dan",
        "hoi-phu-nu",
        "bien-phong",
        "ldld",
        "dai-ptth",
        "bcsd-ubnd",
    ),
    day(3, 7): ("hu-kon-ray", "dang-uy-khoi"),
    day(3, 12): ("hoi-ccb", "hu-kon-plong"),
    day(3, 14): ("hu-tu-mo-rong",),
    day(4, 17): ("hu-ia-hdrai",),
}

DISTRICT, CODE = "hu-dak-ha", "1a.2"
PART = PartInput(
    "Phát thanh, treo băng rôn, cờ tại địa bàn; báo cáo số buổi và số băng rôn trước ngày 12 hằng tháng.", day(4, 19)
)
PART_INDICATORS = ["CT04", "CT05", "CT06", "CT07"]
# The last of them is slower: on 15/4 one has been accepted, one waits for the district, one has sent nothing.
TOWN, HA_MON, DAK_HRING = COMMUNES = ("du-tt-dak-ha", "du-xa-ha-mon", "du-xa-dak-hring")
PART_SAID = "Hệ thống loa phát {CT07} buổi; treo {CT05} băng rôn, {CT04} pano tại trung tâm và các thôn."
PART_DONE = "Đã xong phần giao: phát thanh {CT07} buổi, treo {CT05} băng rôn, {CT04} pano ở tất cả các thôn."


def together() -> Iterator[Step]:
    """What units do for one another."""
    yield acts(HANDED_OUT, 9, 30, hand_out)
    for on, units in OPENED.items():
        for place, unit in enumerate(units):
            yield acts(on, 14, 5 + place, open_guidance, unit=unit)
    yield acts(REMINDED, 15, 30, remind)
    yield acts(day(3, 6), 9, 10, hand_on)
    for place, unit in enumerate(COMMUNES):
        yield acts(day(3, 7), 8, 15 + place, take_note, unit=unit)
    yield acts(day(3, 13), 9, 25, report_part, unit=TOWN)
    yield acts(day(3, 14), 8, 30, accept_parts)
    yield acts(day(4, 11), 9, 50, report_part, unit=TOWN)
    yield acts(day(4, 12), 8, 20, accept_parts)
    yield acts(day(4, 12), 10, 30, report_part, unit=HA_MON)
    yield acts(day(4, 16), 8, 25, accept_parts)
    yield acts(day(4, 17), 9, 15, report_part, unit=DAK_HRING, done=True)
    yield acts(day(4, 17), 9, 40, report_part, unit=TOWN, done=True)
    yield acts(day(4, 19), 9, 5, report_part, unit=HA_MON, done=True)
    yield acts(day(4, 19), 15, 20, accept_parts)


# --- the guidance ---------------------------------------------------------------------------------


def hand_out(cast: Cast, now: datetime) -> None:
    """The guidance goes to everybody the document is addressed to."""
    owed = AssignmentProduct.objects.filter(assignment=cast.assignment(GUIDES, GUIDANCE), product__kind="deployment")
    units = releasing.usual_recipients(cast.directive, but=cast.units[GUIDES].pk, today=now.date())
    releasing.release(owed.get(), units, words=GUIDANCE_WORDS, by=cast.reporter(GUIDES), now=now)


def _guidance(cast: Cast) -> ProductRelease:
    """What was handed out. Errors: Refused when it was not."""
    rows = ProductRelease.objects.filter(delivery__assignment=cast.assignment(GUIDES, GUIDANCE))
    found = rows.select_related("delivery__product", "delivery__assignment__unit").order_by("pk").first()
    if found is None:
        raise Refused("Văn bản chưa được gửi.")
    return found


def open_guidance(cast: Cast, now: datetime, unit: str) -> None:
    """The unit has the paper before it."""
    releasing.note_opened(_guidance(cast), [cast.units[unit].pk], now=now)


def remind(cast: Cast, now: datetime) -> None:
    """Those that have not opened it are told once more."""
    releasing.remind(_guidance(cast), by=cast.reporter(GUIDES), now=now)


# --- the district and its communes ----------------------------------------------------------------


def hand_on(cast: Cast, now: datetime) -> None:
    """The district gives three communes a part each."""
    work = cast.assignment(DISTRICT, CODE)
    giving.hand_on(work, [cast.units[unit] for unit in COMMUNES], PART, by=cast.reporter(DISTRICT), now=now)


def take_note(cast: Cast, now: datetime, unit: str) -> None:
    """The commune says "đã nhận"."""
    lifecycle.acknowledge(cast.assignment(unit, CODE), by=cast.reporter(unit), now=now)


def report_part(cast: Cast, now: datetime, unit: str, *, done: bool = False) -> None:
    """The commune reports on its part, with figures."""
    by, part = cast.reporter(unit), cast.assignment(unit, CODE)
    report = opening.open_report(cast.units[unit], cast.directive, by=by, now=now)
    section = report.sections.filter(assignment=part).first()
    if section is None:
        raise Refused("Không còn phần nào phải báo cáo.")
    figures = figures_of(unit, CODE, PART_INDICATORS, now.date())
    said = (PART_DONE if done else PART_SAID).format(**{code: vn_number(value) for code, value in figures.items()})
    typed = SectionInput(results=said, claims_completion=done, indicator_values=dict(figures))
    written = ReportInput(sections={section.pk: typed})
    saving.save_draft(report, written, by=by, now=now, version=report.version)
    reporting.submit(report, by=by, now=now)


def accept_parts(cast: Cast, now: datetime) -> None:
    """The district accepts what its communes have sent."""
    waiting = ProgressReport.objects.filter(
        unit_report__directive=cast.directive,
        state=SectionState.SUBMITTED,
        assignment__role=AssignmentRole.PART,
        assignment__parent__unit=cast.units[DISTRICT],
    )
    related = ("unit_report", "assignment__task", "assignment__unit", "assignment__directive", "assignment__parent")
    for section in waiting.select_related(*related).order_by("pk"):
        reviewing.accept_section(section, by=cast.reporter(DISTRICT), now=now)
