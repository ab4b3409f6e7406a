"""A document's clean text → what it asks, of whom, until when; pure, without database and network."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tasks.intake import deadlines, orders, tables
from tasks.intake.citing import cited_in
from tasks.intake.header import read_head, type_of
from tasks.intake.lines import Line, Paragraph, lines_of, paragraphs_of, width_of
from tasks.intake.marks import BULLETS, Kind
from tasks.intake.outline import Item, Outline, outline_of
from tasks.intake.proposal import Deadline, DeadlineKind, Proposal, TaskProposal
from tasks.intake.signing import read_foot, without_filing
from tasks.intake.words import key_of

# Headings under which nothing is ordered.
_NO_ORDERS = re.compile(
    r"mục đích|mục tiêu|quan điểm|yêu cầu chung|^yêu cầu|phạm vi điều chỉnh|^đối tượng|^chỉ tiêu|kết quả đạt được|tồn tại|hạn chế, |nguyên nhân|bối cảnh|căn cứ (?:pháp lý|xây dựng)"
    r"|sự cần thiết|đánh giá chung|^kinh phí|nguồn kinh phí|kinh phí thực hiện|thực trạng|dự báo"
)
_REQUIRES = re.compile(r"^yêu cầu\s+\w")
_LABEL = re.compile(
    r"^(?:[-–+*•]\s*)?(?:(?:cơ quan|đơn vị|bộ phận|cán bộ|lãnh đạo)\s+)?(?:được giao\s+)?"
    r"(?P<what>chủ trì|đầu mối|tham mưu|phụ trách|phối hợp|thực hiện|thời gian|thời hạn|tiến độ|hoàn thành|hạn hoàn thành|sản phẩm|kết quả|nội dung|kinh phí|nguồn kinh phí|địa điểm|thành phần|đối tượng|hình thức|phương thức|quy mô)"
    r"(?:\s+(?:chủ trì|phối hợp|thực hiện|hoàn thành|tham mưu|dự kiến|tổ chức|công việc|nhiệm vụ|triển khai|đầu ra|chính|và phối hợp))*\s*(?:\([^)]*\)\s*)?:\s*",
)
_LEAD_LABELS = frozenset({"chủ trì", "đầu mối", "tham mưu", "phụ trách"})
_TIME_LABELS = frozenset({"thời gian", "thời hạn", "tiến độ", "hoàn thành", "hạn hoàn thành"})
_GENERAL = re.compile(
    r"(?:nghiêm túc|khẩn trương|chủ động)?\s*,?\s*(?:tổ chức\s+)?(?:triển khai|thực hiện)(?:\s*,?\s*(?:thực hiện|triển khai|tổ chức))*(?:\s+(?:nghiêm túc|tốt|hiệu quả|kịp thời|đầy đủ|các nội dung|nội dung|theo quy định|chỉ thị|kế hoạch|văn bản|công văn|này|trên|nêu))*\s*[./]*$"
)
_TROUBLE = re.compile(
    r"^(?:trong quá trình|quá trình|nếu)\b[^.;]{0,80}(?:vướng mắc|khó khăn|phát sinh|cần sửa đổi|cần bổ sung)"
)
_DUTY = re.compile(
    r"\b(?:theo dõi|đôn đốc|kiểm tra|giám sát|hướng dẫn|báo cáo|tổng hợp|tham mưu|phổ biến|tuyên truyền|chịu trách nhiệm|ban hành|xây dựng|rà soát|đánh giá|bố trí|thẩm định|sơ kết|tổng kết)\b"
)
_ENCOURAGED = re.compile(r"^\W*khuyến khích\b", re.I)
_CONDITION = re.compile(
    r"\((?:nếu|trong trường hợp|khi có|trường hợp)\s[^)]{2,200}\)|(?:^|[,;]\s*)((?:nếu có|nếu|trong trường hợp|trường hợp)\s[^,;.]{3,160})",
    re.I,
)
_APPENDIX = re.compile(r"^(?:PHỤ LỤC|Phụ lục)\s*(?:SỐ|số)?\s*([IVX]+|\d{1,2})?\b")
_ASIDE = re.compile(r"\([^()]*\)\.?")


@dataclass(frozen=True)
class _Given:
    """What a heading hands down."""

    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    why: str = ""


@dataclass
class _Block:
    """The lines of sibling blocks: who leads, with whom, until when."""

    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    deadline: Deadline | None = None
    content: list[Item] = field(default_factory=list)


def propose(body: str, footnotes: Iterable[str] = ()) -> Proposal:
    """Read a document.

    Arguments: body, clean text (tasks.textcleaning.clean); footnotes, their texts.
    Errors: none; a text that is no directive gives a proposal without tasks.
    """
    lines = lines_of(body)
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
    whole = [paragraph.text for paragraph in paragraphs_of(lines, width)]
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
    reading = _Reading(decision=False)
    places = list(range(start, start + len(text)))
    reading._task(clause, Paragraph(" ".join(text.split()), places), _Given(), "")
    return reading.tasks[0]


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
                    coordinating=tables.bodies_in_cell(cells.get("coordinating", "")),
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
        given = _Given()
        for paragraph in outline.preamble:
            asked = orders.asked_bodies(paragraph.text)
            if asked is not None:
                given = replace(
                    given, lead=asked.names, coordinating=orders.partners_in(paragraph.text), why="introduced"
                )
        closing = self._closing(outline)
        if not outline.items:
            self._unnumbered(outline, given)
        for item in outline.items:
            self._item(item, given)
        for paragraph in closing:
            self._end(paragraph)

    def _unnumbered(self, outline: Outline, given: _Given) -> None:
        """A letter without numbers: its paragraphs that order somebody."""
        orders_in = [paragraph for paragraph in outline.preamble if self._orders(paragraph)]
        for number, paragraph in enumerate(orders_in, start=1):
            clause = "p1" if len(orders_in) == 1 else f"p{number}"
            self._task(clause, paragraph, given, "unnumbered")

    def _orders(self, paragraph: Paragraph) -> bool:
        if paragraph.text.rstrip().endswith(":") or _TROUBLE.match(key_of(paragraph.text)):
            return False
        found = orders.subject_of(paragraph.text)
        return (
            found is not None and not found.alone and not _GENERAL.match(key_of(paragraph.text[found.after :]).strip())
        )

    def _closing(self, outline: Outline) -> list[Paragraph]:
        """The unnumbered paragraphs behind the last item that are the document's closing lines."""
        if not outline.items:
            return []
        last = outline.items[-1]
        while last.children:
            last = last.children[-1]
        holder = next((item for item in last.ancestors if item.loose), None)
        if holder is None or (not holder.children and _is_heading_only(holder) and len(holder.loose) == 1):
            return []
        keep = 0 if not _is_heading_only(holder) or holder.children else 1
        closing: list[Paragraph] = []
        while len(holder.loose) > keep:
            # The last paragraph closes in any case; those before it where they name somebody.
            if closing and orders.subject_of(holder.loose[-1].text) is None:
                break
            closing.insert(0, holder.loose.pop())
            if len(closing) == 3:
                break
        return closing

    def _end(self, paragraph: Paragraph) -> None:
        """A closing line counts where it gives somebody a duty of his own."""
        text = paragraph.text
        key = key_of(text)
        if _TROUBLE.match(key):
            return
        found = orders.subject_of(text)
        if found is None:
            return
        rest = key[found.after :]
        rest = re.split(r"[.;]\s", rest)[0]
        if not _DUTY.search(rest) or _GENERAL.match(rest.strip(" ,")):
            return
        self._task("end", paragraph, _Given(), "closing_line")

    def _item(self, item: Item, given: _Given) -> None:
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
        block = _block_of(item)
        if block is not None:
            self._sibling_blocks(item, block, given)
            return
        if not item.children and not item.loose:
            self._leaf(item, given)
            return
        shared = _shared_block(item)
        if shared is not None and not given.lead:
            self._sibling_blocks(item, shared, given)
            return
        passed = self._passed_on(item, given)
        if not _is_heading_only(item):
            self._leaf(item, given)
        self._loose(item, passed)
        for child in item.children:
            self._item(child, passed)

    def _passed_on(self, item: Item, given: _Given) -> _Given:
        """What a heading hands down to the items under it."""
        text = item.text
        named = orders.heading_bodies(text)
        if named is not None:
            return _Given(named.names, (), given.deadlines, "heading")
        subject = orders.subject_of(text)
        partners = orders.partners_in(text)
        times = tuple(deadlines.stated_in(text)) if text.rstrip().endswith(":") else ()
        return _Given(
            subject.names if subject is not None else given.lead,
            partners or given.coordinating,
            times or given.deadlines,
            "heading" if subject is not None else given.why,
        )

    def _loose(self, item: Item, given: _Given) -> None:
        """The unnumbered paragraphs under an item."""
        under_heading = _is_heading_only(item)
        chosen = []
        for paragraph in item.loose:
            if (paragraph.text.rstrip().endswith(":") and item.children) or _ASIDE.fullmatch(paragraph.text.strip()):
                continue
            named = orders.subject_of(paragraph.text)
            if (
                (under_heading and given.lead)
                or (named is not None and (named.alone is False))
                or (under_heading and orders.later_subject(paragraph.text) is not None)
            ):
                chosen.append(paragraph)
        single = len(chosen) == 1 and not item.children and under_heading
        for number, paragraph in enumerate(chosen, start=1):
            self._task(item.path if single else f"{item.path}.p{number}", paragraph, given, "unnumbered")

    def _leaf(self, item: Item, given: _Given) -> None:
        """An item that orders somebody, by its own words or by its heading's."""
        text = item.text
        if not text.strip() or (orders.heading_bodies(text) is not None and len(text) < 200):
            return
        own = orders.subject_of(text)
        if own is None and not given.lead and orders.later_subject(text) is None:
            return
        if own is None and _NO_ORDERS.match(key_of(text)) and text.rstrip().endswith(":"):
            return
        self._task(item.path, item.own, given, "")

    def _sibling_blocks(self, item: Item, block: _Block, given: _Given) -> None:
        """ "Nội dung", "Cơ quan chủ trì", "Thời gian" side by side: each content item takes units and time from the others."""
        passed = _Given(
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
            loose = [paragraph for paragraph in item.loose if _LABEL.match(key_of(paragraph.text)) is None]
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

    def _content(self, item: Item, passed: _Given) -> None:
        if _block_of(item) is not None:
            self._item(item, passed)
        elif item.children and (item.text.rstrip().endswith(":") or _LABEL.match(key_of(item.text))):
            for child in item.children:
                self._content(child, passed)
        else:
            self._task(item.path, item.own, passed, "sibling_blocks", block=True)
            for child in item.children:
                self._content(child, passed)

    def _task(self, clause: str, paragraph: Paragraph, given: _Given, why: str, *, block: bool = False) -> None:
        text = paragraph.text
        own = orders.subject_of(text)
        if own is None and given.why in ("", "introduced"):
            own = orders.concerned(text) or (orders.asked_later(text) if given.lead else None)
        reasons = [why] if why else []
        if own is not None and not (
            given.lead and ((block and not own.handed) or _ENCOURAGED.match(text) or _passes_on(text, given))
        ):
            lead = own.names
            reasons.append("handed_over" if own.handed else "subject")
        elif given.lead:
            lead = given.lead
            reasons.append(given.why or "heading")
        else:
            later = orders.later_subject(text)
            lead = later.names if later is not None else ()
            reasons.append("later_subject")
        more = tuple(name for name in orders.further_leads(text, own) if name not in lead)
        partners = orders.partners_in(text) or given.coordinating
        partners = tuple(name for name in partners if name not in lead)
        times = tuple(deadlines.stated_in(text)) or given.deadlines
        condition = _CONDITION.search(text)
        self.tasks.append(
            TaskProposal(
                clause=clause,
                text=text,
                start=paragraph.start,
                end=paragraph.end,
                lead=lead + more,
                coordinating=partners,
                deadlines=times,
                condition=condition[0].strip(" ,;()") if condition else None,
                encouraged=_ENCOURAGED.match(text) is not None,
                why=tuple(dict.fromkeys(reasons)),
            )
        )


def _passes_on(text: str, given: _Given) -> bool:
    """ "Yêu cầu các …" under the heading of a body: it is this body that has to ask."""
    return given.why == "heading" and re.match(r"Yêu cầu\s+(?:các|những|mọi)\s", text) is not None


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


def _block_of(item: Item) -> _Block | None:
    """The sibling blocks under an item, where at least one names who leads or with whom."""
    block = _Block()
    named = False
    entries: list[tuple[str, Item | None]] = [(child.text, child) for child in item.children]
    entries += [(paragraph.text, None) for paragraph in item.loose]
    for text, child in entries:
        label = _LABEL.match(key_of(text))
        if label is None:
            if child is not None:
                block.content.append(child)
            continue
        what, rest = label["what"], text[label.end() :]
        if child is not None and not rest.strip():
            rest = "; ".join(below.text.rstrip(" ;.") for below in child.children)
        both = "phối hợp" in label[0] and what in _LEAD_LABELS
        if what in _LEAD_LABELS and not both:
            block.lead, named = block.lead + tables.bodies_in_cell(rest), True
        elif what == "phối hợp":
            block.coordinating, named = block.coordinating + tables.bodies_in_cell(rest), True
        elif what == "thực hiện":
            names = tables.bodies_in_cell(rest)
            if any(_leads(other) for other, _ in entries):
                block.coordinating += names
            else:
                block.lead, named = block.lead + names, True
        elif what in _TIME_LABELS:
            block.deadline = deadlines.in_time_column(rest)
        elif what == "nội dung" and child is not None:
            block.content += child.children or [child]
            continue
    return block if named else None


def _shared_block(item: Item) -> _Block | None:
    """Blocks printed under the last of several items that stand for all of them."""
    if len(item.children) < 2 or orders.subject_of(item.text) is not None:
        return None
    *others, last = item.children
    if any(child.children or child.loose or orders.subject_of(child.text) for child in others):
        return None
    block = _block_of(last)
    if block is None or block.content:
        return None
    last.children, last.loose = [], []
    block.content = [*others, last]
    return block


def _leads(text: str) -> bool:
    label = _LABEL.match(key_of(text))
    return label is not None and label["what"] in _LEAD_LABELS


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
