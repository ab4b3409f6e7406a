"""Who is meant by a code, a name or a user name; the nearest right one where nobody is."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from directive_tracker.vietnamese import fold, sort_key, vn_date
from units.importing.plan import Ref
from units.importing.values import Wrong

_WITH_BRACKETS = re.compile(r"(.*\S)\s*\(([^()]+)\)")
# Comparing words is dear: so many comparisons are spent on suggestions in one check, then none are made any more.
_COMPARISONS = 400_000
_NAMED = 4


@dataclass(eq=False)
class Entry:
    """One area or unit that may be meant. names: all that it is called; within: the name of what it belongs to."""

    ref: Ref
    code: str
    names: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    within: str = ""
    # The row of the file that would make it, and whether that row stands.
    made_by: tuple[str, int] | None = None

    def is_valid_on(self, day: date) -> bool:
        """Whether it exists that day."""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)

    @property
    def described(self) -> str:
        """ "Xã Đăk Long (23500, Huyện Đắk Hà)"."""
        return f"“{self.names[0]}” ({', '.join(part for part in (self.code, self.within) if part)})"


class Directory:
    """The areas or units, those of the file among them, found by what people write."""

    def __init__(self, word: str, today: date) -> None:
        self.word, self.today = word, today
        self._codes: dict[str, list[Entry]] = defaultdict(list)
        self._names: dict[str, list[Entry]] = defaultdict(list)
        self._plain: dict[str, list[Entry]] = defaultdict(list)
        self._labels: dict[str, list[Entry]] = defaultdict(list)
        self._found: dict[str, Entry | Wrong] = {}
        self._left = _COMPARISONS

    def add(self, entry: Entry) -> None:
        """Take an entry in."""
        self._codes[entry.code.casefold()].append(entry)
        self._labels[fold(entry.ref.label)].append(entry)
        for name in dict.fromkeys(entry.names):
            self._names[sort_key(name)].append(entry)
            self._plain[fold(name)].append(entry)

    def find(self, typed: str) -> Entry:
        """The one that is meant. Errors: Wrong, naming the candidates or the nearest one."""
        if typed not in self._found:
            try:
                self._found[typed] = self._search(typed)
            except Wrong as wrong:
                self._found[typed] = wrong
        found = self._found[typed]
        if isinstance(found, Wrong):
            raise found
        return found

    def of_name(self, name: str) -> list[Entry]:
        """All of exactly that name that exist today."""
        entries = _each_once(self._names.get(sort_key(name), ()))
        return [entry for entry in entries if entry.is_valid_on(self.today)]

    def _search(self, typed: str) -> Entry:
        if entries := self._codes.get(typed.casefold()):
            return self._one(typed, entries, by_code=True)
        labelled = _each_once(self._labels.get(fold(typed), ()))
        if len(labelled) == 1:
            return labelled[0]
        if (match := _WITH_BRACKETS.fullmatch(typed)) and (found := self._bracketed(match[1], match[2])):
            return found
        entries = self._names.get(sort_key(typed), [])
        if not entries and fold(typed) == " ".join(typed.lower().split()):
            # Typed without any accents: those of the name do not count.
            entries = self._plain.get(fold(typed), [])
        if entries:
            return self._one(typed, entries, by_code=False)
        raise Wrong(f"Không có {self.word} “{typed}”.", self._suggestion(typed))

    def _bracketed(self, name: str, inside: str) -> Entry | None:
        """ "Huyện ủy Đắk Hà (hu-dak-ha)" or "Xã Đăk Long (Huyện Đắk Hà)"; None where the brackets are part of the name."""
        by_code = self._codes.get(inside.strip().casefold(), [])
        matching = _each_once(entry for entry in by_code if fold(name) in {fold(one) for one in entry.names})
        if len(matching) == 1:
            return matching[0]
        if by_code and not matching:
            entry = by_code[0]
            raise Wrong(
                f"Mã “{inside.strip()}” là của “{entry.names[0]}”, không phải “{name}”.",
                f"Ghi {entry.ref.label}, hoặc sửa mã.",
            )
        within = [entry for entry in self._names.get(sort_key(name), ()) if fold(entry.within) == fold(inside)]
        return self._one(f"{name} ({inside})", matching or within, by_code=True) if matching or within else None

    def _one(self, typed: str, entries: list[Entry], *, by_code: bool) -> Entry:
        entries = _each_once(entries)
        valid = [entry for entry in entries if entry.is_valid_on(self.today)]
        if len(valid) == 1:
            return valid[0]
        if by_code and len(entries) == 1:
            return entries[0]
        candidates = valid or entries
        words = "; ".join(entry.described for entry in candidates[:_NAMED])
        if len(candidates) > 1:
            more = f" và {len(candidates) - _NAMED} nơi nữa" if len(candidates) > _NAMED else ""
            raise Wrong(
                f"Có {len(candidates)} {self.word} cùng tên “{typed}”: {words}{more}.", "Ghi tên kèm mã trong ngoặc."
            )
        entry = candidates[0]
        why = (
            f"mới có từ {vn_date(entry.valid_from)}"
            if entry.valid_from > self.today
            else f"đã hết hiệu lực sau ngày {vn_date(entry.valid_to)}"
        )
        raise Wrong(f"{entry.described} {why}.", f"Nếu đúng là nơi này thì ghi “{entry.ref.label}”.")

    def _suggestion(self, typed: str) -> str:
        near = self._near(fold(typed), self._plain)
        if not near:
            return f"Ghi mã hoặc đúng tên {self.word} đã có, hoặc thêm {self.word} ấy vào tệp."
        entries = self._plain[near]
        entry = next((one for one in entries if one.is_valid_on(self.today)), entries[0])
        name = next(name for name in entry.names if fold(name) == near)
        return f"Có phải “{name}” (mã {entry.code})?"

    def _near(self, words: str, known: dict[str, list[Entry]]) -> str:
        if self._left <= 0:
            return ""
        self._left -= len(known)
        return next(iter(get_close_matches(words, known, n=1, cutoff=0.75)), "")


def _each_once(entries: Iterable[Entry]) -> list[Entry]:
    """One entry for each area or unit; what the file says of it comes last and wins."""
    return list({entry.ref: entry for entry in entries}.values())


class People:
    """The people, those of the file among them, by user name; the nearest one for a name nobody has."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._by_full_name: dict[str, list[str]] = defaultdict(list)
        self._unmade: dict[str, int] = {}
        self._left = _COMPARISONS

    def add(self, username: str, full_name: str) -> None:
        """Take a person in."""
        self._names[username] = full_name
        self._by_full_name[fold(full_name)].append(username)

    def add_unmade(self, username: str, row: int) -> None:
        """Remember somebody whom an error in that row keeps from being made."""
        self._unmade[username] = row

    def find(self, username: str, typed: str) -> Ref:
        """The person of that user name. Errors: Wrong."""
        if username in self._names:
            return Ref(username, f"{self._names[username]} ({username})")
        if username in self._unmade:
            wrong = f"“{username}” ở dòng {self._unmade[username]} có lỗi nên chưa tạo được."
            raise Wrong(wrong, "Sửa dòng ấy trước.")
        namesakes = self._by_full_name.get(fold(typed), [])
        if namesakes:
            words = " hay ".join(f"“{name}”" for name in namesakes[:_NAMED])
            raise Wrong(f"“{typed}” là họ tên, không phải tên đăng nhập.", f"Có phải {words}?")
        near: list[str] = []
        if self._left > 0:
            self._left -= len(self._names)
            near = get_close_matches(username, self._names, n=1, cutoff=0.75)
        right = f"Có phải “{near[0]}” ({self._names[near[0]]})?" if near else "Ghi tên đăng nhập của một người đã có."
        raise Wrong(f"Không có người nào có tên đăng nhập “{typed}”.", right)
