"""Times by which something is to be done, as stated; none is ever worked out that is not printed."""

import calendar
import re
from collections.abc import Iterator
from datetime import date

from tasks.intake.proposal import Deadline, DeadlineKind
from tasks.intake.words import phrases, tokens_of

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_DAY = r"(?P<d>\d{1,2})\s*(?:[/.\-]|\s+tháng\s+)\s*(?P<m>\d{1,2})\s*(?:[/.\-]|,?\s+năm\s+)\s*(?P<y>\d{4})"
# What leads to an end: "trước", "chậm nhất là ngày", "xong trong", "đến hết".
_UNTIL = (
    r"(?:(?:chậm nhất|muộn nhất|hạn chót|hạn cuối)(?:\s+(?:là|vào|đến|trong|trước|:))*|trước|đến hết|hết|đến trước|xong trước|xong trong|xong vào"
    r"|hoàn thành trong|hoàn thành vào|trong|vào|cuối|đến cuối|đến)"
)
_EVERY = r"(?:hàng|hằng|mỗi)\s+(?:ngày|tuần|tháng|quý|năm)(?:\s*(?:,|và|hoặc)\s*(?:hàng |hằng )?(?:tuần|tháng|quý|năm|6 tháng))*"
_HALF = r"(?:6|sáu|06)\s+tháng(?:\s+(?:một lần|1 lần))"

_PATTERNS: tuple[tuple[DeadlineKind, re.Pattern[str]], ...] = (
    (
        DeadlineKind.PERIODIC,
        re.compile(
            rf"(?:(?:{_UNTIL}\s+)?ngày\s+\d{{1,2}}(?:\s*[/.\-]\s*\d{{1,2}}|\s+tháng\s+\d{{1,2}})?(?:\s+(?:của|tháng cuối))*\s+|(?:trước |vào |trong )?tháng\s+\d{{1,2}}\s+)?"
            rf"(?:(?:báo cáo\s+)?định kỳ\s+)?(?:vào\s+)?(?:{_EVERY}|{_HALF}|(?:của )?tháng (?:cuối|đầu)(?: của)?(?: mỗi)? quý(?: sau| tiếp theo)?|định kỳ (?:(?:6|sáu|06|3|ba) tháng|quý|tháng|năm|tuần)\b|định kỳ(?=,?\s+(?:báo cáo|tổng hợp|gửi|sơ kết|đánh giá|cập nhật)))",
            re.I,
        ),
    ),
    (
        DeadlineKind.DATE,
        re.compile(
            rf"(?:{_UNTIL}\s+)?(?:(?:lúc\s+)?\d{{1,2}}\s*(?:giờ|h|g)\s*(?:\d{{2}})?\s*(?:phút)?,?\s+)?(?:(?:sáng|chiều|tối|trưa|đêm)\s+)?(?:ngày\s+)?{_DAY}",
            re.I,
        ),
    ),
    (
        DeadlineKind.QUARTER,
        re.compile(
            rf"(?:{_UNTIL}\s+)?quý\s+(?:(?:IV|III|II|I|[1-4])\s*(?:,|và|-|–)\s*(?:quý\s+)?)*(?P<q>IV|III|II|I|[1-4])\s*(?:[/\-,]\s*|\s+)(?:năm\s+)?(?P<y>\d{{4}})\b",
            re.I,
        ),
    ),
    (
        DeadlineKind.MONTH,
        re.compile(rf"(?:{_UNTIL}\s+)?tháng\s+(?P<m>\d{{1,2}})\s*(?:[/.\-]\s*|,?\s+năm\s+)(?P<y>\d{{4}})\b", re.I),
    ),
    (DeadlineKind.YEAR, re.compile(rf"(?:{_UNTIL}\s+)?(?:cuối\s+)?năm\s+(?P<y>\d{{4}})\b", re.I)),
)
_ENDED = re.compile(
    r"^(?:chậm nhất|muộn nhất|hạn|trước|đến hết|hết|đến trước|xong|hoàn thành trong|hoàn thành vào|trong|cuối|đến cuối|đến ngày|đến|vào)",
    re.I,
)
# A date that belongs to another document, to an event, to a plan or to where something begins.
_OWNED = re.compile(
    r"(?:\b(?:số|luật|nghị định|nghị quyết|quyết định|chỉ thị|công văn|kế hoạch|thông báo|kết luận|hướng dẫn|thông tư|tờ trình|báo cáo|công điện"
    r"|chương trình|văn bản|đề án|pháp lệnh|điều lệ|quy định|quy chế)\s[^.;]{0,90}|\bký\s|\btừ\s|\bkể từ\s|\bsau\s|\bgiai đoạn\s|\bkhóa\s|\bnhiệm kỳ\s"
    r"|\bkỷ niệm\s[^.;]{0,60}|\bquy hoạch\b[^.;,]{0,80}|\bchiến lược\b[^.;,]{0,80}|\btầm nhìn\s|\bmục tiêu\b[^.;,]{0,60})$",
    re.I,
)
# What has been done on a day is not to be done by it.
_PASSED = re.compile(r"\b(?:ban hành|ký|thông qua|có hiệu lực|ra đời)\s*$", re.I)
_OWNED_PERIOD = re.compile(
    r"(?:\b(?:kế hoạch|dự toán|chương trình|ngân sách|chỉ tiêu|mục tiêu|nhiệm vụ|công tác|kinh phí|thu nhập|phân bổ|5 năm|năm năm|trung hạn|dài hạn|phát triển"
    r"|đánh giá|thi đua|xếp loại|khen thưởng|tiêu chí|tổng chi|khám sức khỏe|khám sức khoẻ|giá trị|sản lượng|bình quân|trợ cấp|tỷ lệ|hội nghị|cuộc họp|giao ban|họp)\b[^.;:]{0,14}(?:và|,|hoặc)?\s*)$",
    re.I,
)
_CLAUSE_START = re.compile(r"(?:^|[.;:,(]\s*|[–—-]\s+|\b(?:xong|thành|và|thực hiện|báo cáo|cáo)\s*)$", re.I)
# A comma ends a clause where a whole one stands before it.
_CLAUSE_BREAK = re.compile(r"[^,;.:]{30,},\s*$")
_NAMED_ITSELF = re.compile(r"\bnăm\s+\d{4}$", re.I)
_FROM, _TO = re.compile(r"\s*(?:kể )?từ\b", re.I), re.compile(r"\bđến\b|[-–]\s*\d", re.I)
_ALWAYS = re.compile(
    r"thường xuyên|hàng năm|hằng năm|hàng tháng|hằng tháng|hàng quý|hằng quý|hàng tuần|hằng tuần|định kỳ|liên tục", re.I
)
_YEARS = re.compile(r"\b(\d{4})\s*[-–—]\s*(\d{4})\b")
# So many characters before a time say whose it is.
_SEEN = 240
_AHEAD = 40
_MOST = 20
_YEAR_ONLY = re.compile(r"\b(\d{4})\b")


