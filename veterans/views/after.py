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
from veterans.forms_protection import RuleForm
from veterans.models import Campaign
from veterans.permissions import can_keep_registry, can_read_province, can_set_rules
from veterans.protection import after, retention
from veterans.protection.law import AFTER
from veterans.small_cells import halves, small_cell
from veterans.views.campaigns import NOT_YOURS, reader_page

PEOPLE = (KeptKind.AGREED, KeptKind.OTHERS)
# Few of these are few people as well.
AS_PEOPLE = (KeptKind.ACCOUNTS, KeptKind.SIGNED, KeptKind.PICTURES, KeptKind.PHONES)


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
        "small": {} if can_read_province(request.user) else _small(lines),
        "may_set": can_set_rules(request.user),
        "is_registrar": can_keep_registry(request.user),
        "today": clock.today(),
    }
    return render(request, "veterans/gratitude/after.html", context)


def _small(lines: list[after.Line]) -> dict[str, str]:
    """What follows the number of people, as it may leave the district."""
    counts = {line.kind: line.count for line in lines}
    words = dict(zip(PEOPLE, halves(*(counts[kind] for kind in PEOPLE)), strict=True))
    words |= {kind: small_cell(counts[kind]) for kind in AS_PEOPLE}
    return {str(kind): said for kind, said in words.items()}


@reader_page
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_keeping(request, pk: int, kind: str):
    """Another time, or another ground, for one kind."""
    campaign = _of(request, pk)
    if kind not in KeptKind.values or not (kind == KeptKind.OTHERS or AFTER[KeptKind(kind)].can_be_set):
        raise Http404
    if not can_set_rules(request.user):
        raise PermissionDenied(NOT_YOURS)
    if kind == KeptKind.OTHERS:
        return _purpose(request, campaign)
    line = next(each for each in after.table(campaign) if each.kind == kind)
    initial = {"basis": line.basis, "months": line.months, "seen": after.seen_as(line.set_at)}
    rule = line.rule
    form = KeepingForm(request.POST or None, least=rule.least, for_ever=rule.for_ever, initial=initial)
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


def _purpose(request, campaign: Campaign):
    """When the purpose of this occasion ends, also when another one has begun, and how long its people stay afterwards."""
    found = retention.rule(campaign)
    initial = {name: getattr(found, name) for name in ("purpose_ends_on", "keep_months", "living_days")}
    form = RuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        retention.set_rule(campaign=campaign, by=request.user, now=clock.now(), **form.cleaned_data)
        messages.success(request, "Đã đặt thời hạn lưu hồ sơ của đợt.")
        return redirect("veterans:campaign_after", pk=campaign.pk)
    line = next(each for each in after.table(campaign) if each.kind == KeptKind.OTHERS)
    context = {"campaign": campaign, "form": form, "line": line}
    return render(request, "veterans/gratitude/keeping.html", context, status=422 if form.errors else 200)
