"""Pages of signing in, signing out and one's own account."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import devices, founding, held, letters, links, second_factor, signing
from accounts.forms import FirstAdministratorForm, OwnPasswordForm, ProfileForm, SignInForm
from accounts.home import home_url
from accounts.models import User
from directive_tracker import clock
from directive_tracker.addresses import client_address
from directive_tracker.demo import DEMO_ACCOUNTS
from directive_tracker.next_page import safe_next
from records import audit


@method_decorator(never_cache, name="dispatch")
class SignInView(LoginView):
    """User name and password; in the demo also the cards of the four roles (they stand in the template)."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send the very first visitor of an empty installation to the page that makes the first account."""
        if founding.may_found():
            return redirect("accounts:first_administrator")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """Begin the session and go on, or ask for the second factor first."""
        next_step = second_factor.next_step(self.request, form.get_user())
        if next_step is not None:
            return HttpResponseRedirect(next_step)
        signing.sign_in(self.request, form.get_user(), now=clock.now(), way="password")
        return HttpResponseRedirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also why one is asked to sign in again, and whether what was typed is kept."""
        return super().get_context_data(
            ended=signing.ended_sentence(self.request),
            kept=held.has_waiting(self.request, now=timezone.now()),
            too_big=self.request.session.get(signing.TOO_BIG, False),
            **kwargs,
        )

    def get_default_redirect_url(self) -> str:
        """The first page of the person's role."""
        return home_url(self.request.access)


@never_cache
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's people without a password; there is no such page outside the demo."""
    username = request.POST.get("username", "")
    if not settings.DEMO or username not in dict(DEMO_ACCOUNTS):
        raise Http404
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        messages.error(request, "Dữ liệu thử chưa có tài khoản này. Hãy chạy lại “make run”.")
        return redirect("accounts:login")
    signing.sign_in(request, user, now=clock.now(), way="demo")
    return HttpResponseRedirect(safe_next(request) or home_url(request.access))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and show the sign-in page."""
    signing.sign_out(request, now=clock.now())
    messages.success(request, "Đã đăng xuất.")
    return redirect("accounts:login")


def _profile_page(request: HttpRequest, **forms: Any) -> HttpResponse:
    """The page of one's own account, with the form that was refused, if any."""
    # A refused ModelForm has already changed its instance; roles and head are shown from a fresh row.
    person = User.objects.get(pk=request.user.pk)
    context = {
        "person": person,
        "profile_form": ProfileForm(instance=person),
        "password_form": OwnPasswordForm(person),
        "memberships": person.memberships.select_related("unit", "area").order_by("-valid_from", "role", "pk"),
        "today": clock.today(),
        **forms,
    }
    return render(request, "accounts/profile.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own account; POST keeps name, phone and mail address."""
    if request.method != "POST":
        return _profile_page(request)
    form = ProfileForm(request.POST, instance=User.objects.get(pk=request.user.pk))
    if not form.is_valid():
        return _profile_page(request, profile_form=form)
    if form.changed_data:
        with transaction.atomic():
            user = form.save()
            audit.record(
                "account.profile_changed",
                by=user,
                at=clock.now(),
                target=user,
                data={"fields": form.changed_data},
                ip=client_address(request),
            )
    messages.success(request, "Đã lưu.")
    return redirect("accounts:profile")


@never_cache
@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password; the person's sessions on other machines end with it."""
    if request.method != "POST":
        return redirect("accounts:profile")
    address = client_address(request)
    # Nobody's guesses elsewhere make a person wait who is signed in: this session counts for itself.
    browser = f"session {request.session.session_key}"
    form = OwnPasswordForm(User.objects.get(pk=request.user.pk), request.POST, address=address, browser=browser)
    if not form.is_valid():
        return _profile_page(request, password_form=form)
    with transaction.atomic():
        user = form.save()
        links.end_open([user], now=timezone.now())
        devices.untrust_all(user, by=user, at=clock.now(), now=timezone.now(), ip=address)
        letters.tell(letters.PASSWORD_CHANGED, user, now=clock.now())
        audit.record("account.password_changed", by=user, at=clock.now(), target=user, ip=address)
    update_session_auth_hash(request, user)
    signing.end_sessions(user, except_key=request.session.session_key)
    messages.success(request, "Đã đổi mật khẩu. Các máy khác đang đăng nhập bằng tài khoản này đã bị đăng xuất.")
    return redirect("accounts:profile")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_administrator(request: HttpRequest) -> HttpResponse:
    """The page with which an empty installation begins; 404 as soon as there is an account."""
    if not founding.may_found():
        raise Http404
    form = FirstAdministratorForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/first_administrator.html", {"form": form})
    user = form.save(commit=False)
    now = clock.now()
    try:
        founding.found(user, office_name=form.cleaned_data["office_name"], now=now, ip=client_address(request))
    except founding.AlreadyFounded:
        raise Http404 from None
    signing.sign_in(request, user, now=now, way="password")
    messages.success(request, "Đã tạo tài khoản quản trị. Các việc tiếp theo ghi dưới đây.")
    try:
        return redirect(reverse("setup"))
    except NoReverseMatch:
        return redirect(home_url(request.access))