def stated_in(text: str) -> list[Deadline]:
    """The times a sentence states, the first first. Arguments: text, one task's paragraph with single blanks."""
    found: list[tuple[int, int, Deadline]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if len(found) >= _MOST or any(match.start() < end and start < match.end() for start, end, _ in found):
                continue
            one = _counted(kind, match, text)
            if one is not None:
                found.append((match.start(), match.end(), one))
    return [one for _, _, one in sorted(found, key=lambda place: place[0])]


def in_time_column(cell: str) -> Deadline:
    """What a time column, or a line "Thời gian thực hiện: …", states; its whole text is kept."""
    text = " ".join(cell.split()).strip(" .;")
    if not text:
        return Deadline()
    dated = [one for one in _all(text) if one.kind != DeadlineKind.PERIODIC]
    if dated:
        first = dated[0]
        return Deadline(first.kind, first.date, text)
    if _ALWAYS.search(text):
        return Deadline(DeadlineKind.PERIODIC, None, text)
    if _FROM.match(text) and not _TO.search(text):
        return Deadline(DeadlineKind.NONE, None, text)
    years = _YEARS.findall(text)
    if years:
        return Deadline(DeadlineKind.YEAR, f"{years[-1][1]}-12-31", text)
    year = _YEAR_ONLY.findall(text)
    if year:
        return Deadline(DeadlineKind.YEAR, f"{year[-1]}-12-31", text)
    return Deadline(DeadlineKind.NONE, None, text)


def _all(text: str) -> Iterator[Deadline]:
    if _FROM.match(text) and not _TO.search(text):
        return  # a beginning is no end
    taken: list[tuple[int, int]] = []
    for kind, pattern in _PATTERNS[1:]:
        matches = list(pattern.finditer(text))
        for match in reversed(matches) if _YEARS.search(text) or len(matches) > 1 else matches:
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            day = _date_of(kind, match)
            if day:
                taken.append(match.span())
                yield Deadline(kind, day, match[0])


def _counted(kind: DeadlineKind, match: re.Match[str], text: str) -> Deadline | None:
    """The deadline a match states, None where it states something else."""
    before, words = text[max(0, match.start() - _SEEN) : match.start()], " ".join(match[0].split())
    if kind == DeadlineKind.PERIODIC:
        if _OWNED_PERIOD.search(before) and not words.lower().startswith(("trước", "định kỳ", "chậm", "ngày", "vào")):
            return None
        times = re.match(
            r"\s*(?:ít nhất|tối thiểu|không quá)?\s*\d{1,2}\s+(?:lần|đợt|kỳ)\b", text[match.end() : match.end() + 60]
        )
        dated = times is not None or re.search(r"\d", words) is not None
        following = tokens_of(text[match.end() : match.end() + _AHEAD])
        does = phrases("order-verbs").longest(following, 0) is not None
        if (
            not (dated or does or "định kỳ" in words.lower())
            and re.search(r"(?:\bvà|\bhoặc|,)\s*$", before, re.I)
            and not _CLAUSE_BREAK.search(before)
        ):
            return None
        return Deadline(kind, None, words)
    day = _date_of(kind, match)
    if day is None:
        return None
    leads = _ENDED.match(words) is not None
    if kind == DeadlineKind.YEAR:
        return _year(day, words, before)
    if kind == DeadlineKind.DATE and not leads:
        return None
    if _PASSED.search(before) and re.match(r"(?:vào|ngày|\d)", words, re.I):
        return None
    if _OWNED.search(before) and not _strong(words):
        return None
    if not leads and not _CLAUSE_START.search(before):
        return None
    return Deadline(kind, day, words)


def _strong(words: str) -> bool:
    return re.match(r"(?:chậm nhất|muộn nhất|hạn|trước|xong|hoàn thành|đến hết|trong|vào)", words, re.I) is not None


def _year(day: str, words: str, before: str) -> Deadline | None:
    """Years stand in many names; they end something where a sentence begins with them or something is finished by them."""
    small = words.lower()
    if re.match(r"(?:đến hết|hết|chậm nhất|muộn nhất|xong|hoàn thành|đến cuối|cuối|trước)", small):
        return None if _NAMED_ITSELF.search(before) else Deadline(DeadlineKind.YEAR, day, words)
    starts = re.search(r"(?:^|[.;]\s+|[–—-]\s+|:\s+)$", before) is not None
    done = (
        re.search(
            r"\b(?:xong|hoàn thành|dứt điểm|phê duyệt|ban hành|quyết định|báo cáo|trình[^.;,]{0,40})\s*$", before, re.I
        )
        is not None
    )
    if starts or (done and small.startswith(("trong", "vào", "đến"))):
        return Deadline(DeadlineKind.YEAR, day, words)
    if small.startswith("trong") and not _OWNED.search(before):
        return Deadline(DeadlineKind.YEAR, day, words)
    return None


def _date_of(kind: DeadlineKind, match: re.Match[str]) -> str | None:
    """The last good day as ISO, None for a day that is not in the calendar."""
    parts = match.groupdict()
    year = int(parts["y"])
    if not 1900 <= year <= 2199:
        return None
    if kind == DeadlineKind.YEAR:
        return f"{year}-12-31"
    if kind == DeadlineKind.QUARTER:
        month = _QUARTERS[parts["q"].lower()] * 3
        return f"{year}-{month:02d}-{calendar.monthrange(year, month)[1]}"
    month = int(parts["m"])
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    day = last if kind == DeadlineKind.MONTH else int(parts["d"])
    return date(year, month, day).isoformat() if 1 <= day <= last else None
