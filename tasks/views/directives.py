"""Directives: the list, the document with its tasks, recording, header, one task."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directive_tracker import clock
from directive_tracker.admin_mixins import old_and_new
from records.audit import record
from records.uploads import UploadRefused
from tasks import permissions, tallies
from tasks.amending.finding import recorded
from tasks.amending.reading import amended_by, done_by_task
from tasks.checking.landing import landing
from tasks.drafting import editing
from tasks.duerules import explain
from tasks.enums import AssignmentRole, DirectiveState
from tasks.errors import AlreadyRecorded, Refused
from tasks.events import section as events_section
from tasks.forms.directives import (
    CoordinatingForm,
    DirectiveHeaderForm,
    DirectiveUploadForm,
)
from tasks.indicators.rules import can_set_figures
from tasks.instructions.reading import about_task
from tasks.issuing import add_assignment
from tasks.models import Assignment, CitedDocument, Directive, DirectiveTask, NonTaskSpan
from tasks.passages import passages_of
from tasks.recording import uncovered_sentences
from tasks.scanning.taking import take
from tasks.texts.reading import marks_on, waiting_for_marks
from tasks.textview import paragraphs_of
from tasks.today import rows_of
from tasks.views.access import allowed, office_required
from tasks.waiting import waits_of
from units.calendar import work_calendar
from units.models import Unit

PAGE_SIZE = 25
# What the list can be narrowed to, by its address.
STATES_SHOWN = {
    "du-thao": DirectiveState.DRAFT,
    "dang-theo-doi": DirectiveState.ISSUED,
    "da-ket-thuc": DirectiveState.CLOSED,
}


@require_safe
@login_required
def directive_list(request: HttpRequest) -> HttpResponse:
    """The documents one may see, newest first, with their figures."""
    directives = Directive.objects.visible_to(request.user).annotate(task_count=Count("tasks", distinct=True))
    shown = request.GET.get("xem", "")
    if shown in STATES_SHOWN:
        directives = directives.filter(state=STATES_SHOWN[shown])
    page = Paginator(directives.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    shows_figures = request.access.sees_all_assignments
    figures = {}
    if shows_figures:
        tallies.roll_forward(today=clock.today())
        figures = tallies.sums([directive.pk for directive in page])
    return render(
        request,
        "tasks/directives/list.html",
        {
            "page": page,
            "rows": [(directive, figures.get(directive.pk)) for directive in page],
            "shows_figures": shows_figures,
            "tabs": _state_tabs(shown, request.access.is_office),
            "narrowed": shown in STATES_SHOWN,
            "can_record": permissions.can_record_directive(request.user),
        },
    )


def _state_tabs(shown: str, drafts: bool) -> list[tuple[str, str, bool]]:
    """(value of "xem", words, whether it is the one that is shown); who sees no drafts is not asked about them."""
    states = {name: state for name, state in STATES_SHOWN.items() if drafts or state != DirectiveState.DRAFT}
    tabs = [("", "Tất cả", shown not in STATES_SHOWN)]
    return tabs + [(name, state.label, shown == name) for name, state in states.items()]


def _visible(user, pk: int) -> Directive:
    return get_object_or_404(Directive.objects.visible_to(user).select_related("office", "issued_by"), pk=pk)


def _document(directive: Directive, *, with_open: bool) -> dict:
    """The text with its tasks marked, and the sentences nobody decided about."""
    text = directive.current_text
    if text is None:
        return {"text": None, "original": None, "paragraphs": [], "open_sentences": []}
    spans = [(mark.start, mark.end, mark.task.code) for mark in marks_on(text)]
    open_sentences = uncovered_sentences(text) if with_open else []
    return {
        "text": text,
        "original": text if text.is_original else directive.texts.filter(version=1).first(),
        "paragraphs": paragraphs_of(text, spans, open_sentences),
        "open_sentences": [(text.body[a:b], a, b) for a, b in open_sentences],
    }


def _cited(directive: Directive, *, user) -> list[CitedDocument]:
    """What the document cites, each with the recorded document it is, or None."""
    cited = list(directive.cited_documents.select_related("file"))
    known = recorded(cited, user=user)
    for row in cited:
        row.recorded_as = known.get(row.pk)
    return cited


@require_safe
@login_required
def directive_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The document: header, text with its tasks marked, what it cites, whom it addresses."""
    directive = _visible(request.user, pk)
    office = request.access.is_office
    tasks = (
        directive.tasks.select_related("clause", "reviewing_unit")
        .prefetch_related("products")
        .annotate(
            leads=Count("assignments", filter=Q(assignments__role=AssignmentRole.LEAD)),
        )
        .order_by("order")
    )
    calendar = work_calendar()
    return render(
        request,
        "tasks/directives/detail.html",
        {
            "directive": directive,
            # Of a draft they stand on the page where it is checked.
            **_document(directive, with_open=office and not directive.is_draft),
            "tasks": [
                (
                    task,
                    [
                        explain(product, directive, calendar, received=directive.issued_on, steps=False)
                        for product in task.products.all()
                    ],
                )
                for task in tasks
            ],
            "cited": _cited(directive, user=request.user),
            "upward": directive.upward_reports.visible_to(request.user).by_due() if office else [],
            "addressees": directive.addressees.prefetch_related("units", "groups"),
            "copies": directive.copies.all(),
            "can_issue": permissions.can_issue(request.user, directive),
            "can_edit": permissions.can_edit_draft(request.user, directive),
            "unchecked": directive.tasks.unchecked().count() if office and directive.is_draft else 0,
            "can_attach": office and not directive.is_closed,
            "is_office": office,
            "amended": amended_by(directive, user=request.user),
            "waiting": waiting_for_marks(directive) if office else [],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def directive_new(request: HttpRequest) -> HttpResponse:
    """Record a document from its file; the secrecy guard stands before anything is kept."""
    form = DirectiveUploadForm(request.POST or None, request.FILES or None)
    there = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if upload.size > settings.UPLOAD_MAX_BYTES:
            limit = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
            form.add_error("file", f"Tệp quá lớn: giới hạn là {limit} MB.")
        else:
            try:
                taken = take(upload.read(), upload.name, by=request.user, now=clock.now())
            except (UploadRefused, Refused) as refusal:
                form.add_error("file", str(refusal))
                there = refusal.directive if isinstance(refusal, AlreadyRecorded) else None
            else:
                if taken.reading is not None:
                    return redirect(taken.reading)
                words = "Đã ghi văn bản." if taken.created else "Văn bản này đã được ghi trước đây."
                messages.success(request, words)
                return redirect(landing(taken.directive))
    return render(
        request,
        "tasks/directives/new.html",
        {"form": form, "there": there},
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def directive_header(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in or mend the header; empty number and date stay empty."""
    directive = _visible(request.user, pk)
    allowed(not directive.is_closed)
    form = DirectiveHeaderForm(request.POST or None, instance=directive)
    if request.method == "POST" and form.is_valid():
        form.save()
        values = old_and_new(form, kept=form.changed_data)
        record(
            "directive.header_changed",
            by=request.user,
            at=clock.now(),
            target=directive,
            data={"fields": form.changed_data, **values},
        )
        messages.success(request, "Đã lưu phần đầu văn bản.")
        return redirect(directive)
    return render(
        request,
        "tasks/directives/header.html",
        {"form": form, "directive": directive},
        status=422 if request.method == "POST" else 200,
    )


@require_POST
@office_required
def sentence_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one uncovered sentence "không phải nhiệm vụ"."""
    directive = _visible(request.user, pk)
    allowed(not directive.is_closed)
    text = directive.current_text
    wanted = (request.POST.get("start", ""), request.POST.get("end", ""))
    for start, end in uncovered_sentences(text) if text else []:
        if (str(start), str(end)) == wanted and directive.is_draft:
            # A step like those of the page where it is checked, so that they can be taken back in turn.
            editing.dismiss(text, [(start, end)], by=request.user, now=clock.now())
            break
        if (str(start), str(end)) == wanted:
            NonTaskSpan.objects.get_or_create(
                text=text,
                start=start,
                end=end,
                defaults={"marked_by": request.user, "marked_at": clock.now()},
            )
            record("text.not_a_task", by=request.user, at=clock.now(), target=directive)
            messages.success(request, "Đã đánh dấu “không phải nhiệm vụ”.")
            break
    else:
        messages.info(request, "Câu này đã được xem xét.")
    return redirect(f"{directive.get_absolute_url()}#cau-chua-xet")


@require_safe
@login_required
def task_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: its sentence in the paragraph, products, condition, and the units that carry it."""
    task = get_object_or_404(
        DirectiveTask.objects.visible_to(request.user).select_related(
            "directive", "clause__text", "reviewing_unit", "condition_decider", "condition_decided_by"
        ),
        pk=pk,
    )
    calendar = work_calendar()
    assignments = list(
        Assignment.objects.visible_to(request.user)
        .filter(task=task)
        .for_listing()
        .with_last_contact()
        .with_pending_extension()
        .order_by("-role", "unit__sort_order", "pk")
    )
    return render(
        request,
        "tasks/directives/task.html",
        {
            "task": task,
            "directive": task.directive,
            "passages": passages_of(task),
            "amended": amended_by(task.directive, user=request.user, task=task),
            "amends": done_by_task(task, user=request.user),
            "products": [
                (product, explain(product, task.directive, calendar, received=task.directive.issued_on))
                for product in task.products.all()
            ],
            "can_set_figures": can_set_figures(request.user, task.directive),
            "can_edit_dues": permissions.can_edit_draft(request.user, task.directive),
            "indicators": task.indicators.all(),
            "monitors": task.monitors.all(),
            "open_texts": [
                recipient for recipient in task.recipients.select_related("unit", "group") if recipient.is_open_text
            ],
            "rows": rows_of(assignments, today=clock.today()),
            "dated": events_section.of_task(task, request.user),
            "instructions": about_task(request.user, task),
            "can_set_condition": permissions.can_set_condition(request.user, task),
            "can_decide_condition": permissions.can_decide_condition(request.user, task),
            "can_fix_coordinating": permissions.can_fix_coordinating(request.user, task),
            "waits": waits_of(request.user, task.pk),
            "can_set_waits": permissions.can_set_waits(request.user, task),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def task_coordinating(request: HttpRequest, pk: int) -> HttpResponse:
    """Fix which units coordinate, where the text only says "liên quan"."""
    task = get_object_or_404(DirectiveTask.objects.visible_to(request.user).select_related("directive"), pk=pk)
    allowed(permissions.can_fix_coordinating(request.user, task))
    today = clock.today()
    choices = (
        Unit.objects.valid_on(today)
        .filter(Q(area__isnull=True) | Q(area__level="district"))
        .exclude(kind__in=["office", "standing_committee"])
        .exclude(assignments__task=task)
        .in_official_order()
    )
    form = CoordinatingForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        try:
            added = [
                add_assignment(task, unit, AssignmentRole.COORDINATING, by=request.user, now=clock.now())
                for unit in form.cleaned_data["units"]
            ]
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã thêm {len(added)} đơn vị phối hợp.")
            return redirect(task)
    return render(
        request,
        "tasks/directives/coordinating.html",
        {"task": task, "form": form},
        status=422 if request.method == "POST" else 200,
    )
