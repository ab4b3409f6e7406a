"""A browser in words, from what it says of itself; enough to know one's own machines, not to follow anybody."""

import re

# The first that fits: most browsers also name those they descend from.
_BROWSERS = (
    (re.compile(r"Zalo"), "Zalo"),
    (re.compile(r"FBAN|FBAV"), "Facebook"),
    (re.compile(r"coc_coc_browser|CocCoc", re.IGNORECASE), "Cốc Cốc"),
    (re.compile(r"Edg(?:e|A|iOS)?/"), "Edge"),
    (re.compile(r"OPR/|Opera"), "Opera"),
    (re.compile(r"SamsungBrowser/"), "Samsung Internet"),
    (re.compile(r"Firefox/|FxiOS/"), "Firefox"),
    (re.compile(r"Chrome/|CriOS/|Chromium/"), "Chrome"),
    (re.compile(r"Version/.*Safari/"), "Safari"),
    (re.compile(r"MSIE |Trident/"), "Internet Explorer"),
)
_MACHINES = (
    (re.compile(r"iPhone"), "iPhone"),
    (re.compile(r"iPad"), "iPad"),
    (re.compile(r"Android.*Mobile"), "điện thoại Android"),
    (re.compile(r"Android"), "máy tính bảng Android"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"Macintosh|Mac OS X"), "máy Mac"),
    (re.compile(r"CrOS"), "Chromebook"),
    (re.compile(r"Linux|X11"), "Linux"),
)


def browser_words(agent: str) -> str:
    """ "Chrome trên Windows"; "Trình duyệt không rõ" when nothing fits."""
    browser = next((name for pattern, name in _BROWSERS if pattern.search(agent)), "")
    machine = next((name for pattern, name in _MACHINES if pattern.search(agent)), "")
    if browser and machine:
        return f"{browser} trên {machine}"
    return browser or (f"Trình duyệt trên {machine}" if machine else "Trình duyệt không rõ")
