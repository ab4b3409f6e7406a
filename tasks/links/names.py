"""The name and position that were typed once, kept by that browser for that link alone."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from tasks.links.acting import Via
from tasks.links.addresses import path_of
from tasks.models import ReportLink

COOKIE = "report_name"
SALT = "tasks.links.names"
KEPT = timedelta(days=30)


def read(request: HttpRequest, link: ReportLink) -> Via | None:
    """What was typed on this browser for this link, or None; a cookie that was tampered with is none."""
    try:
        link_id, name, position = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT)
    except (signing.BadSignature, ValueError):
        return None
    return Via(name, position, link.pk) if link_id == link.pk else None


def keep(response: HttpResponseBase, link: ReportLink, via: Via) -> None:
    """Let the browser keep it; sent to the link's own pages only, read by no script."""
    response.set_cookie(
        COOKIE,
        signing.dumps([link.pk, via.name, via.position], salt=SALT),
        max_age=int(KEPT.total_seconds()),
        path=path_of(link),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
