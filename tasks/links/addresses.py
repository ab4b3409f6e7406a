"""The address of a link: the row's number and an HMAC over the row under SECRET_KEY, which is stored nowhere."""

import base64
import hmac
import re

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from tasks.models import ReportLink

# Number and 100 bits in groups, as the links of accounts/links.py; short enough for a line of a mail.
TOKEN = re.compile(r"([1-9][0-9]{0,17})-([a-z2-7]{5}(?:-[a-z2-7]{5}){3})")
SALT = "tasks.links"


def _mac(link: ReportLink, key: str) -> str:
    bound = (link.pk, link.nonce, link.unit_id, link.directive_id, link.period_id, link.user_id, link.colleague)
    digest = salted_hmac(SALT, "\n".join(str(value) for value in bound), secret=key, algorithm="sha256").digest()
    text = base64.b32encode(digest).decode().lower()
    return "-".join(text[start : start + 5] for start in range(0, 20, 5))


def token_of(link: ReportLink) -> str:
    """The secret part of the address."""
    return f"{link.pk}-{_mac(link, settings.SECRET_KEY)}"


def path_of(link: ReportLink) -> str:
    """The path of the link's page; also the only one to which its browser sends the name that was typed there."""
    return reverse("tasks:report_link", args=[token_of(link)])


def address_of(link: ReportLink) -> str:
    """The full address. It belongs into a mail, or once onto the screen of whoever passes it on, and nowhere else."""
    return settings.SITE_URL + path_of(link)


def read(token: str) -> ReportLink | None:
    """The row of a genuine token, whatever has become of it; None for everything else."""
    found = TOKEN.fullmatch(token.lower())
    if found is None:
        return None
    link = (
        ReportLink.objects.select_related("unit", "directive__office", "period", "user", "came_from__user")
        .filter(pk=int(found[1]))
        .first()
    )
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    # An unknown number answers like a wrong secret.
    if link is None or not any(hmac.compare_digest(_mac(link, key), found[2]) for key in keys):
        return None
    return link
