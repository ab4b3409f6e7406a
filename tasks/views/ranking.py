"""Bảng xếp hạng: made and kept by the office, seen and answered by the units, then sent to the Standing Committee."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from directive_tracker.vietnamese import vn_date, vn_number
from records.models import Job
from tasks.errors import Refused
from tasks.forms.ranking import RankingForm, RankingWithdrawForm, RankingWordsForm
from tasks.models import Directive, Ranking, RankingAnswer
from tasks.ranking import rules, steps
from tasks.ranking.making import make_or_start
from tasks.ranking.reading import own_place, whole
from tasks.ranking.telling import unit_url
from tasks.views.access import allowed
from tasks.views.figures import sees_figures
from units.models import Unit

PAGE_SIZE = 25
# Documents in the list of the form; an older one is chosen from its own overview.
CHOSEN_FROM = 100
NAV = "tasks:overview_home"


def _found(request: HttpRequest, pk: int) -> Ranking:
    return get_object_or_404(Ranking.objects.visible_to(request.user).select_related("directive"), pk=pk)


# --- the list, a new one ---------------------------------------------------------------------------


@require_safe
@sees_figures
def ranking_list(request: HttpRequest) -> HttpResponse:
    """Those the person may see, the newest first."""
    rows = Ranking.objects.visible_to(request.user).for_listing()
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        # The document whose overview one comes from is chosen in the form.
        "chosen": row_id(request.GET.get("van-ban")),
        "may_make": rules.can_make_ranking(request.user),
        "sees_whole": rules.sees_whole(request.user),
        "nav_current": NAV,
    }
    return render(request, "tasks/ranking/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ranking_new(request: HttpRequest) -> HttpResponse:
    """Freeze one; over very much work a job does it."""
    allowed(rules.can_make_ranking(request.user))
    wanted = request.GET.get("van-ban", "")
    form = RankingForm(
        request.POST or None,
        directives=_directives(request, request.POST.get("scope", wanted)),
        today=clock.today(),
        initial={"scope": wanted} if wanted else None,
    )
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = make_or_start(
                asked["scope"], day=asked["day"], minimum=asked["minimum"], by=request.user, now=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if isinstance(made, Job):
                return redirect("records:job", made.pk)
            messages.success(request, "Đã lập bảng xếp hạng. Hiện chỉ Văn phòng xem được.")
            return redirect(made)
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/ranking/new.html", {"form": form, "nav_current": NAV}, status=status)


def _directives(request: HttpRequest, wanted: str) -> list[Directive]:
    """The newest followed documents, and the one that was asked for."""
    followed = Directive.objects.visible_to(request.user).issued()
    rows = list(followed.order_by("-issued_on", "-pk")[:CHOSEN_FROM])
    pk = row_id(wanted)
    return rows if pk is None or pk in {row.pk for row in rows} else [*rows, *followed.filter(pk=pk)]


# --- one -------------------------------------------------------------------------------------------


@require_safe
@sees_figures
def ranking(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole, for those who may see it; a unit's people are led to their own place."""
    found = _found(request, pk)
    if not _sees_whole(request, found):
        own = [pk for pk in sorted(rules.own_units(request.user)) if rules.has_place(request.user, found, pk)]
        if not own:
            raise Http404("Không có bảng xếp hạng này.")
        return redirect(unit_url(found, own[0]))
    return _whole_page(request, found)


def _sees_whole(request: HttpRequest, found: Ranking) -> bool:
    return request.access.is_office or (rules.sees_whole(request.user) and found.released_at is not None)


def _whole_page(request: HttpRequest, found: Ranking, form: RankingWithdrawForm | None = None) -> HttpResponse:
    user = request.user
    context = {
        "ranking": found,
        "shown": whole(found),
        "may_show": rules.can_show(user, found),
        "may_release": rules.can_release(user, found),
        "too_early": found.leaves_on is not None and clock.today() < found.leaves_on,
        "withdraw_form": (form or RankingWithdrawForm()) if rules.can_withdraw(user, found) else None,
        "wrong_form": form,
        "now": clock.now(),
        "nav_current": NAV,
    }
    return render(request, "tasks/ranking/ranking.html", context, status=422 if form is not None else 200)


