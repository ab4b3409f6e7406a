"""One name of a body in running text: where it begins and where it ends."""

from bisect import bisect_left
from dataclasses import dataclass, replace

from tasks.intake.words import Token, phrases, tokens_of

PLURAL = frozenset({"các", "những", "mỗi", "từng", "mọi"})
_PLURALS = (("hai",), ("ba",), ("một", "số"), ("toàn", "thể"), ("tất", "cả"), ("hệ", "thống"))
AREAS = frozenset({"tỉnh", "huyện", "xã", "phường", "quận", "thôn", "ấp", "bản", "khóm", "xóm", "buôn"})
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
SEPARATORS = frozenset({",", "và", "cùng", "hoặc"})
_SMALL_WORDS = frozenset(
    "có đã được là và với để về trong của cho tại theo nếu khi này đó sẽ cần phải không gồm như hoặc hay từ đến trên dưới do"
    " bằng vào ra lên những các một mỗi từng nhằm vì bị nào ngoài trước sau qua nơi đang rồi thì mà giữa cùng thuộc nhất nên".split()
)
# Words that are written with a capital inside a name: "đơn vị Nhà nước", "Trung ương", "Đảng".
_PROUD = frozenset({"trung", "nhà", "đảng", "nhân"})
# Everyday words for bodies that a line of work follows ("ban tuyên giáo", "phòng nội vụ").
_WITH_FIELD = frozenset({"ban", "phòng", "sở", "bộ", "cục"})
_WITH_LINE = frozenset({"ngành", "cơ quan", "lực lượng"})
# What councils and steering committees are for begins so.
_PURPOSES = frozenset(
    "phối phòng thực triển xây bảo nghĩa công cải chuyển quốc liên chương đề giảm phát ứng điều tổ thẩm xét tuyển đánh bầu thi quản"
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
# Names stand in names only so far.
_DEEPEST = 12
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


class Names:
    """The names in one paragraph, one by one."""

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

    def token_at(self, place: int) -> int:
        """The first token that begins at a character or behind it."""
        return bisect_left(self._starts, place)

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
        if key in SEPARATORS or (semicolons and key in {";", "+", "/"}):
            if self._key(at + 1) in SEPARATORS:
                at += 1
            if self._keys(at, ("cùng", "với")):
                at += 1
            return at + 1
        return None

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

    def _plural(self, at: int) -> int | None:
        if self._keys(at, ("toàn", "ngành")):
            return at + 1
        if self._key(at) in PLURAL:
            return at + 1
        for words in _PLURALS:
            if self._keys(at, words):
                at += len(words)
                return at + 1 if self._key(at) in PLURAL else at
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
        if at >= len(self.tokens) or self._key(at) not in _PURPOSES:
            return None
        if self.tokens[at].capital and self.name_at(at) is not None:
            return None
        for place in range(at + 1, min(at + _LONGEST_PURPOSE, len(self.tokens))):
            key = self._key(place)
            if key in _ENDS or (self.tokens[place].capital and self.name_at(place) is not None):
                return None
            end = self._area(place) or (place + 1 if key == "cấp" else None)
            if end is None or self._key(place - 1) in _NOT_BEFORE_AREA:
                continue
            if end >= len(self.tokens) or self._key(end) in {*SEPARATORS, *_ENDS} or self._is_verb(end):
                return place
        return None

    def _tail(self, at: int, *, person: bool = False, common: bool = False, loose: bool = False) -> int:
        """The end of a name whose head ends before a token. Arguments: loose, whether everyday words go on with it."""
        begin = at
        capital = False
        while at < len(self.tokens):
            step = self._tail_link(at) or self._tail_after(at) or self._tail_area(at) or self._tail_levels(at)
            if loose and step is not None and (known := self._tail_known(at)) is not None and known > step:
                step = None  # "hành chính công"
            loose = loose and step is None
            step = step or self._tail_figure(at)
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

    def _tail_figure(self, at: int) -> int | None:
        """ "khu vực 9", "số 3"."""
        return at + 1 if self._key(at).isdigit() and self._key(at - 1) in {"vực", "số"} else None

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
        if self._is_verb(at) or self._key(at - 1) in AREAS or self._area(at) is not None:
            return None
        return at + 1

    def _is_place(self, at: int) -> bool:
        return self._key(at - 1) in {*AREAS, "phố", "trấn", "khu"}

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
        if self._key(at) in AREAS:
            return at + 1
        for words in _TWO_WORD_AREAS:
            if self._keys(at, words):
                return at + len(words)
        return None

    def _tail_area(self, at: int) -> int | None:
        """ "các xã, thị trấn", "các huyện, thị xã An Bình"."""
        if self._key(at).isdigit() and (end := self._area(at + 1)) is not None:  # "UBND 10 phường"
            return self._areas(end)
        if self._key(at) not in PLURAL:
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
        committees = token.key in PLURAL and self._key(at + 1) in _COMMITTEES and self._key(at + 2) == "ủy"
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
