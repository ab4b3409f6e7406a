"""Pages: a person's notices, a mail as it was sent, the office's ledger of mails."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from directive_tracker import clock, vietnamese
from directive_tracker.row_ids import row_id
from notifications import delivery, kinds, letters, wording
from notifications.forecast import forecast
from notifications.forms import LedgerFilterForm
from notifications.models import Message, MessageState, Notice, NoticeState
from notifications.office import is_office, office_only
from notifications.wording import next_sentence
from records.audit import record
from units.models import Unit

PER_PAGE = 25


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Page "Thông báo": the person's notices, newest first; with ?xem=don-vi what the person's units were told."""
    now = clock.now()
    has_unit = bool(request.access.desk_unit_ids)
    if has_unit and request.GET.get("xem") == "don-vi":
        return _unit_inbox(request, now)
    found = Notice.objects.addressed_to(request.user).shown_in_app(now=now).select_related("message")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    principal = request.user.acting_for
    rows = [
        {
            "notice": notice,
            "kind": kinds.label(notice.kind),
            "mail": wording.mail_of(notice),
            # Whom it was addressed to is said only where it is not the reader.
            "to": principal if principal and notice.recipient_id == principal.pk else None,
        }
        for notice in page
    ]
    return render(
        request,
        "notifications/inbox.html",
        {
            "page": page,
            "rows": rows,
            "has_unit": has_unit,
            "unread": Notice.objects.addressed_to(request.user).unread(now=now).count(),
            # What comes in while the page stands open is not marked as read with the rest.
            "newest": max((notice.pk for notice in page), default="") if page.number == 1 else "",
            "is_office": is_office(request),
        },
    )


def _unit_inbox(request: HttpRequest, now: datetime) -> HttpResponse:
    """What the person's units were told, each obligation once, and whether there is still something to do.

    Neither who read it nor whom it was addressed to: this is the unit's desk, no book about its people.
    """
    found = Notice.objects.of_units_of(request.user).shown_in_app(now=now)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    notices = list(page)
    applying = kinds.still_applying([row for row in notices if kinds.is_checked(row.kind)], now=now)
    rows = [
        {
            "notice": notice,
            "kind": kinds.label(notice.kind),
            "unit": notice.unit_id,
            "state": wording.state_of_work(notice.pk in applying) if kinds.is_checked(notice.kind) else "",
        }
        for notice in notices
    ]
    several = len(request.access.desk_unit_ids) > 1
    names = dict(Unit.objects.filter(pk__in=request.access.desk_unit_ids).values_list("pk", "short_name"))
    for row in rows:
        row["unit"] = names.get(row["unit"], "") if several else ""
    return render(
        request,
        "notifications/unit_inbox.html",
        {"page": page, "rows": rows, "has_unit": True, "is_office": is_office(request)},
    )


@login_required
@require_POST
def mark_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read: one's own or, while acting, the principal's; never a colleague's."""
    _read(get_object_or_404(Notice.objects.addressed_to(request.user), pk=pk))
    return _back_to_inbox(request)


@login_required
@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Mark all the person's notices as read; those that came while the page stood open stay unread.

    Whom one acts for reads by himself, or one by one through the deputy.
    """
    now = clock.now()
    unread = Notice.objects.addressed_to(request.user).filter(recipient=request.user).unread(now=now)
    last = row_id(request.POST.get("last"))
    if last is not None:
        unread = unread.filter(pk__lte=last)
    unread.mark_read(now=now)
    return _back_to_inbox(request)


@login_required
@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go where it leads.

    Opening somebody else's – a colleague's in the unit's inbox, the principal's while acting – leaves that one unread;
    where the person was told the same, the own notice counts as read.
    """
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    if notice.recipient_id == request.user.pk:
        _read(notice)
    elif notice.unit_id is not None:
        same = Notice.objects.filter(unit_id=notice.unit_id, obligation=notice.obligation, recipient=request.user)
        same.mark_read(now=clock.now())
    if notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None):
        return HttpResponseRedirect(notice.url)
    return _back_to_inbox(request)


