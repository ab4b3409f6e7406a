"""What form fields are called on the screen, for the page that gives a late form back; later rooms add theirs.

Free of models, so that AppConfig.ready() may fill it.
"""

import re

_WORDS: dict[str, str] = {
    "reason": "Lý do",
    "message": "Lời nhắn",
    "note": "Ghi chú",
    "name": "Tên",
    "full_name": "Họ và tên",
    "title": "Tiêu đề",
    "phone": "Điện thoại",
    "email": "Thư điện tử",
    "position": "Chức vụ",
    "username": "Tên đăng nhập",
    "file": "Tệp",
    "files": "Tệp kèm",
}
_PRIVATE: set[str] = set()
# "muc12-results" → results; "number_7" → number; "form-0-note" → note.
_PREFIX = re.compile(r"^(?:.*-)?([a-zA-Z_]+?)(?:_\d+)?$")


def register(words: dict[str, str]) -> None:
    """Add names of fields; a prefix up to the last "-" and a number at the end are left out: {"results": "Kết quả"}."""
    _WORDS.update(words)


def register_private(app_name: str) -> None:
    """Forms of this room hold persons' data: their values are not shown, only the names of the fields."""
    _PRIVATE.add(app_name)


def is_private(app_name: str) -> bool:
    """Whether values of the room's forms stay hidden."""
    return app_name in _PRIVATE


def word(field: str) -> str:
    """The name of the field on the screen, or "" where nobody told."""
    match = _PREFIX.match(field)
    return _WORDS.get(match.group(1), "") if match else ""
