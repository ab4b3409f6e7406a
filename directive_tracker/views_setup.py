"""Page "Bắt đầu": what an administrator of an empty installation does, one step after the other."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import letters, links
from directive_tracker import clock, setup_steps
from directive_tracker.addresses import client_address
from directive_tracker.form_look import PlainHelper
from notifications.models import Message, MessageState
from notifications.trial import send_trial
from records import audit
from units.models import Unit
from units.reference import load_reference


class OfficeForm(forms.ModelForm):
    """How the office is called and reached."""

    class Meta:
        model = Unit
        fields = ["name", "short_name", "symbol", "phone", "email"]
        labels = {"name": "Tên đầy đủ", "short_name": "Tên ngắn", "symbol": "Ký hiệu văn bản"}
        help_texts = {
            "symbol": "Phần sau số của công văn, ví dụ CV/VPTU.",
            "phone": "Số mà các đơn vị gọi khi cần hỏi.",
            "email": "Hộp thư công vụ của Văn phòng.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()
        self.fields["phone"].widget.attrs["inputmode"] = "tel"


def administrators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Guard a page of the first run. Errors: PermissionDenied for everybody else who is signed in."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.access.is_administrator:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _page(request: HttpRequest, *, office_form: OfficeForm | None = None) -> HttpResponse:
    """The page, with the office's form that was refused, if any."""
    today, now = clock.today(), timezone.now()
    steps = setup_steps.steps(request.user, today=today, now=now)
    office = setup_steps.office()
    invited = Message.objects.filter(kind=letters.INVITATION, state=MessageState.DEAD)
    context = {
        "steps": steps,
        "finished": all(step.state == setup_steps.DONE for step in steps),
        "protected": setup_steps.is_protected(request.user, today=today),
        "office_form": office_form or (OfficeForm(instance=office) if office else None),
        "not_invited": links.not_invited(now=now).exclude(email="").count(),
        "without_mail": links.not_invited(now=now).filter(email="").count(),
        "failed": invited.filter(recipient__in=links.without_password()).count(),
        "reach_people": letters.reach_people(),
        "mail_folder": getattr(settings, "EMAIL_FILE_PATH", "") or "",
        "import_url": setup_steps.address("units:import"),
        "directive_url": setup_steps.address("tasks:directive_new") if request.access.is_office else "",
    }
    return render(request, "setup/start.html", context)


@require_safe
@administrators_only
def setup(request: HttpRequest) -> HttpResponse:
    """The steps and how they stand."""
    return _page(request)


@require_POST
@administrators_only
def setup_office(request: HttpRequest) -> HttpResponse:
    """Keep the office's name and how it is reached."""
    office = setup_steps.office()
    if office is None:
        messages.error(request, "Chưa có đơn vị nào thuộc loại “Văn phòng cấp ủy”; hãy thêm trong trang quản trị.")
        return redirect("setup")
    form = OfficeForm(request.POST, instance=office)
    if not form.is_valid():
        return _page(request, office_form=form)
    if form.changed_data:
        with transaction.atomic():
            form.instance._history_date = clock.now()
            unit = form.save()
            _record(request, "setup.office_changed", unit, {"fields": form.changed_data})
    messages.success(request, "Đã lưu thông tin của Văn phòng.")
    return redirect("setup")


@require_POST
@administrators_only
def setup_reference(request: HttpRequest) -> HttpResponse:
    """Bring in the province's areas, units and groups that come with the program; what is there stays as it is."""
    with transaction.atomic():
        made = load_reference()
        if any(made.values()):
            _record(request, "setup.reference_loaded", None, {"count": made["units"] + made["areas"]})
    messages.success(
        request,
        f"Đã thêm {made['units']} đơn vị, {made['areas']} địa bàn, {made['groups']} nhóm đơn vị. "
        "Hãy xem lại và sửa trong trang quản trị cho đúng thực tế.",
    )
    return redirect("setup")


@require_POST
@administrators_only
def setup_invite(request: HttpRequest) -> HttpResponse:
    """Invite everybody who has neither a password nor an invitation that could be used."""
    people = links.not_invited(now=timezone.now())
    ip = client_address(request)
    invited = links.invite(people, by=request.user, now=timezone.now(), at=clock.now(), ip=ip)
    (messages.success if invited.sent else messages.warning)(request, invited.sentence())
    return redirect("setup")


@require_POST
@administrators_only
def setup_mail(request: HttpRequest) -> HttpResponse:
    """Send a mail to oneself and say what became of it."""
    if not request.user.email:
        messages.error(request, "Tài khoản của anh/chị chưa có địa chỉ thư; hãy điền ở “Tài khoản của tôi”.")
        return redirect("setup")
    refusal = send_trial(request.user, now=clock.now())
    _record(request, "setup.mail_tried", None, {"to": "refused" if refusal else "accepted"})
    if refusal:
        messages.error(request, f"Thư thử không đi được. {refusal.reason}")
    elif letters.reach_people():
        messages.success(request, f"Máy chủ thư đã nhận thư thử gửi đến {request.user.email}; hãy xem hộp thư.")
    else:
        messages.warning(
            request, f"Thư thử đã ghi thành tệp trong {settings.EMAIL_FILE_PATH}; máy này chưa nối máy chủ thư."
        )
    return redirect("setup")


def _record(request: HttpRequest, verb: str, target: Unit | None, data: dict) -> None:
    """One line of the audit."""
    audit.record(verb, by=request.user, at=clock.now(), target=target, data=data, ip=client_address(request))
