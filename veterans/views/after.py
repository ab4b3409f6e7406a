"""After an occasion: what is kept of it, on what ground, until which day. Numbers alone: office and readers see it too."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from tasks.errors import Refused
from veterans.enums import KeptKind
from veterans.forms_campaigns import KeepingForm
from veterans.models import Campaign
from veterans.permissions import can_keep_registry, can_set_rules
from veterans.protection import after
from veterans.protection.law import AFTER
from veterans.small_cells import halves
from veterans.views.campaigns import NOT_YOURS, reader_page

PEOPLE = (KeptKind.AGREED, KeptKind.OTHERS)


def _of(request, pk: int) -> Campaign:
    return get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)


@reader_page
@require_safe
def campaign_after(request, pk: int):
    """Kind by kind: how many rows, on what ground, until which day, what then happens."""
    campaign = _of(request, pk)
    lines = after.table(campaign)
    context = {
        "campaign": campaign,
        "lines": lines,
        "small": {} if can_keep_registry(request.user) else _small(lines),
        "may_set": can_set_rules(request.user),
        "is_registrar": can_keep_registry(request.user),
        "today": clock.today(),
    }
    return render(request, "veterans/gratitude/after.html", context)


def _small(lines: list[after.Line]) -> dict[str, str]:
    """The two numbers of people as they may leave the district."""
    counts = {line.kind: line.count for line in lines}
    words = halves(*(counts[kind] for kind in PEOPLE))
    return {str(kind): said for kind, said in zip(PEOPLE, words, strict=True)}


@reader_page
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_keeping(request, pk: int, kind: str):
    """Another time, or another ground, for one kind."""
    campaign = _of(request, pk)
    if kind not in KeptKind.values or not AFTER[KeptKind(kind)].can_be_set:
        raise Http404
    if not can_set_rules(request.user):
        raise PermissionDenied(NOT_YOURS)
    line = next(each for each in after.table(campaign) if each.kind == kind)
    initial = {"basis": line.basis, "months": line.months}
    form = KeepingForm(request.POST or None, least=line.rule.least, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            after.set_keeping(campaign, kind, by=request.user, now=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã đặt thời hạn lưu: {line.kind.label}.")
            return redirect("veterans:campaign_after", pk=pk)
    context = {"campaign": campaign, "form": form, "line": line}
    return render(request, "veterans/gratitude/keeping.html", context, status=422 if form.errors else 200)
