"""Lines under one heading that tell what, who leads, who helps and until when, side by side."""

from dataclasses import dataclass, field

from tasks.intake import deadlines, orders, tables
from tasks.intake.labels import label_of
from tasks.intake.outline import Item
from tasks.intake.proposal import Deadline
from tasks.intake.words import key_of

_LEADS = frozenset({"chủ trì", "đầu mối", "tham mưu", "phụ trách"})
_TIMES = frozenset({"thời gian", "thời hạn", "tiến độ", "hoàn thành", "hạn hoàn thành"})


@dataclass
class Block:
    """The lines of sibling blocks: who leads, with whom, until when, and the items they speak of."""

    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    deadline: Deadline | None = None
    content: list[Item] = field(default_factory=list)


def block_of(item: Item) -> Block | None:
    """The sibling blocks under an item, where at least one names who leads or with whom."""
    block = Block()
    named = False
    entries: list[tuple[str, Item | None]] = [(child.text, child) for child in item.children]
    entries += [(paragraph.text, None) for paragraph in item.loose]
    for text, child in entries:
        label = label_of(text)
        if label is None:
            if child is not None:
                block.content.append(child)
            continue
        what, rest = label["what"], text[label.end() :]
        if child is not None and not rest.strip():
            rest = "; ".join(below.text.rstrip(" ;.") for below in child.children)
        both = "phối hợp" in label[0] and what in _LEADS
        if (what == "thực hiện" or both) and "chủ trì" in key_of(rest):
            lead, partners = tables.leads_and_partners(rest)
            block.lead, block.coordinating, named = block.lead + lead, block.coordinating + partners, True
            continue
        if what in _LEADS and not both:
            block.lead, named = block.lead + tables.bodies_in_cell(rest), True
        elif what == "phối hợp":
            block.coordinating, named = block.coordinating + tables.bodies_in_cell(rest), True
        elif what == "thực hiện":
            names = tables.bodies_in_cell(rest)
            if any(_names_lead(other) for other, _ in entries):
                block.coordinating += names
            else:
                block.lead, named = block.lead + names, True
        elif what in _TIMES:
            block.deadline = deadlines.in_time_column(rest)
        elif what == "nội dung" and child is not None and (child.children or not rest.strip()):
            block.content += child.children or [child]
    return block if named else None


def shared_block(item: Item) -> Block | None:
    """Blocks printed under the last of several items that stand for all of them."""
    if len(item.children) < 2 or orders.subject_of(item.text) is not None:
        return None
    *others, last = item.children
    if any(child.children or child.loose or orders.subject_of(child.text) for child in others):
        return None
    block = block_of(last)
    if block is None or block.content:
        return None
    last.children, last.loose = [], []
    block.content = [*others, last]
    return block


def _names_lead(text: str) -> bool:
    label = label_of(text)
    return label is not None and label["what"] in _LEADS
