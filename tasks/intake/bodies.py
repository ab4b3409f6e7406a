"""Names of bodies in running text: where one begins, where it ends, which stand together in one list."""

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import lru_cache

from tasks.intake.words import Token, phrases, tokens_of

_PLURAL = frozenset({"các", "những", "mỗi", "từng", "mọi"})
_PLURALS = (("hai",), ("ba",), ("một", "số"), ("toàn", "thể"), ("tất", "cả"), ("hệ", "thống"))
_AREAS = frozenset({"tỉnh", "huyện", "xã", "phường", "quận", "thôn", "ấp", "bản", "khóm", "xóm", "buôn"})
_SHARED_LAST = _AREAS | {"bộ", "sở", "ban", "ngành", "phòng", "cục", "báo", "đài", "vụ", "viện", "trường"}
_TWO_WORD_AREAS = (("khu", "phố"), ("thành", "phố"), ("thị", "xã"), ("thị", "trấn"), ("đặc", "khu"))
_LINKS = (
    ("ngành",),
    ("thuộc", ",", "trực", "thuộc"),
    ("thuộc", "và", "trực", "thuộc"),
    ("trực", "thuộc"),
    ("trên", "địa", "bàn"),
    ("thuộc",),
    ("của",),
    ("tại",),
    ("ở",),
)
_SEPARATORS = frozenset({",", "và", "cùng", "hoặc"})
_SMALL_WORDS = frozenset(
    "có đã được là và với để về trong của cho tại theo nếu khi này đó sẽ cần phải không gồm như hoặc hay từ đến trên dưới do"
    " bằng vào ra lên những các một mỗi từng nhằm vì bị nào ngoài trước sau qua nơi đang rồi thì mà giữa cùng thuộc nhất nên".split()
)
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
# Words that are written with a capital inside a name: "đơn vị Nhà nước", "Trung ương", "Đảng".
_PROUD = frozenset({"trung", "nhà", "đảng", "nhân"})
_OWN_DESCRIPTIONS = frozenset({"địa", "chính", "báo", "nghề"})
# Everyday words for bodies that a line of work follows ("ban tuyên giáo", "phòng nội vụ").
_WITH_FIELD = frozenset({"ban", "phòng", "sở", "bộ", "cục"})
_WITH_LINE = frozenset({"ngành", "cơ quan", "lực lượng"})
# What councils and steering committees are for begins so.
_PURPOSES = frozenset(
    "phòng thực triển xây bảo nghĩa công cải chuyển quốc liên chương đề giảm phát ứng điều tổ thẩm xét tuyển đánh bầu thi quản"
    " an vận hội nông đổi về chống thường".split()
)
# "Ban Dân vận các tỉnh ủy".
_COMMITTEES = frozenset({"tỉnh", "thành", "huyện", "thị", "quận", "đảng", "xã", "cấp"})
# So many words of a line of work are no chance ("Sở giáo dục và …", but "Thanh tra Bộ | xây dựng …").
_LONG_FIELD = 3
_ENDS = frozenset({".", ";", ":", "(", ")", "/"})
_NOT_BEFORE_AREA = frozenset({"bàn", "toàn", "các", "trong", "từng", "về", "những", "mỗi", "cho", "với", "ủy", "của"})
_LONGEST_PURPOSE = 24
_LONGEST_LOOSE, _LONGEST_PLAIN = 6, 3
_LONGEST_ASIDE = 40
# Names stand in names, and lists are long, only so far.
_DEEPEST = 12
_MOST_NAMES = 200
_MOST_CAPITALS = 12


@dataclass(frozen=True, slots=True)
class Name:
    """One name. start, end: tokens. open: a run of everyday words that the next one may join ("các cơ quan, đơn vị")."""

    start: int
    end: int
    plural: bool = False
    common: bool = False
    open: bool = False
    prefix: str = ""  # the shared words of "các Bộ: …"
    person: bool = False


