"""Lines that begin with what they tell: "Cơ quan chủ trì: …", "Thời gian: …"."""

import re

from tasks.intake.words import key_of

_WHAT = (
    "chủ trì|đầu mối|tham mưu|phụ trách|phối hợp|thực hiện|thời gian|thời hạn|tiến độ|hoàn thành|hạn hoàn thành|sản phẩm|kết quả"
    "|nội dung|kinh phí|nguồn kinh phí|địa điểm|thành phần|đối tượng|hình thức|phương thức|quy mô"
)
_MORE = "chủ trì|phối hợp|thực hiện|hoàn thành|tham mưu|dự kiến|tổ chức|công việc|nhiệm vụ|triển khai|đầu ra|chính|và phối hợp"
_LABEL = re.compile(
    r"^(?:[-–+*•]\s*)?(?:(?:cơ quan|đơn vị|bộ phận|cán bộ|lãnh đạo)\s+)?(?:được giao\s+)?"
    rf"(?P<what>{_WHAT})(?:\s+(?:{_MORE}))*\s*(?:\([^)]*\)\s*)?:\s*",
)


def label_of(text: str) -> re.Match[str] | None:
    """The label a line begins with; its group "what" says what it tells."""
    return _LABEL.match(key_of(text))


def is_label(text: str) -> bool:
    """Whether a line begins with one."""
    return label_of(text) is not None
