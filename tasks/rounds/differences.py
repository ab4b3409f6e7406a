"""What changed from one sending of a section to the next: words, figures, papers, files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from directive_tracker.vietnamese import vn_date, vn_number
from tasks.models import ReportRound
from tasks.rounds.places import figure_key, file_key, mends_of, product_key

SAME, ADDED, REMOVED = "same", "ins", "del"
TEXTS = {
    "results": "Kết quả",
    "difficulties": "Khó khăn, nguyên nhân",
    "proposals": "Kiến nghị",
}
BOXES = {
    "no_change": "Không có thay đổi",
    "claims_completion": "Đề nghị xác nhận hoàn thành",
    "expected_on": "Dự kiến xong",
    "reported_outside_on": "Báo cáo ngoài hệ thống, ngày",
}
# A stretch of unchanged words longer than this is shown by its two ends.
LONG_STRETCH, ENDS = 60, 15
# Beyond this the two texts stand one after the other: comparing them word by word would take seconds.
MOST_WORDS = 6000
_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True)
class Piece:
    """Words that are the same, were added or were removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One value before and after, in words; "" where there was none."""

    name: str
    old: str
    new: str
    # Of a single figure, part or paper, its place (tasks/rounds/places.py).
    key: str = field(default="", compare=False)


@dataclass(frozen=True)
class Asked:
    """One place that the older sending came back for, and whether anything changed there since."""

    label: str
    why: str
    is_mended: bool


@dataclass
class Differences:
    """Everything that changed between two sendings."""

    older: ReportRound
    newer: ReportRound
    texts: list[tuple[str, list[Piece]]] = field(default_factory=list)
    values: list[Change] = field(default_factory=list)
    files_added: list[str] = field(default_factory=list)
    files_removed: list[str] = field(default_factory=list)
    # Places that are not what they were.
    touched: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.texts or self.values or self.files_added or self.files_removed or self.asked)

    @property
    def asked(self) -> list[Asked]:
        """What the older sending came back for, place by place."""
        return [Asked(mend.label, mend.why, mend.key in self.touched) for mend in mends_of(self.older)]

    def compare_files(self, was: Mapping[int, str], now: Mapping[int, str]) -> None:
        """Note which files came and went.

        Args:
            was, now: file id → its name, of the older and the newer sending.
        """
        self.files_added = [name for pk, name in now.items() if pk not in was]
        self.files_removed = [name for pk, name in was.items() if pk not in now]
        self.touched |= {file_key(pk) for pk in was if pk not in now}
        if was.keys() != now.keys():
            self.touched.add("files")


def words_of(old: str, new: str) -> list[Piece]:
    """The two texts as one, word by word. Unchanged stretches are shortened to their ends."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return [piece for piece in (Piece(REMOVED, old), Piece(ADDED, new)) if piece.text]
    pieces = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, _ends_of(after[c:d])))
            continue
        if b > a:
            pieces.append(Piece(REMOVED, "".join(before[a:b])))
        if d > c:
            pieces.append(Piece(ADDED, "".join(after[c:d])))
    return pieces


def _ends_of(words: list[str]) -> str:
    if len(words) <= LONG_STRETCH:
        return "".join(words)
    return f"{''.join(words[:ENDS]).rstrip()} … {''.join(words[-ENDS:])}"


def between(older: ReportRound, newer: ReportRound, measures: Mapping[str, tuple[str, str]]) -> Differences:
    """What changed from one round to a later one of the same section.

    Args:
        measures: code of an indicator → (its name, its unit of measure).
    """
    found = Differences(older, newer)
    old, new = older.content, newer.content
    for name, label in TEXTS.items():
        if (old.get(name) or "") != (new.get(name) or ""):
            found.texts.append((label, words_of(old.get(name) or "", new.get(name) or "")))
            found.touched.add(name)
    for name, label in BOXES.items():
        if (old.get(name) or None) != (new.get(name) or None):
            found.values.append(Change(label, _said(old.get(name)), _said(new.get(name))))
    figures = _figures(old.get("indicators") or {}, new.get("indicators") or {}, measures)
    figures += _parts(old.get("indicator_parts") or {}, new.get("indicator_parts") or {}, measures)
    papers = _papers(old.get("products") or [], new.get("products") or [])
    found.values += [*figures, *papers]
    for kind, changes in (("indicators", figures), ("products", papers)):
        found.touched |= {change.key for change in changes} | ({kind} if changes else set())
    for code, was, now in _explained_anew(old, new):
        name, _ = measures.get(code, (code, ""))
        found.texts.append((f"Giải thích số liệu: {name}", words_of(was, now)))
        found.touched.add(figure_key(code))
    return found


