"""What a phone says of one call: read without losing anything, sealed as it was typed, turned into what is recorded."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from directive_tracker import crypto, vietnamese
from directive_tracker.row_ids import row_id
from tasks.errors import Refused
from veterans.enums import Honour
from veterans.gifts import Given
from veterans.models import Campaign, Consent, SentVisit
from veterans.money import typed_money

# Signs of one visit without its pictures: many times what anybody types on a phone.
LONGEST = 50_000
UNREADABLE = "Không đọc được nội dung máy gửi. Hãy tải lại trang đi thăm trên máy rồi gửi lại."
WORDS = ("on", "form", "received_by", "note")
GIFT_WORDS = ("source", "money", "goods")
CONSENT_WORDS = ("said_by", "way", "witness")


class Malformed(Refused):
    """It cannot be said which call this is about; nothing was stored."""


@dataclass(frozen=True)
class Told:
    """One call as a phone sends it.

    key: made on the phone. typed: everything that was typed, as words; kept whole. pictures: (kind, mark) of each that comes along.
    """

    key: uuid.UUID
    person: int
    noted_at: datetime | None
    typed: dict[str, Any]
    pictures: tuple[tuple[str, str], ...] = ()


def read_told(found: Mapping[str, Any]) -> Told:
    """What the phone sent. Errors: Malformed in words when it cannot be said about whom or what."""
    person = row_id(_words(found.get("person")))
    if person is None:
        raise Malformed(UNREADABLE)
    return Told(key_of(found), person, _moment(found.get("noted_at")), _typed(found), _pictures(found.get("pictures")))


def loaded(text: str) -> dict[str, Any]:
    """The object in the JSON. Errors: Malformed."""
    if len(text) > LONGEST:
        raise Malformed(f"Nội dung một lần thăm dài quá {vietnamese.vn_number(LONGEST)} ký tự. Hãy rút gọn ghi chú.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed(UNREADABLE) from None
    if not isinstance(found, dict):
        raise Malformed(UNREADABLE)
    return found


def key_of(found: Mapping[str, Any]) -> uuid.UUID:
    """The key the phone made. Errors: Malformed."""
    try:
        return uuid.UUID(_words(found.get("key")))
    except ValueError:
        raise Malformed(UNREADABLE) from None


def _words(value: Any) -> str:
    """Text without what no database takes: signs of half a letter, zero signs."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).encode("utf-8", "ignore").decode().replace("\0", "").strip()


def _moment(value: Any) -> datetime | None:
    try:
        found = parse_datetime(_words(value))
    except ValueError:
        return None
    # A phone without a battery begins in 1970; at the ends of the calendar no zone can be reckoned.
    if found is None or not 2000 <= found.year <= 2200:
        return None
    return found if timezone.is_aware(found) else found.replace(tzinfo=vietnamese.ZONE)


def _typed(found: Mapping[str, Any]) -> dict[str, Any]:
    gifts, consent = found.get("gifts"), found.get("consent")
    typed: dict[str, Any] = {name: _words(found.get(name)) for name in WORDS}
    typed["to_family"] = found.get("to_family") is True
    typed["gifts"] = [
        {name: _words(gift.get(name)) for name in GIFT_WORDS}
        for gift in (gifts if isinstance(gifts, list) else [])
        if isinstance(gift, dict)
    ]
    typed["consent"] = None
    if isinstance(consent, dict) and isinstance(consent.get("given"), bool):
        typed["consent"] = {"given": consent["given"]} | {name: _words(consent.get(name)) for name in CONSENT_WORDS}
    return typed


def _pictures(value: Any) -> tuple[tuple[str, str], ...]:
    rows = value if isinstance(value, list) else []
    return tuple((_words(row.get("kind")), _words(row.get("mark"))[:64]) for row in rows if isinstance(row, dict))


# --- sealed ---------------------------------------------------------------------------------------------------------


def context_of(key: uuid.UUID) -> str:
    """Whose content it is: sealed content put under another key does not open."""
    return f"veterans.sentvisit:{key}"


def seal(sent: SentVisit, typed: Mapping[str, Any]) -> None:
    """Put what was typed onto the row, sealed; the caller saves."""
    sent.sealed = crypto.encrypt(json.dumps(typed).encode(), context_of(sent.key))
    sent.key_id = crypto.key_id(sent.sealed)


def opened(sent: SentVisit) -> dict[str, Any]:
    """What was typed; empty words once it has been emptied, or where no key of ours opens it."""
    try:
        found = json.loads(crypto.decrypt(sent.sealed, context_of(sent.key))) if sent.sealed else {}
    except crypto.Unreadable:
        found = {}
    return _typed(found) | {"pictures": found.get("pictures", [])}


# --- what is recorded -----------------------------------------------------------------------------------------------


def values_of(typed: Mapping[str, Any], campaign: Campaign) -> dict[str, Any]:
    """What record_visit takes: on, form, received_by, note, to_family, gifts.

    Errors: Refused in words for a day, a form, a source or an amount that is none.
    """
    form = typed["form"] or Honour.HOME.value
    if form not in Honour.values:
        raise Refused("Hình thức thăm không có trong danh sách.")
    for name, most, label in (("received_by", 120, "Người nhận thay"), ("note", 500, "Ghi chú")):
        if len(typed[name]) > most:
            raise Refused(f"{label} chỉ ghi được {most} ký tự; đang có {len(typed[name])}.")
    return {
        "on": day_of(typed),
        "form": form,
        "received_by": typed["received_by"],
        "note": typed["note"],
        "to_family": typed["to_family"],
        "gifts": _gifts(typed, campaign),
    }


def day_of(typed: Mapping[str, Any]) -> date:
    """The day of the call. Errors: Refused for what is no day."""
    try:
        return date.fromisoformat(typed["on"])
    except ValueError:
        raise Refused("Ngày thăm không đọc được; hãy ghi ngày dạng 15/4/2024.") from None


def _gifts(typed: Mapping[str, Any], campaign: Campaign) -> list[Given]:
    sources = {str(row.pk): row for row in campaign.sources.all()}
    found: dict[str, Given] = {}
    for gift in typed["gifts"]:
        if not gift["money"] and not gift["goods"]:
            continue
        source = sources.get(gift["source"])
        if source is None:
            raise Refused("Có suất quà của một nguồn không thuộc đợt này.")
        if gift["source"] in found:
            raise Refused(f"Nguồn “{source}” được ghi hai lần trong một lần thăm.")
        try:
            money = typed_money(gift["money"])
        except ValidationError as error:
            raise Refused(f"Nguồn “{source}”: {error.messages[0]}") from None
        found[gift["source"]] = Given(source, money=money, goods=gift["goods"])
    return [each for each in found.values() if each.money or each.goods]


def consent_of(typed: Mapping[str, Any]) -> dict[str, Any] | None:
    """The answer about the photo in terms of consents.note, or None where nobody was asked."""
    told = typed["consent"]
    if told is None:
        return None
    way = told["way"] if told["way"] in Consent.Way.values else Consent.Way.SPOKEN.value
    return {"given": told["given"], "said_by": told["said_by"], "way": way, "witness": told["witness"]}
