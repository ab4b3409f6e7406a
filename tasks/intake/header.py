"""The head of a document: who issued it, number, place and day, kind, subject, to whom."""

import re
from dataclasses import dataclass, replace

from tasks.intake.bodies import Bodies
from tasks.intake.lines import Line
from tasks.intake.proposal import Header
from tasks.intake.words import key_of

# Kinds of documents as they are printed in the middle of the page; NĐ 30/2020/NĐ-CP Điều 7, Quy định 399-QĐ/TW.
TYPES = (
    "Nghị quyết",
    "Quyết định",
    "Chỉ thị",
    "Quy chế",
    "Quy định",
    "Quy ước",
    "Thông cáo",
    "Thông báo",
    "Thông tri",
    "Hướng dẫn",
    "Chương trình",
    "Kế hoạch",
    "Phương án",
    "Đề án",
    "Dự án",
    "Báo cáo",
    "Tờ trình",
    "Kết luận",
    "Công điện",
    "Công văn",
    "Biên bản",
    "Bản ghi nhớ",
    "Giấy mời",
    "Thông tư",
    "Thông tư liên tịch",
    "Nghị định",
    "Tuyên bố",
    "Lời kêu gọi",
    "Báo cáo kết quả",
)
_TYPES = {key_of(kind): kind for kind in TYPES}
# A document of several words whose kind is the first: "CHƯƠNG TRÌNH HÀNH ĐỘNG", "THÔNG BÁO KẾT LUẬN", "HƯỚNG DẪN LIÊN NGÀNH".
_LONGER = re.compile(
    r"(chương trình hành động|chương trình phối hợp|thông báo kết luận|hướng dẫn liên ngành|kế hoạch liên tịch|kế hoạch phối hợp|kế hoạch hành động|quy chế phối hợp)"
)
_MOTTO = re.compile(
    r"cộng hòa xã hội chủ nghĩa việt nam|độc lập\s*[-–—]?\s*tự do\s*[-–—]?\s*hạnh phúc|đảng cộng sản việt nam|đoàn (?:tncs|thanh niên cộng sản) hồ chí minh$",
    re.I,
)
# The words of those lines one by one, for lines that break them.
_MOTTO_WORDS = [
    words.split()
    for words in (
        "cộng hòa xã hội chủ nghĩa việt nam",
        "độc lập tự do hạnh phúc",
        "đảng cộng sản việt nam",
    )
]
_NUMBER = re.compile(r"^(?:Số|SỐ)\s*[:.]?\s*(.*)$")
_NUMBER_SHAPE = re.compile(r"^\d{1,6}[A-Za-z]?(?:/\d{4})?[/\-][A-ZĐƯa-zđư0-9&./\-]+$")
_BLANK_NUMBER = re.compile(r"^[\s.…_]*[/\-]")
_PLACE_DATE = re.compile(
    r"^(?P<place>[^\d,;:]{2,40}?)\s*,?\s*ngày\s*(?P<d>\d{1,2}|[\s.…_]*)\s*tháng\s*(?P<m>\d{1,2}|[\s.…_]*)\s*năm\s*(?P<y>\d{4}|\d{0,3}[\s.…_]*)\s*$",
    re.I,
)
_NUMBER_THEN_PLACE = re.compile(r"^(?P<number>\S+)\s+(?P<rest>[^\W\d].*\bngày\b.*)$")
_BROKEN_DATE = re.compile(r"^[^\d,;:]{2,40},\s*ngày\b[\s\d.…]*(?:tháng\b[\s\d.…]*(?:năm\s*)?)?$", re.I)
_GOES_ON_DATE = re.compile(r"^(?:[\d.…]+\s*)?(?:tháng|năm)\b|^(?:\d{1,2}|\d{4})\b", re.I)
_PLACE_BEGINS = re.compile(r"(?:[A-ZĐÂĂÊÔƠƯ][^\W\d_A-Z]*(?:\s+[-–]\s+|\s*)){1,4}")
_SUBJECT = re.compile(r"^(?:V/v|V/V|Về việc|VỀ VIỆC|Vv)\s*[:.]?\s*(.*)$")
_TO = re.compile(r"^\W*(?:Kính gửi\s*[:;]?|[^:]{3,80}\bđiện\s*:)\s*(.*)$", re.I)
_BULLET = re.compile(r"^[-–—+*•]\s*")
_PREAMBLE = re.compile(
    r"^(?:Căn cứ|Thực hiện|Triển khai|Để|Theo|Xét|Sau khi|Nhằm|Qua|Tiếp theo|Ngày|Trong|Trên cơ sở|Vừa qua|Thời gian|Năm|Tại|Trước|Những|Với|Hội nghị|Liên ngành|Sở|Cục|Đảng ủy|Huyện ủy|Tỉnh ủy|Thường trực|Được|Hưởng ứng|Phúc đáp|Ban |Bộ |UBND|Ủy ban|Hiện nay)\b"
)
_GROUNDS = re.compile(r"^(?:Căn cứ|Xét|Theo|Thực hiện)\b")
_DECIDES = re.compile(
    r"(?:CHỦ TỊCH|[ỦU][YỶ] BAN|UBND|BỘ TRƯỞNG|BỘ\b|THỦ TƯỚNG|CHÍNH PHỦ|GIÁM ĐỐC|TỔNG GIÁM ĐỐC|HỘI ĐỒNG|HĐND|CỤC TRƯỞNG|TỔNG CỤC|CHÁNH|THỐNG ĐỐC|QUỐC HỘI"
    r"|TỔNG|VIỆN TRƯỞNG|TRƯỞNG BAN|BAN\b|HIỆU TRƯỞNG|TỈNH ỦY|HUYỆN ỦY|THÀNH ỦY|SỞ\b)"
)
_TIED = re.compile(r"(?:\b(?:của|và|tại|cho|do|với|giữa|bởi|thuộc|về|các)|[,\-–])\s*$")
_FIRST_ITEM = re.compile(r"^(?:[IVX]{1,4}|\d{1,2}|A)\s*(?:[.)/]|[-–])\s")
_BY_DECISION = re.compile(r"^\(?\s*(?:Ban hành )?(?:kèm theo|Kèm theo)\b", re.I)
# How urgent it is, and what kind of copy.
_STAMP = re.compile(
    r"hỏa tốc(?: hẹn giờ)?|thượng khẩn|khẩn|dự thảo|bản sao|sao y|sao lục|chính thức|tài liệu phục vụ.*"
)
_JOINT = re.compile(r"^liên (?:ngành|sở|tịch)\b")
_STARRED = re.compile(r"^\*+$")
_AREA_LINE = re.compile(
    r"^(?:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu|việt nam|trung ương|khu vực|về|khóa)\b(?!\s*(?:ủy|uỷ|đoàn))",
    re.I,
)
_HEAD_LINES = 60
# A line of a subject that is broken is at least so long.
_LONG_LINE = 50


