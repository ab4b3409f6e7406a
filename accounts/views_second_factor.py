"""Pages of the second factor: the step after the password, setting it up, recovery codes, another phone, switching off."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import codes, devices, held, second_factor
from accounts.forms_second_factor import EitherForm, FirstCodeForm, ProofForm, SignInCodeForm
from accounts.home import home_url
from accounts.models import User
from directive_tracker import clock
from directive_tracker.addresses import client_address
from directive_tracker.next_page import safe_next

View = Callable[..., HttpResponse]
# What the session keeps while an app is being set up: the offered secret's nonce; until when a new phone may come.
OFFER, REPLACING = "second_factor_offer", "second_factor_replacing"
REPLACING_FOR = timedelta(minutes=10)
TEN_MINUTES_OVER = "Đã quá 10 phút kể từ khi gõ mật khẩu. Xin đăng nhập lại."


def _page(view: View) -> View:
    """What all these pages share: never stored, GET shows and POST acts, no code in an error report."""
    return never_cache(sensitive_post_parameters()(require_http_methods(["GET", "HEAD", "POST"])(view)))


def _with_next(name: str, target: str) -> str:
    """The address of a page that goes on to `target` afterwards."""
    return reverse(name) + (f"?{urlencode({'next': target})}" if target else "")


def _go_on(request: HttpRequest) -> str:
    """A form that was kept while the second factor was asked for; else the page that was wanted, else the first one."""
    waiting = held.waiting_url(request, request.user, now=timezone.now())
    return waiting or safe_next(request) or home_url(request.access)


def proven(view: View) -> View:
    """Open the page to people who have a second factor and have passed it in this session."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest) -> HttpResponse:
        if not second_factor.has(request.user):
            return redirect("accounts:second_factor_setup")
        if not second_factor.is_verified(request):
            return redirect(_with_next("accounts:second_factor", request.path))
        return view(request)

    return guarded


# --- the step after the password ----------------------------------------------------------------------------------


