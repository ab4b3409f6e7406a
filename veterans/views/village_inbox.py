"""What phones sent and could not be recorded at once, and the sheets that are out."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directive_tracker import clock
from directive_tracker.vietnamese import vn_date, vn_number
from records.audit import record
from tasks.errors import Refused
from veterans.forms import VisitForm
from veterans.forms_village import AsideForm, typed_for_the_form
from veterans.models import Consent, Gift, OfflineCopy, SentVisit, Visit, VisitPhoto
from veterans.money import typed_money
from veterans.permissions import can_decide, can_revoke
from veterans.views.base import registrar_page
from veterans.village import content, copies, deciding, receiving

PAGE_SIZE = 25
Outcome = SentVisit.Outcome
TABS = (
    ("cho-xem", "Chờ xem", (Outcome.WAITING,)),
    ("da-ghi", "Đã ghi", (Outcome.RECORDED, Outcome.SAME)),
    ("khong-ghi", "Không ghi", (Outcome.SET_ASIDE,)),
)
GONE = "Nội dung gửi đã được dọn sau 30 ngày, hoặc máy chủ thiếu khóa để mở."


@registrar_page
@require_safe
def sent_list(request):
    """What waits first, the oldest on top; what was decided on its own tabs, the newest on top."""
    wanted = request.GET.get("loc", "")
    key, _, outcomes = next((tab for tab in TABS if tab[0] == wanted), TABS[0])
    seen = SentVisit.objects.visible_to(request.user)
    counts = dict(seen.order_by().values_list("outcome").annotate(Count("pk")))
    rows = seen.filter(outcome__in=outcomes)
    rows = rows.order_by("received_at", "pk") if key == "cho-xem" else rows.order_by("-pk")
    rows = rows.select_related("person__residence__parent", "copy__user", "copy__delegation", "decided_by")
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "waiting": key == "cho-xem",
        "tabs": [
            {"key": name, "words": words, "number": sum(counts.get(one, 0) for one in ones), "current": name == key}
            for name, words, ones in TABS
        ],
    }
    return render(request, "veterans/village/sent_list.html", context)


def _sent(request, pk: int) -> SentVisit:
    rows = SentVisit.objects.visible_to(request.user).select_related(
        "person__residence__parent", "copy__user", "copy__delegation__unit", "copy__delegation__plan__campaign",
        "decided_by", "visit__unit",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def sent_detail(request, pk: int):
    """What was typed beside what is on record, and what can be done with it."""
    sent = _sent(request, pk)
    typed = content.opened(sent)
    if request.method != "POST":
        return _show(request, sent, typed, _visit_form(sent, typed), AsideForm(prefix="aside"))
    if not can_decide(request.user, sent):
        raise PermissionDenied("Anh/chị không xử lý được mục này.")
    do = request.POST.get("do")
    visit_form = _visit_form(sent, typed, request.POST) if do == "record" else _visit_form(sent, typed)
    aside = AsideForm(request.POST if do == "aside" else None, prefix="aside")
    bound = aside if do == "aside" else visit_form
    if (bound.is_bound and not bound.is_valid()) or do not in ("record", "aside", "take_over"):
        return _show(request, sent, typed, visit_form, aside, status=422)
    try:
        done = _act(do, sent, visit_form, aside, by=request.user)
    except (Refused, ValidationError) as error:
        words = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        if bound.is_bound:
            bound.add_error(None, words)
        return _show(request, _sent(request, pk), typed, visit_form, aside, status=422, refusal=words)
    messages.success(request, "Đã ghi vào sổ." if done.visit_id else "Đã xếp lại, không ghi vào sổ.")
    return redirect("veterans:sent_list")


def _act(do: str, sent: SentVisit, visit_form: VisitForm, aside: AsideForm, *, by) -> SentVisit:
    now = clock.now()
    if do == "aside":
        return deciding.set_aside(sent, reason=aside.cleaned_data["reason"], by=by, now=now)
    if do == "take_over":
        return deciding.take_over(sent, by=by, now=now)
    return deciding.record_it(sent, by=by, now=now, **visit_form.visit_of())


def _visit_form(sent: SentVisit, typed: dict, data=None) -> VisitForm:
    campaign = sent.copy.delegation.plan.campaign
    sources = list(campaign.sources.all())
    # What the phone did not say was given is not filled in from the promise.
    blank = {f"{name}_{source.pk}": "" for source in sources for name in ("money", "goods")}
    known = sent.person.gifts.filter(source__in=sources, state__in=(Gift.State.PROMISED, Gift.State.GIVEN))
    return VisitForm(
        data,
        initial=blank | typed_for_the_form(sent, typed),
        person=sent.person,
        sources=sources,
        today=clock.today(),
        known=known.select_related("visit", "unit"),
    )


def _show(request, sent, typed, visit_form, aside, *, status: int = 200, refusal: str = ""):
    record("person.sent_read", by=request.user, at=clock.now(), target=sent.person, data={"sent": sent.pk})
    on_record, lacks = _beside(sent, typed)
    waits = sent.outcome == Outcome.WAITING
    context = {
        "sent": sent,
        "person": sent.person,
        "rows": _rows(sent, typed),
        "gone": GONE if not sent.sealed else "",
        "photos": sent.photos.count() if waits else 0,
        "on_record": on_record,
        "lacks": lacks,
        "form": visit_form,
        "aside": aside,
        "refusal": "" if visit_form.errors or aside.errors else refusal,
        "may_decide": waits and can_decide(request.user, sent),
        "decided": "" if waits else deciding.decided_words(sent),
    }
    return render(request, "veterans/village/sent_detail.html", context, status=status)


def _beside(sent: SentVisit, typed: dict) -> tuple[Visit | None, bool]:
    """The call on record of the same unit that day, and whether it lacks gifts or pictures that were sent."""
    try:
        values = content.values_of(typed, sent.copy.delegation.plan.campaign)
        visit = receiving.visit_on_record(sent, values["on"])
    except Refused:
        return None, False
    if visit is None or sent.outcome != Outcome.WAITING:
        return visit, False
    return visit, bool(deciding.missing_gifts(visit, values)) or sent.photos.exists()


def _rows(sent: SentVisit, typed: dict) -> list[tuple[str, str]]:
    """What was typed, in words, for the page."""
    names = {str(row.pk): row.name for row in sent.copy.delegation.plan.campaign.sources.all()}
    forms = dict(Visit._meta.get_field("form").choices)
    gifts = "; ".join(
        f"{names.get(gift['source'], 'nguồn không rõ')}: "
        + ", ".join(part for part in (_money(gift["money"]), gift["goods"]) if part)
        for gift in typed["gifts"]
        if gift["money"] or gift["goods"]
    )
    consent = typed["consent"]
    said = ""
    if consent:
        way = dict(Consent.Way.choices).get(consent["way"], "")
        witness = f", người làm chứng {consent['witness']}" if consent["witness"] else ""
        said = f"{'đồng ý' if consent['given'] else 'không đồng ý'}, {consent['said_by']} ({way}{witness})"
    kinds = dict(VisitPhoto.Kind.choices)
    photos = ", ".join(str(kinds[row.kind]).lower() for row in sent.photos.all())
    found = [
        ("Ngày thăm", _day(typed["on"])),
        ("Hình thức", str(forms.get(typed["form"], typed["form"] or "Thăm tận nhà"))),
        ("Người nhận thay", typed["received_by"] or "chính người được thăm"),
        ("Thăm gia đình", "có" if typed["to_family"] else ""),
        ("Quà", gifts or "không ghi"),
        ("Ghi chú", typed["note"]),
        ("Cho chụp ảnh", said),
        ("Ảnh gửi kèm", photos),
        ("Ảnh không nhận", " ".join(str(words) for words in typed["pictures"])),
    ]
    return [(label, words) for label, words in found if words]


def _money(text: str) -> str:
    """An amount as it was typed; what is one is written as everywhere."""
    try:
        amount = typed_money(text)
    except ValidationError:
        return text
    return f"{vn_number(amount)} đồng" if amount else ""


def _day(text: str) -> str:
    try:
        return vn_date(date.fromisoformat(text))
    except ValueError:
        return text


# --- sheets that are out ------------------------------------------------------------------------------------------------


@registrar_page
@require_safe
def copy_list(request):
    """Sheets on phones, those that still hold first."""
    rows = OfflineCopy.objects.visible_to(request.user).select_related("delegation__plan", "user")
    rows = rows.annotate(sent_count=Count("sent")).order_by("ended", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    now = clock.now()
    for copy in page:
        copy.may_revoke = can_revoke(request.user, copy)
        copy.is_over = now >= copy.expires_at
    return render(request, "veterans/village/copy_list.html", {"page": page})


@registrar_page
@require_POST
def copy_revoke(request, copy: int):
    """Call one back."""
    rows = OfflineCopy.objects.visible_to(request.user).select_related("delegation__plan")
    row = get_object_or_404(rows, pk=copy)
    try:
        copies.revoke(row, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã thu hồi. Máy tự xóa danh sách khi có mạng; lần thăm gửi sau đó chờ cán bộ xem.")
    return redirect("veterans:copy_list")
