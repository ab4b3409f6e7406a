"""The page about one person's data: consents, scanned papers, requests, the sheet and the notice."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from directive_tracker import clock, crypto
from directive_tracker.row_ids import row_id
from records.audit import record
from records.errors import UploadRefused
from records.views import content_of
from tasks.errors import Refused
from tasks.exports.docx import CONTENT_TYPE
from veterans.enums import Purpose, SensitiveKind
from veterans.forms import PurposeForm
from veterans.forms_protection import ConsentForm, RequestForm, ScanForm, SheetForm
from veterans.forms_village import PhotoForm
from veterans.models import Consent, Person, PersonScan, VisitPhoto
from veterans.permissions import can_change, can_read_sensitive
from veterans.protection import consents, law, requests, scans, sheet
from veterans.views.base import own_person, registrar_page
from veterans.views.card import facts
from veterans.village import pictures

FORMS = {"consent": ConsentForm, "scan": ScanForm, "request": RequestForm, "sheet": SheetForm}
FORMS |= {"purpose": PurposeForm, "photo": PhotoForm, "photo_purpose": PurposeForm}


def data_action(view):
    """A form of this page: POST acts, anything else leads to the page."""

    @registrar_page
    @wraps(view)
    def acting(request, pk: int):
        person = own_person(request, pk)
        if request.method != "POST":
            return redirect("veterans:person_data", pk=pk)
        return view(request, person)

    return acting


def _form(name: str, person: Person, data=None, files=None):
    more = {"consent": {"today": clock.today()}, "request": {"today": clock.today()}, "photo": {"person": person}}
    return FORMS[name](data, files, prefix=name, **more.get(name, {}))


@registrar_page
@require_safe
def person_data(request, pk: int):
    """What is known of consent, papers and requests; opening it is written into the log like the card."""
    return _show(request, own_person(request, pk))


def _show(request, person: Person, *, open_part: str = "", status: int = 200, bound=None):
    """bound: the refused form, in place of the empty one of `open_part`."""
    record("person.read", by=request.user, at=clock.now(), target=person)
    context = {
        "person": person,
        "standing": [
            {"label": label, "row": found.get(purpose)}
            for found in [consents.standing(person)]
            for purpose, label in Consent.Purpose.choices
        ],
        "scans": person.scans.select_related("file", "added_by"),
        "photos": VisitPhoto.objects.visible_to(request.user)
        .filter(visit__person=person)
        .select_related("file", "added_by", "visit__unit"),
        "requests": requests.by_due_day(person.data_requests.all()),
        "may_read": can_read_sensitive(request.user, person),
        "may_write": can_change(request.user, person) and not person.erased_at,
        "today": clock.today(),
        "forms": {name: bound if name == open_part and bound else _form(name, person) for name in FORMS},
        "refused": [bound] if bound else [],
        "open_part": open_part,
        "law": law,
    }
    return render(request, "veterans/data/person.html", context, status=status)


def _may_write(request, person: Person) -> None:
    if not can_change(request.user, person):
        raise PermissionDenied("Anh/chị không sửa được hồ sơ này.")


def _act(request, person: Person, name: str, act, done: str, files=None):
    """Check the form, act, go back to the page with a sentence; what was typed is kept where it is refused."""
    _may_write(request, person)
    form = _form(name, person, request.POST, files)
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except (Refused, UploadRefused) as refusal:
            form.add_error("file" if isinstance(refusal, UploadRefused) else None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("veterans:person_data", pk=person.pk)
    return _show(request, person, open_part=name, status=422, bound=form)


@data_action
def consent_add(request, person):
    """One answer about one purpose."""

    def act(data):
        given = data.pop("given") == "yes"
        consents.note(person, given=given, by=request.user, now=clock.now(), **data)

    return _act(request, person, "consent", act, "Đã ghi ý kiến.")


@data_action
def scan_add(request, person):
    """A scanned paper, sealed."""

    def act(data):
        scans.add(person, data["file"], kind=data["kind"], category=data["category"], by=request.user, now=clock.now())

    return _act(request, person, "scan", act, "Đã lưu bản chụp, đã mã hóa.", request.FILES)


def _scan(request, person: Person) -> PersonScan:
    """The scan the button named. Errors: Http404."""
    number = request.POST.get("scan", "")
    found = PersonScan.objects.visible_to(request.user).filter(person=person).select_related("file")
    scan = found.filter(pk=number).first() if number.isascii() and number.isdigit() and len(number) < 18 else None
    if scan is None:
        raise Http404("Không có bản chụp này.")
    return scan


@data_action
def scan_open(request, person):
    """Hand a scan over, for a purpose; the log names kind and number, in one row."""
    if not can_read_sensitive(request.user, person):
        raise PermissionDenied("Anh/chị không được xem phần này.")
    scan = _scan(request, person)
    form = _form("purpose", person, request.POST)
    if not form.is_valid():
        return _show(request, person, open_part="purpose", status=422, bound=form)
    answer = content_of(scan.file)
    record(
        "person.scan_read",
        by=request.user,
        at=clock.now(),
        target=person,
        data={"step": f"scan_{scan.kind}", "purpose": form.cleaned_data["purpose"]},
    )
    return answer


@data_action
def scan_remove(request, person):
    """Take a scan away for ever."""
    _may_write(request, person)
    scan = _scan(request, person)
    try:
        scans.remove(scan, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã bỏ bản chụp; tệp đã xóa khỏi máy chủ.")
    return redirect("veterans:person_data", pk=person.pk)


@data_action
def photo_add(request, person):
    """One picture of a call, sealed; of the person only with consent."""

    def act(data):
        pictures.add(data["visit"], data["file"], kind=data["kind"], by=request.user, now=clock.now())

    return _act(request, person, "photo", act, "Đã lưu ảnh, đã mã hóa.", request.FILES)


def _photo(request, person: Person) -> VisitPhoto:
    """The picture the button named. Errors: Http404."""
    found = VisitPhoto.objects.visible_to(request.user).filter(visit__person=person).select_related("file")
    photo = found.filter(pk=row_id(request.POST.get("photo"))).first()
    if photo is None:
        raise Http404("Không có ảnh này.")
    return photo


@data_action
def photo_open(request, person):
    """Hand a picture over, for a purpose; the log names kind and purpose, in one row."""
    if not can_read_sensitive(request.user, person):
        raise PermissionDenied("Anh/chị không được xem phần này.")
    photo = _photo(request, person)
    form = _form("photo_purpose", person, request.POST)
    if not form.is_valid():
        return _show(request, person, open_part="photo_purpose", status=422, bound=form)
    answer = content_of(photo.file)
    data = {"step": f"photo_{photo.kind}", "purpose": form.cleaned_data["purpose"]}
    record("person.photo_read", by=request.user, at=clock.now(), target=person, data=data)
    return answer


@data_action
def photo_remove(request, person):
    """Take a picture away for ever."""
    _may_write(request, person)
    try:
        pictures.remove(_photo(request, person), by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã bỏ ảnh; tệp đã xóa khỏi máy chủ.")
    return redirect("veterans:person_data", pk=person.pk)


@data_action
def request_add(request, person):
    """A request of the person; its days are counted from the day of receipt."""

    def act(data):
        requests.receive(person, by=request.user, now=clock.now(), **data)

    return _act(request, person, "request", act, "Đã ghi yêu cầu vào sổ. Nhớ trả lời đúng hạn.")


@data_action
def person_sheet(request, person):
    """Everything that is known, on a page to print or as a Word file; one log row names what was opened and why."""
    if not can_read_sensitive(request.user, person):
        raise PermissionDenied("Phiếu thông tin có cả thông tin nhạy cảm; anh/chị chưa được giao quyền xem.")
    form = _form("sheet", person, request.POST)
    if not form.is_valid():
        return _show(request, person, open_part="sheet", status=422, bound=form)
    now = clock.now()
    try:
        parts = sheet.parts_of(person, facts=facts(person))
    except crypto.Unreadable:
        form.add_error(None, "Không mở được thông tin đã mã hóa: máy chủ thiếu khóa. Hãy báo quản trị viên.")
        return _show(request, person, open_part="sheet", status=422, bound=form)
    purpose = form.cleaned_data["purpose"]
    opened = list(person.sensitive.order_by("kind").values_list("kind", flat=True))
    data = {"fields": [kind for kind in SensitiveKind.values if kind in opened], "purpose": purpose}
    record("person.sheet_read", by=request.user, at=now, target=person, data=data)
    words = {"by": request.user, "purpose": str(Purpose(purpose).label).lower(), "now": now}
    if request.POST.get("as") == "docx":
        answer = HttpResponse(sheet.word_file(person, parts, demo=settings.DEMO, **words), content_type=CONTENT_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="phieu-thong-tin-so-{person.pk}.docx"'
        return answer
    context = {"person": person, "parts": parts, "title": sheet.TITLE, "made": sheet.made_words(**words)}
    return render(request, "veterans/data/sheet.html", context)


@registrar_page
@require_safe
def person_notice(request, pk: int):
    """The notice about the processing of data, to print, read out and have signed."""
    person = own_person(request, pk)
    record("person.read", by=request.user, at=clock.now(), target=person)
    context = {"person": person, "law": law, "purposes": Consent.Purpose.choices[1:], "today": clock.today()}
    return render(request, "veterans/data/notice.html", context)
