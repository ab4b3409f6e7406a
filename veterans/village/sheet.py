"""What lies on the phone: the stops of one delegation, with nothing but what is needed at the door.

Never health, circumstances, telephone, identity or ethnic group (docs/registry-protection.md): money stands on this sheet.
"""

from typing import Any

from veterans.enums import Honour
from veterans.models import Consent, Delegation, Gift, GiftSource, OfflineCopy, PlanEntry


def sheet_of(copy: OfflineCopy, *, entries, gifts, consents, sources) -> dict[str, Any]:
    """The whole answer but for the ticket. Arguments: rows that the asker may see, see rows_of."""
    delegation = copy.delegation
    promised: dict[int, list[dict]] = {}
    given: dict[int, list[int]] = {}
    for gift in gifts:
        if gift.state == Gift.State.PROMISED:
            words = {"source": gift.source_id, "money": gift.money, "goods": gift.goods}
            promised.setdefault(gift.person_id, []).append(words)
        else:
            given.setdefault(gift.person_id, []).append(gift.source_id)
    photo: dict[int, bool] = {}
    for row in consents:
        photo.setdefault(row.person_id, row.given)
    return {
        "copy": copy.pk,
        "user": copy.user_id,
        "taken_at": copy.taken_at.isoformat(),
        "expires_at": copy.expires_at.isoformat(),
        "delegation": {
            "id": delegation.pk,
            "name": delegation.name,
            "on": delegation.on.isoformat(),
            "leader": delegation.leader,
            "unit": delegation.unit.short_name,
        },
        "first_day": delegation.plan.campaign.starts_on.isoformat(),
        "sources": [{"id": row.pk, "name": row.name} for row in sources],
        "forms": [{"id": value, "name": str(label)} for value, label in Honour.choices],
        "stops": _stops(entries, promised, given, photo),
    }


def _stops(entries, promised, given, photo) -> list[dict[str, Any]]:
    """One stop a person, in the order of the way, whatever number of forms is planned."""
    stops: dict[int, dict[str, Any]] = {}
    for entry in entries:
        person = entry.person
        if person.pk in stops or not person.is_listed:
            continue
        stops[person.pk] = {
            "person": person.pk,
            "place": len(stops) + 1,
            "name": person.full_name,
            "birth_year": person.birth_year,
            "commune": person.residence.name,
            "hamlet": person.hamlet,
            "interpreter": person.needs_interpreter,
            "vehicle": person.needs_vehicle,
            "deceased": person.is_deceased,
            "form": entry.form,
            "promised": promised.get(person.pk, []),
            "given": given.get(person.pk, []),
            "photo": photo.get(person.pk),
        }
    return list(stops.values())


def rows_of(delegation: Delegation, user) -> dict[str, Any]:
    """The rows of a delegation's sheet that the user may see; four statements, whatever their number."""
    campaign = delegation.plan.campaign_id
    entries = PlanEntry.objects.visible_to(user).planned().by_route().filter(delegation=delegation)
    people = entries.order_by().values("person")
    seen = Gift.objects.visible_to(user).filter(person__in=people, source__campaign=campaign)
    said = Consent.objects.visible_to(user).filter(person__in=people, purpose=Consent.Purpose.PHOTO)
    return {
        "entries": list(entries.select_related("person__residence")),
        "gifts": list(seen.filter(state__in=(Gift.State.PROMISED, Gift.State.GIVEN)).order_by("source__order", "pk")),
        "consents": list(said.order_by("-pk")),
        "sources": list(GiftSource.objects.visible_to(user).filter(campaign=campaign)),
    }
