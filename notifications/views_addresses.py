"""Pages about where units are told besides their people: the addresses, and the log of what was sent to each."""

from datetime import timedelta
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from directive_tracker import clock
from directive_tracker.vietnamese import vn_datetime, vn_number
from notifications import channels, systems
from notifications.models import ChannelKind, DeliveryTry, Message, MessageState, UnitAddress
from records.audit import record

PER_PAGE = 50
# Whoever presses again and again keeps a web worker busy.
TRY_EVERY = timedelta(seconds=10)


@login_required
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    """Page "Địa chỉ nhận tin": of all units for the office and administrators, of the own units for everybody else."""
    last = DeliveryTry.objects.filter(address=OuterRef("pk")).order_by("-at", "-pk").values("at")[:1]
    found = UnitAddress.objects.visible_to(request.user).select_related("unit").annotate(last_at=Subquery(last))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"place": place, "state": state_of(place), "bad": is_bad(place)} for place in page]
    return render(request, "notifications/addresses.html", {"page": page, "rows": rows, "may_edit": _may_edit(request)})


@login_required
@require_safe
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """Page "Nhật ký gửi" of one address: every try with its result, newest first."""
    place = _visible(request, pk)
    found = DeliveryTry.objects.filter(address=place).select_related("message", "tried_by")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    given_up = Message.objects.filter(address=place, state=MessageState.DEAD).count()
    waiting = Message.objects.waiting().filter(address=place).count()
    rows = [
        ("Đơn vị", place.unit),
        ("Kênh", place.get_channel_display()),
        ("Địa chỉ", place.address),
        ("Tình trạng", state_of(place)),
        ("Tin đang chờ gửi", vn_number(waiting)),
        ("Tin không gửi được", vn_number(given_up)),
    ]
    if place.channel == ChannelKind.WEBHOOK and len(place.secrets) > 1:
        rows.append(("Khóa ký", f"đang đổi: khóa cũ còn ký cùng khóa mới đến {vn_datetime(place.secret_before_until)}"))
    return render(
        request,
        "notifications/address.html",
        {
            "place": place,
            "page": page,
            "tries": [{"try": row, "result": result_of(row)} for row in page],
            "rows": rows,
            "given_up": given_up,
            "is_webhook": place.channel == ChannelKind.WEBHOOK,
            "is_mailbox": place.channel == ChannelKind.MAIL,
            "may_resend": bool(given_up) and place.is_active and _may_resend(request),
            "may_edit": _may_edit(request),
        },
    )


@login_required
@require_POST
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Button "Gửi thử": a signed trial event now, and its result in words; nothing of the business is told."""
    place = _visible(request, pk)
    if place.channel != ChannelKind.WEBHOOK:
        messages.warning(request, "Chỉ gửi thử được đến hệ thống khác (webhook).")
    elif DeliveryTry.objects.filter(address=place, message__isnull=True, at__gt=Now() - TRY_EVERY).exists():
        messages.warning(request, "Vừa gửi thử xong; xin đợi 10 giây rồi thử lại.")
    else:
        now, number = clock.now(), uuid4()
        event = str(number)
        answer = channels.webhook(place, event, channels.trial_payload(place, event, now=now))(systems.one_call())
        row = systems.note_try(number, place, event, answer, by=request.user)
        record("address.tried", by=request.user, at=now, target=place)
        words = f"{result_of(row)} ({vn_number(row.milliseconds)} ms)."
        if row.was_taken:
            messages.success(request, f"Gửi thử: {words}")
        else:
            messages.error(request, f"Gửi thử không được: {words}")
    return redirect(place)


@login_required
@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The office or an administrator puts everything that was given up for an address back into the queue."""
    place = _visible(request, pk)
    if not _may_resend(request):
        raise PermissionDenied
    if not place.is_active:
        messages.warning(request, "Địa chỉ đang tắt; hãy bật lại trong phần quản trị rồi gửi lại.")
    elif count := systems.send_again(place):
        record("address.resent", by=request.user, at=clock.now(), target=place, data={"count": count})
        messages.success(request, f"{vn_number(count)} tin sẽ được gửi lại trong lượt gửi tới.")
    else:
        messages.warning(request, "Không có tin nào phải gửi lại.")
    return redirect(place)


def _visible(request: HttpRequest, pk: int) -> UnitAddress:
    """The address, or 404 for one that the visitor may not know of."""
    return get_object_or_404(UnitAddress.objects.visible_to(request.user).select_related("unit"), pk=pk)


def _may_resend(request: HttpRequest) -> bool:
    return request.access.is_office or request.access.is_administrator


def _may_edit(request: HttpRequest) -> bool:
    return request.access.is_administrator


def is_bad(place: UnitAddress) -> bool:
    """Whether somebody should look after it."""
    return place.paused_at is not None or bool(place.failures)


def state_of(place: UnitAddress) -> str:
    """In words: "đang dùng", "tự tạm dừng từ … : …", "đang dùng, gửi hỏng từ …", "đã tắt"."""
    if place.paused_at is not None:
        return f"Tự tạm dừng từ {vn_datetime(place.paused_at)}: {place.paused_why}"
    if not place.is_active:
        return "Đã tắt"
    if place.failures and place.failing_since is not None:
        return f"Đang dùng; gửi hỏng {vn_number(place.failures)} lần liền từ {vn_datetime(place.failing_since)}"
    return "Đang dùng"


def result_of(row: DeliveryTry) -> str:
    """In words what came of one try: "bên nhận đã nhận (200)", "bên nhận trả lời 500", why there was no answer."""
    if row.was_taken:
        return f"Bên nhận đã nhận ({row.code})"
    words = systems.trouble_of(row)
    doubt = "; không rõ bên nhận đã nhận chưa" if row.in_doubt else ""
    return f"{words[:1].upper()}{words[1:]}{doubt}"
