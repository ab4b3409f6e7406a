"""What the verbs of the audit are called on the screen; later rooms add theirs in AppConfig.ready()."""

_WORDS = {
    "account.signed_in": "Đăng nhập",
    "account.sign_in_failed": "Đăng nhập không đúng",
    "account.signed_out": "Đăng xuất",
    "account.profile_changed": "Sửa thông tin của mình",
    "account.password_changed": "Đổi mật khẩu của mình",
    "account.first_administrator": "Tạo tài khoản quản trị đầu tiên",
    "admin.added": "Thêm trong quản trị",
    "admin.changed": "Sửa trong quản trị",
}


def register(words: dict[str, str]) -> None:
    """Add the verbs of a room. Errors: ValueError when a verb already means something else."""
    for verb, text in words.items():
        if _WORDS.setdefault(verb, text) != text:
            raise ValueError(f"the verb {verb!r} is named twice")


def words(verb: str) -> str:
    """The name of a verb on the screen; a verb without a name is shown as it is."""
    return _WORDS.get(verb, verb)
