"""Words of the summary report that its layout and an office's own template share."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from directive_tracker.vietnamese import ZONE, vn_date, vn_number
from tasks.summary.shape import ClausePart, Coming, IndicatorFigure, LateRow, TaskPart

# As points of Vietnamese documents are counted; after these by number.
LETTERS = tuple("abcdđeghiklmnopqrstuvxy")
NOTHING_TOLD = "Chưa có nội dung báo cáo được xác nhận."


def day_of(words: str) -> str:
    """ "07/5/2024" of an ISO day or moment, "" of none."""
    if not words:
        return ""
    if len(words) > len("2024-05-07"):
        return vn_date(datetime.fromisoformat(words).astimezone(ZONE))
    return vn_date(date.fromisoformat(words))


def point(number: int) -> str:
    """ "a", "b", … "đ", … and after the last letter numbers: 1 is "a"."""
    return LETTERS[number - 1] if number <= len(LETTERS) else str(number)


def paragraphs(text: str) -> list[str]:
    """The lines of a typed text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def indicator_words(row: IndicatorFigure) -> str:
    """ "Số người được thăm: 31 người (mức phấn đấu 40, đạt 77%; 9/10 đơn vị báo cáo)"."""
    beside = [f"mức phấn đấu {row['target']}"] if row["target"] else []
    beside += [f"đạt {row['share']}"] if row["share"] else []
    told = f"{vn_number(row['reported'])}/{vn_number(row['asked'])} đơn vị báo cáo"
    value = f"{row['value']} {row['measure']}".strip() if row["value"] else "chưa có số liệu"
    return f"{row['name']}: {value} ({'; '.join([', '.join(beside), told] if beside else [told])})"


def document_words(identity: str, name: str, paper_date: str) -> str:
    """ "Kế hoạch số 12-KH/HU, ngày 20/02/2024"."""
    words = f"{name} số {identity}" if identity else name
    return f"{words}, ngày {day_of(paper_date)}" if paper_date else words


def ended(entries: Sequence[str]) -> list[str]:
    """Lines of a list with a semicolon after each and a stop after the last; a line that ends in a sign keeps it."""
    last = len(entries) - 1
    return [
        entry if entry.endswith((".", ";", "!", "?")) else f"{entry}{'.' if number == last else ';'}"
        for number, entry in enumerate(entries)
    ]


def share_words(number: int, of: int) -> str:
    """ "12,5%", "50%": to a tenth of a per cent."""
    share = (Decimal(100 * number) / of).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{vn_number(share.normalize() if share % 1 else int(share))}%"


def task_paragraphs(task: TaskPart) -> list[str]:
    """What part II says of one task: the units' words, then the indicators; one sentence where there is neither."""
    found: list[str] = []
    for said in task["said"]:
        lines = paragraphs(said["text"])
        found += [f"- {said['unit']}: {lines[0]}", *lines[1:]] if lines else []
    found += [f"- {words}" for words in ended([indicator_words(row) for row in task["indicators"]])]
    return found or [NOTHING_TOLD]


def coming_words(rows: Iterable[Coming]) -> list[str]:
    """What falls due next."""
    return [
        f"Ngày {day_of(row['day'])}: {row['title']} ({row['code']}), {vn_number(row['count'])} đơn vị" for row in rows
    ]


def late_rows(rows: Iterable[LateRow]) -> list[tuple[str, ...]]:
    """The table of what is overdue."""
    return [
        (str(number), row["code"], row["title"], row["unit"], day_of(row["due"]), vn_number(row["days"]), _why(row))
        for number, row in enumerate(rows, start=1)
    ]


def _why(row: LateRow) -> str:
    """What the unit said of its delay."""
    words = row["reason"] or "chưa nêu"
    return f"{words}; dự kiến xong {day_of(row['expected'])}" if row["expected"] else words


def voices(clauses: Iterable[ClausePart], name: str) -> list[str]:
    """What units wrote as difficulties or proposals, each with its name; the same words of one unit once."""
    found: dict[tuple[str, str], None] = {}
    for clause in clauses:
        for task in clause["tasks"]:
            for said in task["said"]:
                words = " ".join(paragraphs(said["difficulties"] if name == "difficulties" else said["proposals"]))
                if words:
                    found[said["unit"], words] = None
    return [f"{unit}: {words}" for unit, words in found]