@_page
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code: of somebody whose password was just right, or whose session has not passed yet."""
    now = timezone.now()
    signed_in = request.user.is_authenticated
    if signed_in and (second_factor.is_verified(request) or not second_factor.has(request.user)):
        return HttpResponseRedirect(_go_on(request))
    user = User.objects.get(pk=request.user.pk) if signed_in else second_factor.waiting_user(request, now=now)
    if user is None:
        if request.session.pop(second_factor.WAITING, None):
            messages.info(request, TEN_MINUTES_OVER)
        return redirect("accounts:login")
    form = SignInCodeForm(request, user, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "person": user, "next": safe_next(request)}
        return render(request, "accounts/second_factor.html", context)
    if signed_in:
        second_factor.mark_verified(request, user, way=form.way, now=now)
        request.session.cycle_key()
        target = _go_on(request)
    else:
        target = second_factor.finish_sign_in(request, user, way=form.way, now=now, at=clock.now())
    response = HttpResponseRedirect(target or home_url(request.access))
    if form.cleaned_data["trust"]:
        devices.trust(request, response, user, at=clock.now(), now=now)
    if form.way == "recovery":
        _warn_of_few_codes(request, user)
    return response


def _warn_of_few_codes(request: HttpRequest, user: User) -> None:
    left = codes.recovery_codes_left(user)
    words = f"Đã dùng một mã dự phòng; còn {left} mã."
    if left < second_factor.FEW_RECOVERY_CODES:
        words += " Xin lập mã mới ở trang “Xác thực hai bước”."
    messages.warning(request, words)


# --- setting it up --------------------------------------------------------------------------------------------------


@_page
@login_required
def setup(request: HttpRequest) -> HttpResponse:
    """Set the second factor up; for whoever has it, what there is and what can be done."""
    user = User.objects.get(pk=request.user.pk)
    app = second_factor.app_of(user)
    if app is None or (second_factor.is_verified(request) and _may_replace(request)):
        return _offer(request, user, replacing=app is not None)
    if not second_factor.is_verified(request):
        return redirect(_with_next("accounts:second_factor", request.path))
    if request.method == "POST":
        # The page of the recovery codes was loaded again: its form comes a second time.
        messages.info(request, "Xác thực hai bước đã bật. Nếu chưa kịp cất mã dự phòng, hãy lập mã mới.")
        return redirect("accounts:second_factor_setup")
    context = {
        "app": app,
        "left": codes.recovery_codes_left(user),
        "few": second_factor.FEW_RECOVERY_CODES,
        "needed": second_factor.needs(user, request.access.roles),
    }
    return render(request, "accounts/second_factor_state.html", context)


def _may_replace(request: HttpRequest) -> bool:
    until = parse_datetime(request.session.get(REPLACING, ""))
    return until is not None and until > timezone.now()


def _offer(request: HttpRequest, user: User, *, replacing: bool) -> HttpResponse:
    """Show a new secret, or confirm it by its first code and show the recovery codes."""
    nonce = request.session.get(OFFER)
    form = FirstCodeForm(request.POST if request.method == "POST" and nonce else None)
    if not nonce:
        nonce = request.session[OFFER] = secrets.token_urlsafe(16)
    secret = codes.enrolment_secret(user, nonce)
    if form.is_valid():
        try:
            made = second_factor.turn_on(
                request, user, secret, form.cleaned_data["code"], now=timezone.now(), at=clock.now()
            )
        except second_factor.WrongCode as refusal:
            form.add_error("code", str(refusal))
        else:
            request.session.pop(OFFER, None)
            request.session.pop(REPLACING, None)
            return _codes_page(request, made, title="Đã bật xác thực hai bước")
    address = codes.app_address(user, secret)
    context = {
        "form": form,
        "qr": _picture(address),
        "app_address": address,
        "typed_secret": codes.typed_secret(secret),
        "needed": second_factor.needs(user, request.access.roles),
        "replacing": replacing,
        "next": safe_next(request),
    }
    return render(request, "accounts/second_factor_setup.html", context)


def _picture(address: str) -> SafeString:
    """The QR picture as SVG; it is made of our own address only, and carries no style."""
    picture = segno.make(address, error="l", boost_error=False)
    return mark_safe(picture.svg_inline(border=4, light="#fff", svgclass="dt-qr", omitsize=True))


def _codes_page(request: HttpRequest, made: list[str], *, title: str) -> HttpResponse:
    """The recovery codes, on this answer and never again."""
    context = {"codes": made, "title": title, "go_on": _go_on(request), "person": request.user, "made_at": clock.now()}
    return render(request, "accounts/second_factor_codes.html", context)


# --- what can be changed ------------------------------------------------------------------------------------------


@_page
@proven
def recovery(request: HttpRequest) -> HttpResponse:
    """New recovery codes, after the password or a code; the old ones end."""
    user = User.objects.get(pk=request.user.pk)
    form = EitherForm(request, user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = second_factor.renew_recovery_codes(user, at=clock.now(), ip=client_address(request))
        return _codes_page(request, made, title="Mã dự phòng mới")
    return _proof(
        request,
        form,
        title="Lập mã dự phòng mới",
        words="Mười mã mới thay cho các mã cũ; mã cũ không dùng được nữa. Xin gõ mật khẩu hoặc một mã.",
        button="Lập mã mới",
    )


@_page
@proven
def replace(request: HttpRequest) -> HttpResponse:
    """Another phone: after password and code the page of setting up opens for ten minutes."""
    user = User.objects.get(pk=request.user.pk)
    form = ProofForm(request, user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        request.session[REPLACING] = (timezone.now() + REPLACING_FOR).isoformat()
        request.session.pop(OFFER, None)
        return redirect("accounts:second_factor_setup")
    return _proof(
        request,
        form,
        title="Đổi sang điện thoại khác",
        words="Điện thoại cũ vẫn dùng được cho tới khi điện thoại mới đã nhận và được xác nhận.",
        button="Tiếp tục",
    )


@_page
@proven
def off(request: HttpRequest) -> HttpResponse:
    """Give the second factor up, where no role of today needs it. Errors: PermissionDenied."""
    user = User.objects.get(pk=request.user.pk)
    if second_factor.needs(user, request.access.roles):
        raise PermissionDenied
    form = ProofForm(request, user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        second_factor.turn_off(request, user, now=timezone.now(), at=clock.now())
        messages.success(request, "Đã tắt xác thực hai bước. Các máy khác đã bị đăng xuất.")
        return redirect("accounts:profile")
    return _proof(
        request,
        form,
        title="Tắt xác thực hai bước",
        words="Từ nay chỉ cần mật khẩu để đăng nhập. Các máy đang tin cậy và mã dự phòng hết giá trị.",
        button="Tắt",
    )


def _proof(request: HttpRequest, form: Any, *, title: str, words: str, button: str) -> HttpResponse:
    context = {"form": form, "title": title, "words": words, "button": button}
    return render(request, "accounts/second_factor_proof.html", context)
