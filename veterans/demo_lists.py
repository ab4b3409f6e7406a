"""What waits in the demo's registry: a list that was sent and checked, a likely pair, a request about data, an answer.

Nobody here exists: names and numbers are invented.
"""

import io
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from records.audit import record
from tasks.errors import Refused
from units.models import Area
from veterans.duplicates import registry
from veterans.importing import checking, taking
from veterans.models import Consent, DataRequest, DuplicatePair, Person, PersonImport
from veterans.people import day_of
from veterans.protection import consents, requests

LIST_SENT, SEARCHED = date(2024, 4, 11), date(2024, 4, 12)
SENDER, LIST_NAME, LIST_AREA = "Ban liên lạc Cựu TNXP huyện Đăk Hà", "DS cuu TNXP Dak Ha (gui Mat tran).xlsx", "615"
# As the sender laid it out: a title, a heading, a section a commune, a total, and two rows that need mending.
LIST = (
    ("BAN LIÊN LẠC CỰU TNXP HUYỆN ĐĂK HÀ",),
    ("DANH SÁCH CỰU THANH NIÊN XUNG PHONG, DÂN CÔNG HỎA TUYẾN",),
    ("TT", "Họ và tên", "Nam/Nữ", "Ngày, năm sinh", "Thôn", "Đối tượng", "Còn sống / đã mất"),
    ("I. Xã Đăk Mar",),
    (1, "Bà Phạm Thị Sâm", "Nữ", 1933, "Thôn 4", "TNXP", "còn sống"),
    (2, "LÊ THỊ NHÀN", "Nữ", "khoảng 1934", "Thôn 1", "TNXP", "còn sống"),
    (3, "Nguyễn Đình Cẩn", "Nam", "19x3", "Thôn 5", "TNXP", "còn sống"),
    ("II. Xã Ngọk Réo",),
    (4, "Y Krăm", "Nữ", 1935, "Làng Kon Bơ Băn", "DCHT", "còn sống"),
    (5, "Ông A Grêng", "Nam", "12/1931", "Làng Kon Rôn", "DCHT", "đã mất 2019"),
    (6, "Đoàn Văn Chất", "Nam", 1932, "Làng Kon Jong", "bảo vệ", "còn sống"),
    ("Cộng: 6 người",),
)

# Who asked what about the own data: name, kind, who asked, in which words, by whom written down, day; answered, done, how.
REQUESTS = (
    (
        "Phạm Thị Sâm",
        DataRequest.Kind.SEE,
        "Phạm Thị Sâm",
        "Xin xem xã đã ghi những gì về mình.",
        "dakha",
        date(2024, 4, 12),
        date(2024, 4, 12),
        date(2024, 4, 17),
        "Đã đưa phiếu thông tin tận nhà, đọc cho bà nghe.",
    ),
)

# Answers about pictures: name, who answered, who was there, by whom written down, day.
PHOTOS = (("Nguyễn Văn Hoà", "Nguyễn Thị Vui, con gái", "Tổ trưởng tổ dân phố 3", "mttq", date(2024, 4, 5)),)

Event = tuple[date, int, int, partial]


def waiting(users: dict) -> Iterator[Event]:
    """(day, hour, minute, what is done at that moment); each raises Refused where a visitor was quicker."""
    yield LIST_SENT, 10, 20, partial(_send, users["dakha"])
    yield SEARCHED, 15, 30, partial(_search, users["mttq"])
    for name, kind, asked_by, words, by, received, answered, done, outcome in REQUESTS:
        user = users[by]
        yield received, 8, 50, partial(_ask, name, kind, asked_by, words, user)
        yield answered, 14, 20, partial(_answer, name, kind, user)
        yield done, 9, 25, partial(_carry_out, name, kind, outcome, user)
    for name, said_by, witness, by, day in PHOTOS:
        yield day, 15, 45, partial(_agree, name, said_by, witness, users[by])


def _send(by, now: datetime) -> None:
    """The list comes, is read and checked, and waits for somebody to import it."""
    if PersonImport.objects.filter(sender=SENDER).exists():
        raise Refused("Danh sách này đã được gửi.")
    book = Workbook()
    sheet = book.active
    sheet.title = "DS 2024"
    for row in LIST:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    checked = taking.accept(SimpleUploadedFile(LIST_NAME, content.getvalue()))
    area = Area.objects.get(code=LIST_AREA)
    found = taking.begin(checked, sender=SENDER, area=area, by=by, now=now)
    record("import.brought", by=by, at=now, target=found)
    checking.check(found, by=by, now=now)


def _search(by, now: datetime) -> None:
    """The registry is looked through for entries of one person."""
    if DuplicatePair.objects.exists():
        raise Refused("Đã tìm rồi.")
    registry.propose(now=now)


def _person(name: str) -> Person:
    """Errors: Refused when a visitor has changed the name or erased the entry."""
    person = Person.objects.on_the_list().filter(full_name=name, created_by__username__in=["mttq", "dakha"]).first()
    if person is None:
        raise Refused("Không còn người này trong bản thử.")
    return person


def _ask(name: str, kind: str, asked_by: str, words: str, by, now: datetime) -> None:
    person = _person(name)
    if person.data_requests.filter(kind=kind).exists():
        raise Refused("Đã ghi yêu cầu.")
    day = day_of(now)
    requests.receive(person, kind=kind, asked_by=asked_by, words=words, received_on=day, by=by, now=now)


def _asked(name: str, kind: str, state: str) -> DataRequest:
    found = _person(name).data_requests.filter(kind=kind, state=state).first()
    if found is None:
        raise Refused("Yêu cầu đã được xử lý.")
    return found


def _answer(name: str, kind: str, by, now: datetime) -> None:
    requests.answer(_asked(name, kind, DataRequest.State.OPEN), by=by, now=now)


def _carry_out(name: str, kind: str, outcome: str, by, now: datetime) -> None:
    requests.carry_out(_asked(name, kind, DataRequest.State.ANSWERED), outcome=outcome, by=by, now=now)


def _agree(name: str, said_by: str, witness: str, by, now: datetime) -> None:
    person = _person(name)
    if person.consents.filter(purpose=Consent.Purpose.PHOTO).exists():
        raise Refused("Đã ghi ý kiến.")
    consents.note(person, purpose=Consent.Purpose.PHOTO, given=True, said_by=said_by, way=Consent.Way.SPOKEN, witness=witness, on=day_of(now), by=by, now=now)  # fmt: skip