@login_required
@require_safe
def message_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as it was sent, or as it would leave now; for its recipient and the office."""
    mail = get_object_or_404(
        Message.objects.visible_to(request.user).select_related("recipient", "address__unit"), pk=pk
    )
    subject, body = mail.subject, mail.body
    if mail.state != MessageState.SENT:
        waiting = [notice for notice in mail.notices.order_by("due_at", "pk") if notice.state != NoticeState.SUPERSEDED]
        subject, body = letters.write(letters.letter(mail, waiting, now=clock.now())) if waiting else ("", "")
    for_office = is_office(request)
    # A link of one's own is shown to nobody else, not to the office either; but for the demo, where nobody is anybody.
    if kinds.LINK_PLACE in body and (mail.recipient_id == request.user.pk or settings.DEMO):
        notices = list(mail.notices.order_by("due_at", "pk"))
        link = kinds.link_of(mail, notices, now=clock.now())
        address = link.address(make=False) if link is not None else ""
        body = body.replace(kinds.LINK_PLACE, address) if address else body
    return render(
        request,
        "notifications/message_detail.html",
        {
            "mail": mail,
            "subject": subject,
            "body": body,
            "rows": [
                ("Loại thư", kinds.label(mail.kind)),
                ("Người nhận", f"{mail.whom} <{mail.to}>" if for_office else mail.to),
                ("Tình trạng", wording.state_of(mail)),
                *([("Số lần thử", mail.attempts), ("Mã thư", mail.key)] if for_office else []),
            ],
            "is_office": for_office,
            "can_resend": for_office and mail.state == MessageState.DEAD,
        },
    )


@login_required
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """The office puts a mail that was given up back into the queue."""
    office_only(request)
    mail = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    if delivery.send_again(mail):
        record("message.resent", by=request.user, at=clock.now(), target=mail)
        messages.success(request, "Thư sẽ được gửi lại trong lượt gửi tới.")
    else:
        messages.warning(request, "Thư này không còn ở trạng thái không gửi được.")
    return redirect("notifications:message_detail", pk=mail.pk)


@login_required
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Page "Sổ gửi": every mail with its state, and what leaves next."""
    office_only(request)
    now = clock.now()
    form = LedgerFilterForm(request.GET or None)
    found = Message.objects.visible_to(request.user).select_related("recipient", "address__unit")
    if form.is_valid():
        if form.cleaned_data["state"]:
            found = found.filter(state=form.cleaned_data["state"])
        if form.cleaned_data["person"]:
            found = found.filter(recipient__search_key__contains=vietnamese.fold(form.cleaned_data["person"]))
        if form.cleaned_data["day"]:
            found = found.filter(day=form.cleaned_data["day"])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"mail": mail, "kind": kinds.label(mail.kind), "state": wording.state_of(mail), "bad": _is_bad(mail)}
        for mail in page
    ]
    return render(
        request,
        "notifications/ledger.html",
        {
            "page": page,
            "rows": rows,
            "form": form,
            "next": next_sentence(forecast(now=now), now),
            "filtered": bool(request.GET),
        },
    )


def _is_bad(mail: Message) -> bool:
    return mail.state == MessageState.DEAD or bool(mail.attempts and mail.state == MessageState.PLANNED)


def _read(notice: Notice) -> None:
    """Keep the first moment at which a notice was read."""
    Notice.objects.filter(pk=notice.pk).mark_read(now=clock.now())


def _back_to_inbox(request: HttpRequest) -> HttpResponse:
    """The page of the list from which the button was pressed."""
    response = redirect("notifications:inbox")
    page: Any = request.POST.get("page", "")
    if page.isdecimal() and int(page[:9]) > 1:
        response["Location"] += f"?page={int(page[:9])}"
    return response
