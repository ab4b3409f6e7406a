"""Lists for signature: one commune a page, what each source gives, room to sign, the sums by source.

Name and hamlet, gift and signature; nothing of health, circumstances, telephone or ID number.
"""

from collections.abc import Callable, Iterable

from docx.document import Document as Paper
from docx.shared import Pt

from directive_tracker.vietnamese import vn_date, vn_number
from tasks.exports import docx
from tasks.exports.party_form import PartyForm
from units.models import Area
from veterans.models import Delegation, Gift, GratitudePlan
from veterans.papers import frame, reading

TITLE = "Danh sách ký nhận quà"
HEADS = ("TT", "Họ và tên", "Thôn, làng, tổ", "Nguồn", "Số tiền (đồng)", "Hiện vật", "Người nhận ký")
WIDTHS = (11, 50, 46, 45, 32, 43, 40)
SIGNERS = ("Người lập", "Người trao", "Xác nhận của địa phương")


def _nothing(done: int, total: int) -> None:
    """Nobody asks how far it is."""


def of_plan(
    user, plan: GratitudePlan, mark: frame.Mark, step: Callable[[int, int], None] = _nothing
) -> tuple[bytes, int]:
    """The lists of a plan. Returns the file and how many people stand in it. plan.campaign and plan.unit are loaded."""
    return _lists(reading.promised_in(user, plan), plan.unit.name, plan.campaign.name, mark, step)


def of_delegation(user, delegation: Delegation, mark: frame.Mark) -> tuple[bytes, int]:
    """The lists that a delegation takes along. delegation.plan.campaign and delegation.unit are loaded."""
    gifts = reading.promised_on(user, delegation, reading.stops_on_paper(user, delegation))
    gifts = sorted(gifts, key=lambda gift: _first_place(gift, gifts))
    words = f"{delegation.plan.campaign.name} – {delegation.name}, ngày {vn_date(delegation.on)}"
    return _lists(gifts, delegation.unit.name, words, mark, _nothing)


def _first_place(gift: Gift, gifts: list[Gift]) -> int:
    """Where the delegation comes into the gift's commune for the first time; a commune stands on one list."""
    return next(place for place, each in enumerate(gifts) if each.person.residence_id == gift.person.residence_id)


def _lists(
    gifts: list[Gift], organ: str, occasion: str, mark: frame.Mark, step: Callable[[int, int], None]
) -> tuple[bytes, int]:
    form = frame.across(mark)
    paper = frame.begin(form, mark, title=TITLE)
    communes = list(reading.by_commune(gifts))
    for number, (commune, rows) in enumerate(communes):
        step(number, len(communes))
        _commune(paper, form, commune, rows, organ=organ, occasion=occasion, new_page=bool(number))
    if not communes:
        frame.heading(paper, organ, TITLE, (occasion,))
        docx.line(paper, "Không có suất quà nào chờ trao.", 13, align=docx.CENTRE, italic=True)
    if len(communes) > 1:
        frame.heading(paper, organ, "Cộng các xã theo nguồn", (occasion,), new_page=True)
        _sums(paper, form, gifts)
    return frame.end(paper, mark), len({gift.person_id for gift in gifts})


def _commune(
    paper: Paper, form: PartyForm, commune: Area, gifts: list[Gift], *, organ: str, occasion: str, new_page: bool
) -> None:
    place = f"{commune.name}, {frame.lower_first(commune.parent.name)}" if commune.parent else commune.name
    frame.heading(paper, organ, TITLE, (place, occasion), new_page=new_page)
    rows = [
        [
            str(number),
            gift.person.full_name,
            gift.person.hamlet or "–",
            _source(gift),
            vn_number(gift.money) if gift.money else "–",
            gift.goods or "–",
            "",
        ]
        for number, gift in enumerate(gifts, start=1)
    ]
    frame.room_to_sign(frame.aligned(docx.grid(paper, form, HEADS, rows, WIDTHS), "clllrll"))
    _sums(paper, form, gifts)
    _signers(paper, form)


def _source(gift: Gift) -> str:
    return f"{gift.source} ({gift.get_kind_display().lower()})" if gift.kind != Gift.Kind.GIFT else str(gift.source)


def sums_of(gifts: Iterable[Gift]) -> list[tuple[str, int, int, int]]:
    """By source: its name, how many gifts, how much money (đồng), how many with goods."""
    found: dict[str, list[int]] = {}
    for gift in gifts:
        sums = found.setdefault(_source(gift), [0, 0, 0])
        sums[0] += 1
        sums[1] += gift.money
        sums[2] += bool(gift.goods)
    return [(name, *sums) for name, sums in found.items()]  # type: ignore[misc]


def _sums(paper: Paper, form: PartyForm, gifts: list[Gift]) -> None:
    rows = sums_of(gifts)
    lines = [f"{name}: {_sum_words(count, money, goods)}" for name, count, money, goods in rows]
    total = _sum_words(len(gifts), sum(gift.money for gift in gifts), sum(bool(gift.goods) for gift in gifts))
    first = docx.line(paper, f"Cộng: {total}.", 12, bold=True)
    first.paragraph_format.space_before = Pt(6)
    if len(lines) > 1:
        docx.line(paper, f"Trong đó: {'; '.join(lines)}.", 12)
    elif lines:
        docx.line(paper, f"Nguồn: {lines[0]}.", 12)


def _sum_words(count: int, money: int, goods: int) -> str:
    if goods and not money:
        return f"{vn_number(count)} suất hiện vật"
    parts = [f"{vn_number(count)} suất", f"{vn_number(money)} đồng"]
    return ", ".join([*parts, f"{vn_number(goods)} suất có hiện vật"] if goods else parts)


def _signers(paper: Paper, form: PartyForm) -> None:
    """Who answers for the list, beside each other."""
    gap = docx.line(paper, "", 6)
    gap.paragraph_format.keep_with_next = True
    width = form.page.text_mm / len(SIGNERS)
    [row] = docx.bare_table(paper, [width] * len(SIGNERS)).rows
    for cell, words in zip(row.cells, SIGNERS, strict=True):
        docx.line(cell.paragraphs[0], words.upper(), 12, align=docx.CENTRE, bold=True)
        docx.line(cell, "(ký, ghi rõ họ tên)", 11, align=docx.CENTRE, italic=True)
