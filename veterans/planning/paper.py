"""The plan as a Word file for approval, and its list of names as a file of its own.

The plan goes from desk to desk, so it holds numbers; the names are in the list alone, which is asked for, logged and
marked like every list that leaves. Money stands in the plan, never in the list. Number, day and signature stay blank.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, Q

from directive_tracker.vietnamese import ZONE, vn_date, vn_datetime, vn_number
from tasks.exports import docx
from tasks.exports.docx_unit_report import UnitHead, unit_head
from tasks.exports.party_form import PartyForm, form_for
from units.models import AreaLevel
from veterans.enums import Honour
from veterans.figures import small_cell
from veterans.models import Delegation, GratitudePlan, PlanEntry
from veterans.planning.money import Balance, balance_of
from veterans.planning.numbers import FORMS, Row, Table, table_of

ANNEX = "Danh sách kèm theo kế hoạch"
SMALL_NOTE = "Số người dưới 5 của một địa bàn không nêu trong kế hoạch; xem danh sách kèm theo."


@dataclass(frozen=True)
class Made:
    """When a file is made, and whether its data is invented."""

    now: datetime
    demo: bool

    @property
    def moment(self) -> datetime:
        return self.now.astimezone(ZONE)

    @property
    def form(self) -> PartyForm:
        return form_for(self.moment.date())


def plan_file(plan: GratitudePlan, *, now: datetime, demo: bool) -> bytes:
    """The plan in the form of its unit's papers. plan: with area, unit and campaign loaded."""
    made = Made(now, demo)
    head = unit_head(plan.unit, today=made.moment.date())
    form = head.form(made.moment.date())
    paper = docx.new_paper(form, title=plan.title, moment=made.moment, demo=demo)
    _head(paper, form, plan, head, made)
    numbers, balance = table_of(plan), balance_of(plan)
    parts: list[tuple[str, Callable[[], None]]] = []
    if plan.intent:
        parts.append(("MỤC ĐÍCH, YÊU CẦU", lambda: _lines(paper, form, plan.intent.splitlines())))
    parts.append(("ĐỐI TƯỢNG, HÌNH THỨC, THỜI GIAN", lambda: _people(paper, form, plan, numbers)))
    parts.append(("KINH PHÍ", lambda: _money(paper, form, balance)))
    delegations = _delegations(plan)
    if delegations:
        parts.append(("CÁC ĐOÀN", lambda: _table_of_delegations(paper, form, delegations)))
    for number, (heading, write) in zip(("I", "II", "III", "IV"), parts, strict=False):
        docx.heading(paper, form, 1, number, heading)
        write()
    recipients = ["Cấp có thẩm quyền phê duyệt", f"Lưu {plan.unit.short_name}"]
    docx.closing(paper, form, recipients=recipients, authority="", position="")
    return docx.write_bytes(paper)


def _head(paper: Any, form: PartyForm, plan: GratitudePlan, head: UnitHead, made: Made) -> None:
    docx.head(
        paper,
        form,
        superior=head.superior,
        organ=head.organ,
        # The head is made for reports ("BC").
        symbol=head.symbol.replace("BC", "KH", 1),
        place=head.place,
        day=made.moment.date(),
        right=head.right,
    )
    kind, _, about = plan.title.partition(" ")
    second, _, rest = about.partition(" ")
    if f"{kind} {second}".lower() == "kế hoạch" and rest:
        docx.title(paper, form, "KẾ HOẠCH", [rest])
    else:
        docx.title(paper, form, plan.title, [])


def _lines(paper: Any, form: PartyForm, lines: Sequence[str]) -> None:
    for text in lines:
        docx.body(paper, form, text)


def _people(paper: Any, form: PartyForm, plan: GratitudePlan, numbers: Table) -> None:
    """Numbers by place and form: a district's plan by commune, the province's by district."""
    campaign = plan.campaign
    docx.body(
        paper,
        form,
        f"Đối tượng: {vn_number(numbers.total.people)} người đã được xác minh, còn sống, trên địa bàn"
        f" {plan.area.name[:1].lower()}{plan.area.name[1:]}.",
    )
    docx.body(
        paper,
        form,
        f"Thời gian: từ ngày {vn_date(campaign.starts_on)} đến ngày {vn_date(campaign.ends_on)}.",
        after_pt=6,
    )
    whole = plan.area.level == AreaLevel.PROVINCE
    shown = small_cell if whole else vn_number
    rows = [_row(row, shown) for row in _places(numbers, whole)]
    rows.append(_row(numbers.total, vn_number))
    heads = ("Huyện, thành phố" if whole else "Xã, phường, thị trấn", *(str(each.label) for each in FORMS), "Số người")
    docx.grid(paper, form, heads, rows, (45, 23, 25, 23, 25, 24), names=(0,))
    if whole and any("dưới" in cell for row in rows for cell in row):
        docx.line(paper, SMALL_NOTE, form.parts.table.pt, italic=True)
    if any(sum(row.cells) > row.people for row in _places(numbers, whole)):
        docx.line(paper, "Một người có thể được tri ân bằng nhiều hình thức.", form.parts.table.pt, italic=True)


