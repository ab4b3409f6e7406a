"""Plans of the present occasion: the list, making one, its page, what it is called."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from tasks.enums import STATE_WORDS, AssignmentState
from tasks.errors import Refused
from tasks.models import Assignment, DirectiveTask
from tasks.permissions import can_report
from units.models import Area, AreaLevel, Membership, Unit
from veterans.forms_plans import PlanForm, ReturnForm
from veterans.models import Campaign, GratitudePlan, PlanEntry
from veterans.permissions import can_change_plan, can_make_plans
from veterans.planning import choosing, money, numbers, plans
from veterans.querysets import access_for
from veterans.views.base import registrar_page

PAGE_SIZE = 25
NOT_YOURS = "Anh/chị không sửa được kế hoạch này: địa bàn thuộc cán bộ khác, hoặc đợt đã kết thúc."


def own_plan(request, pk: int) -> GratitudePlan:
    """The plan, if the user may see it. Errors: Http404."""
    rows = GratitudePlan.objects.visible_to(request.user).select_related(
        "campaign__plan_task", "area", "unit", "made_by", "submitted_by"
    )
    return get_object_or_404(rows, pk=pk)


def changing(request, plan: GratitudePlan) -> None:
    """Errors: PermissionDenied for whom may not change the plan."""
    if not can_change_plan(request.user, plan):
        raise PermissionDenied(NOT_YOURS)


def refuse(form, error: Refused | ValidationError) -> None:
    """Put an error of the room's functions where the page shows errors."""
    form.add_error(None, error.messages if isinstance(error, ValidationError) else str(error))


@registrar_page
@require_safe
def plan_list(request):
    """The plans of the registrar's areas in the present campaign, the province's first."""
    campaign = Campaign.objects.visible_to(request.user).present_one()
    people = Count("entries__person", filter=Q(entries__state=PlanEntry.State.PLANNED), distinct=True)
    rows = (
        GratitudePlan.objects.visible_to(request.user)
        .filter(campaign=campaign)
        .select_related("area", "unit")
        .annotate(people=people)
        .order_by("area__parent", "area__code", "pk")
    )
    context = {
        "campaign": campaign,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_make": bool(campaign and campaign.is_open and can_make_plans(request.user)),
    }
    return render(request, "veterans/plans/list.html", context)


def _free_areas(user, campaign: Campaign | None) -> list[Area]:
    """The user's districts and province that have no plan yet."""
    rows = (
        Area.objects.valid_on(clock.today())
        .filter(pk__in=access_for(user).area_ids, level__in=[AreaLevel.PROVINCE, AreaLevel.DISTRICT])
        .exclude(pk__in=GratitudePlan.objects.visible_to(user).filter(campaign=campaign).values("area"))
    )
    return sorted(rows, key=lambda area: (area.level != AreaLevel.PROVINCE, area.code, area.pk))


def _own_unit(user) -> Unit | None:
    """The unit somebody works in, to begin with."""
    rows = Membership.objects.active_on(clock.today()).filter(user=user, unit__isnull=False)
    found = rows.select_related("unit").order_by("pk").first()
    return found.unit if found else None


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def plan_add(request):
    """Begin the plan of a district or of the province."""
    if not can_make_plans(request.user):
        raise PermissionDenied("Kế hoạch do cán bộ sổ tri ân cấp huyện hoặc cấp tỉnh lập.")
    campaign = Campaign.objects.visible_to(request.user).current()
    areas = _free_areas(request.user, campaign) if campaign else []
    form = PlanForm(
        request.POST or None,
        today=clock.today(),
        areas=areas,
        initial={"unit": None if request.method == "POST" else _own_unit(request.user)},
    )
    if request.method == "POST" and form.is_valid() and areas:
        data = form.cleaned_data
        area = next(each for each in areas if each.pk == data["area"])
        words = {name: data[name] for name in ("unit", "title", "intent")}
        try:
            plan = plans.make_plan(area=area, by=request.user, now=clock.now(), **words)
        except (Refused, ValidationError) as error:
            refuse(form, error)
        else:
            messages.success(request, "Đã lập kế hoạch. Tiếp theo: ghi kinh phí, rồi đưa người vào.")
            return redirect("veterans:plan_detail", pk=plan.pk)
    context = {"form": form, "campaign": campaign, "areas": areas}
    wrong = request.method == "POST" and (form.errors or not areas)
    return render(request, "veterans/plans/form.html", context, status=422 if wrong else 200)


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request, pk: int):
    """Change what a plan is called, who makes it, what it is for."""
    plan = own_plan(request, pk)
    changing(request, plan)
    form = PlanForm(
        request.POST or None,
        today=clock.today(),
        initial={"unit": plan.unit, "title": plan.title, "intent": plan.intent, "version": plan.version},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        words = {name: data[name] for name in ("unit", "title", "intent")}
        try:
            plans.change_plan(plan, version=data["version"] or 0, by=request.user, now=clock.now(), **words)
        except (Refused, ValidationError) as error:
            refuse(form, error)
        else:
            messages.success(request, "Đã lưu.")
            return redirect("veterans:plan_detail", pk=pk)
    context = {"form": form, "plan": plan, "campaign": plan.campaign}
    return render(request, "veterans/plans/form.html", context, status=422 if form.errors else 200)


@registrar_page
@require_safe
def plan_detail(request, pk: int):
    """How the plan stands: people, money, approvals, and what it is for."""
    return show_plan(request, own_plan(request, pk))


def show_plan(request, plan: GratitudePlan, *, status: int = 200, returned=None):
    """Render the plan's page. returned: a refused form of sending back."""
    approvals = list(plan.approvals.select_related("file", "recorded_by"))
    changes = plans.changes_since(plan, approvals[0]) if approvals else None
    entries = PlanEntry.objects.visible_to(request.user).filter(plan=plan)
    may_change = can_change_plan(request.user, plan)
    context = {
        "plan": plan,
        "table": numbers.table_of(plan),
        "forms_of_thanks": numbers.FORMS,
        "balance": money.balance_of(plan),
        "approvals": approvals,
        "changes": changes,
        "may_change": may_change,
        "may_edit": may_change and plan.state != GratitudePlan.State.SUBMITTED,
        "may_submit": may_change and (plan.is_draft or (plan.state == GratitudePlan.State.APPROVED and bool(changes))),
        "waits": may_change and plan.state == GratitudePlan.State.SUBMITTED,
        "to_look_at": entries.planned().to_be_looked_at().count(),
        "outside": choosing.count_moved_away(plan) if may_change else 0,
        "return_form": returned or ReturnForm(prefix="return", initial={"version": plan.version}),
        "refused": [returned] if returned else [],
        "task": _task(request.user, plan),
    }
    return render(request, "veterans/plans/detail.html", context, status=status)


def task_of(user, plan: GratitudePlan) -> DirectiveTask | None:
    """The directive's task that the plan carries out, if the user may see it."""
    tasks = DirectiveTask.objects.visible_to(user).filter(pk=plan.campaign.plan_task_id)
    return tasks.select_related("directive").first() if plan.campaign.plan_task_id else None


def _task(user, plan: GratitudePlan) -> dict | None:
    """The task with the unit's part of it as far as the user may see it, and whether the user reports on it."""
    task = task_of(user, plan)
    if task is None:
        return None
    part = Assignment.objects.visible_to(user).filter(task=task, unit=plan.unit_id).first()
    return {
        "task": task,
        "part": part,
        "state": STATE_WORDS[AssignmentState(part.state)].label if part else "",
        "reports": part is not None and part.is_open and can_report(user, plan.unit_id, task.directive),
    }