@dataclass(frozen=True)
class Head:
    """What was read of the head. body: index of the first line of the text proper."""

    header: Header
    recipients: tuple[str, ...]
    body: int
    has_recipients: bool


def read_head(lines: list[Line]) -> Head:
    """Read the lines from the top to where the text begins."""
    to_line = _first(lines, lambda line: _TO.match(line.text) is not None, _HEAD_LINES)
    type_line = _first(lines, lambda line: type_of(line.text) is not None, _HEAD_LINES if to_line is None else to_line)
    stop = to_line if to_line is not None else None
    if type_line is not None and (stop is None or type_line < stop):
        stop = type_line
    if stop is None:
        stop = _text_begins(lines)
    seen = _Block()
    for line in lines[:stop]:
        seen.take(line)
    header = seen.header()
    body = stop
    if type_line is not None:
        subject, body = _subject_below(lines, type_line + 1)
        header = replace(header, type=type_of(lines[type_line].text) or header.type, subject=subject or header.subject)
        if to_line is not None and to_line < body:
            body = to_line
    recipients: tuple[str, ...] = ()
    if to_line is not None:
        recipients, body = _recipients(lines, to_line)
    return Head(header, recipients, body, to_line is not None)


def type_of(text: str) -> str | None:
    """The kind of document a line names in capitals, or None."""
    words = text.strip(" :.*")
    if not words.isupper() or len(words) > 60:
        return None
    key = key_of(" ".join(words.split()))
    if key in _TYPES:
        return _TYPES[key]
    longer = _LONGER.match(key)
    if longer is None:
        return None
    return next(kind for name, kind in sorted(_TYPES.items(), key=lambda pair: -len(pair[0])) if key.startswith(name))


