"""Phiếu thông tin: everything that is kept about one person, for the person; on a page and as a Word file.

It opens every sensitive value, so whoever makes it asks for the right and the purpose first and writes the log.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from directive_tracker.vietnamese import ZONE, vn_date, vn_datetime, vn_number
from records.models import AuditEvent
from records.sentences import sentence
from tasks.exports import docx
from tasks.exports.party_form import form_for
from veterans import sensitive
from veterans.enums import SensitiveKind
from veterans.models import Gift, Person
from veterans.sensitive_words import shown
from veterans.verbs import READS

TITLE = "Phiếu thông tin của người trong danh sách tri ân"


@dataclass(frozen=True)
class Part:
    """One table of the sheet; a table without rows says so."""

    heading: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]
    widths: tuple[int, ...]


def parts_of(person: Person, *, facts: list[tuple[str, str]]) -> list[Part]:
    """Everything that is known. Errors: crypto.Unreadable."""
    return [
        Part(
            "Thông tin chung", ("Mục", "Nội dung"), [("Họ và tên", person.full_name), *facts, *_more(person)], (55, 110)
        ),
        Part("Đối tượng", ("Đối tượng", "Giấy tờ, số, nơi cấp", "Người làm chứng"), _categories(person), (45, 80, 40)),
        Part("Liên hệ, thông tin nhạy cảm", ("Mục", "Nội dung"), _sensitive(person), (55, 110)),
        Part("Bản chụp giấy tờ đang lưu", ("Loại", "Thêm ngày", "Người thêm"), _scans(person), (75, 40, 50)),
        Part("Ý kiến về dữ liệu", ("Về việc", "Trả lời", "Ai, cách nào", "Ngày"), _consents(person), (55, 25, 60, 25)),
        Part("Xác minh", ("Bước", "Kết luận, lý do", "Ai, khi nào"), _steps(person), (35, 80, 50)),
        Part("Nguyện vọng, kế hoạch", ("Mục", "Nội dung"), _plans(person), (55, 110)),
        Part("Thăm hỏi, quà", ("Ngày", "Đoàn", "Quà", "Người nhận"), _visits(person), (25, 50, 60, 30)),
        Part("Yêu cầu về dữ liệu", ("Yêu cầu", "Nhận ngày", "Tình trạng, kết quả"), _requests(person), (55, 25, 85)),
        Part("Ai đã ghi, đã sửa gì", ("Khi nào", "Ai", "Việc"), _history(person), (35, 45, 85)),
    ]


def _more(person: Person) -> list[tuple[str, str]]:
    rows = [
        ("Chuyển đến", person.moved_to),
        ("Kết luận xác minh", person.get_finding_display() if person.finding else ""),
        ("Lý do của kết luận", person.finding_reason),
        ("Đề nghị xem lại", person.review_asked),
        ("Tin từ trần đang chờ xác nhận", person.death_source if person.death_waits else ""),
        ("Lý do đưa khỏi danh sách", person.removal_reason),
        ("Ý kiến khác về việc đưa khỏi danh sách", person.removal_contested),
    ]
    return [row for row in rows if row[1]]


def _categories(person: Person) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for row in person.categories.order_by("category"):
        issued = f"cấp {vn_date(row.issued_on)}" if row.issued_on else ""
        rows.append(
            (str(row), ", ".join(part for part in (row.paper, row.number, row.issuer, issued) if part), row.witness)
        )
    return rows


def _sensitive(person: Person) -> list[tuple[str, ...]]:
    found = sensitive.read(person, SensitiveKind.values)
    return [(str(label), shown(kind, found[kind])) for kind, label in SensitiveKind.choices if kind in found]


def _scans(person: Person) -> list[tuple[str, ...]]:
    rows = person.scans.select_related("added_by")
    return [(row.get_kind_display(), vn_date(row.added_at.astimezone(ZONE).date()), str(row.added_by)) for row in rows]


def _consents(person: Person) -> list[tuple[str, ...]]:
    return [
        (
            row.get_purpose_display(),
            "đồng ý" if row.given else "không đồng ý",
            ", ".join(part for part in (row.said_by, row.get_way_display(), row.witness) if part),
            vn_date(row.on),
        )
        for row in person.consents.order_by("pk")
    ]


def _steps(person: Person) -> list[tuple[str, ...]]:
    return [
        (
            row.get_level_display(),
            ": ".join(part for part in (row.get_finding_display() or row.get_kind_display(), row.reason) if part),
            f"{row.by}, {vn_datetime(row.at)}",
        )
        for row in person.verification_steps.select_related("by").order_by("pk")
    ]


def _plans(person: Person) -> list[tuple[str, ...]]:
    wishes = ", ".join(str(row) for row in person.wishes.all())
    rows: list[tuple[str, ...]] = [("Nguyện vọng", wishes)] if wishes else []
    entries = person.plan_entries.select_related("plan")
    rows += [(row.plan.title, f"{row.get_form_display()}: {row.get_state_display().lower()}") for row in entries]
    waiting = person.gifts.filter(state=Gift.State.PROMISED).select_related("source")
    return rows + [("Suất quà sẽ trao", _gift(gift)) for gift in waiting]


def _visits(person: Person) -> list[tuple[str, ...]]:
    return [
        (
            vn_date(row.on),
            row.unit.short_name,
            "; ".join(part for part in (*(_gift(gift) for gift in row.gifts.all()), row.note) if part),
            row.received_by or ("gia đình" if row.to_family else "chính người được thăm"),
        )
        for row in person.visits.select_related("unit").prefetch_related("gifts__source")
    ]


def _gift(gift: Gift) -> str:
    what = ", ".join(part for part in (f"{vn_number(gift.money)} đồng" if gift.money else "", gift.goods) if part)
    return f"{gift.source}: {what}"


def _requests(person: Person) -> list[tuple[str, ...]]:
    return [
        (
            ": ".join(part for part in (row.get_kind_display(), row.words) if part),
            vn_date(row.received_on),
            ": ".join(part for part in (row.get_state_display(), row.outcome) if part),
        )
        for row in person.data_requests.order_by("pk")
    ]


def _history(person: Person) -> list[tuple[str, ...]]:
    """Who wrote what: the names of the fields, as the log keeps them."""
    events = AuditEvent.objects.about(person).exclude(verb__in=READS).select_related("actor", "acting_for")
    rows: list[tuple[str, ...]] = []
    for event in events.order_by(F("pk").asc()):
        told = sentence(event)
        rows.append((told.when, told.actor, "; ".join(part for part in (told.what, told.details) if part)))
    return rows


def word_file(person: Person, parts: list[Part], *, by: Any, purpose: str, now: datetime, demo: bool) -> bytes:
    """The sheet as a Word file; who made it, when and what for stands at its end."""
    moment = now.astimezone(ZONE)
    form = form_for(moment.date())
    # The file's own properties travel with it: no name there.
    paper = docx.new_paper(form, title=TITLE, moment=moment, demo=demo)
    docx.line(paper, TITLE.upper(), form.parts.body.pt, align=docx.CENTRE, bold=True)
    docx.line(paper, f"Hồ sơ số {person.pk}", form.parts.body.pt, align=docx.CENTRE, italic=True)
    for part in parts:
        heading = docx.line(paper, part.heading, form.parts.body.pt, bold=True)
        heading.paragraph_format.keep_with_next = True
        if part.rows:
            docx.grid(paper, form, part.heads, part.rows, part.widths)
        else:
            docx.line(paper, "Không có.", form.parts.table.pt, italic=True)
    docx.line(paper, made_words(by=by, purpose=purpose, now=now), form.parts.table.pt, italic=True)
    return docx.write_bytes(paper)


def made_words(*, by: Any, purpose: str, now: datetime) -> str:
    """Who made the sheet, when and what for."""
    return f"Lập bởi {by}, lúc {vn_datetime(now)}. Mục đích: {purpose}."
