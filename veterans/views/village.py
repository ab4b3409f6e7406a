"""The phone in the village: which delegations go, the page that works without network, and what the phone asks.

What is authorised by a ticket (send, state) needs no session and no CSRF token: a page that is opened from the phone's own
store has none, and a stranger's page cannot know the ticket, which stands in the body and never in a cookie (docs/village.md).
"""

from functools import wraps

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts import browsers
from directive_tracker import clock
from directive_tracker.addresses import client_address
from directive_tracker.row_ids import row_id
from records.errors import UploadRefused
from tasks.errors import Refused
from veterans.models import Delegation, OfflineCopy, SentVisit
from veterans.permissions import can_take_along
from veterans.views.base import registrar_page
from veterans.village import content, copies, guard, pictures, receiving, sheet, shell

PAGE_SIZE = 25
WRONG_TICKET = "Máy không còn quyền gửi bằng phiếu này. Những gì đã ghi vẫn còn trên máy; hãy báo cán bộ phụ trách sổ."
TOO_BIG = "Nội dung gửi một lần quá lớn. Hãy bỏ bớt ảnh rồi gửi lại; phần đã ghi vẫn còn trên máy."


@registrar_page
@require_safe
def village_list(request):
    """The delegations of the registrar's areas: those still to go first, the next day first."""
    seen = Delegation.objects.visible_to(request.user).exclude(state=Delegation.State.CANCELLED)
    rows = seen.filter(plan__campaign__state="open").select_related("unit", "plan__area")
    rows = rows.annotate(stops_count=Count("stops", filter=Q(stops__state="planned"))).order_by("state", "-on", "-pk")
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "waiting": SentVisit.objects.visible_to(request.user).filter(outcome=SentVisit.Outcome.WAITING).count(),
    }
    return render(request, "veterans/village/list.html", context)


@registrar_page
@require_safe
def village_page(request, delegation: int):
    """The page of one delegation on the phone; with its sheet on the phone it opens without network as well."""
    row = _delegation(request, delegation)
    context = {
        "delegation": row,
        "may_take": can_take_along(request.user, row),
        "stops_count": row.stops.filter(state="planned").count(),
        "village": shell.addresses(),
    }
    return render(request, "veterans/village/page.html", context)


def _delegation(request, pk: int) -> Delegation:
    rows = Delegation.objects.visible_to(request.user).select_related("unit", "plan__campaign", "plan__area")
    return get_object_or_404(rows, pk=pk)


@registrar_page
@require_POST
def take_along(request, delegation: int):
    """Make a copy for this phone; the answer holds the sheet and, this once, the ticket."""
    row = _delegation(request, delegation)
    if not can_take_along(request.user, row):
        raise PermissionDenied("Danh sách của đoàn này không mang theo máy được.")
    try:
        copy, secret = copies.take_along(row, by=request.user, now=clock.now())
    except Refused as refusal:
        return JsonResponse({"words": str(refusal)}, status=409)
    made = sheet.sheet_of(copy, **sheet.rows_of(copy.delegation, request.user))
    return JsonResponse(made | {"ticket": secret, "now": clock.now().isoformat()})


# --- authorised by a ticket ------------------------------------------------------------------------------------------


def ticket_page(view):
    """A POST of a phone: its ticket says which copy, never who; a wrong one is refused and counted."""

    @csrf_exempt
    @never_cache
    @require_POST
    @wraps(view)
    def asked(request):
        try:
            told = _told(request)
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, MultiPartParserError):
            return JsonResponse({"words": TOO_BIG}, status=413)
        except content.Malformed as refusal:
            return JsonResponse({"words": str(refusal)}, status=422)
        number, ticket = told.get("copy"), told.get("ticket")
        copy = copies.by_ticket(row_id(str(number)), ticket if isinstance(ticket, str) else "")
        if copy is None:
            waits = guard.too_many_wrong(client_address(request))
            return JsonResponse({"words": guard.WAIT if waits else WRONG_TICKET}, status=429 if waits else 403)
        return view(request, told, copy)

    return asked


def _told(request) -> dict:
    """What was sent: JSON in the body, or in the field "visit" beside pictures."""
    if request.content_type == "application/json":
        if len(request.body) > 4 * content.LONGEST:
            raise content.Malformed(TOO_BIG)
        return content.loaded(request.body.decode("utf-8", "replace"))
    return content.loaded(request.POST.get("visit", ""))


@ticket_page
def send(request, told: dict, copy: OfflineCopy):
    """One visit, or its key alone to ask what became of it; answers that, whatever it is."""
    if guard.too_many_visits(copy.pk):
        return JsonResponse({"words": guard.WAIT}, status=429)
    try:
        visit = content.read_told(told)
        good, refused = pictures.check(request.FILES.getlist("picture"), visit.pictures)
        sent = receiving.receive(visit, copy, good, refused, there=_is_there(request, copy), now=clock.now())
    except content.Malformed as refusal:
        return JsonResponse({"words": str(refusal)}, status=422)
    except UploadRefused as refusal:
        return JsonResponse({"words": str(refusal)}, status=503)
    return JsonResponse(_became(sent))


def _became(sent: SentVisit) -> dict:
    """What the phone is told of one visit."""
    heading = sent.get_outcome_display()
    if sent.outcome == SentVisit.Outcome.WAITING:
        heading = f"{heading}: {sent.get_why_display()}"
    words = sent.decision or sent.why_words
    return {"key": str(sent.key), "outcome": sent.outcome, "why": sent.why, "heading": heading, "words": words}


@ticket_page
def state(request, told: dict, copy: OfflineCopy):
    """Whether the sheet still holds and who is signed in on this phone; `end` says that the phone has wiped its own.

    `session`: same, other, ended (the same person's ended by itself), left (signed out by hand).
    """
    now = clock.now()
    if told.get("end"):
        copy = copies.end(copy, str(told["end"]), now=now)
    return JsonResponse(
        {
            "session": _session(request, copy),
            "ended": copy.ended or ("expired" if now >= copy.expires_at else ""),
            "now": now.isoformat(),
        }
    )


def _is_there(request, copy: OfflineCopy) -> bool:
    return request.user.is_authenticated and request.user.pk == copy.user_id


def _session(request, copy: OfflineCopy) -> str:
    if request.user.is_authenticated:
        return "same" if request.user.pk == copy.user_id else "other"
    browser = browsers.read(request)
    if browser is None or browser.person is None:
        return "left"
    return "ended" if browser.person == copy.user_id else "other"


# --- without anything of anybody ---------------------------------------------------------------------------------------


@require_safe
@never_cache
def village_shell(request):
    """The page as the phone keeps it: no name, no person, no session."""
    return HttpResponse(render_to_string("veterans/village/shell.html", {"village": shell.addresses()}))


@require_safe
@never_cache
def worker(request):
    """The service worker with the list of files it keeps; its scope is the folder it lies in."""
    made = HttpResponse(shell.worker_source(), content_type="text/javascript; charset=utf-8")
    made["X-Content-Type-Options"] = "nosniff"
    return made
