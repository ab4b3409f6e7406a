"""Who has a draft open just now. Nothing of it is kept: a row is gone with the next look after a minute."""

from datetime import timedelta

from django.db.models.functions import Now

from tasks.models import DraftPresence, UnitReport

GONE_AFTER = timedelta(minutes=1)


def note_presence(report: UnitReport, *, user) -> None:
    """The person has the draft open at this moment (the database's clock)."""
    if not DraftPresence.objects.filter(report=report, user=user).update(seen_at=Now()):
        DraftPresence.objects.bulk_create(
            [DraftPresence(report=report, user=user, seen_at=Now())], ignore_conflicts=True
        )
    DraftPresence.objects.filter(report=report, seen_at__lt=Now() - GONE_AFTER).delete()


def others_present(report: UnitReport, *, user) -> list[str]:
    """The names of the others who have the draft open."""
    rows = DraftPresence.objects.filter(report=report, seen_at__gte=Now() - GONE_AFTER).exclude(user=user)
    return [str(row.user) for row in rows.select_related("user").order_by("user__sort_key", "pk")]
