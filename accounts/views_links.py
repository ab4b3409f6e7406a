"""Pages of mailed links: GET only shows (mail scanners open links too), POST acts. Nothing here signs anybody in."""

import time

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import forgotten, links, signing
from accounts.forms_links import ForgottenForm, LinkPasswordForm
from accounts.models import LinkPurpose
from directive_tracker import clock
from directive_tracker.addresses import client_address

# Never the path, which is the secret. Not "no-referrer": a browser then posts the page's own form with "Origin: null".
REFERRER = "strict-origin"
STATUS = {"forged": 404, "somebody_else": 403}
# Every answer takes so long, whether or not there was somebody to write to.
SECONDS = 0.4


def _page(request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """A page that leaves no trace of its address."""
    response = render(request, template, {"referrer": REFERRER, **context}, status=status)
    response["Referrer-Policy"] = REFERRER
    return response


def _set_password(request: HttpRequest, token: str, purpose: LinkPurpose) -> HttpResponse:
    """Show the form of a link, or consume it; a link that opens nothing says why."""
    now, at, ip = timezone.now(), clock.now(), client_address(request)
    try:
        link = links.open_link(token, purpose, now, signed_in=request.user)
        form = LinkPasswordForm(link, request.POST if request.method == "POST" else None, now=now, at=at, ip=ip)
        if request.method != "POST" or not form.is_valid():
            context = {"form": form, "link": link, "invited": purpose == LinkPurpose.INVITATION}
            return _page(request, "accounts/link_password.html", context)
        links.use(link, form.cleaned_data["new_password1"], now, at=at, ip=ip)
    except links.LinkRefused as refusal:
        context = {"sentence": str(refusal), "code": refusal.code}
        return _page(request, "accounts/link_refused.html", context, status=STATUS.get(refusal.code, 410))
    # The person's own session on this browser has ended with all the others.
    logout(request)
    messages.success(request, "Đã đặt mật khẩu. Bây giờ hãy đăng nhập bằng mật khẩu đó.")
    return redirect("accounts:login")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody who was invited sets the first password."""
    return _set_password(request, token, LinkPurpose.INVITATION)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset_link(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody who forgot the password sets a new one."""
    return _set_password(request, token, LinkPurpose.RESET)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link; the same answer, after the same time, whoever was named."""
    if request.method != "POST":
        return render(request, "accounts/password_forgotten.html", {"form": ForgottenForm()})
    began = time.monotonic()
    form = ForgottenForm(request.POST)
    asked = False
    if form.is_valid():
        try:
            forgotten.ask(form.cleaned_data["who"], now=timezone.now(), at=clock.now(), ip=client_address(request))
            asked = True
        except signing.WaitFirst as refusal:
            form.add_error("who", str(refusal))
    time.sleep(max(0.0, SECONDS - (time.monotonic() - began)))
    return render(request, "accounts/password_forgotten.html", {"form": form, "asked": asked})
