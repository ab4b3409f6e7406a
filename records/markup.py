"""The XML inside office files: no DTD, no entities, nothing fetched from elsewhere, nothing that runs."""

import re
from xml.parsers import expat

from records.errors import UploadRefused
from records.olefiles import macros

# Far more than documents need; readers that walk down the tree stay within their stack and their time.
MAX_DEPTH = 256
# Names of parts that programs read as XML whatever they begin with.
_XML_NAMES = (".xml", ".rels", ".vml", ".rdf")
# Drawings of old Excel are written as XML and often are none.
_LOOSE_NAMES = (".vml",)
_MARK = "﻿".encode()
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_DRIVE = re.compile(r"[a-z]:", re.IGNORECASE)
# What a person may click on; other schemes start programs.
_CLICKED = ("http:", "https:", "mailto:", "tel:", "ftp:", "file:")
_EXCHANGE = re.compile(r"\bDDE(?:AUTO)?\b", re.IGNORECASE)
_XLINK = "http://www.w3.org/1999/xlink href"
_RUNNING = ("ddeLink", "dde-source", "event-listener", "altChunk")
# Elements of OpenDocument whose address is followed only when somebody clicks.
_ODF_CLICKED = ("a", "hyperlink")


def check_markup(content: bytes, path: str, name: str) -> None:
    """Look through one part of an office file; what is no markup is left alone.

    Arguments: content; path inside the archive, small; name of the upload, for the sentences.
    Errors: UploadRefused.
    """
    begins = content.removeprefix(_MARK).lstrip()[:1] == b"<" or content.startswith((b"\xff\xfe<", b"\xfe\xff\x00<"))
    if not begins and not path.endswith(_XML_NAMES):
        return
    if path.endswith("[content_types].xml") and re.search(rb"macroenabled|vbaproject|activex", _flat(content)):
        raise macros(name)
    reader = _Reader(path, name)
    try:
        reader.parser.Parse(content, True)
    except UploadRefused:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        if path.endswith(_XML_NAMES) and not path.endswith(_LOOSE_NAMES):
            raise UploadRefused(f"Không đọc được tệp “{name}”: tệp bị hỏng.") from error
    if _EXCHANGE.search("".join(reader.instructions)):
        raise _fetches(name)


def _flat(content: bytes) -> bytes:
    return content.replace(b"\x00", b"").lower()


class _Reader:
    """expat itself: a tree of a hostile document is what must not be built before this has looked."""

    def __init__(self, path: str, name: str) -> None:
        self.name, self.is_relations = name, path.endswith(".rels")
        self.instructions: list[str] = []
        self.inside_instruction = False
        self.depth = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._refuse_dtd
        self.parser.EntityDeclHandler = self._refuse_dtd
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _refuse_dtd(self, *_declaration) -> None:
        raise UploadRefused(f"Tệp “{self.name}” có khai báo DTD hoặc thực thể XML nên bị từ chối vì lý do an toàn.")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UploadRefused(f"Không đọc được tệp “{self.name}”: các phần bên trong lồng nhau quá sâu.")
        local = tag.rpartition(" ")[2]
        if local == "Relationship" and self.is_relations:
            self._check_relation(attributes)
        elif local == "instrText":
            # Of a long sheet's texts nobody has to hear.
            self.inside_instruction, self.parser.CharacterDataHandler = True, self._text
        elif local == "fldSimple":
            self.instructions += [value for key, value in attributes.items() if key.endswith("instr")]
        elif local in _RUNNING or (
            _XLINK in attributes and local not in _ODF_CLICKED and is_elsewhere(attributes[_XLINK])
        ):
            raise _fetches(self.name)

    def _check_relation(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2].lower()
        target = attributes.get("Target", "")
        if kind in ("afchunk", "control", "vbaproject"):
            raise _fetches(self.name)
        if attributes.get("TargetMode", "").lower() != "external":
            return
        if kind == "hyperlink":
            if _SCHEME.match(target) and not target.lower().startswith(_CLICKED) and not _DRIVE.match(target):
                raise _fetches(self.name)
        elif is_elsewhere(target):
            raise _fetches(self.name)

    def _end(self, tag: str) -> None:
        self.depth -= 1
        if self.inside_instruction and tag.endswith(" instrText"):
            self.inside_instruction, self.parser.CharacterDataHandler = False, None
        elif tag.endswith(" p"):
            # A word of a field may stand in several runs, never in several paragraphs.
            self.instructions.append("\n")

    def _text(self, text: str) -> None:
        self.instructions.append(text)


def is_elsewhere(target: str) -> bool:
    """Whether opening the file would ask another machine; a path on the author's own disk leads nowhere."""
    plain = target.strip().replace("\\", "/").lower()
    if plain.startswith("file:"):
        # file:///C:/… and file:///home/… are local; file://host/… and file:////host/… are shares.
        plain = plain.removeprefix("file:")
        if plain.startswith("///"):
            plain = plain[3:] if plain[3:4] != "/" else plain
    if _DRIVE.match(plain):
        return False
    return plain.startswith("//") or bool(_SCHEME.match(plain))


def _fetches(name: str) -> UploadRefused:
    return UploadRefused(
        f"Tệp “{name}” lấy nội dung từ nơi khác hoặc tự chạy khi mở, nên bị từ chối vì lý do an toàn. "
        "Hãy bỏ liên kết ngoài, đối tượng nhúng rồi lưu lại."
    )