def _first(lines: list[Line], wanted, most: int) -> int | None:
    return next((place for place, line in enumerate(lines[:most]) if wanted(line)), None)


def _text_begins(lines: list[Line]) -> int:
    """The first line of a document without kind and addressees."""
    for place, line in enumerate(lines[:_HEAD_LINES]):
        text = line.text
        if _FIRST_ITEM.match(text):
            return place
        if (
            _MOTTO.search(key_of(text))
            or text.isupper()
            or _NUMBER.match(text)
            or _PLACE_DATE.match(text)
            or _SUBJECT.match(text)
        ):
            continue
        if len(text) > 60 or text.endswith(":") or _PREAMBLE.match(text):
            return place
    return 0


class _Mottos:
    """Takes the country's name and motto out of the lines of a head, also where a line or a column's edge breaks them."""

    def __init__(self) -> None:
        self._waiting: list[str] = []

    def without(self, text: str) -> list[str]:
        """What a line says besides them."""
        words = re.findall(r"\w+", key_of(text))
        if not words:
            return []
        for whole in [self._waiting, *_MOTTO_WORDS]:
            # "việt nam" alone goes on with what began above; nothing begins with it.
            if whole and words == whole[: len(words)]:
                self._waiting = whole[len(words) :]
                return []
        self._waiting = []
        found = _MOTTO.search(key_of(text))
        if found is None:
            return [text]
        return [part.strip() for part in (text[: found.start()], text[found.end() :]) if part.strip(" -–—*")]


