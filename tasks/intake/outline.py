"""Paragraphs as a tree: what stands under which heading, under which printed path."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tasks.intake.lines import Paragraph
from tasks.intake.marks import BULLETS, OUTER, Kind, Mark, mark_of

_DEEPEST = 40


@dataclass(eq=False)
class Item:
    """One numbered or bulleted paragraph. own: its words without the mark; loose: unnumbered paragraphs under it."""

    mark: Mark | None
    own: Paragraph
    path: str
    parent: "Item | None" = None
    children: list["Item"] = field(default_factory=list)
    loose: list[Paragraph] = field(default_factory=list)
    bullets: int = 0

    @property
    def text(self) -> str:
        return self.own.text

    @property
    def ancestors(self) -> Iterator["Item"]:
        """The item and what it stands under, the nearest first."""
        item: Item | None = self
        while item is not None:
            yield item
            item = item.parent


@dataclass
class Outline:
    """A text's items and what stands before the first and after the last."""

    items: list[Item] = field(default_factory=list)
    preamble: list[Paragraph] = field(default_factory=list)

    def walk(self) -> Iterator[Item]:
        """Every item, in the order of the text."""
        waiting = list(reversed(self.items))
        while waiting:
            item = waiting.pop()
            yield item
            waiting += reversed(item.children)


def outline_of(paragraphs: Iterable[Paragraph], prefix: str = "") -> Outline:
    """Put paragraphs under their headings. Arguments: prefix, a path before all others."""
    outline = Outline()
    stack: list[Item] = []
    for paragraph in paragraphs:
        mark = mark_of(paragraph.text)
        mark = _meant(mark, stack) if mark is not None else None
        if mark is None:
            _loose(outline, stack, paragraph)
            continue
        while stack and not _holds(stack, mark):
            stack.pop()
        parent = stack[-1] if stack else None
        item = Item(mark, paragraph.tail(mark.length), _path(parent, mark, outline, prefix), parent)
        (parent.children if parent else outline.items).append(item)
        if len(stack) < _DEEPEST:
            stack.append(item)
    return outline


def _loose(outline: Outline, stack: list[Item], paragraph: Paragraph) -> None:
    """An unnumbered paragraph belongs to the nearest item that is no bullet."""
    if not stack:
        outline.preamble.append(paragraph)
        return
    holder = stack[-1]
    for item in reversed(stack):
        if item.mark is not None and item.mark.kind not in BULLETS:
            holder = item
            break
    holder.loose.append(paragraph)


def _meant(mark: Mark, stack: list[Item]) -> Mark:
    """ "C." and "D." may be capitals or Roman numbers, "i)" a letter: what the items before say decides."""
    if mark.kind == Kind.ROMAN and len(mark.label) == 1:
        for item in reversed(stack):
            if item.mark is not None and item.mark.kind == Kind.CAPITAL and mark.label == "I":
                same = [one for one in stack if one.mark is not None and one.mark.kind == Kind.ROMAN]
                if item.mark.label == "H" and not same:
                    return Mark(Kind.CAPITAL, mark.label, mark.length)
    return mark


def _holds(stack: list[Item], mark: Mark) -> bool:
    """Whether an item with this mark stands under the top of the stack."""
    top = stack[-1].mark
    if top is None:
        return True
    if mark.kind in OUTER:
        kinds = [item.mark.kind for item in stack if item.mark is not None]
        return top.kind in OUTER and mark.kind not in kinds
    if mark.kind == Kind.NUMBER:
        return _number_under(stack, mark)
    if top.kind == Kind.NUMBER and mark.kind in (Kind.SMALL, Kind.BRACKETED):
        return True
    if mark.kind in BULLETS:
        return _bullet_under(stack, mark)
    return top.kind < mark.kind


def _number_under(stack: list[Item], mark: Mark) -> bool:
    top = stack[-1].mark
    if top is None or top.kind in OUTER or top.kind == Kind.ARTICLE:
        return True
    if top.kind == Kind.NUMBER:
        return mark.label.startswith(f"{top.label}.") and mark.label != top.label
    if top.kind == Kind.SMALL and mark.label == "1":
        # Numbers that begin again under a letter.
        outer = next(
            (item.mark for item in reversed(stack) if item.mark is not None and item.mark.kind == Kind.NUMBER), None
        )
        return (outer is not None and outer.label != "1") or outer is None
    return False


def _bullet_under(stack: list[Item], mark: Mark) -> bool:
    top = stack[-1].mark
    if top is None or top.kind not in BULLETS:
        return True
    same = any(item.mark is not None and item.mark.kind == mark.kind for item in stack)
    return not same and mark.kind > top.kind


def _path(parent: Item | None, mark: Mark, outline: Outline, prefix: str) -> str:
    above = parent.path if parent else prefix
    if mark.kind in BULLETS:
        if mark.kind == Kind.STAR:
            return f"{above}.*" if above else "*"
        if parent is not None:
            parent.bullets += 1
            number = parent.bullets
        else:
            number = sum(1 for item in outline.items if item.mark and item.mark.kind in BULLETS) + 1
        return f"{above}.-{number}" if above else f"-{number}"
    label = mark.label
    if (
        parent is not None
        and parent.mark is not None
        and parent.mark.kind == Kind.NUMBER
        and label.startswith(f"{parent.mark.label}.")
    ):
        label = label[len(parent.mark.label) + 1 :]
    return f"{above}.{label}" if above else label
