"""How long what phones sent is kept: thirty days after it was decided."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from veterans.models import SentPhoto, SentVisit

KEPT_FOR = timedelta(days=30)
BATCH = 200


def empty_old(*, now: datetime) -> int:
    """Empty the sealed content of what was decided thirty days ago, and its pictures; the row stays. Returns how many."""
    decided = SentVisit.objects.exclude(outcome=SentVisit.Outcome.WAITING).filter(decided_at__lt=now - KEPT_FOR)
    count = 0
    while True:
        with transaction.atomic():
            # Not what has content alone: pictures of one whose content no key opened are taken away as well.
            rows = list(decided.filter(Q(sealed__isnull=False) | Q(photos__isnull=False)).distinct()[:BATCH])
            if not rows:
                return count
            photos = list(SentPhoto.objects.filter(sent__in=rows).select_related("file"))
            SentPhoto.objects.filter(pk__in=[row.pk for row in photos]).delete()
            for row in photos:
                row.file.remove()
            SentVisit.objects.filter(pk__in=[row.pk for row in rows]).update(sealed=None, key_id="", why_words="")
        count += len(rows)
