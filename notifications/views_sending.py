"""The office's pages about mails that have not left: what goes next, holding single ones, holding everything."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from directive_tracker import clock
from directive_tracker.vietnamese import vn_number
from notifications import forecast, kinds, sending
from notifications.forms import HoldAllForm, ReleaseAllForm
from notifications.models import Notice, Pulse, UnitAddress
from notifications.office import office_only
from notifications.wording import next_sentence

PER_PAGE = 50


@login_required
@require_safe
def next_mails(request: HttpRequest) -> HttpResponse:
    """Page "Thư sắp gửi": every mail of the next window, with what it will say, and a box to hold it."""
    office_only(request)
    now = clock.now()
    seen = forecast.forecast(now=now)
    pulse = seen.pulse
    page = Paginator(seen.mails, PER_PAGE).get_page(request.GET.get("page"))
    people = User.objects.in_bulk([mail.user_id for mail in page if mail.user_id is not None])
    places = UnitAddress.objects.select_related("unit").in_bulk([mail.address_id for mail in page if mail.address_id])
    doubtful = sending.doubtful(pulse) if pulse and pulse.restored_at else Notice.objects.none()
    shown = [mail.message.pk for mail in page if mail.message is not None]
    in_doubt = set(doubtful.filter(message__in=shown).values_list("message_id", flat=True))
    rows = []
    for mail in page:
        person, place = people.get(mail.user_id), places.get(mail.address_id)
        rows.append(
            {
                "mail": mail,
                "whom": person or place,
                "to": person.email if person else place.address,
                "kind": kinds.label(mail.kind),
                "in_doubt": mail.message is not None and mail.message.pk in in_doubt,
            }
        )
    return render(
        request,
        "notifications/next_mails.html",
        {
            "page": page,
            "rows": rows,
            "sentence": next_sentence(seen, now),
            "pulse": pulse,
            "doubtful": sending.doubtful_mails(pulse) if pulse and pulse.restored_at else 0,
        },
    )


@login_required
@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Hold the chosen mails, or let them go."""
    office_only(request)
    now = clock.now()
    keys = request.POST.getlist("key")
    if not keys:
        messages.warning(request, "Chưa chọn thư nào. Hãy đánh dấu những thư cần giữ lại hoặc cho gửi.")
    elif request.POST.get("act") == "release":
        count = forecast.release(keys, by=request.user, now=now)
        messages.success(request, f"{vn_number(count)} thư được gửi vào lượt tới.")
    else:
        count = forecast.hold(keys, by=request.user, now=now)
        messages.success(request, f"Đã giữ lại {vn_number(count)} thư, không gửi cho đến khi Văn phòng cho gửi.")
    return redirect("notifications:next_mails")


@login_required
@require_POST
def hold_all(request: HttpRequest) -> HttpResponse:
    """Stop all sending, with a reason."""
    office_only(request)
    form = HoldAllForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["reason"]))
    elif sending.hold_all(reason=form.cleaned_data["reason"], by=request.user, now=clock.now()):
        messages.success(request, "Đã giữ mọi thư. Nhắc việc vẫn hiện trong ứng dụng.")
    return redirect("notifications:next_mails")


@login_required
@require_POST
def release_all(request: HttpRequest) -> HttpResponse:
    """Let mails leave again; what had left before a restore can be taken back."""
    office_only(request)
    form = ReleaseAllForm(request.POST, restored=Pulse.objects.filter(pk=1, restored_at__isnull=False).exists())
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect("notifications:next_mails")
    until: datetime | None = form.cleaned_data["told_until"]
    drop = form.cleaned_data["doubtful"] == ReleaseAllForm.DROP
    dropped = sending.release_all(by=request.user, now=clock.now(), told_until=until, drop_doubtful=drop)
    if dropped is None:
        messages.warning(request, "Không có gì đang bị giữ.")
    elif dropped:
        messages.success(request, f"Thư được gửi tiếp; bỏ {vn_number(dropped)} thư coi như đã gửi trước đó.")
    else:
        messages.success(request, "Thư được gửi tiếp từ lượt gửi tới.")
    return redirect("notifications:next_mails")
