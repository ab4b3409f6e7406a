"""The unnumbered lines a document closes with: which give somebody a duty of his own."""

import re

from tasks.intake import orders
from tasks.intake.lines import Paragraph
from tasks.intake.outline import Item, Outline
from tasks.intake.words import key_of

_GENERAL = re.compile(
    r"(?:(?:có|chịu) trách nhiệm\s+)?(?:nghiêm túc|khẩn trương|chủ động)?\s*,?\s*(?:tổ chức\s+)?(?:triển khai|thực hiện|thi hành)(?:\s*,?\s*(?:thực hiện|triển khai|tổ chức))*(?:\s+(?:nghiêm túc|tốt|hiệu quả|kịp thời|đầy đủ|các nội dung|nội dung|theo quy định|chỉ thị|quyết định|kế hoạch|văn bản|công văn|này|trên|nêu))*\s*[./]*$"
)
_TROUBLE = re.compile(
    r"^(?:trong quá trình|quá trình|trường hợp|nếu)\b[^.;]{0,80}(?:vướng mắc|khó khăn|phát sinh|cần sửa đổi|cần bổ sung)"
)
_DUTY = re.compile(
    r"\b(?:theo dõi|đôn đốc|kiểm tra|giám sát|hướng dẫn|báo cáo|tổng hợp|tham mưu|phổ biến|tuyên truyền|chịu trách nhiệm|ban hành|xây dựng|rà soát|đánh giá|bố trí|thẩm định|sơ kết|tổng kết)\b"
)
# What a document says about itself, or a courtesy; nothing is asked.
_ABOUT_ITSELF = re.compile(
    r"^(?:trân trọng|xin trân trọng|rất mong|trên đây là|nhận được|(?:chỉ thị|kế hoạch|hướng dẫn|thông báo|chương trình|nghị quyết|quyết định|kết luận|công văn|văn bản|quy định) này"
    r"\s+(?:được\s+)?(?:phổ biến|có hiệu lực|thay thế|quán triệt|thay cho|gửi|sao gửi))\b"
    r"|(?:thông báo|xin thông báo|trân trọng thông báo)(?: ý kiến)?\s*(?:\S+\s+){0,14}?(?:để|tới|đến)\s+(?:\S+\s+){0,24}?(?:biết|được biết)"
)
# Praise and consent order nothing.
_PRAISE = re.compile(
    r"^[\s,:]*(?:đánh giá cao|biểu dương|ghi nhận|hoan nghênh|cơ bản (?:đồng ý|nhất trí|thống nhất)|nhất trí|đồng ý|thống nhất với|khen ngợi)\b(?!\s*,)"
)
_SENTENCE = re.compile(r"(?:^|[.;]\s+)(?=\S)")
_MOST = 3


def says_nothing(text: str) -> bool:
    """Whether an unnumbered line is a courtesy, or what is to be done in trouble."""
    key = key_of(text)
    return _TROUBLE.match(key) is not None or _ABOUT_ITSELF.search(key) is not None


def is_general(text: str) -> bool:
    """Whether words after a body's name only say that it should do what is written."""
    return _GENERAL.match(key_of(text).strip(" ,")) is not None


def only_praises(text: str, found: orders.Found | None) -> bool:
    """Whether a paragraph praises or agrees, from its first word or behind the body it begins with, and asks nobody."""
    at = found.after if found is not None and not found.handed else 0
    return _PRAISE.match(key_of(text[at:])) is not None and orders.later_subject(text[at:]) is None


def duty_in(text: str) -> orders.Found | None:
    """Whom a closing line gives a duty of his own (follow, report …), or None."""
    if says_nothing(text):
        return None
    for sentence in _SENTENCE.finditer(text):
        found = orders.subject_of(text, sentence.end())
        if found is None:
            continue
        rest = re.split(r"[.]\s", key_of(text[found.after :]))[0]
        if _DUTY.search(rest) and not is_general(rest) and not _TROUBLE.match(key_of(text[sentence.end() :])):
            return found
    return None


def closing_of(outline: Outline, *, heading_only: bool, holder: Item) -> list[Paragraph]:
    """Take the closing lines away from the last numbered item, which holds what stands behind it."""
    keep = 0
    if heading_only and not holder.children:
        # A body's heading has one paragraph; under one that names nobody each paragraph is its own.
        keep = 1 if orders.heading_bodies(holder.text) is not None else len(holder.loose)
    closing: list[Paragraph] = []
    while len(holder.loose) > keep or (holder.loose and says_nothing(holder.loose[-1].text)):
        # The last paragraph closes in any case; those before it where they name somebody or say nothing.
        last = holder.loose[-1]
        if last.text.rstrip().endswith(":"):
            break  # it introduces items
        if closing and orders.subject_of(last.text) is None and not says_nothing(last.text):
            break
        closing.insert(0, holder.loose.pop())
        if len(closing) == _MOST:
            break
    return closing
