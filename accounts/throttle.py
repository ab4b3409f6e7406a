"""Growing waits between wrong passwords, the same for all processes because they stand in the database.

Three counters: one account from one address (a guesser, or somebody who forgot), one account from anywhere
(a guesser with many addresses), one address (somebody who tries many accounts; generous, because a whole
office shares it). A browser on which the account's owner signed in before (accounts/browsers.py) has one counter of
its own instead: no stranger, not even one behind the same address, makes the owner wait there.
An attempt is counted before its password is checked, so that a burst of parallel guesses
gets no further than the same guesses in turn. Real time throughout; nothing is locked for good.
"""

import math
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from accounts.models import SignInFailure, User


class Rule(NamedTuple):
    """So many attempts are free; then waits double from the first one up to the longest."""

    free: int
    longest: timedelta


FIRST_WAIT = timedelta(seconds=5)
FORGOTTEN_AFTER = timedelta(hours=1)
KEPT_FOR = timedelta(days=1)
RULES = {
    "pair": Rule(free=5, longest=timedelta(minutes=15)),
    "account": Rule(free=20, longest=timedelta(minutes=5)),
    "address": Rule(free=50, longest=timedelta(minutes=5)),
}


def wait_after(count: int, rule: Rule) -> timedelta:
    """How long to wait after that many attempts in a row."""
    if count < rule.free:
        return timedelta()
    # 2**20 is beyond every longest wait; it keeps the number small for endless guessers.
    return min(FIRST_WAIT * 2 ** min(count - rule.free, 20), rule.longest)


@transaction.atomic
def begin(username: str, address: str | None, *, now: datetime, browser: str = "") -> int:
    """Count one attempt, or say how many seconds are left to wait; then nothing is counted.

    Args:
        username: as typed, known or not.
        address: the caller's, see directive_tracker.addresses.
        now: real time.
        browser: the name of a browser that is known as the account's own, see accounts.browsers.own_browser.

    Returns: 0 when the password may be checked now.
    """
    subjects = _subjects(username, address, browser)
    SignInFailure.objects.bulk_create(
        [SignInFailure(subject=subject, last_at=now) for subject in subjects], ignore_conflicts=True
    )
    rows = list(SignInFailure.objects.select_for_update().filter(subject__in=subjects).order_by("subject"))
    waits = [(row.wait_until - now).total_seconds() for row in rows if row.wait_until and row.wait_until > now]
    if waits:
        return math.ceil(max(waits))
    for row in rows:
        rule = RULES[row.subject.partition(":")[0]]
        row.count = 1 if now - row.last_at > FORGOTTEN_AFTER else row.count + 1
        row.last_at = now
        wait = wait_after(row.count, rule)
        row.wait_until = now + wait if wait else None
    SignInFailure.objects.bulk_update(rows, ["count", "last_at", "wait_until"])
    return 0


def succeeded(username: str, address: str | None, *, browser: str = "") -> None:
    """The attempt just counted was right: forget the account's failures, and this one of the address.

    From a known browser nothing was counted elsewhere, and what guessers ran up elsewhere stays.
    """
    if browser:
        SignInFailure.objects.filter(subject__in=_subjects(username, address, browser)).update(count=0, wait_until=None)
        return
    pair, account, of_address = _subjects(username, address)
    SignInFailure.objects.filter(subject__in=[pair, account]).update(count=0, wait_until=None)
    SignInFailure.objects.filter(subject=of_address, count__gt=0).update(count=F("count") - 1, wait_until=None)


def clean_up(*, now: datetime) -> None:
    """Delete the counters nobody needs any more."""
    SignInFailure.objects.filter(last_at__lt=now - KEPT_FOR).delete()


def wait_words(seconds: int) -> str:
    """42 → "42 giây", 90 → "2 phút"."""
    return f"{seconds} giây" if seconds < 60 else f"{math.ceil(seconds / 60)} phút"


def _subjects(username: str, address: str | None, browser: str = "") -> list[str]:
    """The keys of the three counters, in the order pair, account, address; of a known browser only its own."""
    account = User.normalize_username(username)
    if browser:
        return [_subject("pair", f"{account}\nbrowser {browser}")]
    place = address or "?"
    return [_subject("pair", f"{account}\n{place}"), _subject("account", account), _subject("address", place)]


def _subject(kind: str, value: str) -> str:
    return f"{kind}:{salted_hmac('accounts.throttle', value, algorithm='sha256').hexdigest()}"
