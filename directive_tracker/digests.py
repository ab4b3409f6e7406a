"""Digests under FIELD_KEY: short codes can stand in a table without being guessed back from it."""

import hashlib
import hmac

from django.conf import settings


def keyed_digest(content: str, *, purpose: str) -> bytes:
    """32 bytes that only the holder of FIELD_KEY can compute; what is made for one purpose never fits another."""
    return _digest(settings.FIELD_KEY, content, purpose)


def keyed_digests(content: str, *, purpose: str) -> list[bytes]:
    """The digest under FIELD_KEY and under each earlier key: what was stored before the key was changed is found too."""
    return [_digest(key, content, purpose) for key in (settings.FIELD_KEY, *settings.FIELD_KEY_FALLBACKS)]


def _digest(key: bytes, content: str, purpose: str) -> bytes:
    return hmac.new(key, f"{purpose}\0{content}".encode(), hashlib.sha256).digest()
