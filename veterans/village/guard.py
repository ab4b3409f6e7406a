"""Who asks with a wrong ticket is answered slower: counted in the cache all processes share, never in the database."""

from django.core.cache import cache
from django.utils.crypto import salted_hmac

# Wrong tickets from one machine in ten minutes; a delegation behind one mast stays far below.
WRONG = 30
# Visits by one ticket in ten minutes: a whole day of a delegation at once, with every try repeated.
VISITS = 600
SECONDS = 600
WAIT = "Máy gửi quá nhiều lần. Những gì đã ghi vẫn còn trên máy; máy sẽ tự gửi lại sau ít phút."


def too_many_wrong(address: str | None) -> bool:
    """Count one wrong ticket from this machine; whether it has to wait."""
    return _count("wrong", address or "?") > WRONG


def too_many_visits(copy: int) -> bool:
    """Count one visit by this ticket; whether it has to wait."""
    return _count("visits", str(copy)) > VISITS


def _count(kind: str, whose: str) -> int:
    key = "village:" + salted_hmac("veterans.village.guard", f"{kind}\n{whose}", algorithm="sha256").hexdigest()[:40]
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        return 1
