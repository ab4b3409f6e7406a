"""“Phiên của tôi”: where one is signed in, which machines are trusted; and the page that gives a late form back."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import browsers, devices, held, signing
from accounts.agents import browser_words
from accounts.models import HeldForm, Session
from directive_tracker import clock, crypto
from directive_tracker.addresses import client_address
from records import audit


class SessionRow(NamedTuple):
    """One browser on the page."""

    mark: str
    words: str
    row: Session
    is_this: bool


def mark_of(session_key: str) -> str:
    """What stands for a session in an address; the key itself is the cookie's value and is never shown."""
    return salted_hmac("accounts.views_sessions", session_key, algorithm="sha256").hexdigest()[:32]


def _rows(request: HttpRequest) -> list[SessionRow]:
    """The person's sessions that are still alive: this browser's first, then by last use."""
    found = Session.objects.visible_to(request.user).live(now=timezone.now()).order_by("-seen_at")
    here = request.session.session_key
    rows = [
        SessionRow(mark_of(row.session_key), browser_words(row.agent), row, row.session_key == here) for row in found
    ]
    return sorted(rows, key=lambda row: not row.is_this)


@require_safe
@never_cache
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in, which machines are trusted, which late forms wait on this browser."""
    now = timezone.now()
    known = browsers.read(request)
    waiting = held.open_forms(request.user, known.name, now=now) if known else []
    context = {
        "rows": _rows(request),
        "devices": [(device, browser_words(device.agent)) for device in devices.in_force(request.user, now=now)],
        "waiting": [row for row, _ in waiting],
    }
    return render(request, "accounts/sessions.html", context)


@require_POST
@never_cache
@login_required
def session_end(request: HttpRequest, mark: str) -> HttpResponse:
    """Sign one of one's own browsers out."""
    found = next((row for row in _rows(request) if row.mark == mark), None)
    if found is None:
        raise Http404
    if found.is_this:
        signing.sign_out(request, now=clock.now())
        messages.success(request, "Đã đăng xuất.")
        return redirect("accounts:login")
    with transaction.atomic():
        Session.objects.filter(pk=found.row.pk).delete()
        _record_ended(request, 1)
    messages.success(request, f"Đã đăng xuất {found.words}.")
    return redirect("accounts:sessions")


@require_POST
@never_cache
@login_required
def sessions_end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    with transaction.atomic():
        count = signing.end_sessions(request.user, except_key=request.session.session_key)
        if count:
            _record_ended(request, count)
    messages.success(request, "Đã đăng xuất mọi máy khác." if count else "Không có máy nào khác đang đăng nhập.")
    return redirect("accounts:sessions")


def _record_ended(request: HttpRequest, count: int) -> None:
    audit.record(
        "account.session_ended",
        by=request.user,
        at=clock.now(),
        target=request.user,
        data={"count": count},
        ip=client_address(request),
    )


@require_POST
@never_cache
@login_required
def device_untrust(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the second factor again on one of one's own machines."""
    now = timezone.now()
    device = get_object_or_404(devices.in_force(request.user, now=now), pk=pk)
    devices.untrust(device, by=request.user, at=clock.now(), now=now, ip=client_address(request))
    messages.success(request, "Đã thôi tin cậy; lần đăng nhập sau trên máy đó phải gõ mã xác thực.")
    return redirect("accounts:sessions")


def _own(request: HttpRequest, pk: int) -> tuple[HeldForm, held.Content | None]:
    """A form kept for this person on this browser; its content is None once it was given back or dropped."""
    row = get_object_or_404(HeldForm, pk=pk, user=request.user)
    if row.taken_at is not None:
        return row, None
    known = browsers.read(request)
    try:
        return row, held.read(row, known.name if known else "")
    except crypto.Unreadable:
        raise Http404 from None


@require_safe
@never_cache
@login_required
def held_form(request: HttpRequest, pk: int) -> HttpResponse:
    """What was typed when the session had ended, with the button that sends it to where it was going."""
    row, content = _own(request, pk)
    if content is None:
        messages.info(request, "Nội dung này đã được gửi lại hoặc đã bỏ.")
        return redirect("accounts:sessions")
    context: dict[str, Any] = {
        "row": row,
        "action": f"{row.path}?{content.query}" if content.query else row.path,
        "possible": held.is_ours(row.path),
        "lines": held.lines(row.path, content),
        "content": content,
        "held_field": held.FIELD,
    }
    return render(request, "accounts/held_form.html", context)


@require_POST
@never_cache
@login_required
def held_form_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget what was kept."""
    row, _ = _own(request, pk)
    held.take(request.user, str(row.pk), now=timezone.now())
    messages.success(request, "Đã bỏ nội dung giữ lại.")
    return redirect("accounts:sessions")
