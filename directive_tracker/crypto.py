"""Bytes that must not be readable in the database: AES-GCM under FIELD_KEY, without models, for all rooms.

A sealed value begins with a version and the number of its key, so that a new FIELD_KEY can be set while old values stay
readable: the old keys stand in FIELD_KEY_FALLBACKS.
"""

import hashlib
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_VERSION = b"\x01"
_ID, _NONCE = 4, 12


class Unreadable(Exception):
    """The bytes are damaged, belong to another context, or were sealed with a key we no longer have."""


@lru_cache(maxsize=16)
def _key_id(key: bytes) -> bytes:
    """A short public name of the key."""
    return hashlib.sha256(b"directive_tracker.crypto" + key).digest()[:_ID]


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    """What seals under the key; it keeps nothing from one message to the next."""
    return AESGCM(key)


class Sealer:
    """Seals messages under one key, as encrypt() does; whoever seals many asks sealer() once.

    key_id: as key_id() gives it for all of them.
    """

    __slots__ = ("_encrypt", "_head", "key_id")

    def __init__(self, key: bytes) -> None:
        self._encrypt, self._head = _cipher(key).encrypt, _VERSION + _key_id(key)
        self.key_id = _key_id(key).hex()

    def encrypt(self, plain: bytes, context: str) -> bytes:
        """Seal the bytes; `context` says whose they are and what for, and has to be given again to open them."""
        nonce = os.urandom(_NONCE)
        return self._head + nonce + self._encrypt(nonce, plain, context.encode())


def sealer() -> Sealer:
    """What seals under the key of this moment."""
    return Sealer(settings.FIELD_KEY)


def encrypt(plain: bytes, context: str) -> bytes:
    """Seal the bytes; `context` says whose they are and what for, and has to be given again to open them."""
    return sealer().encrypt(plain, context)


def key_id(sealed: bytes) -> str:
    """Which key sealed the bytes, as eight hex digits: a column by which old keys' values are found."""
    return bytes(sealed)[1 : 1 + _ID].hex()


def known_key_ids() -> list[str]:
    """The ids of all keys that are set, the newest first: which ones are needed to read what is sealed."""
    return [_key_id(key).hex() for key in (settings.FIELD_KEY, *settings.FIELD_KEY_FALLBACKS)]


def decrypt(sealed: bytes, context: str) -> bytes:
    """Open what encrypt() sealed for the same context. Errors: Unreadable."""
    sealed = bytes(sealed)
    head, key_id, nonce = sealed[:1], sealed[1 : 1 + _ID], sealed[1 + _ID : 1 + _ID + _NONCE]
    if head != _VERSION or len(nonce) != _NONCE:
        raise Unreadable("not sealed by this program")
    for key in (settings.FIELD_KEY, *settings.FIELD_KEY_FALLBACKS):
        if _key_id(key) == key_id:
            try:
                return _cipher(key).decrypt(nonce, sealed[1 + _ID + _NONCE :], context.encode())
            except InvalidTag:
                raise Unreadable("damaged, or of another context") from None
    raise Unreadable("its key is not among ours")
