"""Addresses that pages name again and again, looked up once a process."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

# In the place of a key while the address is looked up; no row has it.
_MARK = 7_301_845_519_206_400_000


def row_url(name: str, pk: int) -> str:
    """What reverse(name, args=[pk]) gives, for an address with one number in it. Errors: NoReverseMatch."""
    before, after = _around(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    return f"{before}{int(pk)}{after}"


@lru_cache(maxsize=256)
def _around(name: str, urlconf: str, prefix: str) -> tuple[str, str]:
    """What stands before and after the number."""
    before, _, after = reverse(name, args=[_MARK]).partition(str(_MARK))
    return before, after
