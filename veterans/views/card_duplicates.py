"""What the card of a person tells of duplicates."""

from django.db.models import Q

from veterans.duplicates.merging import left_behind
from veterans.models import DuplicatePair, Merge, Person


def open_pairs(user):
    """The pairs that wait for the user, both entries on the list."""
    pairs = DuplicatePair.objects.visible_to(user).filter(state=DuplicatePair.State.PROPOSED)
    for side in ("first", "second"):
        pairs = pairs.filter(**{f"{side}__{name}__isnull": True for name in ("removed_on", "merged_into", "erased_at")})
    return pairs


def card_part(user, person: Person) -> dict:
    """What the card tells of duplicates: entries merged into it, and pairs that wait. At most four statements."""
    merges = list(
        Merge.objects.visible_to(user).filter(kept=person, undone_at__isnull=True).select_related("by", "absorbed")
    )
    return {
        "merges": [{"merge": each, "left": left_behind(each.absorbed)} for each in merges],
        "pairs": list(open_pairs(user).filter(Q(first=person) | Q(second=person)).order_by("-score", "pk")[:10]),
    }
