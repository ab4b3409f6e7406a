"""Wrong addresses from one machine are answered slower: kept in the cache all processes share, never in the database."""

from django.core.cache import cache
from django.utils.crypto import salted_hmac

# So many wrong ones in ten minutes; an office behind one address that mistypes stays far below.
FREE = 30
SECONDS = 600


def too_many(address: str | None) -> bool:
    """Count one wrong address from this machine; whether it has to wait."""
    key = "report-link:" + salted_hmac("tasks.links.guessing", address or "?", algorithm="sha256").hexdigest()[:40]
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) > FREE
    except ValueError:  # it ran out between the two
        return False
