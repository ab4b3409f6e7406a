"""A unit's report through a mailed link: GET shows (mail scanners open links too), POST acts in the link's name.

Nobody is signed in here, and no page of the site but the report's own opens; see tasks/links.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directive_tracker import clock
from directive_tracker.addresses import client_address
from directive_tracker.row_ids import row_id
from records.audit import record
from records.models import PartialUpload, StoredFile
from records.views import hand_over
from records.views_partial import begin_for, take_part
from tasks.drafts.opening import open_report, reportable_assignments
from tasks.enums import AssignmentState, ReportState
from tasks.errors import Refused
from tasks.forms.links import NameForm, PassOnForm
from tasks.lifecycle import acknowledge_all
from tasks.links import addresses, guessing, mails, making, names
from tasks.links.acting import Via, as_person_of
from tasks.links.opening import LinkRefused, open_link, report_of
from tasks.models import ProgressReport, ReportLink, UnitReport
from tasks.permissions import can_edit_report, can_revoke_link
from tasks.reportview import sections_for_reading
from tasks.timeliness import timeliness_words
from tasks.unit_reading import drafted_sections
from tasks.views.drafts import take_file
from tasks.views.reports import STATE_PILLS, edit_report
from units.models import Role
from units.people import people_of

PAGE = 25
# Never the path, which is the secret. Not "no-referrer": a browser then posts the page's own form with "Origin: null".
REFERRER = "strict-origin"
ASKED = (
    "Nếu còn báo cáo phải gửi, đường dẫn mới được gửi ngay tới hộp thư của chính người đã nhận đường dẫn này. "
    "Không thấy thư thì xin đăng nhập để báo cáo hoặc gọi Văn phòng."
)
NO_NAME = "Chưa rõ ai gửi tệp. Xin mở lại đường dẫn trong thư, ghi họ tên, chức vụ rồi chọn lại tệp."
SLOWER = "Máy này vừa mở nhiều đường dẫn không đúng. Xin chờ 10 phút rồi mở lại từ thư."


# --- the page of one link -----------------------------------------------------------------------


def _by_link(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open the link for `view(request, link, …)`; what opens nothing gets its calm page. No trace of the address leaves."""

    @wraps(view)
    @never_cache
    def opened(request: HttpRequest, token: str, **kwargs) -> HttpResponseBase:
        try:
            link = open_link(token, today=clock.today())
        except LinkRefused as refusal:
            response = _refused(request, refusal)
        else:
            response = view(request, link, **kwargs)
        response.headers["Referrer-Policy"] = REFERRER
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return opened


def _refused(request: HttpRequest, refusal: LinkRefused) -> HttpResponse:
    """What happened and how to go on; or, pressed there, the answer to asking for a new link."""
    if refusal.link is None and guessing.too_many(client_address(request)):
        return render(request, "tasks/links/refused.html", {"sentence": SLOWER}, status=429)
    if request.method == "POST" and request.POST.get("do") == "renew" and refusal.may_renew:
        _mail_anew(refusal.link)
        return render(request, "tasks/links/refused.html", {"sentence": ASKED, "asked": True})
    sentence = str(refusal)
    if request.headers.get("X-Autosave") == "1":
        return JsonResponse({"message": sentence}, status=409)
    context = {
        "sentence": sentence,
        "may_renew": refusal.may_renew,
        "renew_url": addresses.path_of(refusal.link) if refusal.link else "",
        "colleague": bool(refusal.link and refusal.link.colleague),
    }
    return render(request, "tasks/links/refused.html", context, status=404 if refusal.code == "forged" else 410)


def _mail_anew(link: ReportLink) -> None:
    """Mail a link to the same person, where there is still something to report."""
    now, today = clock.now(), clock.today()
    if mails.report_for(link.unit, link.directive, link.user, today=today) and mails.mail_again(link, now=now):
        record("report_link.asked", by=None, at=now, target=link)


@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
def report_link(request: HttpRequest, link: ReportLink) -> HttpResponseBase:
    """What is asked, by whom it is answered, and how it stands; everything that is done begins here."""
    via = names.read(request, link)
    if request.method != "POST":
        return _start_page(request, link, via)
    do = request.POST.get("do", "")
    form = NameForm(request.POST)
    if do == "open" or via is None:
        if not form.is_valid():
            return _start_page(request, link, via, form=form, status=422)
        via = Via(form.cleaned_data["name"], form.cleaned_data["position"], link.pk)
    acting = as_person_of(request, link, via, today=clock.today())
    response = {"acknowledge": _acknowledge, "pass_on": _pass_on}.get(do, _open)(acting, link)
    names.keep(response, link, via)
    return response


def _open(acting: HttpRequest, link: ReportLink) -> HttpResponseBase:
    """The report at hand or a new one, in its form, with the most urgent section open."""
    report = report_of(link)
    if report is None:
        try:
            report = open_report(link.unit, link.directive, by=acting.user, now=clock.now())
        except Refused as refusal:
            messages.warning(acting, str(refusal))
            return redirect(addresses.path_of(link))
    if not can_edit_report(acting.user, report):
        return redirect(addresses.path_of(link))
    url = acting.report_pages.edit_url(report)
    urgent = [section for section in _sections(report) if section.is_editable]
    first = min(urgent, key=lambda section: section.assignment.due_current or date.max, default=None)
    return redirect(f"{url}?muc={first.pk}#muc-{first.pk}" if first else url)


