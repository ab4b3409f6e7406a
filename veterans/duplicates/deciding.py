"""What a registrar says about a pair: not one person, or later."""

from datetime import datetime

from django.db import transaction

from directive_tracker import vietnamese
from records.audit import record
from tasks.errors import Refused
from veterans.models import DuplicatePair


def locked(pair: DuplicatePair) -> DuplicatePair:
    """Read the pair again and hold it until the end of the transaction."""
    return DuplicatePair.objects.select_for_update().get(pk=pair.pk)


def refuse_decided(pair: DuplicatePair) -> None:
    """Errors: Refused for a pair about which somebody decided; says who and when."""
    if pair.state != DuplicatePair.State.PROPOSED:
        when = vietnamese.vn_date(pair.decided_at)
        raise Refused(f"{pair.decided_by} đã quyết định cặp này ngày {when}: “{pair.get_state_display()}”.")


@transaction.atomic
def decide_different(pair: DuplicatePair, *, because: str = "", by, now: datetime) -> DuplicatePair:
    """These are two people; the pair is never proposed again. Errors: Refused when the pair was decided meanwhile."""
    pair = locked(pair)
    refuse_decided(pair)
    pair.state = DuplicatePair.State.DIFFERENT
    pair.decided_by, pair.decided_at = by, now
    pair.decided_because = " ".join(vietnamese.nfc(because).split())[:300]
    pair.save()
    for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
        record("person.told_apart", by=by, at=now, target=one, data={"entry": other.pk})
    return pair
