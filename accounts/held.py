"""What was typed into a form that came after its session had ended: kept for the same person on the same browser.

The content is sealed for person, page and browser together (directive_tracker/crypto.py): from another browser or by
another person it cannot be opened. Files are not kept, only where they were chosen. All times are real times.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from accounts import browsers, field_words
from accounts.models import HeldForm, User
from directive_tracker import crypto
from directive_tracker.row_ids import row_id
from records import secrecy

MOST_BYTES = 1024 * 1024
MOST_OPEN = 20
KEPT_FOR = timedelta(days=1)
OTHER = "Ô khác"
# Comes with a form that is sent again, so that it is given back once.
FIELD = "held_form"
_NOT_KEPT = re.compile(r"password|passwd|mat_?khau|token|(?:^|[-_])otp(?:$|[-_])", re.IGNORECASE)
# What a form says to itself: nothing a person typed.
_SILENT = re.compile(
    r"(?:^|-)(?:TOTAL_FORMS|INITIAL_FORMS|MIN_NUM_FORMS|MAX_NUM_FORMS|id|version|whole_version|page|was|seen|do|next|DELETE|_\w+)$"
)


class TooBig(Exception):
    """More was typed than is kept."""


@dataclass(frozen=True)
class Content:
    """What a held form consists of: fields in their order, names of chosen files by field; automatic: nobody pressed a button."""

    query: str
    fields: list[tuple[str, list[str]]]
    files: list[tuple[str, list[str]]]
    automatic: bool = False


class Line(NamedTuple):
    """One field as the page shows it."""

    label: str
    text: str


def is_automatic(request: HttpRequest) -> bool:
    """Whether a script sent the form by itself (the report's draft every twenty seconds)."""
    return request.headers.get("X-Autosave") == "1"


def is_secret(name: str) -> bool:
    """Whether a field of this name holds what must not be kept: passwords, codes, tokens."""
    return bool(_NOT_KEPT.search(name))


def hold(request: HttpRequest, *, now: datetime) -> HeldForm | None:
    """Keep what the request brought, for the person whose session it was; None when there is nothing to keep or nobody.

    Call it only for a request that has passed the CSRF check and for an address of our own that asks to sign in.
    A text with a mark of secrecy is not kept, as everywhere.
    A second press of the same button gives the same row; a draft that a script sent gives way to what follows it.
    Errors: TooBig.
    """
    known = browsers.read(request)
    path = request.get_full_path().partition("?")[0]
    user = User.objects.filter(pk=known.person, is_active=True).first() if known and known.person else None
    if user is None or not is_ours(path):
        return None
    content = _content(request)
    if not any(value for _, values in content.fields for value in values) and not content.files:
        return None
    if any(secrecy.find_secrecy_mark(value) for _, values in content.fields for value in values):
        return None
    for row, earlier in open_forms(user, known.name, now=now, path=path):
        if earlier == content:
            request.held_row = row
            return row
        if earlier.automatic:
            row.delete()
    sealed = crypto.encrypt(_written(content), _context(user.pk, path, known.name))
    surplus = HeldForm.objects.filter(user=user, taken_at=None).order_by("-pk").values_list("pk", flat=True)
    HeldForm.objects.filter(pk__in=list(surplus[MOST_OPEN - 1 :])).delete()
    request.held_row = HeldForm.objects.create(user=user, path=path, content=sealed, held_at=now)
    return request.held_row


def open_forms(user: User, browser: str, *, now: datetime, path: str = "") -> list[tuple[HeldForm, Content]]:
    """What is kept for the person on that browser and not given back yet, newest first."""
    rows = HeldForm.objects.filter(user=user, taken_at=None, held_at__gt=now - KEPT_FOR)
    if path:
        rows = rows.filter(path=path)
    found = []
    for row in rows.order_by("-pk")[:MOST_OPEN]:
        try:
            found.append((row, read(row, browser)))
        except crypto.Unreadable:
            continue  # Kept on another browser.
    return found


def read(row: HeldForm, browser: str) -> Content:
    """What the row keeps. Errors: crypto.Unreadable for another browser's, or when nothing is left of it."""
    data = json.loads(crypto.decrypt(row.content, _context(row.user_id, row.path, browser)))
    fields = [(name, values) for name, values in data["fields"]]
    return Content(data["query"], fields, [(name, values) for name, values in data["files"]], data["automatic"])


def take(user: User, pk: str, *, now: datetime) -> bool:
    """Note that a form was given back or dropped, and forget what it held; False when it was already, or is not theirs."""
    rows = HeldForm.objects.filter(pk=row_id(pk), user=user, taken_at=None)
    return bool(rows.update(taken_at=now, content=b""))


def waiting_url(request: HttpRequest, user: User, *, now: datetime) -> str:
    """The page of the newest form kept for the person on this browser, or ""."""
    known = browsers.read(request)
    found = open_forms(user, known.name, now=now) if known else []
    return reverse("accounts:held_form", args=[found[0][0].pk]) if found else ""


def has_waiting(request: HttpRequest, *, now: datetime) -> bool:
    """Whether something is kept for the person whose session ended here; asked by the sign-in page."""
    known = browsers.read(request)
    user = User.objects.filter(pk=known.person).first() if known and known.person else None
    return user is not None and bool(open_forms(user, known.name, now=now))


def clean_up(*, now: datetime) -> None:
    """Delete what nobody came back for, and what was given back, after a day."""
    HeldForm.objects.filter(held_at__lte=now - KEPT_FOR).delete()


def is_ours(path: str) -> bool:
    """Whether a form may be sent to this address again: a page of this program, but never one of the accounts."""
    match = _match(path)
    return match is not None and "accounts" not in match.app_names and not path.startswith("//")


def lines(path: str, content: Content) -> list[Line]:
    """The typed fields as the page shows them; of forms about persons only which fields there are."""
    match = _match(path)
    model = _admin_model(match)
    private = match is None or any(
        map(field_words.is_private, [*match.app_names, model._meta.app_label if model else ""])
    )
    shown = []
    for name, values in content.fields:
        text = "\n".join("có chọn" if value == "on" else value for value in values if value.strip())
        label = field_words.word(name) or _admin_label(model, name)
        if not text or _SILENT.search(name):
            continue
        # A number or a short code in a field without a name says nothing to anybody.
        if label or private or (len(text) > 3 and not text.isdigit()):
            shown.append(Line(label or OTHER, text))
    if not private:
        return shown
    names = list(dict.fromkeys(line.label for line in shown if line.label != OTHER))
    others = sum(line.label == OTHER for line in shown)
    words = ", ".join([*names, *([f"{others} ô khác"] if others else [])])
    return [Line("Các ô đã gõ (nội dung không hiện ở đây)", words)] if words else []


def _admin_model(match: ResolverMatch | None) -> type[models.Model] | None:
    """The model whose form an admin page is: admin:units_unit_change."""
    name = re.match(r"(\w+)_([a-z]+)_(?:add|change|changelist)$", (match.url_name or "") if match else "")
    if match is None or "admin" not in match.app_names or name is None:
        return None
    try:
        return apps.get_model(name.group(1), name.group(2))
    except LookupError:
        return None


def _admin_label(model: type[models.Model] | None, name: str) -> str:
    try:
        return str(model._meta.get_field(name).verbose_name).capitalize() if model else ""
    except (FieldDoesNotExist, AttributeError):
        return ""


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _content(request: HttpRequest) -> Content:
    """The request's form without secrets. Errors: TooBig."""
    fields = [(name, values) for name, values in request.POST.lists() if name != FIELD and not is_secret(name)]
    files = [(name, [upload.name for upload in uploads if upload.name]) for name, uploads in request.FILES.lists()]
    content = Content(request.META.get("QUERY_STRING", ""), fields, files, is_automatic(request))
    if len(_written(content)) > MOST_BYTES:
        raise TooBig
    return content


def _written(content: Content) -> bytes:
    return json.dumps(content.__dict__, ensure_ascii=False).encode()


def _context(user_pk: int, path: str, browser: str) -> str:
    return f"accounts.held\n{user_pk}\n{path}\n{browser}"
