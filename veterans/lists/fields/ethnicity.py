"""The ethnic group, in one spelling for each; None when it is not given or not one of those known. Nothing is guessed."""

from functools import lru_cache

from veterans.lists.text import key, without_bracket

_SPELLINGS = {
    "Kinh": "kinh viet",
    "Xơ Đăng": "xodang xedang sedang xdang xeedang",
    "Ba Na": "bana bahnar",
    "Giẻ Triêng": "gietrieng giatrieng",
    "Gia Rai": "giarai jarai jrai",
    "Brâu": "brau",
    "Rơ Măm": "romam",
    "Tày": "tay",
    "Nùng": "nung",
    "Thái": "thai",
    "Mường": "muong",
    "Hrê": "hre",
}
_KNOWN = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings.split()}


@lru_cache(maxsize=2_000)
def parse_ethnicity(text: str) -> str | None:
    """ "XĐăng", "Xơ-đăng", "Sedang" → "Xơ Đăng"."""
    for words in (text, without_bracket(text)[0]):
        spelling = key(words)
        found = _KNOWN.get(spelling) or _KNOWN.get(spelling.removeprefix("dantoc"))
        if found:
            return found
    return None
