"""A Word document as lines in reading order: automatic numbers written out, tables of work with bars between their cells.

A table of one or two columns only places words beside each other (head and foot of official letters) and is read cell by
cell; of a wider one each row is a line "| … | … |". Numbering: ECMA-376 Part 1, 17.9.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PIECES = {f"{_W}t": None, f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
# Tables stand inside cells of tables only so deep.
_DEEPEST = 8
_PLACES_WORDS = 2
# No more columns than Word itself allows.
_MOST_COLUMNS = 63
_LEVELS = 9
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_MOST = 3000


@dataclass(frozen=True)
class _Level:
    """How the numbers of one level look. text: "%1." with %n for the number of level n."""

    form: str
    text: str
    start: int


@dataclass
class Numbering:
    """The lists of a document and how far each has been counted."""

    lists: dict[str, tuple[str, dict[int, _Level]]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)

    def mark(self, paragraph: Element) -> str:
        """The number or bullet Word prints before a paragraph, with a blank behind; "" where none is."""
        found = self._place(paragraph)
        if found is None or found[0] not in self.lists:
            return ""
        number, depth = found
        counted, levels = self.lists[number]
        level = levels.get(depth)
        if level is None or level.form == "none":
            return ""
        if level.form == "bullet":
            return "- "
        counts = self.counts.setdefault(counted, [None] * _LEVELS)
        before = counts[depth]
        counts[depth] = level.start if before is None else before + 1
        for deeper in range(depth + 1, _LEVELS):
            counts[deeper] = None
        text = level.text
        for place in range(_LEVELS):
            of_level = levels.get(place)
            if of_level is not None and f"%{place + 1}" in text:
                value = counts[place]
                text = text.replace(
                    f"%{place + 1}", _written(of_level.start if value is None else value, of_level.form)
                )
        return f"{text} " if text.strip() else ""

    def _place(self, paragraph: Element) -> tuple[str, int] | None:
        """The list and the level a paragraph belongs to, by itself or by its style."""
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        by_style = self.styles.get(style.get(f"{_W}val", "")) if style is not None else None
        if own is None:
            return by_style
        number = _value(own, "numId") or (by_style[0] if by_style else "")
        depth = _value(own, "ilvl")
        if number in ("", "0"):  # 0 takes a paragraph out of its style's list
            return None
        return number, min(int(depth) if depth.isdigit() else (by_style[1] if by_style else 0), _LEVELS - 1)


def numbering_of(numbering: Element | None, styles: Element | None) -> Numbering:
    """The lists a document defines. Arguments: word/numbering.xml and word/styles.xml where they are there."""
    found = Numbering()
    if numbering is None:
        return found
    looks: dict[str, dict[int, _Level]] = {}
    for abstract in numbering.iter(f"{_W}abstractNum"):
        levels = {}
        for level in abstract.findall(f"{_W}lvl"):
            depth = level.get(f"{_W}ilvl", "")
            if depth.isdigit() and int(depth) < _LEVELS:
                start = _value(level, "start")
                levels[int(depth)] = _Level(
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText")[:40],
                    int(start) if start.isdigit() else 1,
                )
        looks[abstract.get(f"{_W}abstractNumId", "")] = levels
    for number in numbering.findall(f"{_W}num"):
        look = _value(number, "abstractNumId")
        own = number.get(f"{_W}numId", "")
        # A list that begins again is counted by itself.
        restarted = number.find(f"{_W}lvlOverride/{_W}startOverride") is not None
        found.lists[own] = (f"own {own}" if restarted else look, looks.get(look, {}))
    for style in styles.iter(f"{_W}style") if styles is not None else ():
        place = style.find(f"{_W}pPr/{_W}numPr")
        if place is not None:
            depth = _value(place, "ilvl")
            found.styles[style.get(f"{_W}styleId", "")] = (
                _value(place, "numId"),
                min(int(depth), _LEVELS - 1) if depth.isdigit() else 0,
            )
    return found


def lines_of(root: Element, numbering: Numbering) -> Iterator[str]:
    """The lines of a part of the document, in reading order."""
    yield from _lines(root, numbering, 0)


def own_text(paragraph: Element) -> str:
    """The words of one paragraph without those of paragraphs inside it (text boxes)."""
    found = []
    for child in paragraph:
        if child.tag == f"{_W}p":
            continue
        if child.tag in _PIECES:
            fixed = _PIECES[child.tag]
            found.append((child.text or "") if fixed is None else fixed)
        found.append(own_text(child))
    return "".join(found)


def cell_text(cell: Element) -> str:
    """The words of a cell in one line."""
    return " ".join(" ".join(own_text(p) for p in cell.iter(f"{_W}p")).split())


def _lines(element: Element, numbering: Numbering, depth: int) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}p":
            text = own_text(child)
            yield (numbering.mark(child) if text.strip() else "") + text
            for box in child.iter(f"{_W}txbxContent"):
                yield from _lines(box, numbering, depth + 1) if depth < _DEEPEST else ()
        elif child.tag == f"{_W}tbl":
            yield from _table(child, numbering, depth)
        elif child.tag not in (f"{_W}sectPr", f"{_W}pPr") and depth < _DEEPEST * 4:
            yield from _lines(child, numbering, depth + 1)


def _table(table: Element, numbering: Numbering, depth: int) -> Iterator[str]:
    rows = [row.findall(f"{_W}tc") for row in table.iter(f"{_W}tr")] if depth < _DEEPEST else []
    if max(map(len, rows), default=0) <= _PLACES_WORDS:
        for cells in rows:
            for cell in cells:
                yield from _lines(cell, numbering, depth + 1)
        return
    for cells in rows:
        words: list[str] = []
        for cell in cells:
            words.append((numbering.mark(_first(cell)) + cell_text(cell)).replace("|", "/"))
            words += [""] * (_columns(cell) - 1)  # what stands below stays in its column
        yield f"| {' | '.join(words)} |"


def _columns(cell: Element) -> int:
    """Over how many columns a cell goes (17.4.17)."""
    properties = cell.find(f"{_W}tcPr")
    span = _value(properties, "gridSpan") if properties is not None else ""
    return min(max(int(span), 1), _MOST_COLUMNS) if span.isdigit() else 1


def _first(cell: Element) -> Element:
    paragraph = cell.find(f"{_W}p")
    return cell if paragraph is None else paragraph


def _value(element: Element, name: str) -> str:
    found = element.find(f"{_W}{name}")
    return "" if found is None else found.get(f"{_W}val", "")


def _written(number: int, form: str) -> str:
    """A number in the form of its level."""
    number = max(0, min(number, _MOST))
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number else ""
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        letters = ""
        for value, sign in _ROMAN:
            while number >= value:
                letters += sign
                number -= value
        return letters.upper() if form == "upperRoman" else letters
    return f"{number:02d}" if form == "decimalZero" else str(number)
