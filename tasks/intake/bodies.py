"""Names of bodies in running text that stand together in one list."""

from dataclasses import replace
from functools import lru_cache

from tasks.intake.names import AREAS, PLURAL, SEPARATORS, Name, Names
from tasks.intake.words import phrases

_SHARED_LAST = AREAS | {"bộ", "sở", "ban", "ngành", "phòng", "cục", "báo", "đài", "vụ", "viện", "trường"}
# Everyday words that begin a sentence as verbs or as talk, so that a capital says nothing.
_NOT_FIRST = frozenset(
    {
        "tổ chức",
        "hội",
        "nhân dân",
        "ban",
        "cấp",
        "phòng",
        "báo",
        "cơ sở",
        "xã",
        "tỉnh",
        "cục",
        "viện",
        "vụ",
        "đài",
        "lực lượng",
    }
)
_OWN_DESCRIPTIONS = frozenset({"địa", "chính", "báo", "nghề"})
_LONGEST_ASIDE = 40
# Lists are long only so far.
_MOST_NAMES = 200


class Bodies(Names):
    """The names in one paragraph, list by list."""

    def list_at(
        self, at: int, *, semicolons: bool = False, singular: bool = False, begins: bool = False
    ) -> tuple[list[Name], int]:
        """The names of the list that begins at a token, and the token after it; no names where none begins.

        Arguments: semicolons, whether they too part names; singular, whether one everyday word is a name ("cơ quan Thuế");
        begins, whether a sentence begins here.
        """
        first = self.name_at(at, in_run=singular)
        if first is None and begins:
            first = self._first_of_sentence(at)
        if first is None:
            return [], at
        names, after = [first], first.end
        if self._key(after) == ":" and (first.open or self._wants_more(first)):
            more, end = self._shared(first, after + 1)
            if more:
                return more, end
            if first.open and (named := self.name_at(after + 1)) is not None and not named.common:
                return self.list_at(after + 1, semicolons=semicolons)  # "Các đơn vị: Đài …, Báo … tăng thời lượng"
        if more_now := self._shared_without_colon(names[-1], after):
            names, after = more_now
        while True:
            aside = self._after_aside(after)
            step = self._separator(aside, semicolons)
            if step is None or len(names) >= _MOST_NAMES:
                return names, after
            name = self.name_at(step, in_run=True) or self._stranger(step, names)
            if name is None:
                return names, after
            if self._is_bare_committee(name) and self._ends_in_committees(names[-1]):
                names[-1] = replace(names[-1], end=name.end)
            elif name.common and not name.plural and self._joins(names, name, self._key(aside) == ";"):
                names[-1] = replace(names[-1], end=name.end, open=name.open)
            else:
                names.append(name)
            after = name.end

    def _is_bare_committee(self, name: Name) -> bool:
        """ "Thành ủy" with nothing that says which."""
        return name.end - name.start == 2 and self._key(name.end - 1) == "ủy"

    def _ends_in_committees(self, name: Name) -> bool:
        """ "Bí thư các Quận ủy"."""
        return self._key(name.end - 1) == "ủy" and self._key(name.end - 3) in {*PLURAL, *SEPARATORS}

    def _stranger(self, at: int, names: list[Name]) -> Name | None:
        """A name of no known kind among known ones, where a verb or another name follows ("…, Viettel Bình Sơn bảo đảm")."""
        if names[-1].common or names[-1].prefix or self.shouted or self._is_verb(at):
            return None
        end = self._capital_word(at)
        if end is None or end >= len(self.tokens):
            return None
        goes_on = self._is_verb(end) or (
            self._key(end) in SEPARATORS and self.name_at(end + 1, in_run=True) is not None
        )
        return Name(at, end) if goes_on else None

    def _joins(self, names: list[Name], name: Name, apart: bool) -> bool:
        """Whether an everyday word without "các" goes on with the last name ("các Bộ, ngành", "cơ quan ngang Bộ, cơ quan thuộc …")."""
        last = names[-1]
        if (
            not apart
            and last.common
            and last.plural
            and not last.prefix
            and self._key(name.start) in self._run_heads(last)
        ):
            return True
        return self._is_run(names) and not self._describes_itself(name)

    def _run_heads(self, run: Name) -> set[str]:
        """The first words behind the commas of a run."""
        return {self._key(place + 1) for place in range(run.start, run.end) if self._key(place) in SEPARATORS}

    @staticmethod
    def _is_run(names: list[Name]) -> bool:
        """Whether an everyday word joins the last name; not where such words stand one by one, each described."""
        last = names[-1]
        if not last.open or last.prefix:
            return False
        return last.plural or len(names) == 1 or not names[-2].common or names[-2].open

    def _describes_itself(self, name: Name) -> bool:
        """Whether an everyday word carries a description of its own, not one of the whole run ("… liên quan")."""
        words = {token.key for token in self.tokens[name.start + 1 : name.end]}
        return bool(words & _OWN_DESCRIPTIONS)

    def _after_aside(self, at: int) -> int:
        """The token after a bracket, where one stands here."""
        if self._key(at) != "(":
            return at
        for place in range(at + 1, min(at + _LONGEST_ASIDE, len(self.tokens))):
            if self._key(place) == ")":
                return place + 1
        return at

    def _wants_more(self, name: Name) -> bool:
        """Whether a name ends in a word others share behind a colon: "UBND các huyện:", "Giám đốc các Sở:", "Giám đốc:"."""
        last = name.end - 1
        if name.person and last <= name.start + 1:
            return True
        many = any(self._key(place) in PLURAL for place in range(max(name.start, last - 2), last))
        return many and (self._key(last) in _SHARED_LAST or self._keys(last - 1, ("thành", "phố")))

    def _prefix(self, name: Name) -> str:
        """The words others share, for one of them: without "các"."""
        words = [
            self.text[token.start : token.end]
            for token in self.tokens[name.start : name.end]
            if token.key not in PLURAL
        ]
        return " ".join(words) + " "

    def _first_of_sentence(self, at: int) -> Name | None:
        """An everyday word a sentence begins with: alone it says little; a run or what it belongs to makes it a body."""
        found = phrases("heads").longest(self.tokens, at)
        if found is None or "common" not in found[1] or "none" in found[1] or not self.tokens[at].capital:
            return None
        after = found[0]
        words = " ".join(token.key for token in self.tokens[at:after])
        if self._is_field(after):  # "Lực lượng Kiểm lâm"
            return Name(at, self._tail(after, common=True), common=True)
        goes_on = self._key(after) in {",", "và"} or phrases("after").longest(self.tokens, after) is not None
        if words in _NOT_FIRST or not goes_on:
            return None
        end = self._tail(after, common=True)
        return Name(at, end, common=True, open=end == after)

    def _shared(self, first: Name, at: int) -> tuple[list[Name], int]:
        """ "các Bộ: Công Thương, Xây dựng": each with the words before the colon."""
        prefix = self._prefix(first)
        names: list[Name] = []
        after = first.end
        while (end := self._shared_end(at, first)) is not None:
            names.append(Name(at, end, prefix=prefix))
            after = end
            step = self._separator(self._after_aside(end), False)
            if step is None:
                break
            at = step
        return names, after

    def _shared_end(self, at: int, first: Name) -> int | None:
        """The end of one of those that share words; whole names too behind a person's title ("Giám đốc: Sở …")."""
        found = self._field_or_capital(at)
        if found is None and first.person and (name := self.name_at(at)) is not None:
            return name.end
        return found

    def _shared_without_colon(self, first: Name, after: int) -> tuple[list[Name], int] | None:
        """ "các Sở Tài chính, Xây dựng và Nội vụ", "UBND các tỉnh A, B", "Giám đốc các Sở Tài chính, Nội vụ"."""
        if first.common:
            return None
        step = self._separator(after, False)
        if step is None or self.name_at(step, in_run=True) is not None or self._field_or_capital(step) is None:
            return None
        head = self._shared_head(first)
        if head is None:
            return None
        place, last = head
        prefix = self._prefix(Name(first.start, last))
        more, end = self._shared(Name(first.start, last), step)
        mine = Name(last, first.end, prefix=prefix) if place > first.start else Name(first.start + 1, first.end)
        return [mine, *(replace(name, prefix=prefix) for name in more)], end

    def _shared_head(self, name: Name) -> tuple[int, int] | None:
        """(place of "các" in a name, end of the word behind it)."""
        for place in range(name.end - 1, name.start - 1, -1):
            if self._key(place) in PLURAL:
                end = self._area(place + 1) or place + 2
                shares = self._key(place + 1) in _SHARED_LAST or self._area(place + 1) or place == name.start
                return (place, end) if shares and end < name.end else None
        return None

    def _field_or_capital(self, at: int) -> int | None:
        """The end of a line of work or of words with capitals at a token."""
        if at >= len(self.tokens) or not self.tokens[at].capital:
            return None
        found = phrases("fields").longest(self.tokens, at)
        if found is not None:
            return found[0]
        return None if self.name_at(at) is not None or self._is_verb(at) else self._capital_word(at)


@lru_cache(maxsize=64)
def bodies_of(text: str) -> Bodies:
    """The names in a paragraph; the last few are kept, because each is asked many things."""
    return Bodies(text)