class _Block:
    """The lines above kind or addressees, in up to two columns."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.number: str | None = None
        self.place: str | None = None
        self.date: str | None = None
        self.subject: list[str] = []
        self.subject_column = 0
        self.numbered = False
        self.mottos = _Mottos()
        self.broken = ""  # the beginning of "Hà Nội, ngày 14 | tháng 5 năm 2013"
        self.last = ""

    def take(self, line: Line) -> None:
        for column, text in line.columns:
            for part in re.split(r"\s*\|\s*", text):
                for rest in self.mottos.without(part) if part else ():
                    self._take(column, rest)
                    self.last = rest

    def _take(self, column: int, text: str) -> None:
        if _STARRED.match(text) or _STAMP.fullmatch(key_of(text).strip(" ()*")):
            return
        if self.broken and _GOES_ON_DATE.match(text):
            text, self.broken = f"{self.broken} {text}", ""
        dated = _PLACE_DATE.match(text)
        number = _NUMBER.match(text)
        subject = _SUBJECT.match(text)
        if dated:
            self._date(dated)
            self.broken = text if not dated["y"].strip(" .…_") else ""
        elif _BROKEN_DATE.match(text):
            self.broken = text
            self._place(text.split(",")[0])
        elif number and not self.numbered:
            inner = _NUMBER_THEN_PLACE.match(number[1])
            self._number(inner["number"] if inner else number[1])
            if inner:
                self._take(column + 30, inner["rest"])
        elif self.numbered and self.number is None and not self.subject and _NUMBER_SHAPE.match(_closed(text)):
            self.number = _closed(text)
        elif subject:
            self.subject, self.subject_column = [subject[1]], column
        elif self.subject and (not text.isupper() or text[:1].isdigit()) and abs(column - self.subject_column) < 30:
            self.subject.append(text)
        elif text.isupper() and not self.numbered:
            self._body(text)

    def _date(self, found: re.Match[str]) -> None:
        self._place(found["place"])
        parts = [found[name].strip() for name in "ymd"]
        if all(part.isdigit() for part in parts) and 1 <= int(parts[1]) <= 12 and 1 <= int(parts[2]) <= 31:
            self.date = f"{int(parts[0]):04d}-{int(parts[1]):02d}-{int(parts[2]):02d}"

    def _place(self, text: str) -> None:
        if self.place is not None and self.place.endswith(text.strip(" ,.")):
            return
        before = self.last if _PLACE_BEGINS.fullmatch(self.last) and not _SUBJECT.match(self.last) else ""
        if before and self.subject and self.subject[-1] == before:
            self.subject.pop()
        self.place = f"{before} {text}".strip(" ,.")

    def _number(self, rest: str) -> None:
        self.numbered = True
        inner = re.split(r"\s{3,}", rest)[0]
        if not _BLANK_NUMBER.match(inner):
            words = _closed(inner)
            self.number = words if _NUMBER_SHAPE.match(words) else None

    def _body(self, text: str) -> None:
        text = text.strip(" *-–—")
        if not text:
            return
        bodies = Bodies(text)
        starts_body = _JOINT.match(key_of(text)) is not None or (
            not _AREA_LINE.match(text) and bodies.name_at(0) is not None
        )
        above = self.bodies[-1] if self.bodies else ""
        if (
            above
            and (not starts_body or Bodies(above).name_at(0) is None)
            and not (starts_body and _JOINT.match(key_of(text)))
        ):
            self.bodies[-1] += f" {text}"
        else:
            self.bodies.append(text)

    def header(self) -> Header:
        subject = " ".join(" ".join(self.subject).split()).strip(" .;") or None
        return Header(
            type="Công văn",
            issuer=self.bodies[-1] if self.bodies else None,
            number=self.number,
            date=self.date,
            place=self.place,
            subject=subject,
            parent_body=" ".join(self.bodies[:-1]) or None,
        )


def _closed(text: str) -> str:
    """A number without blanks."""
    return re.sub(r"\s", "", text).rstrip(".,;")


def _shouted(text: str) -> bool:
    """Whether a line is in capitals, or of figures only."""
    return text.isupper() or (text.lstrip("-– ")[:1].isdigit() and text == text.upper())


def _authority(lines: list[Line], at: int, above: str) -> bool:
    """Whether the body that decides is named here, above its grounds: "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH …", "Căn cứ …"."""
    if (
        not lines[at].text.isupper()
        or _AREA_LINE.match(lines[at].text)
        or _TIED.search(key_of(above))
        or Bodies(lines[at].text).name_at(0) is None
    ):
        return False
    if not _DECIDES.match(lines[at].text):
        return False
    below = next((line.text for line in lines[at + 1 : at + 4] if not line.text.isupper()), "")
    apart = any(line.after_gap and line.text.isupper() for line in lines[at + 1 : at + 3])
    return _GROUNDS.match(below) is not None and not apart


def _subject_below(lines: list[Line], at: int) -> tuple[str | None, int]:
    """The lines under the kind that say what it is about, and the line after them."""
    parts: list[str] = []
    while at < len(lines):
        text = lines[at].text
        if _TO.match(text) or _BY_DECISION.match(text) or _PLACE_DATE.match(text) or _NUMBER.match(text):
            break
        if not parts:
            if _FIRST_ITEM.match(text) or len(text) > 400 or (not text.isupper() and text.endswith((":", ";", "."))):
                return None, at
        elif not (_subject_goes_on(parts, lines[at]) or _above_a_gap(lines, at, parts[-1])) or _authority(
            lines, at, parts[-1]
        ):
            break
        parts.append(text)
        at += 1
    subject = " ".join(" ".join(parts).split())
    subject = re.sub(r"^(?:V/v|V/V|Về việc|VỀ VIỆC|Về|VỀ)\s*[:.]?\s+", "", subject).strip(" .;")
    while at < len(lines) and _BY_DECISION.match(lines[at].text):
        at += 1
        while (
            at < len(lines) and not lines[at - 1].text.rstrip().endswith(")") and lines[at].text.rstrip().endswith(")")
        ):
            at += 1
    return subject or None, at


def _above_a_gap(lines: list[Line], at: int, above: str) -> bool:
    """Whether lines without an end of a sentence follow one another down to an empty line, behind which the text begins."""
    if lines[at].after_gap or len(above) < _LONG_LINE or above.endswith((".", ":", ";")):
        return False
    for line in lines[at : at + 4]:
        if line.after_gap:
            return True
        if line.text.endswith((".", ":", ";", ",")) or line.text.isupper() or len(line.text) > len(above) * 1.4:
            return False
    return False


def _subject_goes_on(parts: list[str], line: Line) -> bool:
    text = line.text
    if _shouted(parts[-1]):
        if text[:1].islower():
            return not line.after_gap  # "CỦA BAN CHẤP HÀNH …", then "về …"
        return _shouted(text) and not line.after_gap and not _FIRST_ITEM.match(text)
    if text.isupper() or line.after_gap or _FIRST_ITEM.match(text) or _SUBJECT.match(text):
        return False
    if parts[-1].endswith((".", ":", ";")):
        return False
    return (
        text[:1].islower()
        or text[:1] in '(“"'
        or text[:1].isdigit()
        or (not _PREAMBLE.match(text) and len(text) < 90 and len(parts[-1]) > 40)
    )


def _recipients(lines: list[Line], at: int) -> tuple[tuple[str, ...], int]:
    """The entries under "Kính gửi", and the line after them."""
    found: list[str] = []
    inline = _TO.match(lines[at].text)[1].strip()  # type: ignore[index]
    if inline:
        found.append(inline)
    bulleted = False
    place = at + 1
    while place < len(lines):
        text = lines[place].text
        if _BULLET.match(text):
            bulleted = True
            found.append(_BULLET.sub("", text))
        elif not _entry_goes_on(found, lines[place], bulleted):
            break
        elif found and not found[-1].rstrip().endswith((";", ".")) and (bulleted or text[:1].islower()):
            found[-1] += f" {text}"
        else:
            found.append(text)
        place += 1
    entries: list[str] = []
    for one in found:
        entries += [part for part in one.split(";") if part.strip()]
    return tuple(" ".join(entry.split()).strip(" .,;") for entry in entries if entry.strip(" .,;")), place


def _entry_goes_on(found: list[str], line: Line, bulleted: bool) -> bool:
    text = line.text
    if found and found[-1].rstrip().endswith("."):
        return False
    if _FIRST_ITEM.match(text) or len(text) > 110:
        return False
    if bulleted:
        listed = text.endswith((";", ".")) and not _PREAMBLE.match(text)  # "- Các sở: A,", "B;"
        return (
            (listed or not found[-1].rstrip().endswith(","))
            and not found[-1].rstrip().endswith(";")
            and not line.after_gap
            and not _PREAMBLE.match(text)
        )
    return not (found and (line.after_gap or _PREAMBLE.match(text)) and Bodies(text).name_at(0) is None) and not (
        found and re.match(r"^(?:Căn cứ|Thực hiện|Triển khai|Để|Theo|Xét)\b", text)
    )
