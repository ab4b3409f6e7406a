"""What leaves next: mails that wait, and mails that the coming morning's planning will add."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from directive_tracker.vietnamese import ZONE
from notifications import kinds
from notifications.models import Message, MessageState, Notice
from notifications.rounds import due_tellings
from units.calendar import work_calendar


def next_mails(*, now: datetime) -> tuple[datetime, int]:
    """The next opening of the sending window after `now`, and how many mails are known to leave then.

    The number of statements does not depend on the number of mails.
    """
    calendar = work_calendar()
    waiting = Message.objects.filter(state=MessageState.PLANNED)
    later = now
    if calendar.window_open(now):
        # Within working hours everything due is on its way; the question is about the next morning.
        tomorrow = timezone.localdate(now, ZONE) + timedelta(days=1)
        later = datetime.combine(tomorrow, time.min, tzinfo=ZONE)
        waiting = waiting.filter(due_at__gt=now)
    opens = calendar.next_window(later)
    waiting = waiting.filter(due_at__lte=opens)
    recipients = set(waiting.filter(kind=kinds.DAILY).values_list("recipient_id", flat=True))
    count = waiting.exclude(kind=kinds.DAILY).count() + len(recipients)
    coming = [telling for telling in due_tellings(now=opens) if telling.mail]
    known = set(Notice.objects.filter(key__in=[telling.key for telling in coming]).values_list("key", flat=True))
    new = [telling for telling in coming if telling.key not in known]
    count += sum(1 for telling in new if telling.mail == "own")
    return opens, count + len({t.recipient.pk for t in new if t.mail == "daily"} - recipients)
