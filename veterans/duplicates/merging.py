"""Merging two entries of one person, by a registrar, field by field; nothing is merged by a program.

The kept entry takes what was chosen, and what hangs on the absorbed one: groups, visits, consents, scans, requests. The
absorbed entry stays with its history, off the list, and leads to the kept one. How both were is sealed beside the merge, so
that it can be undone (undoing).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import models, transaction

from directive_tracker import vietnamese
from records.audit import record
from tasks.errors import Refused
from veterans import sensitive
from veterans.duplicates import snapshot, thanks
from veterans.duplicates.choices import CHOICES, SEALED
from veterans.duplicates.deciding import refuse_decided
from veterans.enums import SensitiveKind, Verification
from veterans.models import (
    Condolence,
    Consent,
    DataRequest,
    DuplicatePair,
    Merge,
    Person,
    PersonCategory,
    PersonScan,
    Visit,
)
from veterans.people import IDENTITY, evidence_of, keep, refuse_removed, start_again

# What goes over as it is; visits, groups and condolences only where the kept entry has no such row.
MOVED: dict[str, type[models.Model]] = {
    "visits": Visit,
    "consents": Consent,
    "scans": PersonScan,
    "requests": DataRequest,
    "condolences": Condolence,
}
_LONGEST = 300


@transaction.atomic
def merge(
    kept: Person, absorbed: Person, *, taken: Collection[str], versions: tuple[int, int], by, now: datetime
) -> Merge:
    """Make one entry of two.

    Args:
        taken: names of the choices (choices.CHOICES, or "sealed_" with a kind) that are taken from the absorbed entry.
        versions: of the kept and the absorbed entry, as the person at the screen saw them.

    Errors: Refused when one was changed, taken off, erased or merged meanwhile, or the pair was said to be two people;
    ValidationError when the chosen fields do not go together.
    """
    kept, absorbed = _locked(kept, absorbed, versions)
    pair = _pair(kept, absorbed, now=now)
    content: dict[str, Any] = {"kept": snapshot.of_person(kept), "absorbed": snapshot.of_person(absorbed)}
    changed = _take_fields(kept, absorbed, frozenset(taken), by=by, now=now)
    changed += _take_sealed(kept, absorbed, content, frozenset(taken), by=by, now=now)
    _take_groups(kept, absorbed)
    content["moved"] = {name: _move(model, kept, absorbed) for name, model in MOVED.items()}
    content["thanks"] = thanks.bring_over(kept, absorbed, by=by, now=now)
    kept.full_clean()
    keep(kept, by=by, now=now)
    absorbed.merged_into = kept
    keep(absorbed, by=by, now=now)
    content["versions"] = [kept.version, absorbed.version]
    made = Merge(kept=kept, absorbed=absorbed, by=by, at=now)
    snapshot.seal(made, content)
    made.save()
    pair.state, pair.decided_by, pair.decided_at = DuplicatePair.State.MERGED, by, now
    pair.save()
    record("person.merged", by=by, at=now, target=kept, data={"fields": changed, "entry": absorbed.pk})
    record("person.absorbed", by=by, at=now, target=absorbed, data={"entry": kept.pk})
    return made


def _locked(kept: Person, absorbed: Person, versions: tuple[int, int]) -> tuple[Person, Person]:
    """Both rows, held in the order of their numbers, as the person at the screen saw them."""
    if kept.pk == absorbed.pk:
        raise Refused("Hãy chọn hai hồ sơ khác nhau.")
    rows = {
        row.pk: row
        for row in Person.objects.select_for_update(of=("self",))
        .select_related("residence__parent")
        .filter(pk__in=(kept.pk, absorbed.pk))
        .order_by("pk")
    }
    kept, absorbed = rows[kept.pk], rows[absorbed.pk]
    for person, version in zip((kept, absorbed), versions, strict=True):
        refuse_removed(person)
        if person.version != version:
            raise Refused(f"{last_change(person)} Hãy xem lại hai hồ sơ rồi chọn lại.")
    return kept, absorbed


def last_change(person: Person) -> str:
    """Who changed an entry last, and when."""
    last = person.history.select_related("history_user").order_by("-history_id").first()
    who = str(last.history_user) if last and last.history_user else "người khác"
    when = f" lúc {last.history_date.astimezone(vietnamese.ZONE):%H:%M} ngày {vietnamese.vn_date(last.history_date)}"
    return f"Hồ sơ số {person.pk} đã được {who} thay đổi{when if last else ''}."


def _pair(kept: Person, absorbed: Person, *, now: datetime) -> DuplicatePair:
    """The pair of the two, made where nobody proposed it. Errors: Refused when it was decided."""
    first, second = sorted((kept.pk, absorbed.pk))
    pair, _ = DuplicatePair.objects.select_for_update().get_or_create(
        first_id=first, second_id=second, defaults={"score": 0, "found_at": now}
    )
    refuse_decided(pair)
    return pair


def _take_fields(kept: Person, absorbed: Person, taken: frozenset[str], *, by, now: datetime) -> list[str]:
    names = _names_of(kept, absorbed)
    changed = []
    for choice in CHOICES:
        if choice.name in taken and choice.words(kept) != choice.words(absorbed):
            for field in choice.fields:
                setattr(kept, field, getattr(absorbed, field))
            changed.append(choice.fields[0].removesuffix("_id"))
    other = _others(names, kept.full_name)
    if other != kept.other_name:
        kept.other_name = other
        changed.append("other_name")
    if IDENTITY & set(changed) and kept.verification != Verification.NEW:
        # What was confirmed was something else, as with any change of an entry.
        start_again(kept, by=by, now=now)
        changed.append("verification")
    return changed


def _names_of(kept: Person, absorbed: Person) -> list[str]:
    found = []
    for person in (kept, absorbed):
        found += [person.full_name, *person.other_name.split(";")]
    return [" ".join(name.split()) for name in found if name.strip()]


def _others(names: list[str], full_name: str) -> str:
    """All other names once, as many as there is room for; the absorbed entry keeps its own."""
    known = {full_name.casefold()}
    found: list[str] = []
    for name in names:
        if name.casefold() not in known and len("; ".join([*found, name])) <= _LONGEST:
            found.append(name)
            known.add(name.casefold())
    return "; ".join(found)


def _take_sealed(
    kept: Person, absorbed: Person, content: dict[str, Any], taken: frozenset[str], *, by, now: datetime
) -> list[str]:
    """The chosen sealed values, and those only the absorbed entry has; it keeps none."""
    own, other = content["kept"]["sensitive"], content["absorbed"]["sensitive"]
    values = {kind: words for kind, words in other.items() if SEALED + kind in taken or kind not in own}
    changed = sensitive.write(kept, values, by=by, now=now)
    sensitive.write(absorbed, dict.fromkeys(SensitiveKind.values, ""), by=by, now=now)
    return changed


def _take_groups(kept: Person, absorbed: Person) -> None:
    """Groups go over with their evidence; where both have one, evidence fills what is empty."""
    own = {row.category: row for row in kept.categories.all()}
    for row in absorbed.categories.all():
        known = own.get(row.category)
        if known is None:
            row.person = kept
            row.save()
        elif not any(evidence_of(known)):
            for name, value in evidence_of(row)._asdict().items():
                setattr(known, name, value)
            known.save()


def _move(model: type[models.Model], kept: Person, absorbed: Person) -> list[int]:
    """Hang the rows on the kept entry; the ids of those that went. What is there already stays where it is."""
    rows = model._default_manager.filter(person=absorbed)
    if model is Visit:
        own = set(Visit.objects.filter(person=kept).values_list("on", "unit_id"))
        ids = [row.pk for row in rows if (row.on, row.unit_id) not in own]
    elif model is Condolence and Condolence.objects.filter(person=kept).exclude(state="withdrawn").exists():
        ids = [row.pk for row in rows if row.state == "withdrawn"]
    else:
        ids = [row.pk for row in rows]
    model._default_manager.filter(pk__in=ids).update(person=kept)
    return ids


def left_behind(absorbed: Person) -> list[str]:
    """What stayed with the absorbed entry because the kept one has the same, in words."""
    visits = Visit.objects.filter(person=absorbed).select_related("unit")
    found = [f"lần thăm {vietnamese.vn_date(row.on)} của {row.unit.short_name}" for row in visits]
    groups = PersonCategory.objects.filter(person=absorbed)
    return found + [f"đối tượng {row.get_category_display().lower()}" for row in groups]
