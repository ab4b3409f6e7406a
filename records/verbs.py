"""What the verbs of the audit are called on the screen, and what stands in the details; later rooms add theirs."""

from collections.abc import Iterable

_WORDS = {
    "account.signed_in": "Đăng nhập",
    "account.sign_in_failed": "Đăng nhập không đúng",
    "account.signed_out": "Đăng xuất",
    "account.profile_changed": "Sửa thông tin của mình",
    "account.password_changed": "Đổi mật khẩu của mình",
    "account.first_administrator": "Tạo tài khoản quản trị đầu tiên",
    "admin.added": "Thêm trong quản trị",
    "admin.changed": "Sửa trong quản trị",
    "message.resent": "Gửi lại thư",
    "rules.changed": "Đổi quy tắc nhắc việc",
    "rules.added": "Thêm bậc nhắc việc",
    "message.held": "Giữ thư lại",
    "message.released": "Cho gửi thư đã giữ",
    "sending.held": "Giữ mọi thư",
    "sending.released": "Cho gửi thư tiếp",
    "address.paused": "Tự tạm dừng một địa chỉ nhận tin",
    "address.tried": "Gửi thử đến một địa chỉ nhận tin",
    "address.resent": "Gửi lại tin của một địa chỉ",
    "file.downloaded": "Tải tệp",
    "file.own_removed": "Xóa tệp của mình",
    "export.list": "Xuất Excel một danh sách",
    "audit.verified": "Kiểm tra chuỗi nhật ký",
    "backup.made": "Sao lưu dữ liệu",
    "backup.restored": "Khôi phục dữ liệu từ bản sao lưu",
    "backup.moved": "Chuyển dữ liệu sang PostgreSQL",
    "demo.played": "Hết một ngày của bản dùng thử",
}
# Marks that programs leave for themselves: part of the chain, no news for a reader of the page; later rooms add theirs.
SILENT = {"demo.played"}
# What data may hold besides from, to, fields, count and reason: key → words before the value.
DETAILS = {
    "role": "vai trò",
    "purpose": "mục đích",
    "step": "bước",
    "day": "ngày",
    "tasks": "số nhiệm vụ",
    "assignments": "số phần việc",
    "units": "số đơn vị",
    "people": "số người",
    "filter": "lọc theo",
    "file": "tệp",
    "list": "danh sách",
    "way": "cách",
    "codes": "gồm",
    "link": "qua liên kết số",
    "api": "qua API bằng mã",
}
# Words of the code that stand as values → words of the screen.
VALUES = {"password": "mật khẩu", "demo": "thẻ của bản dùng thử"}
# Fields that are no column of their model, "veterans.person.phone" → words; columns have their verbose_name.
FIELDS: dict[str, str] = {}


def register(
    words: dict[str, str],
    *,
    details: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
    fields: dict[str, str] | None = None,
    silent: Iterable[str] = (),
) -> None:
    """Add what a room writes into the log; called in AppConfig.ready().

    Args:
        words: verb → its name.
        details: key of data → words before the value; a key nobody names is not shown.
        values: word of the code that stands as a value → word of the screen.
        fields: "room.model.name" of what is logged as a field and is no column → word of the screen.
        silent: verbs that are marks of a program, left out of the page.

    Errors: ValueError when something already has another name.
    """
    for names, known in ((words, _WORDS), (details, DETAILS), (values, VALUES), (fields, FIELDS)):
        for key, text in (names or {}).items():
            if known.setdefault(key, text) != text:
                raise ValueError(f"{key!r} of the log is named twice")
    SILENT.update(silent)


def words(verb: str) -> str:
    """The name of a verb on the screen; a verb without a name is shown as it is."""
    return _WORDS.get(verb, verb)


def is_named(verb: str) -> bool:
    """Whether a verb has a name."""
    return verb in _WORDS
