"""A unit's report as a Word file under its own head: Party, Front and associations, Youth Union or State body."""

from dataclasses import dataclass
from datetime import date, datetime

from directive_tracker.vietnamese import fold, vn_date, vn_number
from tasks.enums import RoundDecision
from tasks.exports import docx
from tasks.exports.party_form import PartyForm, form_for
from tasks.models import UnitReport
from tasks.reportview import SectionReading
from tasks.rounds.places import NO_WORDS, mends_of, product_key
from tasks.rounds.review_time import reviewer_of
from units.models import Area, AreaLevel, Unit, UnitKind

PARTY_KINDS = (UnitKind.OFFICE, UnitKind.STANDING_COMMITTEE, UnitKind.PARTY_BODY, UnitKind.PARTY_COMMITTEE)
YOUTH = "ĐOÀN TNCS HỒ CHÍ MINH"
_LEVELS = {AreaLevel.PROVINCE: "tỉnh", AreaLevel.DISTRICT: "huyện"}


@dataclass(frozen=True)
class UnitHead:
    """What stands above a unit's report. right: other lines at the right than the layout's."""

    superior: str
    organ: str
    symbol: str
    place: str
    right: tuple[str, ...]
    is_party: bool

    def form(self, day: date) -> PartyForm:
        """The layout of its papers of a day: the Party's, or that of bodies outside it."""
        return form_for(day, state=not self.is_party)


def unit_head(unit: Unit, *, today: date) -> UnitHead:
    """The head by the unit's kind; the day's province gives place and superior."""
    provinces = Area.objects.valid_on(today).filter(level=AreaLevel.PROVINCE).order_by("pk")
    province = (provinces.values_list("name", flat=True).first() or "").removeprefix("Tỉnh ").removeprefix("Thành phố ")
    symbol = f"BC/{unit.symbol or 'ĐV'}"
    if unit.kind in PARTY_KINDS:
        return UnitHead(_party_superior(unit, province), unit.name, symbol, province, (), True)
    is_youth = "tinh doan" in fold(unit.name) or "doan thanh nien" in fold(unit.name)
    right = (YOUTH,) if is_youth else ()
    superior = unit.parent.name if unit.parent else ""
    return UnitHead(superior, unit.name, symbol, province, right, False)


def _party_superior(unit: Unit, province: str) -> str:
    """ "Đảng bộ tỉnh Kon Tum" over a committee below it, "Tỉnh ủy Kon Tum" over its bodies."""
    if unit.kind == UnitKind.STANDING_COMMITTEE:
        return ""
    if unit.kind != UnitKind.PARTY_COMMITTEE:
        return f"Tỉnh ủy {province}" if fold("Tỉnh ủy") not in fold(unit.name)[:8] else ""
    above = unit.parent.area if unit.parent else None
    if above is not None and above.level == AreaLevel.DISTRICT:
        return f"Đảng bộ {above.name[:1].lower()}{above.name[1:]}"
    return f"Đảng bộ tỉnh {province}"


def unit_report(
    report: UnitReport,
    readings: list[SectionReading],
    *,
    today: date,
    moment: datetime,
    demo: bool,
) -> bytes:
    """The file: head, what it is about, a part for each section, an empty place for the signature.

    Args:
        readings: as they were sent, or as they would be sent; moment: when the file is made, aware.
    """
    head = unit_head(report.unit, today=today)
    form = head.form(today)
    paper = docx.new_paper(form, title=str(report), moment=moment, demo=demo)
    docx.head(
        paper,
        form,
        superior=head.superior,
        organ=head.organ,
        symbol=head.symbol,
        place=head.place,
        day=today,
        right=head.right,
    )
    _title(paper, form, report)
    written = [reading for reading in readings if _parts(reading)]
    for number, reading in enumerate(written, start=1):
        task = reading.section.assignment.task
        first = docx.heading(paper, form, 2, str(number), f"{task.title} ({task.code})")
        asked = _asked(reading)
        for text, keys in _parts(reading):
            _remark(paper, docx.body(paper, form, text), [asked.pop(key) for key in keys if key in asked], reading)
        _remark(paper, first, list(asked.values()), reading)
    if report.general_note:
        docx.heading(paper, form, 2, str(len(written) + 1), "Đánh giá chung")
        for text in report.general_note.splitlines():
            docx.body(paper, form, text)
    recipients = [str(report.directive.office), f"Lưu {report.unit.short_name}"]
    docx.closing(paper, form, recipients=recipients, authority="", position="")
    return docx.write_bytes(paper)


def _asked(reading: SectionReading) -> dict[str, str]:
    """Key of a place that came back → what is said there; {} where the sending did not come back."""
    if reading.round.decision != RoundDecision.RETURNED:
        return {}
    return {mend.key: f"{mend.label}: {mend.why or NO_WORDS}" for mend in mends_of(reading.round)}


def _remark(paper, paragraph, words: list[str], reading: SectionReading) -> None:
    """What is to be mended, as a remark at the margin: it is seen while mending and is no part of the report."""
    who = reviewer_of(reading.section.assignment)
    for text in words:
        paper.add_comment(paragraph.runs, text=text, author=who, initials="")


def _title(paper, form: PartyForm, report: UnitReport) -> None:
    """BÁO CÁO, and what about."""
    name = report.directive.title
    about = f"kết quả thực hiện {report.directive.kind.lower()} về {name[:1].lower()}{name[1:]}"
    period = report.period
    below = f"{period.name}, số liệu đến {vn_date(period.cutoff_on)}" if period else ""
    docx.title(paper, form, "BÁO CÁO", [about], below=below)


def _parts(reading: SectionReading) -> list[tuple[str, tuple[str, ...]]]:
    """The paragraphs of one section, each with the places (tasks/rounds/places.py) that stand in it."""
    content = reading.round.content
    found: list[tuple[str, tuple[str, ...]]] = []
    if content.get("reported_outside_on"):
        found.append((f"Đã báo cáo bằng văn bản riêng ngày {vn_date(content['reported_outside_on'])}.", ()))
    if content.get("no_change"):
        found.append(("Không có thay đổi so với lần báo cáo trước.", ()))
    if content.get("nothing_arose"):
        found.append(("Không phát sinh trong kỳ.", ()))
    found += [(line, ("results",)) for line in content.get("results", "").splitlines() if line.strip()]
    for figure in reading.indicators:
        parts = ", ".join(f"{name} {vn_number(value)}" for name, value in figure.parts)
        words = f"- {figure.name}: {vn_number(figure.value)} {figure.measure}"
        words += (f" (trong đó: {parts})" if parts else "") + (f"; {figure.comment}" if figure.comment else "")
        found.append((f"{words}.", (*figure.keys, "indicators")))
    for product in reading.products:
        identity = f" số {product['identity']}" if product["identity"] else ""
        day = f" ngày {vn_date(product['paper_date'])}" if product["paper_date"] else ""
        found.append((f"- {product['name']}{identity}{day}.", (product_key(product["delivery"]), "products")))
    for label, name in (("Khó khăn, nguyên nhân", "difficulties"), ("Kiến nghị", "proposals")):
        if content.get(name, "").strip():
            found.append((f"{label}: {content[name].strip()}", (name,)))
    if content.get("claims_completion"):
        found.append(("Đơn vị đã hoàn thành, đề nghị xác nhận.", ()))
    return found
