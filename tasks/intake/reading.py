"""A document's clean text → what it asks, of whom, until when; pure, without database and network."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tasks.intake import closing, deadlines, orders, tables
from tasks.intake.assigning import Given, task_of
from tasks.intake.blocks import Block, block_of, shared_block
from tasks.intake.citing import cited_in
from tasks.intake.header import read_head, type_of
from tasks.intake.labels import is_label
from tasks.intake.lines import Line, Paragraph, lines_of, paragraphs_of, width_of
from tasks.intake.marks import BULLETS, Kind
from tasks.intake.outline import Item, Outline, outline_of
from tasks.intake.proposal import DeadlineKind, Proposal, TaskProposal
from tasks.intake.signing import read_foot, without_filing
from tasks.intake.words import key_of

# Headings under which nothing is ordered.
_NO_ORDERS = re.compile(
    r"mục đích|mục tiêu|quan điểm|yêu cầu chung|^yêu cầu|phạm vi điều chỉnh|^đối tượng|^chỉ tiêu|kết quả đạt được|tồn tại|hạn chế, |nguyên nhân|bối cảnh|căn cứ (?:pháp lý|xây dựng)"
    r"|sự cần thiết|đánh giá chung|^kinh phí|nguồn kinh phí|kinh phí thực hiện|thực trạng|dự báo"
)
# Items that say who or how much, under an order that is complete without them.
_DESCRIBES = re.compile(
    r"^(?:khu vực|mức (?:chi|hỗ trợ|thu|quà|đóng|lương)|tỷ lệ|đối tượng|hồ sơ|địa điểm|thành phần|số lượng|trên \d+\s*%|\d+(?:[.,]\d+)?\s*%)"
)
_REQUIRES = re.compile(r"^yêu cầu\s+\w")
_APPENDIX = re.compile(r"^(?:PHỤ LỤC|Phụ lục)\s*(?:SỐ|số)?\s*([IVX]+|\d{1,2})?\b")
_ASIDE = re.compile(r"\([^()]*\)\.?")


def propose(body: str, footnotes: Iterable[str] = ()) -> Proposal:
    """Read a document.

    Arguments: body, clean text (tasks.textcleaning.clean); footnotes, their texts.
    Errors: none; a text that is no directive gives a proposal without tasks.
    """
    every = lines_of(body)
    lines = [line for line in every if not line.is_note]
    head = read_head(lines)
    foot = read_foot(lines, head.body)
    header = replace(head.header, signers=foot.signers)
    main = lines[head.body : foot.start]
    width = width_of(main)
    paragraphs = list(paragraphs_of([line for line in main if not line.is_table], width))
    reading = _Reading(decision=header.type == "Quyết định" and foot.end < len(lines))
    if header.issuer is None:
        header = replace(header, issuer=_speaker(paragraphs))
    reading.text(paragraphs)
    reading.rows([line for line in main if line.is_table])
    for part in _attachments(lines[foot.end :]):
        reading.decision = False
        reading.text(list(paragraphs_of([line for line in part if not line.is_table], width)), attached=True)
        reading.rows([line for line in part if line.is_table])
    whole = [paragraph.text for paragraph in paragraphs_of(every, width)]
    return Proposal(
        header=header,
        cites=tuple(cited_in([*whole, *footnotes], header.number)),
        recipients=head.recipients if head.has_recipients else without_filing(foot.cc),
        cc=foot.cc,
        tasks=tuple(reading.tasks),
    )


def read_passage(text: str, clause: str, start: int) -> TaskProposal:
    """What one passage that a person marked asks by its own words; bodies and times it does not name stay empty.

    Arguments: start, the place of its first code point in the clean text.
    """
    places = list(range(start, start + len(text)))
    return task_of(clause, Paragraph(" ".join(text.split()), places), Given(), "")


def _speaker(paragraphs: list[Paragraph]) -> str | None:
    """Who says it, where no head is printed: the body before "yêu cầu:"."""
    for paragraph in paragraphs[:8]:
        if paragraph.text.rstrip().endswith(":"):
            name = orders.who_asks(paragraph.text)
            if name is not None:
                return name
    return None


def _attachments(lines: list[Line]) -> Iterator[list[Line]]:
    """Attached plans and appendices, one by one."""
    part: list[Line] = []
    for line in lines:
        if part and len(line.text) < 60 and _APPENDIX.match(line.text):
            yield part
            part = []
        part.append(line)
    if part:
        yield part


class _Reading:
    """One document's tasks, as they are found."""

    def __init__(self, *, decision: bool) -> None:
        self.decision = decision
        self.tasks: list[TaskProposal] = []

    # --- tables ---------------------------------------------------------------------------------

    def rows(self, lines: list[Line]) -> None:
        """The rows of an appendix."""
        lead: tuple[str, ...] = ()
        for row in tables.rows_of(lines):
            cells = row.cells
            text = cells.get("task", "")
            leads = tables.bodies_in_cell(cells.get("lead", ""))
            partners = tables.bodies_in_cell(cells.get("coordinating", ""))
            if "both" in cells:
                leads, partners = tables.leads_and_partners(cells["both"])
            time = deadlines.in_time_column(cells.get("time", ""))
            if not text or (not leads and not (row.number and cells.get("time"))):
                continue
            lead = leads or lead
            self.tasks.append(
                TaskProposal(
                    clause=f"PL.{row.number}" if row.number else "PL",
                    text=text,
                    start=row.start,
                    end=row.end,
                    lead=lead,
                    coordinating=partners,
                    deadlines=(time,) if time.kind != DeadlineKind.NONE or time.text else (),
                    why=("table_row",),
                )
            )

    # --- numbered text --------------------------------------------------------------------------

    def text(self, paragraphs: list[Paragraph], *, attached: bool = False) -> None:
        """The tasks of a text."""
        if attached:
            paragraphs = _below_titles(paragraphs)
        outline = outline_of(paragraphs)
        given = Given()
        for paragraph in outline.preamble:
            asked = orders.asked_bodies(paragraph.text)
            if asked is not None:
                given = replace(
                    given, lead=asked.names, coordinating=orders.partners_in(paragraph.text), why="introduced"
                )
        closing_lines = self._closing(outline)
        if not outline.items:
            self._unnumbered(outline, given)
        for item in outline.items:
            self._item(item, given)
        for paragraph in closing_lines:
            self._end(paragraph)

    def _unnumbered(self, outline: Outline, given: Given) -> None:
        """A letter without numbers: its paragraphs that order somebody."""
        orders_in = [paragraph for paragraph in outline.preamble if self._orders(paragraph)]
        for number, paragraph in enumerate(orders_in, start=1):
            clause = "p1" if len(orders_in) == 1 else f"p{number}"
            self._task(clause, paragraph, given, "unnumbered")

    def _orders(self, paragraph: Paragraph) -> bool:
        if paragraph.text.rstrip().endswith(":") or closing.says_nothing(paragraph.text):
            return False
        found = orders.subject_of(paragraph.text)
        return found is not None and not found.alone and not closing.is_general(paragraph.text[found.after :])

    def _closing(self, outline: Outline) -> list[Paragraph]:
        """The unnumbered paragraphs behind the last item that are the document's closing lines."""
        if not outline.items:
            return []
        last = outline.items[-1]
        while last.children:
            last = last.children[-1]
        holder = next((item for item in last.ancestors if item.loose), None)
        if holder is None:
            return []
        return closing.closing_of(outline, heading_only=_is_heading_only(holder), holder=holder)

    def _end(self, paragraph: Paragraph) -> None:
        """A closing line counts where it gives somebody a duty of his own."""
        found = closing.duty_in(paragraph.text)
        if found is not None:
            self.tasks.append(replace(task_of("end", paragraph, Given(), "closing_line"), lead=found.names))

    def _item(self, item: Item, given: Given) -> None:
        """One item and what stands under it."""
        heading = key_of(item.text)
        if (
            (item.children or item.loose)
            and _NO_ORDERS.search(heading[:80])
            and orders.subject_of(item.text) is None
            and not _REQUIRES.match(heading)
        ):
            return
        if item.mark is not None and item.mark.kind == Kind.ARTICLE and self.decision:
            return
        block = block_of(item)
        if block is not None:
            self._sibling_blocks(item, block, given)
            return
        if not item.children and not item.loose:
            self._leaf(item, given)
            return
        shared = shared_block(item)
        if shared is not None and not given.lead:
            self._sibling_blocks(item, shared, given)
            return
        if item.children and all(_DESCRIBES.match(key_of(child.text)) for child in item.children):
            self._leaf(item, given)
            return
        passed = self._asked_below(item, self._passed_on(item, given))
        if not _is_heading_only(item):
            self._leaf(item, given)
        self._loose(item, passed)
        for child in item.children:
            self._item(child, passed)

    def _asked_below(self, item: Item, passed: Given) -> Given:
        """What an unnumbered line between a heading and its items hands down: "Đề nghị X:"."""
        for paragraph in item.loose if item.children and _is_heading_only(item) else ():
            text = paragraph.text.rstrip()
            found = (orders.heading_bodies(text) or orders.asked_bodies(text)) if text.endswith(":") else None
            if found is not None:
                return replace(passed, lead=found.names, why="heading")
        return passed

    def _passed_on(self, item: Item, given: Given) -> Given:
        """What a heading hands down to the items under it."""
        text = item.text
        named = orders.heading_bodies(text)
        if named is not None:
            return Given(named.names, (), given.deadlines, "heading")
        subject = orders.subject_of(text) or (orders.concerned_heading(text) if item.children else None)
        partners = orders.partners_in(text)
        times = tuple(deadlines.stated_in(text)) if text.rstrip().endswith(":") else ()
        return Given(
            subject.names if subject is not None else given.lead,
            partners or given.coordinating,
            times or given.deadlines,
            "heading" if subject is not None else given.why,
        )

    def _loose(self, item: Item, given: Given) -> None:
        """The unnumbered paragraphs under an item."""
        under_heading = _is_heading_only(item)
        chosen = []
        for paragraph in item.loose:
            if (paragraph.text.rstrip().endswith(":") and item.children) or _ASIDE.fullmatch(paragraph.text.strip()):
                continue
            named = orders.subject_of(paragraph.text)
            if closing.says_nothing(paragraph.text) or (
                named is not None and closing.is_general(paragraph.text[named.after :])
            ):
                continue
            if (
                (under_heading and given.lead)
                or (named is not None and (named.alone is False))
                or (under_heading and orders.later_subject(paragraph.text) is not None)
            ):
                chosen.append(paragraph)
        single = len(chosen) == 1 and not item.children and under_heading
        for number, paragraph in enumerate(chosen, start=1):
            self._task(item.path if single else f"{item.path}.p{number}", paragraph, given, "unnumbered")

    def _leaf(self, item: Item, given: Given) -> None:
        """An item that orders somebody, by its own words or by its heading's."""
        text = item.text
        if not text.strip() or (orders.heading_bodies(text) is not None and len(text) < 200):
            return
        own = orders.subject_of(text)
        named = own is not None or orders.later_subject(text) is not None or orders.bracketed(text) is not None
        if not (named or given.lead) or closing.only_praises(text, own):
            return
        if not named and (closing.says_nothing(text) or _DESCRIBES.match(key_of(text))):
            return
        if own is None and _NO_ORDERS.match(key_of(text)) and text.rstrip().endswith(":"):
            return
        self._task(item.path, item.own, given, "")

    def _sibling_blocks(self, item: Item, block: Block, given: Given) -> None:
        """ "Nội dung", "Cơ quan chủ trì", "Thời gian" side by side: each content item takes units and time from the others."""
        passed = Given(
            block.lead or given.lead,
            block.coordinating or given.coordinating,
            (block.deadline,)
            if block.deadline is not None and (block.deadline.kind != DeadlineKind.NONE or block.deadline.text)
            else given.deadlines,
            "sibling_blocks",
        )
        content = block.content
        if not passed.lead:
            for child in content:
                self._item(child, given)
            return
        if not content:
            loose = [paragraph for paragraph in item.loose if not is_label(paragraph.text)]
            if loose and _is_heading_only(item):
                for number, paragraph in enumerate(loose, start=1):
                    self._task(
                        item.path if len(loose) == 1 else f"{item.path}.p{number}",
                        paragraph,
                        passed,
                        "sibling_blocks",
                        block=True,
                    )
            else:
                self._task(item.path, item.own, passed, "sibling_blocks", block=True)
            return
        for child in content:
            self._content(child, passed)

    def _content(self, item: Item, passed: Given) -> None:
        if block_of(item) is not None:
            self._item(item, passed)
        elif item.children and (item.text.rstrip().endswith(":") or is_label(item.text)):
            for child in item.children:
                self._content(child, passed)
        else:
            self._task(item.path, item.own, passed, "sibling_blocks", block=True)
            for child in item.children:
                self._content(child, passed)

    def _task(self, clause: str, paragraph: Paragraph, given: Given, why: str, *, block: bool = False) -> None:
        self.tasks.append(task_of(clause, paragraph, given, why, block=block))


def _is_heading_only(item: Item) -> bool:
    """Whether an item with something under it orders nothing itself."""
    text = item.text.rstrip()
    if not text or text.endswith(":") or orders.heading_bodies(text) is not None:
        return True
    bullet = item.mark is not None and item.mark.kind in BULLETS
    complete = text.endswith((".", ";")) and len(text) >= (40 if bullet else 120)
    own = orders.subject_of(text) or orders.later_subject(text)
    if item.children:
        return not (complete and (own is not None or not item.loose))
    return own is None and (not text.endswith((".", ";")) or len(text) < 160)


def _below_titles(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """An attachment's paragraphs without its title."""
    at = 0
    while at < len(paragraphs):
        text = paragraphs[at].text
        if (
            (text.isupper() and not re.match(r"^(?:[IVX]+|[A-H])\s*[.)]", text))
            or type_of(text) is not None
            or text.startswith("(")
        ):
            at += 1
        else:
            break
    return paragraphs[at:]
