"""Báo cáo nhanh: the frozen figures of each week, month and word of the office."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from directive_tracker.vietnamese import vn_datetime
from tasks.digests.making import make_now
from tasks.digests.reading import shown
from tasks.errors import Refused
from tasks.forms.digests import DigestNowForm
from tasks.models import Digest, Ranking
from tasks.permissions import can_make_digest
from tasks.views.access import allowed
from tasks.views.figures import sees_brief

PAGE_SIZE = 25


@require_safe
@sees_brief
def digest_list(request: HttpRequest) -> HttpResponse:
    """The newest first; the office freezes one here."""
    rows = Digest.objects.visible_to(request.user).for_listing()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    form = DigestNowForm() if can_make_digest(request.user) else None
    # A reader is led there once one was sent.
    has_rankings = request.access.is_office or Ranking.objects.visible_to(request.user).exists()
    context = {"page": page, "form": form, "has_rankings": has_rankings}
    return render(request, "tasks/digests/list.html", context)


@require_safe
@sees_brief
def digest(request: HttpRequest, pk: int) -> HttpResponse:
    """One digest as it was frozen, screen and print."""
    row = get_object_or_404(Digest.objects.visible_to(request.user).defer("known"), pk=pk)
    # Where all units would be too many, those of one directive at a time.
    chosen = row_id(request.GET.get("van-ban"))
    return render(
        request,
        "tasks/digests/digest.html",
        {
            "digest": row,
            "shown": shown(row, directive=chosen),
            "demo": settings.DEMO,
            "nav_current": "tasks:digest_list",
        },
    )


@require_POST
@login_required
def digest_new(request: HttpRequest) -> HttpResponse:
    """Chốt số liệu ngay."""
    allowed(can_make_digest(request.user))
    form = DigestNowForm(request.POST)
    send = form.is_valid() and form.cleaned_data["send"]
    try:
        made = make_now(by=request.user, now=clock.now(), send=send)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("tasks:digest_list")
    words = "Đã chốt số liệu."
    if made.due_at is not None:
        words += f" Thư cho Thường trực đi từ {vn_datetime(made.due_at)}."
    messages.success(request, words)
    return redirect(made)
