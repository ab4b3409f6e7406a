"""The occasion: its days, tasks and givers; opening, changing, ending. No person stands here: office and readers see it too."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directive_tracker import clock
from directive_tracker.vietnamese import vn_number
from records.models import AuditEvent
from records.sentences import Sentence, sentence
from tasks.enums import AssignmentRole
from tasks.errors import Refused
from tasks.models import Assignment
from veterans import campaigns
from veterans.campaigns import TASKS
from veterans.figures import public_figures
from veterans.forms_campaigns import CampaignForm, ClosingForm, SourceForm
from veterans.models import Campaign
from veterans.permissions import can_keep_campaigns, can_keep_registry, can_read_figures
from veterans.protection.after import people_left
from veterans.small_cells import halves

NOT_FOR_YOU = "Trang này dành cho cán bộ sổ tri ân, Văn phòng và người đọc."
NOT_YOURS = "Đợt tri ân do Văn phòng hoặc cán bộ sổ tri ân cấp tỉnh mở, sửa và kết thúc."
EARLIER = 20
EVENTS = 20


def _page(view, *, keeps: bool = False):
    @never_cache
    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not can_read_figures(request.user):
            raise PermissionDenied(NOT_FOR_YOU)
        if keeps and not can_keep_campaigns(request.user):
            raise PermissionDenied(NOT_YOURS)
        return view(request, *args, **kwargs)

    return guarded


def reader_page(view):
    """For whoever reads the registry's figures."""
    return _page(view)


def keeper_page(view):
    """For whoever opens and ends occasions."""
    return _page(view, keeps=True)


def _of(request, pk: int) -> Campaign:
    seen = Campaign.objects.visible_to(request.user).select_related(
        "opened_by", "closed_by", *(f"{name}__directive" for name in TASKS)
    )
    return get_object_or_404(seen, pk=pk)


@reader_page
@require_safe
def campaign_page(request, pk: int | None = None):
    """One occasion, the present one without a number; where there is none, who can open one."""
    if pk is None:
        present = Campaign.objects.visible_to(request.user).present_one()
        pk = present.pk if present else None
    return _show(request, _of(request, pk) if pk else None)


def _show(
    request,
    campaign: Campaign | None,
    form: SourceForm | None = None,
    *,
    reopening: ClosingForm | None = None,
    status: int = 200,
):
    seen = Campaign.objects.visible_to(request.user)
    others = list(seen.exclude(pk=campaign.pk)[:EARLIER]) if campaign else []
    context = {
        "campaign": campaign,
        "tasks": _tasks(request, campaign) if campaign else [],
        "sources": campaign.sources.all() if campaign else [],
        "form": form or SourceForm(),
        "may_keep": can_keep_campaigns(request.user),
        "is_registrar": can_keep_registry(request.user),
        "others": others,
        "none_open": not any(each.is_open for each in (campaign, *others) if each),
        "reopening": reopening or ClosingForm(prefix="again"),
        "events": _events(campaign) if campaign else [],
    }
    return render(request, "veterans/gratitude/campaign.html", context, status=status)


def _tasks(request, campaign: Campaign) -> list[dict]:
    """The directive's tasks the occasion carries out, with the state of the lead work that the user may see. One statement."""
    tasks = {name: getattr(campaign, name) for name in TASKS}
    leads = Assignment.objects.visible_to(request.user).filter(
        task__in=[task.pk for task in tasks.values() if task], role=AssignmentRole.LEAD
    )
    works: dict[int, list[Assignment]] = {}
    for work in leads.select_related("unit"):
        works.setdefault(work.task_id, []).append(work)
    return [
        {
            "label": campaign._meta.get_field(name).verbose_name,
            "task": task,
            "works": works.get(task.pk, []) if task else [],
        }
        for name, task in tasks.items()
    ]


def _events(campaign: Campaign) -> list[Sentence]:
    """What was done to the occasion, newest first: days, givers, its end. One statement."""
    rows = AuditEvent.objects.about(campaign).select_related("actor", "acting_for").newest_first()[:EVENTS]
    return [sentence(row) for row in rows]


@keeper_page
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_open(request):
    """Begin an occasion."""
    form = CampaignForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        values = form.campaign_fields()
        tasks = {name: values.pop(name) for name in TASKS}
        try:
            campaigns.open_campaign(tasks=tasks, by=request.user, now=clock.now(), **values)
        except (Refused, ValidationError) as error:
            _refuse(form, error)
        else:
            messages.success(request, "Đã mở đợt tri ân.")
            return redirect("veterans:campaign")
    return _form_page(request, form, None)


@keeper_page
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_change(request, pk: int):
    """Change days, ground and tasks."""
    campaign = _of(request, pk)
    form = CampaignForm(request.POST or None, user=request.user, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            campaigns.change_campaign(
                campaign,
                fields=form.campaign_fields(),
                version=form.cleaned_data["version"] or 0,
                by=request.user,
                now=clock.now(),
            )
        except (Refused, ValidationError) as error:
            _refuse(form, error)
        else:
            messages.success(request, "Đã lưu đợt tri ân.")
            return redirect("veterans:campaign_of", pk=pk)
    return _form_page(request, form, campaign)


def _form_page(request, form: CampaignForm, campaign: Campaign | None):
    context = {"form": form, "campaign": campaign, "kept": None if campaign else _kept(request)}
    return render(request, "veterans/gratitude/campaign_form.html", context, status=422 if form.errors else 200)


def _kept(request) -> tuple[str, str] | None:
    """How many people are in the registry for a further occasion: who agreed to be kept, and the others; None for nobody.

    In words where the reader keeps no registry, for a small number stays inside the district. Two statements.
    """
    agreed, others = people_left()
    if not agreed + others:
        return None
    return (vn_number(agreed), vn_number(others)) if can_keep_registry(request.user) else halves(agreed, others)


def _refuse(form, error: Refused | ValidationError) -> None:
    form.add_error(None, str(error)) if isinstance(error, Refused) else form.add_error(None, error)


@keeper_page
@require_POST
def source_add(request, pk: int):
    """Somebody else gives as well."""
    campaign = _of(request, pk)
    form = SourceForm(request.POST)
    if form.is_valid():
        try:
            campaigns.add_named_source(campaign, by=request.user, now=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, "Đã thêm nguồn quà.")
            return redirect("veterans:campaign_of", pk=pk)
    return _show(request, campaign, form, status=422)


@keeper_page
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_close(request, pk: int):
    """What is still open, and the end."""
    campaign = _of(request, pk)
    form = ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            campaigns.close_campaign(campaign, words=form.cleaned_data["words"], by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã kết thúc đợt tri ân.")
            return redirect("veterans:campaign_of", pk=pk)
    left = campaigns.what_is_left(campaign, today=clock.today())
    shown = left.not_visited if can_keep_registry(request.user) else public_figures(clock.today()).unvisited
    context = {"campaign": campaign, "form": form, "left": left, "not_visited": shown}
    return render(request, "veterans/gratitude/campaign_close.html", context, status=422 if form.errors else 200)


@keeper_page
@require_POST
def campaign_reopen(request, pk: int):
    """Take the end back, with a reason."""
    campaign = _of(request, pk)
    form = ClosingForm(request.POST, prefix="again")
    if form.is_valid():
        try:
            campaigns.reopen_campaign(campaign, reason=form.cleaned_data["words"], by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, "Đã mở lại đợt tri ân.")
            return redirect("veterans:campaign_of", pk=pk)
    return _show(request, campaign, reopening=form, status=422)
