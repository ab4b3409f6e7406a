"""Why a backup, a check or a restore ends; the text is a Vietnamese sentence for whoever runs the command."""


class Refused(Exception):
    """Nothing was made or changed; the text says what is wrong and what to do."""


class Damaged(Refused):
    """The file is not what was written: cut off, changed, or never a backup."""


_NO_ROOM = ("database or disk is full", "No space left on device")


def said_by_database(said: str) -> str:
    """What a database said; a full disk, which people can mend at once, in their words."""
    return f"đĩa của cơ sở dữ liệu đã đầy ({said})" if any(each in said for each in _NO_ROOM) else said