def _places(numbers: Table, whole: bool) -> list[Row]:
    if whole:
        return [district.total for district in numbers.districts]
    return [row for district in numbers.districts for row in district.communes]


def _row(row: Row, shown: Callable[[int], str]) -> tuple[str, ...]:
    return (row.name, *(shown(cell) if cell else "–" for cell in row.cells), shown(row.people))


def _money(paper: Any, form: PartyForm, balance: Balance) -> None:
    planned = [line for line in balance.lines if line.row]
    if not planned:
        docx.body(paper, form, "Chưa ghi kinh phí.")
        return
    rows = [
        (
            line.source.name,
            vn_number(line.row.each) if line.row.each else "–",
            line.row.goods or "–",
            vn_number(line.promised_gifts + line.given_gifts),
            vn_number(line.row.budget) if line.row.budget else "–",
        )
        for line in planned
    ]
    gifts = sum(line.promised_gifts + line.given_gifts for line in planned)
    rows.append(("Tổng số", "", "", vn_number(gifts), vn_number(sum(line.budget for line in planned))))
    heads = ("Nguồn", "Tiền mỗi suất (đồng)", "Hiện vật mỗi suất", "Số suất", "Dự toán (đồng)")
    docx.grid(paper, form, heads, rows, (42, 30, 43, 18, 32), names=(0,))


def _delegations(plan: GratitudePlan) -> list[Delegation]:
    rows = plan.delegations.exclude(state=Delegation.State.CANCELLED).select_related("unit")
    stops = Count("stops", filter=Q(stops__state=PlanEntry.State.PLANNED))
    return list(rows.annotate(number=stops).order_by("on", "pk"))


def _table_of_delegations(paper: Any, form: PartyForm, delegations: Sequence[Any]) -> None:
    rows = [
        (
            row.name,
            ", ".join(part for part in (row.leader, row.leader_title) if part),
            vn_date(row.on),
            vn_number(row.number),
        )
        for row in delegations
    ]
    docx.grid(paper, form, ("Đoàn", "Trưởng đoàn", "Ngày đi", "Số người thăm"), rows, (55, 60, 25, 25), names=(0, 1))


def names_file(
    plan: GratitudePlan,
    entries: Any,
    *,
    by: str,
    purpose: str,
    now: datetime,
    demo: bool,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[bytes, int]:
    """The list of names: birth year, commune, form. No money, no health, nothing sealed.

    Args:
        entries: as they are to stand there, with person__residence__parent loaded.
        step: told how much is done, (done, total); may raise to stop.

    Returns: the file and how many lines it has.
    """
    made = Made(now, demo)
    form = made.form
    paper = docx.new_paper(form, title=ANNEX, moment=made.moment, demo=demo)
    docx.line(paper, ANNEX.upper(), form.parts.body.pt, align=docx.CENTRE, bold=True)
    docx.line(paper, plan.title, form.parts.body.pt, align=docx.CENTRE, italic=True)
    docx.line(
        paper, f"Lập bởi {by}, lúc {vn_datetime(now)}. Mục đích: {purpose}.", form.parts.table.pt, align=docx.CENTRE
    )
    docx.line(
        paper, "Có dữ liệu cá nhân: chỉ dùng cho mục đích trên, hủy khi xong.", form.parts.table.pt, align=docx.CENTRE
    )
    docx.line(paper, "", form.parts.table.pt)
    found = list(entries)
    done = 0
    # A table a district: the package takes the longer for a row, the longer the table is.
    for district, of_district in groupby(found, key=_district_of):
        rows: list[tuple[str, ...]] = []
        for commune, group in groupby(of_district, key=lambda entry: entry.person.residence.name):
            rows.append((commune,))
            for entry in group:
                done += 1
                rows.append(_line_of(done, entry))
        docx.body(paper, form, district, keep_with_next=True, after_pt=6).runs[0].bold = True
        heads = ("STT", "Họ và tên", "Năm sinh", "Thôn, làng", "Hình thức")
        docx.grid(paper, form, heads, rows, (12, 55, 28, 40, 30), names=(1, 3, 4))
        step(done, len(found))
    return docx.write_bytes(paper), len(found)


def _district_of(entry: PlanEntry) -> str:
    commune = entry.person.residence
    return (commune.parent or commune).name


def _line_of(number: int, entry: PlanEntry) -> tuple[str, ...]:
    person = entry.person
    born = str(person.birth_year or "")
    words = f"khoảng {born}" if born and person.birth_is_estimated else born or "chưa rõ"
    return (str(number), person.full_name, words, person.hamlet, str(Honour(entry.form).label))
