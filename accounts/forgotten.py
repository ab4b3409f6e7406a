"""Asking for a new password without being signed in: the same answer whether somebody is known or not."""

from datetime import datetime, timedelta

from django.db.models import Q

from accounts import links, signing, throttle
from accounts.models import AccountLink, User

# People who share a mail address each get their mail, up to so many.
MOST = 5
# Whoever presses the button twice gets one mail.
NOT_AGAIN_WITHIN = timedelta(minutes=1)


def ask(who: str, *, now: datetime, at: datetime, ip: str | None) -> int:
    """Send a link to everybody whom the typed name or mail address means.

    Args:
        who: as typed, known or not.
        now, at: real time and the pages' clock.
        ip: the caller's address.

    Returns: how many links were sent; the caller must not show it.
    Errors: signing.WaitFirst after many tries, for unknown names as for known ones.
    """
    wait = throttle.begin(f"\0forgotten {who}", ip, now=now)
    if wait:
        raise signing.WaitFirst(f"Đã xin quá nhiều lần. Xin chờ {throttle.wait_words(wait)} rồi thử lại.")
    name = User.normalize_username(who)
    asked_just_now = AccountLink.objects.filter(made_by=None, made_at__gt=now - NOT_AGAIN_WITHIN).values("user")
    found = User.objects.filter(Q(username=name) | Q(email__iexact=who.strip()), is_active=True).exclude(email="")
    sent = 0
    for user in found.exclude(pk__in=asked_just_now).order_by("pk")[:MOST]:
        sent += links.send_many([user], links.purpose_for(user), by=None, now=now, at=at, ip=ip)
    return sent
