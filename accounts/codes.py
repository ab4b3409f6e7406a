"""Six-digit codes of an app (TOTP, RFC 6238) and recovery codes: how they are made, stored and checked.

The rows are django-otp's, what stands in them opens nothing: the app's secret is sealed with FIELD_KEY, of a recovery
code there is a keyed digest only. Callers hold a transaction; the checks lock the person's row in it, so that one code
cannot pass twice at the same moment.
"""

import base64
import secrets
import unicodedata
from datetime import datetime
from urllib.parse import quote, urlencode

from django.conf import settings
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from directive_tracker.crypto import Unreadable, decrypt, encrypt
from directive_tracker.digests import keyed_digest, keyed_digests

SECRET_BYTES = 20
DIGITS = 6
# A phone may be one step (30 seconds) early or late.
TOLERANCE = 1
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
# 31 signs without 0 and O, 1, I and L: people copy these from paper. Ten of them are 49 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RECOVERY_PURPOSE, ENROLMENT_PURPOSE = "accounts.recovery", "accounts.enrolment"


def normalised(typed: str) -> str:
    """A code however it was typed: full-width digits, blanks, hyphens and small letters make no difference."""
    text = unicodedata.normalize("NFKC", typed).upper()
    return "".join(sign for sign in text if sign.isalnum())


# --- the app -----------------------------------------------------------------------------------------------------


def enrolment_secret(user: User, nonce: str) -> bytes:
    """The secret that is being offered: computed from the session's nonce, so that it is stored nowhere until confirmed."""
    return keyed_digest(f"{user.pk}:{nonce}", purpose=ENROLMENT_PURPOSE)[:SECRET_BYTES]


def typed_secret(secret: bytes) -> str:
    """The secret as an app takes it by hand, in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def app_address(user: User, secret: bytes) -> str:
    """The otpauth address behind the QR picture: no more than an app needs, so that the picture stays easy to scan.

    Six digits, 30 seconds and SHA-1 are what every app takes when nothing is said.
    """
    facts = {"secret": base64.b32encode(secret).decode(), "issuer": settings.OTP_TOTP_ISSUER}
    return f"otpauth://totp/{quote(user.username)}?{urlencode(facts, quote_via=quote)}"


def matching_step(secret: bytes, typed: str, *, after: int, now: datetime) -> int | None:
    """The step of time that the code belongs to, if it is later than `after`; else None."""
    code = normalised(typed)
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    totp = TOTP(secret, digits=DIGITS)
    totp.time = now.timestamp()
    return totp.t() if totp.verify(int(code), tolerance=TOLERANCE, min_t=after + 1) else None


def _totp_context(user: User) -> str:
    """Sealed in with the secret: a row that is moved to another person opens nothing there."""
    return f"accounts.totp:{user.pk}"


def store_app(user: User, secret: bytes, *, step: int, now: datetime) -> TOTPDevice:
    """Make the app with this secret the person's only one; the code that confirmed it is used up."""
    TOTPDevice.objects.filter(user=user).delete()
    sealed = base64.urlsafe_b64encode(encrypt(secret, _totp_context(user))).decode()
    return TOTPDevice.objects.create(
        user=user, name="app", key=sealed, confirmed=True, last_t=step, last_used_at=now, digits=DIGITS
    )


def take_app_code(user: User, typed: str, *, now: datetime) -> bool:
    """Whether this is a code of the person's app that has not been used; it is used up by that."""
    app = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if app is None:
        return False
    try:
        secret = decrypt(base64.urlsafe_b64decode(app.key), _totp_context(user))
    except (Unreadable, ValueError):
        # A row that was not written by us, or under another FIELD_KEY, opens nothing.
        return False
    step = matching_step(secret, typed, after=app.last_t, now=now)
    if step is None:
        return False
    app.last_t, app.last_used_at = step, now
    app.save(update_fields=["last_t", "last_used_at"])
    return True


# --- recovery codes ----------------------------------------------------------------------------------------------


def _as_token(digest: bytes) -> str:
    """80 bits of a keyed digest: what fits into django-otp's column."""
    return base64.b32encode(digest[:10]).decode()


def new_recovery_codes(user: User) -> list[str]:
    """Replace the person's recovery codes; the new ones are returned here and can never be read again."""
    made = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
    tokens = [_as_token(keyed_digest(f"{user.pk}:{code}", purpose=RECOVERY_PURPOSE)) for code in made]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=token) for token in tokens])
    return [f"{code[:5]}-{code[5:]}" for code in made]


def take_recovery_code(user: User, typed: str) -> bool:
    """Whether this is an unused recovery code of the person; it is used up by that."""
    code = normalised(typed)
    if len(code) != RECOVERY_LENGTH:
        return False
    tokens = [_as_token(digest) for digest in keyed_digests(f"{user.pk}:{code}", purpose=RECOVERY_PURPOSE)]
    deleted, _ = StaticToken.objects.filter(device__user=user, token__in=tokens).delete()
    return deleted == 1


def recovery_codes_left(user: User) -> int:
    """How many recovery codes the person can still use."""
    return StaticToken.objects.filter(device__user=user).count()


def forget_all(user: User) -> None:
    """Delete app and recovery codes of a person."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