def _acknowledge(acting: HttpRequest, link: ReportLink) -> HttpResponseBase:
    new = reportable_assignments(link.unit, link.directive).filter(state=AssignmentState.ASSIGNED)
    taken = acknowledge_all(new.order_by("pk"), by=acting.user, now=clock.now())
    if taken:
        messages.success(acting, f"Đã tiếp nhận {taken} việc.")
    else:
        messages.info(acting, "Không còn việc nào chờ tiếp nhận.")
    return redirect(addresses.path_of(link))


def _pass_on(acting: HttpRequest, link: ReportLink) -> HttpResponseBase:
    """To a colleague with an account by mail; to one without, an address that is shown here once."""
    form = PassOnForm(acting.POST, prefix="to", colleagues=_colleagues(link))
    via = acting.user.via
    if not form.is_valid():
        return _start_page(acting, link, via, pass_on=form, status=422)
    now, today = clock.now(), clock.today()
    doing = {"by": acting.user, "now": timezone.now(), "at": now, "today": today}
    try:
        chosen = form.cleaned_data["user"]
        if chosen is None:
            made = making.pass_on_by_name(link, form.cleaned_data["name"], **doing)
            return _start_page(acting, link, via, passed_on=made)
        user = next(user for user in _colleagues(link) if user.pk == chosen)
        mails.mail_again(making.pass_on_to_user(link, user, **doing), now=now)
    except Refused as refusal:
        messages.warning(acting, str(refusal))
    else:
        messages.success(acting, f"Đã gửi thư có đường dẫn riêng cho {user}.")
    return redirect(addresses.path_of(link))


def _colleagues(link: ReportLink) -> list:
    """The unit's other people with a mailbox, each once."""
    found = {}
    for role in (Role.REPORTER, Role.UNIT_HEAD):
        for user in people_of([link.unit_id], role=role, today=clock.today()).get(link.unit_id, []):
            if user.pk != link.user_id and user.email:
                found[user.pk] = user
    return list(found.values())


def _start_page(
    request: HttpRequest,
    link: ReportLink,
    via: Via | None,
    *,
    form: NameForm | None = None,
    pass_on: PassOnForm | None = None,
    passed_on: ReportLink | None = None,
    status: int = 200,
) -> HttpResponse:
    """The first page of a link, for a person whose name may be known."""
    today = clock.today()
    acting = as_person_of(request, link, via, today=today)
    report = report_of(link)
    may_write = report is None or can_edit_report(acting.user, report)
    works = [section.assignment for section in _sections(report)] if report else []
    works = works or list(reportable_assignments(link.unit, link.directive))
    form = form or NameForm(initial={"name": via.name, "position": via.position} if via else {})
    pass_on = pass_on or PassOnForm(prefix="to", colleagues=_colleagues(link))
    context = {
        "link": link,
        "pages": acting.report_pages,
        "report": report,
        "pill": STATE_PILLS[ReportState(report.state)] if report else None,
        "may_write": may_write and bool(works),
        "works": [(work, timeliness_words(work, today=today)) for work in works],
        "new_count": sum(work.state == AssignmentState.ASSIGNED for work in works),
        "readings": [] if may_write else _readings(report, acting),
        "form": form,
        "may_pass_on": not link.colleague,
        "pass_on": pass_on,
        "forms": [form, pass_on],
        "passed_on": passed_on,
        "passed_on_address": addresses.address_of(passed_on) if passed_on else "",
    }
    return render(acting, "tasks/links/start.html", context, status=status)


def _sections(report: UnitReport):
    return report.sections.select_related("assignment__task", "assignment__unit", "assignment__directive").order_by(
        "assignment__task__order", "pk"
    )


def _readings(report: UnitReport, acting: HttpRequest) -> list:
    """What the unit wrote: what waits for its head, else what was sent."""
    waiting = report.state == ReportState.AWAITING_UNIT_HEAD
    return drafted_sections(report) if waiting else sections_for_reading(report, acting.user)


@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
def report_link_form(request: HttpRequest, link: ReportLink, pk: int) -> HttpResponseBase:
    """The unit's report form (tasks/views/reports.py), in the link's name."""
    via, report = names.read(request, link), report_of(link)
    if report is None or report.pk != pk:
        raise Http404("Đường dẫn này không mở báo cáo đó.")
    if via is None and request.method == "POST":
        return _name_first(request, link, report)
    if via is None:
        return redirect(addresses.path_of(link))
    return edit_report(as_person_of(request, link, via, today=clock.today()), report)