def _explained_anew(old: Mapping, new: Mapping) -> list[tuple[str, str, str]]:
    """Code, words before and words now of the figures whose explanation is another one."""
    before, after = old.get("indicator_comments") or {}, new.get("indicator_comments") or {}
    pairs = [(code, before.get(code) or "", after.get(code) or "") for code in dict.fromkeys([*before, *after])]
    return [(code, was, now) for code, was, now in pairs if was != now]


def _said(value: Any) -> str:
    """A box or a day in words; days are ISO words or dates already."""
    if value is True:
        return "có"
    if not value:
        return ""
    if isinstance(value, str):
        year, month, day = value.split("-")
        return f"{day}/{int(month)}/{year}"
    return vn_date(value)


def _figures(old: Mapping, new: Mapping, measures: Mapping[str, tuple[str, str]]) -> list[Change]:
    changes = []
    for code in [*measures, *((old.keys() | new.keys()) - measures.keys())]:
        if old.get(code) != new.get(code):
            name, measure = measures.get(code, (code, ""))
            was, now = _number(old.get(code), measure), _number(new.get(code), measure)
            changes.append(Change(name, was, now, figure_key(code)))
    return changes


def _parts(old: Mapping, new: Mapping, measures: Mapping[str, tuple[str, str]]) -> list[Change]:
    """The same for the parts of figures that are broken down."""
    changes = []
    for code in dict.fromkeys([*measures, *old, *new]):
        before, after = ({part["name"]: part["value"] for part in side.get(code, [])} for side in (old, new))
        codes = {part["name"]: part.get("code", "") for side in (old, new) for part in side.get(code, [])}
        name, measure = measures.get(code, (code, ""))
        changes += [
            Change(
                f"{name} – {part}",
                _number(before.get(part), measure),
                _number(after.get(part), measure),
                figure_key(code, codes[part]),
            )
            for part in dict.fromkeys([*before, *after])
            if before.get(part) != after.get(part)
        ]
    return changes


def _number(value: int | None, measure: str) -> str:
    return "" if value is None else f"{vn_number(value)} {measure}".strip()


def _papers(old: list[dict], new: list[dict]) -> list[Change]:
    before = {entry["delivery"]: entry for entry in old}
    after = {entry["delivery"]: entry for entry in new}
    changes = []
    for delivery in dict.fromkeys([*before, *after]):
        was, now = _paper(before.get(delivery)), _paper(after.get(delivery))
        if was != now:
            name = (after.get(delivery) or before[delivery])["name"]
            changes.append(Change(name, was, now, product_key(delivery)))
    return changes


def _paper(entry: dict | None) -> str:
    """ "số 12-KH/HU, ngày 28/02/2024, Trần Văn B ký, ke-hoach.pdf"."""
    if entry is None:
        return ""
    identity = "-".join(part for part in (entry["number"], entry["symbol"]) if part)
    parts = [
        f"số {identity}" if identity else "",
        f"ngày {_said(entry['paper_date'])}" if entry.get("paper_date") else "",
        f"{entry['signer']} ký" if entry.get("signer") else "",
        entry.get("file_name") or "",
    ]
    return ", ".join(part for part in parts if part)


def steps_of(
    rounds: list[ReportRound], measures: Mapping[str, tuple[str, str]], files: Mapping[int, Mapping[int, str]]
) -> list[Differences]:
    """From each sending to the next one, newest first; sendings that are alike are left out.

    Args:
        rounds: of one section, by number.
        files: round id → file id → its name.
    """
    steps = []
    for older, newer in pairwise(rounds):
        step = between(older, newer, measures)
        step.compare_files(files.get(older.pk, {}), files.get(newer.pk, {}))
        if step:
            steps.append(step)
    return steps[::-1]
