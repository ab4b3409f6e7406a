"""The words of a ranking's frozen values."""

WAITS = {
    "": "",
    "unit": "đơn vị",
    "head": "lãnh đạo đơn vị duyệt",
    "confirm": "{} xác nhận kết quả",
    "given_back": "{} trả lời việc đơn vị trả lại",
    "extension": "{} trả lời xin gia hạn",
    "other": "nhiệm vụ {} xong trước",
}
NOT_ENOUGH = "chưa đủ việc đến hạn để xếp"


def trend_short(points: int | None) -> str:
    """ "tăng 12 điểm", under a heading that says since when."""
    if points is None:
        return "chưa so được"
    if points == 0:
        return "không đổi"
    return f"{'tăng' if points > 0 else 'giảm'} {abs(points)} điểm"


def trend_words(points: int | None) -> str:
    """ "tăng 12 điểm so với 4 tuần trước"; None where nothing is known of that day."""
    if points is None:
        return "chưa đủ số liệu của 4 tuần trước để so"
    return f"{trend_short(points)} so với 4 tuần trước"


def trend_sign(points: int | None) -> str:
    """The sign for the eye."""
    if points is None:
        return ""
    return "↑" if points > 0 else "↓" if points < 0 else "="
