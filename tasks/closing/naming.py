"""Names inside an archive that Windows, macOS and Linux all unpack: no sign any of them forbids, short, each once."""

import re
from pathlib import PurePosixPath

from directive_tracker.vietnamese import nfc

# Windows takes 260 signs for the whole path; the folder it is unpacked into needs some of them.
LONGEST_PATH = 150
LONGEST_FOLDER = 50
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]')
_DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")
_LONGEST_SUFFIX = 10


def safe(name: str, *, longest: int = LONGEST_FOLDER) -> str:
    """One part of a path: what is typed in, accents kept, without signs and endings that a file system refuses."""
    words = " ".join(_FORBIDDEN.sub(" ", nfc(name)).split()).strip(". ")
    if _DEVICES.match(words):
        words = f"_{words}"
    return words[:longest].rstrip(". ") or "khong ten"


class Names:
    """Gives every file of one archive its path, and no path twice – also where a file system takes "A" for "a"."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def path(self, *folders: str, name: str) -> str:
        """The path of a file. Args: folders, of us or typed; name, as the file was called."""
        place = "/".join(safe(folder) for folder in folders)
        suffix = PurePosixPath(name.strip()).suffix[:_LONGEST_SUFFIX]
        suffix = f".{safe(suffix[1:], longest=_LONGEST_SUFFIX)}" if len(suffix) > 1 else ""
        stem = name.strip()[: -len(suffix)] if suffix and name.strip().endswith(suffix) else name
        room = LONGEST_PATH - len(place) - len(suffix) - 1
        number = 1
        while True:
            more = f" ({number})" if number > 1 else ""
            base = safe(stem, longest=max(8, room - len(more)))
            path = f"{place}/{base}{more}{suffix}" if place else f"{base}{more}{suffix}"
            if path.casefold() not in self._taken:
                self._taken.add(path.casefold())
                return path
            number += 1
