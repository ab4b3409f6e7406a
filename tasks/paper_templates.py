"""Kinds of papers that are written by a Word template: the program's own, or the newest that an office put in its place."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from records.audit import record
from records.uploads import check_upload, store_checked
from tasks.errors import Refused
from tasks.exports import templates
from tasks.models import PaperTemplate


@dataclass(frozen=True)
class Kind:
    """words: what the paper is called; fields: what its template knows; default: the program's own template.

    log: where the log puts a change, "registry.template_kept" or "template.kept"; example: a field that may be empty.
    """

    words: str
    fields: templates.Fields
    default: Path
    log: str = "template."
    example: str = ""

    def shown_fields(self) -> list[dict[str, Any]]:
        """The fields for a page, with whether a template must have them."""
        required = self.fields.required
        return [
            {"name": name, "words": words, "required": name in required} for name, words in self.fields.names.items()
        ]

    def shown_lists(self) -> list[dict[str, Any]]:
        """The lists for a page, each with its own fields."""
        return [
            {"name": name, "fields": [{"name": each, "words": words} for each, words in own.items()]}
            for name, own in self.fields.lists.items()
        ]


_kinds: dict[str, Kind] = {}


def register(kind: str, what: Kind) -> None:
    """Name a kind; called where the paper is made. Errors: ValueError for a kind that is there already."""
    if _kinds.setdefault(kind, what) is not what:
        raise ValueError(f"papers of {kind!r} are registered twice")


def kinds() -> dict[str, Kind]:
    """All kinds, in the order in which they were registered."""
    return dict(_kinds)


def newest(kind: str) -> PaperTemplate | None:
    """The row that counts; None where nobody ever changed the template."""
    return PaperTemplate.objects.filter(kind=kind).select_related("file", "by").order_by("-pk").first()


def content(kind: str) -> bytes:
    """The template that counts."""
    row = newest(kind)
    if row is None or row.file is None:
        return _kinds[kind].default.read_bytes()
    with row.file.open_plain() as found:
        return found.read()


@transaction.atomic
def keep(kind: str, uploaded: UploadedFile, *, by, now: datetime) -> PaperTemplate:
    """Put a template in the place of the one that counts.

    Errors: UploadRefused for a file that is none; templates.TemplateRefused for unknown and missing fields.
    """
    checked = check_upload(uploaded, allow=(".docx",))
    templates.check(checked.data, _kinds[kind].fields)
    row = PaperTemplate.objects.create(kind=kind, file=store_checked(checked, by=by, now=now), by=by, at=now)
    record(f"{_kinds[kind].log}kept", by=by, at=now, target=row, data={"paper": kind})
    return row


@transaction.atomic
def back_to_own(kind: str, *, by, now: datetime) -> PaperTemplate:
    """Let the program's own template count again. Errors: Refused where it does."""
    row = newest(kind)
    if row is None or row.file is None:
        raise Refused("Đang dùng mẫu chung.")
    found = PaperTemplate.objects.create(kind=kind, file=None, by=by, at=now)
    record(f"{_kinds[kind].log}reset", by=by, at=now, target=found, data={"paper": kind})
    return found
