"""What stands in manifest.json, and whether a backup is what its manifest says."""

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from directive_tracker.backups.container import (
    DATABASE,
    FILES,
    FORMAT,
    KEPT,
    LARGEST_MANIFEST,
    MANIFEST,
    NOTE,
    Counted,
    members,
)
from directive_tracker.backups.errors import Damaged, Refused


@dataclass(frozen=True)
class Manifest:
    """The manifest of a backup that was read from its beginning to its end and is whole.

    database: engine, version, migrations, tables {name: {rows, checksum}}, pieces [{size, sha256}].
    files: name in the store → {size, sha256} of the bytes as they lie there. kept: the small files beside the database.
    missing: files that a row names and the store did not have; damaged: those whose bytes are not those that were stored.
    """

    id: str
    moment: str
    program: str
    database: dict[str, Any]
    files: dict[str, dict[str, Any]]
    kept: dict[str, dict[str, Any]]
    keys: dict[str, Any]
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table["rows"] for table in self.database["tables"].values())

    @property
    def bytes_of_files(self) -> int:
        return sum(each["size"] for each in self.files.values())

    def written(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {"format": FORMAT, **vars(self)}


def program_version() -> str:
    """The version of this program; "" where the file that says it was not installed."""
    try:
        text = (Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    return str(tomllib.loads(text).get("project", {}).get("version", ""))


def read(content: Counted) -> Manifest:
    """The manifest out of its member. Errors: Damaged; Refused for a form that this program does not know."""
    data = content.read(LARGEST_MANIFEST + 1)
    if len(data) > LARGEST_MANIFEST:
        raise Damaged("Phần kê khai của bản sao lưu lớn bất thường.")
    try:
        found = json.loads(data)
        form = found.pop("format")
        if form != FORMAT:
            raise Refused(
                f"Bản sao lưu ghi theo mẫu {form}; chương trình này chỉ đọc mẫu {FORMAT}. Hãy cài bản chương trình mới hơn."
            )
        manifest = Manifest(**found)
        # What everything else counts on; a manifest without it is none.
        _ = (manifest.database["engine"], manifest.database["migrations"], manifest.database["pieces"], manifest.rows)
        return manifest
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Damaged("Phần kê khai của bản sao lưu không đọc được.") from error


def checked(path: Path, key: bytes | None) -> Manifest:
    """Read the whole backup once and compare everything with its manifest; nothing is written anywhere.

    Errors: Refused, Damaged with what is wrong; OSError where the disk cannot be read.
    """
    found: dict[str, dict[str, Any]] = {}
    manifest: Manifest | None = None
    with members(path, key) as all_members:
        for name, content in all_members:
            if manifest is not None or name in found:
                raise Damaged("Bản sao lưu có mục thừa hoặc mục lặp lại.")
            if name == MANIFEST:
                manifest = read(content)
                continue
            for _ in content.pieces():
                pass
            found[name] = content.told()
    if manifest is None:
        raise Damaged("Bản sao lưu bị cắt: không có phần kê khai ở cuối.")
    _compare(found, manifest)
    return manifest


def _compare(found: dict[str, dict[str, Any]], manifest: Manifest) -> None:
    found.pop(NOTE, None)
    told = {FILES + name: each for name, each in manifest.files.items()}
    told |= {KEPT + name: each for name, each in manifest.kept.items()}
    told |= {f"{DATABASE}{place:06}": each for place, each in enumerate(manifest.database["pieces"])}
    if lost := sorted(told.keys() - found.keys()):
        raise Damaged(f"Bản sao lưu thiếu {len(lost)} mục, ví dụ {lost[0]}.")
    if more := sorted(found.keys() - told.keys()):
        raise Damaged(f"Bản sao lưu có {len(more)} mục không được kê khai, ví dụ {more[0]}.")
    if wrong := sorted(name for name, each in told.items() if found[name] != each):
        raise Damaged(f"Bản sao lưu bị hỏng: {len(wrong)} mục không khớp mã kiểm, ví dụ {wrong[0]}.")
