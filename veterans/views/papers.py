"""Papers with names on them: asked for by POST, for a purpose, logged."""

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from directive_tracker import clock
from tasks.exports.docx import CONTENT_TYPE
from veterans.delegations.stops import CALLED_ON, standing
from veterans.enums import Honour, Paper
from veterans.forms_papers import PaperForm, PlanPaperForm
from veterans.models import Campaign, GratitudePlan, PlanEntry
from veterans.papers import jobs, making, reading
from veterans.permissions import can_keep_templates
from veterans.views.base import registrar_page
from veterans.views.delegations import own_delegation, show_delegation


@registrar_page
@require_POST
def delegation_paper(request, pk: int):
    """The sheet, or the lists for signature, of one delegation."""
    delegation = own_delegation(request, pk)
    form = PaperForm(request.POST, prefix="giay-to")
    if not form.is_valid():
        return show_delegation(request, delegation, paper=form, status=422)
    paper = Paper(form.cleaned_data["paper"])
    content = making.for_delegation(
        request.user, delegation, paper=paper, purpose=form.cleaned_data["purpose"], now=clock.now()
    )
    answer = HttpResponse(content, content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{making.FILE_NAMES[paper]}-{delegation.pk}.docx"'
    return answer


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def plan_papers(request):
    """Papers of a whole plan: a job makes them. How many stand on each, and how many are left out, is said before."""
    campaign = Campaign.objects.visible_to(request.user).present_one()
    plans = GratitudePlan.objects.visible_to(request.user).filter(campaign=campaign).order_by("area__code", "pk")
    counts = _counts(request.user, plans)
    initial = {"plan": counts[0]["plan"] if len(counts) == 1 else None}
    form = PlanPaperForm(request.POST or None, plans=plans, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        job = jobs.start(
            request.user,
            data["plan"],
            paper=data["paper"],
            purpose=data["purpose"],
            words=form.words(),
            now=clock.now(),
        )
        return redirect("records:job", pk=job.pk)
    context = {"form": form, "campaign": campaign, "counts": counts, "may_keep": can_keep_templates(request.user)}
    return render(request, "veterans/papers/page.html", context, status=422 if form.errors else 200)


def _counts(user, plans) -> list[dict]:
    """For each plan how many people stand on its papers, and of how many the name may be published. Two statements."""
    entries = standing(PlanEntry.objects.visible_to(user).filter(plan__in=plans)).filter(~reading.objected())
    entries = entries.order_by().values("plan")
    named = dict(reading.with_name_published(entries).values_list("plan").annotate(Count("person", distinct=True)))
    rows = entries.values("plan", "plan__area__name").annotate(
        people=Count("person", distinct=True),
        homes=Count("person", filter=Q(form__in=CALLED_ON), distinct=True),
        meeting=Count("person", filter=Q(form=Honour.MEETING), distinct=True),
    )
    return [
        row | {"named": named.get(row["plan"], 0), "unnamed": row["people"] - named.get(row["plan"], 0)}
        for row in rows.order_by("plan__area__code", "plan")
    ]