@require_POST
@login_required
def ranking_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Cho các đơn vị xem."""
    found = _found(request, pk)
    allowed(rules.can_show(request.user, found))
    try:
        told = steps.show(found, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            f"Các đơn vị đã xem được, {vn_number(told)} người được báo. "
            f"Từ ngày {vn_date(found.leaves_on)} mới gửi Thường trực được.",
        )
    return redirect(found)


@require_POST
@login_required
def ranking_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Gửi Thường trực."""
    found = _found(request, pk)
    allowed(rules.can_release(request.user, found))
    try:
        steps.release(found, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã gửi Thường trực. Các đơn vị không nêu thêm ý kiến được nữa.")
    return redirect(found)


@require_POST
@login_required
def ranking_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Rút lại, with a reason."""
    found = _found(request, pk)
    allowed(rules.can_withdraw(request.user, found))
    form = RankingWithdrawForm(request.POST)
    if not form.is_valid():
        return _whole_page(request, found, form)
    try:
        steps.withdraw(found, reason=form.cleaned_data["reason"], by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã rút bảng xếp hạng. Từ nay chỉ Văn phòng xem được.")
    return redirect(found)


# --- one unit's place ------------------------------------------------------------------------------


def _place(request: HttpRequest, pk: int, unit_pk: int) -> tuple[Ranking, Unit]:
    """The ranking and the unit whose place the person may see. Errors: Http404."""
    found = _found(request, pk)
    if not rules.has_place(request.user, found, unit_pk):
        raise Http404("Không có đơn vị này trong bảng xếp hạng anh/chị được xem.")
    return found, get_object_or_404(Unit, pk=unit_pk)


@require_safe
@sees_figures
def ranking_unit(request: HttpRequest, pk: int, unit_pk: int) -> HttpResponse:
    """ "Vì sao hạng này": the works that cost the unit, the spread without names, what was said."""
    return _unit_page(request, *_place(request, pk, unit_pk))


def _unit_page(request: HttpRequest, found: Ranking, unit: Unit, form: RankingWordsForm | None = None) -> HttpResponse:
    user = request.user
    said = RankingAnswer.objects.visible_to(user).filter(ranking=found, unit=unit)
    may_answer, may_reply = rules.can_answer(user, found, unit.pk), rules.can_reply(user, found, unit.pk)
    context: dict[str, Any] = {
        "ranking": found,
        "unit": unit,
        "place": own_place(found, unit.pk),
        "answers": said.select_related("by").order_by("pk"),
        "may_answer": may_answer,
        "may_reply": may_reply,
        "words_form": (form or RankingWordsForm()) if may_answer or may_reply else None,
        "wrong_form": form,
        "sees_whole": _sees_whole(request, found),
        "now": clock.now(),
        "nav_current": NAV if request.access.sees_all_assignments else "tasks:unit_home",
    }
    return render(request, "tasks/ranking/unit.html", context, status=422 if form is not None else 200)


@require_POST
@login_required
def ranking_answer(request: HttpRequest, pk: int, unit_pk: int) -> HttpResponse:
    """What the unit says to its place."""
    found, unit = _place(request, pk, unit_pk)
    allowed(rules.can_answer(request.user, found, unit.pk))
    return _say(request, found, unit, from_office=False)


@require_POST
@login_required
def ranking_reply(request: HttpRequest, pk: int, unit_pk: int) -> HttpResponse:
    """What the office says to that."""
    found, unit = _place(request, pk, unit_pk)
    allowed(rules.can_reply(request.user, found, unit.pk))
    return _say(request, found, unit, from_office=True)


def _say(request: HttpRequest, found: Ranking, unit: Unit, *, from_office: bool) -> HttpResponse:
    form = RankingWordsForm(request.POST)
    if form.is_valid():
        try:
            steps.answer(
                found, unit, form.cleaned_data["text"], by=request.user, now=clock.now(), from_office=from_office
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return _unit_page(request, found, unit, form)
    messages.success(request, "Đã gửi trả lời cho đơn vị." if from_office else "Đã gửi ý kiến cho Văn phòng.")
    return redirect(unit_url(found, unit.pk))
