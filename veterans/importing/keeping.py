"""What is emptied when its time is over: sealed rows of lists that can no longer be taken back, files that could not be
read, lists nobody imported."""

from datetime import datetime, timedelta

from veterans.importing.checking import forget_rows
from veterans.importing.reverting import DAYS
from veterans.models import ImportedRow, PersonImport

State = PersonImport.State
# A list that was read and never imported; a file in which nothing could be read.
WAITS, REFUSED_WAITS = timedelta(days=30), timedelta(days=DAYS)
_AT_ONCE = 20


def empty_old(now: datetime) -> int:
    """Empty what is over; returns how many lists. Asked each hour; three statements where nothing is due."""
    old = PersonImport.objects.filter(
        state__in=[State.APPLIED, State.REVERTED], applied_at__lt=now - timedelta(days=DAYS), emptied_at__isnull=True
    )
    done = 0
    for found in old.order_by("pk")[:_AT_ONCE]:
        ImportedRow.objects.filter(person_import=found).update(sealed=None, before=None, key_id="")
        PersonImport.objects.filter(pk=found.pk).update(emptied_at=now, converted=None)
        done += 1
    refused = PersonImport.objects.filter(
        state=State.REFUSED, uploaded_at__lt=now - REFUSED_WAITS, emptied_at__isnull=True
    )
    for found in refused.order_by("pk").select_related("file")[:_AT_ONCE]:
        found.file.empty()
        PersonImport.objects.filter(pk=found.pk).update(emptied_at=now)
        done += 1
    forgotten = PersonImport.objects.filter(
        state__in=[State.CHECKED, State.CANCELLED, State.READING],
        uploaded_at__lt=now - WAITS,
        emptied_at__isnull=True,
    )
    for found in forgotten.order_by("pk").select_related("file")[:_AT_ONCE]:
        forget_rows(found)
        found.file.empty()
        PersonImport.objects.filter(pk=found.pk).update(state=State.CANCELLED, emptied_at=now, converted=None)
        done += 1
    return done