class Bodies:
    """The names in one paragraph."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = tokens_of(text)
        self._starts = [token.start for token in self.tokens]
        self._known: dict[tuple[int, bool], Name | None] = {}
        self._depth = 0
        letters = [token for token in self.tokens if token.key.isalpha()]
        # In capitals throughout, a capital says nothing.
        self.shouted = (
            bool(letters)
            and sum(token.upper or (len(token.key) == 1 and token.capital) for token in letters) > len(letters) * 0.8
        )

    # --- reading a list -------------------------------------------------------------------------

    def token_at(self, place: int) -> int:
        """The first token that begins at a character or behind it."""
        return bisect_left(self._starts, place)

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
        return self._key(name.end - 1) == "ủy" and self._key(name.end - 3) in {*_PLURAL, *_SEPARATORS}

    def _stranger(self, at: int, names: list[Name]) -> Name | None:
        """A name of no known kind among known ones, where a verb or another name follows ("…, Viettel Bình Sơn bảo đảm")."""
        if names[-1].common or names[-1].prefix or self.shouted or self._is_verb(at):
            return None
        end = self._capital_word(at)
        if end is None or end >= len(self.tokens):
            return None
        goes_on = self._is_verb(end) or (
            self._key(end) in _SEPARATORS and self.name_at(end + 1, in_run=True) is not None
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
        return {self._key(place + 1) for place in range(run.start, run.end) if self._key(place) in _SEPARATORS}

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

    def texts(self, names: list[Name]) -> list[str]:
        """The names as written."""
        return [
            name.prefix + self.text[self.tokens[name.start].start : self.tokens[name.end - 1].end] for name in names
        ]

    def _key(self, at: int) -> str:
        return self.tokens[at].key if 0 <= at < len(self.tokens) else ""

    def _keys(self, at: int, words: tuple[str, ...]) -> bool:
        return all(self._key(at + step) == word for step, word in enumerate(words))

    def _separator(self, at: int, semicolons: bool) -> int | None:
        key = self._key(at)
        if key in _SEPARATORS or (semicolons and key in {";", "+", "/"}):
            if self._key(at + 1) in _SEPARATORS:
                at += 1
            if self._keys(at, ("cùng", "với")):
                at += 1
            return at + 1
        return None

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
        many = any(self._key(place) in _PLURAL for place in range(max(name.start, last - 2), last))
        return many and (self._key(last) in _SHARED_LAST or self._keys(last - 1, ("thành", "phố")))

    def _prefix(self, name: Name) -> str:
        """The words others share, for one of them: without "các"."""
        words = [
            self.text[token.start : token.end]
            for token in self.tokens[name.start : name.end]
            if token.key not in _PLURAL
        ]
        return " ".join(words) + " "

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
            if self._key(place) in _PLURAL:
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

    # --- reading one name -----------------------------------------------------------------------

    def name_at(self, at: int, *, in_run: bool = False) -> Name | None:
        """The name that begins at a token, or None. Arguments: in_run, after another name and a separator."""
        key = (at, in_run)
        if key not in self._known:
            if self._depth >= _DEEPEST:
                return None
            self._depth += 1
            self._known[key] = self._name_at(at, in_run)
            self._depth -= 1
        return self._known[key]

    def _name_at(self, at: int, in_run: bool) -> Name | None:
        start, plural = at, False
        while (step := self._plural(at)) is not None and not plural:
            at, plural = step, True
        found = phrases("heads").longest(self.tokens, at)
        if found is None:
            return None
        after, sections = found
        if "none" in sections:
            return None
        token = self.tokens[at]
        capital = token.capital or self.shouted
        longer = self._council(after) if capital and "council" in sections else None
        if longer is not None:
            return Name(start, self._tail(longer), plural)
        if capital and sections & {"name", "person"}:
            person = "person" in sections
            if self._key(at) == "lãnh" and (self._key(after) == "," or self._is_verb(after)):
                return None  # "Lãnh đạo, chỉ đạo …"
            return Name(start, self._tail(after, person=person, loose=True), plural, person=person)
        if capital and "short" in sections:
            named = self._named(after)
            if named is not None:
                return Name(start, self._tail(named, loose=True), plural)
        if "person" in sections and plural:
            return Name(start, self._tail(after, person=True), plural, person=True)
        if "common" in sections or ("short" in sections and plural):
            return self._common(start, at, after, plural, in_run)
        return None

    def _common(self, start: int, at: int, after: int, plural: bool, in_run: bool) -> Name | None:
        if not (plural or in_run):
            return None
        verb = phrases("verbs").longest(self.tokens, at)
        if in_run and not plural and verb and verb[0] >= after and not phrases("after").longest(self.tokens, after):
            return None
        field = phrases("fields").longest(self.tokens, after)
        words = " ".join(token.key for token in self.tokens[at:after])
        if (
            field is not None
            and words in _WITH_LINE
            and not (in_run and words == "ngành" and self._is_verb(after))
            and not self.tokens[after].capital
        ):  # "ngành y tế"
            known = phrases("after").longest(self.tokens, after)
            if known is None or known[0] <= field[0]:
                return Name(start, self._tail(field[0]), plural, common=True)
        if field is not None and self._key(after - 1) in _WITH_FIELD:  # "ban dân vận các huyện ủy"
            return Name(start, self._tail(field[0], person=True), plural, common=True)
        end = self._tail(after, common=True, loose=True)
        return Name(start, end, plural, common=True, open=end == after)

    def _first_of_sentence(self, at: int) -> Name | None:
        """An everyday word a sentence begins with: alone it says little; a run or what it belongs to makes it a body."""
        found = phrases("heads").longest(self.tokens, at)
        if found is None or "common" not in found[1] or "none" in found[1] or not self.tokens[at].capital:
            return None
        after = found[0]
        words = " ".join(token.key for token in self.tokens[at:after])
        goes_on = self._key(after) in {",", "và"} or phrases("after").longest(self.tokens, after) is not None
        if words in _NOT_FIRST or not goes_on:
            return None
        end = self._tail(after, common=True)
        return Name(at, end, common=True, open=end == after)

    def _plural(self, at: int) -> int | None:
        if self._keys(at, ("toàn", "ngành")):
            return at + 1
        if self._key(at) in _PLURAL:
            return at + 1
        for words in _PLURALS:
            if self._keys(at, words):
                at += len(words)
                return at + 1 if self._key(at) in _PLURAL else at
        return None

    def _named(self, at: int) -> int | None:
        """The end of what names a short head ("Bộ" …), or None."""
        if at >= len(self.tokens):
            return None
        field = phrases("fields").longest(self.tokens, at)
        token = self.tokens[at]
        if field is not None and (token.capital or self.shouted or field[0] - at >= _LONG_FIELD):
            return field[0]
        if (
            token.key.isdigit()
            or self._area(at) is not None
            or self._keys(at, ("cơ", "sở"))
            or self._keys(at, ("khu", "vực"))
        ):
            return at if not token.key.isdigit() else at + 1
        if token.capital and token.is_word:
            nested = self.name_at(at)
            return nested.end if nested is not None else self._capital_word(at)
        return None

    def _capital_word(self, at: int) -> int | None:
        """The end of a word that begins with a capital: further capitals, then at most one small syllable of the same word."""
        if at >= len(self.tokens) or not (self.tokens[at].capital and self.tokens[at].is_word):
            return None
        end = at + 1
        while (
            end < min(len(self.tokens), at + _MOST_CAPITALS)
            and self.tokens[end].capital
            and self.tokens[end].is_word
            and not self.shouted
        ):
            if self.name_at(end) is not None:
                return end
            if (known := self._tail_known(end)) is not None:
                return known
            end += 1
        if end - at == 1 and not self.tokens[at].upper and self._is_second_syllable(end):
            end += 1
        return end

    def _is_second_syllable(self, at: int) -> bool:
        if at >= len(self.tokens):
            return False
        token = self.tokens[at]
        if not token.key.isalpha() or token.capital or token.key in _SMALL_WORDS:
            return False
        if self.text[self.tokens[at - 1].end : token.start] != " ":
            return False
        return not self._is_verb(at) and phrases("after").longest(self.tokens, at) is None

    def _is_verb(self, at: int) -> bool:
        return phrases("verbs").longest(self.tokens, at) is not None

    def _council(self, at: int) -> int | None:
        """The end of what a steering committee or council is for, up to whose it is: "… phòng, chống dịch tỉnh"."""
        if at >= len(self.tokens) or self.tokens[at].capital or self._key(at) not in _PURPOSES:
            return None
        for place in range(at + 1, min(at + _LONGEST_PURPOSE, len(self.tokens))):
            key = self._key(place)
            if key in _ENDS or (self.tokens[place].capital and self.name_at(place) is not None):
                return None
            end = self._area(place) or (place + 1 if key == "cấp" else None)
            if end is None or self._key(place - 1) in _NOT_BEFORE_AREA:
                continue
            if end >= len(self.tokens) or self._key(end) in {*_SEPARATORS, *_ENDS} or self._is_verb(end):
                return place
        return None

    def _tail(self, at: int, *, person: bool = False, common: bool = False, loose: bool = False) -> int:
        """The end of a name whose head ends before a token. Arguments: loose, whether everyday words go on with it."""
        begin = at
        capital = False
        while at < len(self.tokens):
            step = self._tail_link(at) or self._tail_after(at) or self._tail_area(at) or self._tail_levels(at)
            loose = loose and step is None
            nested = step or (self._tail_known(at) if loose and at > begin else None)
            nested = nested or self._tail_nested(at, person=person, common=common)
            if nested is None and not (common and at == begin and not (self._is_place(begin) or self._is_field(at))):
                nested = self._tail_capital(at)
                capital = capital if nested is None else True
            elif nested is not None:
                capital = False
            if nested is None:
                nested = (
                    self._tail_loose(at, begin, _LONGEST_PLAIN if common else _LONGEST_LOOSE)
                    if loose
                    else self._tail_known(at)
                    if common and capital
                    else None
                )
            if nested is None:
                return at
            at = nested
        return at

    def _tail_known(self, at: int) -> int | None:
        known = phrases("in-names").longest(self.tokens, at)
        return known[0] if known is not None else None

    def _tail_loose(self, at: int, begin: int, longest: int) -> int | None:
        """The end of everyday words that stand in names like "Trung tâm Phát triển quỹ đất"."""
        if (known := self._tail_known(at)) is not None:
            return known
        token = self.tokens[at]
        if at - begin >= longest or not token.key.isalpha() or token.capital or token.key in _SMALL_WORDS:
            return None
        if self._is_verb(at) or self._key(at - 1) in _AREAS or self._area(at) is not None:
            return None
        return at + 1

    def _is_place(self, at: int) -> bool:
        return self._key(at - 1) in {*_AREAS, "phố", "trấn", "khu"}

    def _is_field(self, at: int) -> bool:
        """ "cơ quan Thuế", "lực lượng Công an"."""
        if at >= len(self.tokens) or not self.tokens[at].capital or self.shouted:
            return False
        return phrases("fields").longest(self.tokens, at) is not None or self.name_at(at) is not None

    def _tail_after(self, at: int) -> int | None:
        found = phrases("after").longest(self.tokens, at)
        head = phrases("heads").longest(self.tokens, at)
        if found is not None and self.tokens[at].capital and head is not None and head[0] > found[0]:
            return None  # "Đảng ủy xã …"
        if found is None or (self.tokens[at].capital and not self.shouted and self._key(at) not in _PROUD):
            return None
        end = found[0]
        if self._key(at) == "cấp" or self._area(at) == end:  # "cấp xã, phường", "UBND huyện, thành phố"
            end = self._areas(end)
        return end

    def _areas(self, end: int) -> int:
        """The end of further everyday words for areas: "… thị xã, thành phố"."""
        while (
            self._key(end) in {",", "và"}
            and (more := self._area(end + 1)) is not None
            and not self.tokens[end + 1].capital
            and not (more < len(self.tokens) and self.tokens[more].capital)
        ):
            end = more
        return end

    def _tail_link(self, at: int) -> int | None:
        for words in _LINKS:
            if self._keys(at, words):
                place = at + len(words)
                if place >= len(self.tokens):
                    return None
                nested = self.name_at(place)
                if nested is not None:
                    return nested.end
                area = self._area(place)
                if area is not None:
                    return area
                if self.tokens[place].capital:
                    return self._capital_word(place)
        return None

    def _area(self, at: int) -> int | None:
        """The end of "tỉnh", "thành phố" …"""
        if self._key(at) in _AREAS:
            return at + 1
        for words in _TWO_WORD_AREAS:
            if self._keys(at, words):
                return at + len(words)
        return None

    def _tail_area(self, at: int) -> int | None:
        """ "các xã, thị trấn", "các huyện, thị xã An Bình"."""
        if self._key(at).isdigit() and (end := self._area(at + 1)) is not None:  # "UBND 10 phường"
            return self._areas(end)
        if self._key(at) not in _PLURAL:
            return None
        end = self._area(at + 1)
        longer = phrases("heads").longest(self.tokens, at + 1)
        if longer is not None and end is not None and longer[0] > end:
            return None  # "các huyện ủy" is no area
        if end is None:
            return at + 2 if self._key(at + 1) == "cấp" else None
        while self._key(end) in {",", "và"}:
            more = self._area(end + 1)
            if more is None:
                break
            # "các huyện, thị xã A, thành phố B"
            end = self._capital_word(more) or more
        return end

    def _tail_levels(self, at: int) -> int | None:
        """ "từ tỉnh đến xã"."""
        if self._key(at) != "từ":
            return None
        upper = at + 3 if self._keys(at + 1, ("trung", "ương")) else self._area(at + 1)
        if upper is None or self._key(upper) != "đến":
            return None
        lower = upper + 1
        low = any(self._keys(lower, words) for words in (("cơ", "sở"), ("địa", "phương")))
        return lower + 2 if low else self._area(lower)

    def _tail_nested(self, at: int, *, person: bool, common: bool) -> int | None:
        if common:
            return None
        token = self.tokens[at]
        committees = token.key in _PLURAL and self._key(at + 1) in _COMMITTEES and self._key(at + 2) == "ủy"
        if token.capital or person or committees:
            nested = self.name_at(at, in_run=person and not token.capital)
            if nested is not None:
                end = nested.end
                if (person or committees) and nested.open:
                    end = self._run_end(nested)
                return end
        return None

    def _run_end(self, name: Name) -> int:
        """The end of a run of everyday words after a title: "Thủ trưởng các ban, đơn vị"."""
        while name.open and (step := self._separator(name.end, False)) is not None:
            more = self.name_at(step, in_run=True)
            if more is None or not more.common or more.plural:
                break
            name = replace(name, end=more.end, open=more.open)
        return name.end

    def _is_tight(self, at: int) -> bool:
        """Whether a sign stands between words without blanks."""
        sides = (
            self.text[self.tokens[at].start - 1 : self.tokens[at].start],
            self.text[self.tokens[at].end : self.tokens[at].end + 1],
        )
        return all(side and not side.isspace() for side in sides)

    def _tail_capital(self, at: int) -> int | None:
        key = self._key(at)
        if key == "/" and self._is_tight(at):  # "Viện VSDT/Pasteur"
            return self._capital_word(at + 1)
        if key in {"-", "–", "và", "&"}:
            following = at + 1
            if following >= len(self.tokens) or not self.tokens[following].capital or self.shouted:
                return None
            above = self.name_at(following)
            if above is not None:
                # "Phòng Tham mưu - Công an tỉnh"
                return above.end if key in {"-", "–"} and self._key(following) != "cơ" else None
            field = phrases("fields").longest(self.tokens, following)
            return field[0] if field is not None else self._capital_word(following)
        if not self.tokens[at].capital:
            return None
        field = phrases("fields").longest(self.tokens, at)
        if field is not None:
            return field[0]
        nested = self.name_at(at)
        return nested.end if nested is not None else self._capital_word(at)


@lru_cache(maxsize=64)
def bodies_of(text: str) -> Bodies:
    """The names in a paragraph; the last few are kept, because each is asked many things."""
    return Bodies(text)
