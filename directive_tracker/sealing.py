"""Secrets in the database, sealed with FIELD_KEY: whoever has the tables alone can open nothing.

Every purpose has a key of its own, so that what was sealed for one can never be opened as another.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# The first byte says how the rest was made; another way gets another number.
AES_GCM = b"\x01"
NONCE_BYTES = 12


class BrokenSeal(ValueError):
    """What was stored was sealed with another key, for another row, or has been changed."""


def _key(purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(settings.FIELD_KEY)


def seal(content: bytes, *, purpose: str, about: str) -> bytes:
    """Encrypt and sign.

    Args:
        content: what must not be read in the table.
        purpose: what it is for, e.g. "accounts.totp"; names the key.
        about: whom it belongs to, e.g. "user:7"; sealed in, so that it cannot be moved to another row.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    return AES_GCM + nonce + AESGCM(_key(purpose)).encrypt(nonce, content, about.encode())


def unseal(sealed: bytes, *, purpose: str, about: str) -> bytes:
    """The content again. Errors: BrokenSeal."""
    if sealed[:1] != AES_GCM:
        raise BrokenSeal
    nonce, rest = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(_key(purpose)).decrypt(nonce, rest, about.encode())
    except (InvalidTag, ValueError) as error:
        raise BrokenSeal from error


def keyed_digest(content: str, *, purpose: str) -> bytes:
    """32 bytes that only the holder of FIELD_KEY can compute: a table of short codes cannot be guessed back."""
    return hmac.new(_key(purpose), content.encode(), hashlib.sha256).digest()
