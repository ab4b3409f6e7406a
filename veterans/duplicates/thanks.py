"""What a merge does to plans, wishes and gifts of two entries that are one person, and how it is taken back."""

from datetime import datetime
from typing import Any

from veterans import gifts
from veterans.models import Person, PlanEntry, SentVisit, Wish

MERGED = "Hồ sơ được gộp; hồ sơ giữ lại đã có trong kế hoạch này."
# Of a merge that was made before there were plans.
NOTHING: dict[str, Any] = {"entries": [], "dropped": [], "wishes": [], "sent": [], "gifts": {"moved": [], "before": []}}


def bring_over(kept: Person, absorbed: Person, *, by, now: datetime) -> dict[str, Any]:
    """Hang everything on the kept entry; planned twice in one plan and form, the absorbed entry's place is dropped.

    Returns what take_back needs.
    """
    own = set(PlanEntry.objects.planned().filter(person=kept).values_list("plan", "form"))
    dropped = []
    for entry in PlanEntry.objects.select_for_update(of=("self",)).filter(person=absorbed, state="planned"):
        if (entry.plan_id, entry.form) in own:
            dropped.append({"id": entry.pk, "delegation": entry.delegation_id, "position": entry.position})
            entry.state, entry.dropped_because, entry.delegation = PlanEntry.State.DROPPED, MERGED, None
            entry.dropped_by, entry.dropped_at = by, now
            entry.save()
    entries = list(PlanEntry.objects.filter(person=absorbed).values_list("pk", flat=True))
    PlanEntry.objects.filter(pk__in=entries).update(person=kept)
    known = Wish.objects.filter(person=kept).values("form")
    wishes = list(Wish.objects.filter(person=absorbed).exclude(form__in=list(known.values_list("form", flat=True))))
    Wish.objects.filter(pk__in=[row.pk for row in wishes]).update(person=kept)
    sent = list(SentVisit.objects.filter(person=absorbed).values_list("pk", flat=True))
    SentVisit.objects.filter(pk__in=sent).update(person=kept)
    return {
        "entries": entries,
        "dropped": dropped,
        "wishes": [row.pk for row in wishes],
        "sent": sent,
        "gifts": gifts.settle_merged(kept, absorbed, by=by, now=now),
    }


def take_back(kept: Person, absorbed: Person, content: dict[str, Any]) -> None:
    """Undo bring_over: everything hangs again on the entry it came from."""
    gifts.take_apart(kept, absorbed, content["gifts"])
    for model, name in ((PlanEntry, "entries"), (Wish, "wishes"), (SentVisit, "sent")):
        model._default_manager.filter(pk__in=content[name], person=kept).update(person=absorbed)
    for each in content["dropped"]:
        PlanEntry.objects.filter(pk=each["id"]).update(
            state=PlanEntry.State.PLANNED,
            dropped_because="",
            dropped_by=None,
            dropped_at=None,
            delegation=each["delegation"],
            position=each["position"],
        )
