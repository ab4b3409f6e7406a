"""Canaries: invented words, telephone numbers and card numbers, each of which only some people may ever read.

A canary carries its number in every form ("Zqxwkvjh0017", "0912990017", "079099990017"), so that one pattern finds them
all in a page, a header, a spreadsheet or the text of a PDF. The word is long because every page carries random tokens:
five letters were once met by chance.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field

from pypdf import PdfReader
from pypdf.errors import PyPdfError

PATTERN = re.compile(rb"zqxwkvjh(\d{4})|0912[ .]?99(\d[ .]?\d{3})|07909999(\d{4})", re.IGNORECASE)

# In the order of the columns of policy.py. `nobody` reads nothing at all.
READERS = {
    "directive draft": "office deputy",
    "directive issued": "office deputy reader reporter unit_head monitor registrar",
    "directive closed": "office deputy reader reporter unit_head monitor registrar",
    # What was written about a part of the work: reasons, chasing, products, sent reports and their files.
    "work own": "office deputy reader reporter unit_head",
    "work below": "office deputy reader reporter unit_head",
    "work helper": "office deputy reader reporter unit_head",
    "work watched": "office deputy reader monitor",
    "work sibling": "office deputy reader",
    "work foreign": "office deputy reader",
    "work ended": "office deputy reader",
    # What is said about a sent report as a whole: a lead and a monitor read only their sections.
    "note own": "office deputy reader reporter unit_head",
    "note below": "office deputy reader reporter unit_head",
    "note helper": "office deputy reader",
    "note watched": "office deputy reader",
    "note sibling": "office deputy reader",
    "note foreign": "office deputy reader",
    "note ended": "office deputy reader",
    # A second section of the same sent report, about work that neither the lead nor the monitor has to do with.
    "other section helper": "office deputy reader",
    "other section watched": "office deputy reader",
    # A letter that has not been sent; what was sent is read like what is said about a report as a whole.
    "letter made": "office deputy",
    # An inspection that is being written down: whoever writes it.
    "inspection of office": "office deputy",
    "inspection of watch": "monitor",
    # Names of files that arrived, and why they were refused.
    "arrived": "office deputy",
    # What the office says among itself about the work.
    "office words": "office deputy",
    # What the office wrote into a draft of the summary report.
    "summary made": "office deputy reader",
    # What a unit is typing: nobody else reads it, not the office and not the unit above.
    "draft own": "reporter unit_head",
    "draft below": "",
    "draft helper": "",
    "draft watched": "",
    "draft sibling": "",
    "draft foreign": "",
    "draft ended": "",
    "removed file": "",
    "orphan file": "",
    # Where another unit's system is told.
    "system foreign": "office deputy administrator",
    # What a program of another unit is called.
    "api token": "administrator",
    # Names and telephone numbers of the people who work for a unit.
    "staff own": "office deputy reader reporter unit_head administrator",
    "staff below": "office deputy reader reporter unit_head administrator",
    "staff helper": "office deputy reader reporter unit_head administrator",
    "staff watched": "office deputy reader monitor administrator",
    "staff sibling": "office deputy reader administrator",
    "staff foreign": "office deputy reader administrator",
    "staff ended": "office deputy reader administrator",
    # The registry.
    "person own": "registrar",
    "person below": "registrar",
    "person sibling": "",
    "person foreign": "",
    "person ended": "",
    # Only after a purpose was given: veterans:person_open reveals it, no other page.
    "contact own": "",
    "contact below": "",
    "contact sibling": "",
    "contact foreign": "",
    "contact ended": "",
    # One's own notices, mails, jobs; "… of X" are X's own.
    "notice of stranger": "",
    "mail of stranger": "office deputy",
    "job of stranger": "",
    # The log: each room's part to those who answer for it; what one did oneself is one's own to read.
    "audit tasks": "office deputy",
    "audit person own": "registrar",
    "audit person foreign": "",
    "audit account": "administrator",
    "audit unit": "office deputy administrator",
}


def _number(found: re.Match[bytes]) -> int:
    """The number that a match carries, whatever stands between its figures."""
    return int(re.sub(rb"[ .]", b"", b"".join(part for part in found.groups() if part)))


@dataclass(frozen=True)
class Canary:
    """One value: its number, what it is, who may read it."""

    number: int
    what: str
    readers: frozenset[str]

    @property
    def word(self) -> str:
        return f"Zqxwkvjh{self.number:04}"

    @property
    def phone(self) -> str:
        return f"091299{self.number:04}"

    @property
    def card(self) -> str:
        return f"07909999{self.number:04}"


@dataclass
class Cage:
    """All canaries of one world."""

    birds: list[Canary] = field(default_factory=list)

    def new(self, what: str, readers: str | None = None) -> Canary:
        """A canary of that kind; `readers` only for what belongs to one person. Errors: KeyError for an unknown kind."""
        words = READERS[what] if readers is None else readers
        if len(self.birds) >= 9999:
            raise ValueError("a canary's number has four figures: there are too many of them")
        bird = Canary(len(self.birds) + 1, what, frozenset(words.split()))
        self.birds.append(bird)
        return bird

    def heard(self, text: bytes) -> dict[Canary, bytes]:
        """The canaries that stand in the text, each with the words around it."""
        return {
            self.birds[number - 1]: text[max(0, found.start() - 40) : found.end() + 20]
            for found in PATTERN.finditer(text)
            if 0 < (number := _number(found)) <= len(self.birds)
        }

    def forbidden(self, person: str, texts: list[bytes], revealed: frozenset[str] = frozenset()) -> list[str]:
        """What the person should not have read, with the place; `revealed` are kinds this page shows."""
        return sorted(
            f"{bird.what} ({bird.word}) in {around!r}"
            for text in texts
            for bird, around in self.heard(text).items()
            if person not in bird.readers and bird.what not in revealed
        )


def contents(body: bytes) -> list[bytes]:
    """The body and, where it is an archive (xlsx, docx, zip, also inside each other) or a PDF, what stands in it."""
    found = [body]
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                found.append(name.encode())
                found += contents(archive.read(name))
    elif body[:5] == b"%PDF-":
        try:
            found += [page.extract_text().encode() for page in PdfReader(io.BytesIO(body)).pages]
        except PyPdfError as problem:
            raise AssertionError(f"a PDF that cannot be opened cannot be searched: {problem}") from problem
    return found