def _name_first(request: HttpRequest, link: ReportLink, report: UnitReport) -> HttpResponseBase:
    """The form came without a name, whose cookie is gone: ask again and lose nothing of what was typed."""
    if request.headers.get("X-Autosave") == "1":
        return JsonResponse({"message": "xin ghi lại họ tên, chức vụ: bấm “Lưu nháp”."}, status=409)
    form = NameForm(request.POST if "name" in request.POST else None)
    if form.is_valid():
        via = Via(form.cleaned_data["name"], form.cleaned_data["position"], link.pk)
        response = edit_report(as_person_of(request, link, via, today=clock.today()), report)
        names.keep(response, link, via)
        return response
    own = {"name", "position", "csrfmiddlewaretoken"}
    context = {
        "link": link,
        "form": form,
        "carried": [(name, value) for name, values in request.POST.lists() if name not in own for value in values],
        "files_lost": bool(request.FILES),
    }
    return render(request, "tasks/links/name_again.html", context, status=422)


@require_safe
@_by_link
def report_link_file(request: HttpRequest, link: ReportLink, pk: int) -> HttpResponseBase:
    """One file of the link's report, and of no other."""
    report = report_of(link)
    stored = get_object_or_404(StoredFile, pk=pk)
    if report is None or not _is_of(report, stored):
        raise Http404("Báo cáo không có tệp này.")
    return hand_over(as_person_of(request, link, names.read(request, link), today=clock.today()), stored)


def _named(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Files in parts are taken for `view(acting, link, …)` from whoever has typed name and position."""

    @wraps(view)
    def named(request: HttpRequest, link: ReportLink, **kwargs) -> HttpResponseBase:
        via = names.read(request, link)
        if via is None:
            return JsonResponse({"message": NO_NAME}, status=403)
        return view(as_person_of(request, link, via, today=clock.today()), link, **kwargs)

    return named


def _on_the_way(acting: HttpRequest, link: ReportLink):
    """The files on their way through this link; not those that its person sends from an own page."""
    return PartialUpload.objects.visible_to(acting.user).filter(mark__startswith=_mark_start(link))


def _mark_start(link: ReportLink) -> str:
    return f"link{link.pk}-"


@require_POST
@_by_link
@_named
def report_link_parts(acting: HttpRequest, link: ReportLink) -> HttpResponseBase:
    """Announce a file that comes in parts (records/views_partial.py), in the link's name."""
    return begin_for(acting, acting.user, mark_start=_mark_start(link))


@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
@_named
def report_link_part(acting: HttpRequest, link: ReportLink, pk: int) -> HttpResponseBase:
    """How much of it has come, or its next part."""
    return take_part(acting, get_object_or_404(_on_the_way(acting, link), pk=pk))


@require_POST
@_by_link
@_named
def report_link_attach(acting: HttpRequest, link: ReportLink, pk: int) -> HttpResponseBase:
    """A file that came in parts joins the link's report, and no other."""
    report = report_of(link)
    if report is None or report.pk != pk:
        raise Http404("Đường dẫn này không mở báo cáo đó.")
    return take_file(acting, report, _on_the_way(acting, link))


def _is_of(report: UnitReport, stored: StoredFile) -> bool:
    """Whether a file is attached to the report now or went with a sending of it."""
    sections = ProgressReport.objects.filter(unit_report=report)
    return (
        sections.filter(files__file=stored, files__removed_at__isnull=True).exists()
        or sections.filter(products__file=stored).exists()
        or sections.filter(rounds__files=stored).exists()
    )


# --- the list, for those who may take links back ------------------------------------------------


@require_safe
@login_required
def report_links(request: HttpRequest) -> HttpResponse:
    """The links of the own units, for the office those of all: to whom, until when, from whom passed on."""
    if not (request.access.is_office or request.access.works_for_a_unit):
        raise PermissionDenied
    links = (
        ReportLink.objects.visible_to(request.user)
        .select_related("unit", "directive", "period", "user", "came_from__user", "revoked_by")
        .order_by("-pk")
    )
    wanted = row_id(request.GET.get("don-vi"))
    if wanted is not None:
        links = links.filter(unit=wanted)
    page = Paginator(links, PAGE).get_page(request.GET.get("page"))
    today = clock.today()
    for link in page:
        link.expired = link.last_day < today
        link.may_revoke = can_revoke_link(request.user, link) and not link.expired
    context = {"page": page, "nav_current": "tasks:unit_reports"}
    return render(request, "tasks/links/list.html", context)


@require_POST
@login_required
def report_link_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one link back, with all that were passed on from it."""
    link = get_object_or_404(ReportLink.objects.visible_to(request.user), pk=pk)
    if not can_revoke_link(request.user, link):
        messages.info(request, "Đường dẫn này đã được thu hồi từ trước.")
        return redirect("tasks:report_links")
    ended = making.revoke(link, by=request.user, now=timezone.now(), at=clock.now())
    more = f", cùng {ended - 1} đường dẫn chuyển từ đường dẫn đó" if ended > 1 else ""
    messages.success(request, f"Đã thu hồi đường dẫn của {link.whom}{more}. Thư nhắc sau có đường dẫn mới.")
    return redirect("tasks:report_links")
