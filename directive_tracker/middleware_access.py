"""Puts on the request who the user is today, for whom the user acts, and what is unread; ends what no longer holds."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRedirect

from accounts import held, signing
from accounts.models import User
from directive_tracker import clock
from notifications import badge
from units.access import Standing, remember, resolve_standing
from units.deputies import ACTING

# Key of the session: the roles it began with, each with its unit or area.
STAMP = "roles"
OVER = "Việc thay mặt {name} đã kết thúc; từ đây anh/chị làm việc bằng quyền của mình."
NOT_DONE = " Điều vừa gửi chưa được thực hiện."
KEPT = " Phần đã gõ được giữ lại dưới đây."


class AccessMiddleware:
    """Rights, deputation and unread notices of a signed-in person, all in one statement.

    `request.standing` (units.access.Standing), `request.access` (the rights that count: while acting, the principal's),
    `request.badge` (unread notices) and `request.user.acting_for` (the principal or None).

    A session that began with a role which is gone ends here (accounts.signing.end_session: the request goes on as a
    stranger's, a late form is kept). A deputation that is over ends the acting; what was sent in the principal's name is
    not done in one's own. Stands after SessionLimitsMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Resolve, check, answer; a session that began in this very request gets its stamp."""
        request.standing = SimpleLazyObject(lambda: _standing(request))
        request.access = SimpleLazyObject(lambda: _standing(request).access)
        request.badge = SimpleLazyObject(lambda: _unread(request))
        request.acting_over = ""
        if SESSION_KEY in request.session and request.user.is_authenticated:
            self._check(request)
        response = self.get_response(request)
        if request.session.modified and SESSION_KEY in request.session and STAMP not in request.session:
            request.session[STAMP] = sorted(_standing(request).stamp)
        return response

    def _check(self, request: HttpRequest) -> None:
        """End the session, or only the acting, when what it rests on is gone."""
        standing = _standing(request)
        if not set(request.session.get(STAMP, ())) <= standing.stamp:
            signing.end_session(request, why=signing.ROLES, now=clock.now())
        elif ACTING in request.session and standing.acting_for is None:
            principal = User.objects.filter(pk=request.session.pop(ACTING)).first()
            request.acting_over = str(principal or "người khác")

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponseBase | None:
        """Lead somebody whose acting has just ended away from what was meant for the principal's rights."""
        if not request.acting_over or request.path == reverse("accounts:logout"):
            return None
        sentence, target = OVER.format(name=request.acting_over), reverse("home")
        if request.method == "POST":
            kept = _hold(request)
            sentence += NOT_DONE + (KEPT if kept else "")
            target = kept or target
        messages.warning(request, sentence)
        return HttpResponseClientRedirect(target) if request.headers.get("HX-Request") else redirect(target)


def _hold(request: HttpRequest) -> str:
    """Keep a form; the page on which it waits, or ""."""
    try:
        row = held.hold(request, now=timezone.now())
    except held.TooBig:
        return ""
    return reverse("accounts:held_form", args=[row.pk]) if row else ""


def _standing(request: HttpRequest) -> Standing:
    """Who the request's user is, read once a user: signing in changes the user half-way."""
    user, known = request.user, getattr(request, "_standing", None)
    if known is not None and known[0] == user.pk:
        return known[1]
    chosen = request.session.get(ACTING) if user.is_authenticated else None
    today = clock.today()
    also_params = badge.unread_params(user.pk, chosen, now=clock.now()) if user.is_authenticated else ()
    standing = resolve_standing(user, today=today, acting_for=chosen, also=badge.UNREAD_SQL, also_params=also_params)
    request._standing = (user.pk, standing)
    if user.is_authenticated:
        principal = standing.acting_for
        user.acting_for = User.objects.get(pk=principal.id) if principal else None
        remember(user, standing.access, today=today)
    return standing


def _unread(request: HttpRequest) -> int:
    """Unread notices of the user and of whom the user acts for."""
    standing = _standing(request)
    acting_for: Any = standing.acting_for
    counted = {request.user.pk, acting_for.id if acting_for else None}
    return sum(number for person, number in standing.also if person in counted)
