"""The sheet that a delegation takes along: who goes, whom it calls on in which order, what has to be brought along.

No money, no telephone, no health, no circumstances, no ID number stands on it.
"""

from itertools import groupby

from docx.shared import Pt

from directive_tracker.vietnamese import vn_date, vn_weekday
from tasks.exports import docx
from veterans.models import Delegation
from veterans.papers import frame, reading
from veterans.protection.exporting import needs

HEADS = ("TT", "Họ và tên", "Năm sinh", "Xã, thôn", "Hình thức", "Khi đến thăm", "Ghi của đoàn")
WIDTHS = (11, 44, 20, 52, 38, 42, 55)
ASK_FIRST = "hỏi lại thôn, gia đình trước khi đến"


def sheet(user, delegation: Delegation, mark: frame.Mark) -> tuple[bytes, int]:
    """The file, and how many people stand in it. delegation.plan.campaign and delegation.unit are loaded."""
    stops = reading.stops_on_paper(user, delegation)
    form = frame.across(mark)
    paper = frame.begin(form, mark, title="Phiếu của đoàn thăm")
    frame.heading(paper, delegation.unit.name, "Phiếu của đoàn thăm", (delegation.name, delegation.plan.campaign.name))
    for name, text in _facts(delegation):
        frame.named(paper, name, text)
    communes = [
        commune.name for commune, _ in groupby((stop.person.residence for stop in stops), key=lambda area: area)
    ]
    route = frame.named(paper, "Đường đi", " → ".join(communes) or "chưa chọn người đến thăm")
    route.paragraph_format.space_after = Pt(6)
    rows = []
    for number, stop in enumerate(stops, start=1):
        person = stop.person
        place = ", ".join(part for part in (person.hamlet, person.residence.name) if part)
        bring = "; ".join(part for part in (needs(person), ASK_FIRST if stop.note else "") if part)
        rows.append([str(number), person.full_name, frame.year_words(person), place, stop.forms, bring or "–", ""])
    frame.room_to_sign(frame.aligned(docx.grid(paper, form, HEADS, rows, WIDTHS), "clcllll"), height_mm=9)
    total = docx.line(paper, f"Cộng: {len(stops)} người, {len(set(communes))} xã, phường, thị trấn.", 12, bold=True)
    total.paragraph_format.space_before = Pt(6)
    return frame.end(paper, mark), len(stops)


def _facts(delegation: Delegation) -> list[tuple[str, str]]:
    leader = ", ".join(part for part in (delegation.leader, delegation.leader_title) if part)
    day = f"{vn_weekday(delegation.on)}, {vn_date(delegation.on)}"
    start = ", ".join(
        part
        for part in (
            day,
            f"{delegation.starts_at:%H:%M}" if delegation.starts_at else "",
            f"từ {delegation.starts_from}" if delegation.starts_from else "",
        )
        if part
    )
    members = "; ".join(", ".join(part for part in (row.name, row.title) if part) for row in delegation.members.all())
    rows = [("Trưởng đoàn", leader), ("Thành viên", members), ("Đi", start), ("Xe", delegation.vehicle)]
    return [row for row in [*rows, ("Ghi chú", delegation.note)] if row[1]]
