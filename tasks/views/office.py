"""The office's screens: today, the list of assignments, one assignment and what is done to it."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from directive_tracker.vietnamese import vn_date
from tasks import lifecycle, permissions
from tasks.amending.reading import amended_by
from tasks.assignment_reading import load_assignment, parts_of, products_of, rounds_of
from tasks.chasing.section import section_of
from tasks.duerules import explain_delivery
from tasks.enums import REPORTABLE_STATES, ExtensionState, QuestionKind
from tasks.errors import Refused
from tasks.events import section as events_section
from tasks.forms.office import AssignmentFilterForm, NudgeForm, ReasonForm
from tasks.forms.together import WhatOfPartsForm
from tasks.handing.giving import END, end_parts, left_open
from tasks.handing.releasing import releases_of
from tasks.handing.rules import can_hand_on, can_see_together, works_for
from tasks.history import history_of, requests_of
from tasks.instructions.reading import about_assignment
from tasks.instructions.rules import can_write_instruction
from tasks.listing import page_of
from tasks.models import Assignment
from tasks.passages import passages_of
from tasks.talking.reading import talk_of
from tasks.today import build_today, rows_of
from tasks.views.access import allowed, office_required
from tasks.waiting import waits_of
from units.calendar import calendar_from
from units.people import Contact

# What ends work, so that somebody has to say what becomes of the parts that were handed on.
ENDS = ("cancel", "not_applicable")


class Action(NamedTuple):
    """One thing the office does to an assignment; the guard shows the button and stops the POST."""

    service: Callable[..., object]
    guard: Callable[..., bool]
    needs_reason: bool
    label: str
    done: str


# The verb in the address → what it does.
ACTIONS = {
    "keep": Action(
        lifecycle.keep,
        permissions.can_answer_given_back,
        True,
        "Giữ nguyên cho đơn vị",
        "Đã giữ nguyên cho đơn vị.",
    ),
    "cancel": Action(lifecycle.cancel, permissions.can_manage, True, "Hủy phần việc", "Đã hủy phần việc."),
    "pause": Action(lifecycle.pause, permissions.can_manage, True, "Tạm dừng", "Đã tạm dừng."),
    "resume": Action(lifecycle.resume, permissions.can_manage, False, "Tiếp tục", "Phần việc tiếp tục."),
    "not_applicable": Action(
        lifecycle.mark_not_applicable,
        permissions.can_manage,
        True,
        "Không phát sinh",
        "Đã ghi không phát sinh.",
    ),
    "reopen": Action(lifecycle.reopen, permissions.can_manage, True, "Mở lại", "Đã mở lại phần việc."),
    "nudge": Action(lifecycle.nudge, permissions.can_nudge, True, "Đôn đốc", "Đã gửi lời đôn đốc."),
}


@require_safe
@office_required
def today(request: HttpRequest) -> HttpResponse:
    """Hôm nay: decisions first, then what presses, then next week."""
    page = build_today(request.user, today=clock.today())
    findings = events_section.of_today(request.user, today=clock.today())
    return render(request, "tasks/office/today.html", {"page": page, "findings": findings})


@require_safe
@login_required
def assignment_list(request: HttpRequest) -> HttpResponse:
    """Every assignment one may see, by due date; filters, 25 a page."""
    form = AssignmentFilterForm(request.GET, user=request.user)
    today_ = form.closed_on or clock.today()
    form.is_valid()  # a condition that no longer means anything is said and left out, the others hold
    page, rows = page_of(request.user, form.chosen, request.GET.get("page"), today=today_)
    dropped = ", ".join(str(form.fields[name].label or name) for name in form.errors)
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "count": page.paginator.count,
        "closed_words": _closed_words(form.closed_on),
        "dropped": f"Đã bỏ qua: {dropped}. Các điều kiện khác vẫn giữ." if dropped else "",
    }
    template = "tasks/office/assignment_list.html"
    return render(request, template + ("#list" if request.htmx else ""), context)


def _closed_words(day: date | None) -> str:
    """Of a document that has ended: as of which day its works are shown."""
    return f"Văn bản đã kết thúc theo dõi ngày {vn_date(day)}; tình trạng và số ngày như ngày đó." if day else ""


def _available_actions(user, assignment: Assignment) -> list[dict]:
    """The buttons this person gets, in the order of the page."""
    fitting = {
        "keep": assignment.state == "returned_by_unit",
        "nudge": True,
        "pause": assignment.state in ("assigned", "in_progress", "redo"),
        "resume": assignment.state == "paused",
        "not_applicable": assignment.is_open or assignment.state == "paused",
        "cancel": assignment.is_open or assignment.state == "paused",
        "reopen": assignment.state in ("completed", "not_applicable"),
    }
    return [
        {"verb": verb, "label": ACTIONS[verb].label, "needs_reason": ACTIONS[verb].needs_reason}
        for verb, fits in fitting.items()
        if fits and ACTIONS[verb].guard(user, assignment)
    ]


def assignment_context(request: HttpRequest, assignment: Assignment) -> dict:
    """What the page of one assignment shows, for whoever may see it."""
    today_ = clock.today()
    contact = Contact.parse(assignment.contact)
    calendar = calendar_from(assignment.calendar)
    deliveries = products_of(assignment)
    released = releases_of(deliveries, request.user) if assignment.has_releases else {}
    chase = section_of(assignment, request.user, request.access, today=today_, calendar=calendar)
    requests = requests_of(assignment) if assignment.has_requests else []
    pending = next((request for request in requests if request.state == ExtensionState.PENDING), None)
    if pending is not None:
        pending.assignment = assignment
    (row,) = rows_of(
        [assignment],
        today=today_,
        contacts={assignment.unit_id: contact} if contact else {},
        said={assignment.pk: chase.said},
    )
    return {
        "assignment": assignment,
        "row": row,
        "task": assignment.task,
        "passages": passages_of(assignment.task),
        "amended": amended_by(assignment.directive, user=request.user, task=assignment.task)
        if assignment.has_amendments
        else [],
        "deliveries": [
            (delivery, explain_delivery(delivery, assignment, calendar), released.get(delivery.pk, ()))
            for delivery in deliveries
        ],
        "rounds": rounds_of(request.user, assignment, today=today_, calendar=calendar),
        "pending_extension": pending,
        "can_decide_extension": bool(pending) and permissions.can_decide_extension(request.user, pending),
        "events": history_of(assignment, chase.said, requests),
        "chase": chase,
        "talk": talk_of(assignment, request.user, today=today_, most=20),
        "dated": events_section.of_assignment(assignment, request.user, today=today_),
        "contact": contact,
        **_together(request.user, assignment, deliveries),
        "leads": _leads(assignment),
        "actions": _available_actions(request.user, assignment),
        "can_enter": assignment.state in REPORTABLE_STATES
        and permissions.can_report_on_behalf(request.user, assignment.unit_id, assignment.directive),
        "instructions": about_assignment(request.user, assignment),
        "can_write_instruction": can_write_instruction(request.user, assignment.directive),
        **_rights_of_unit(request, assignment, today=today_),
        "questions": _questions_of(request.user, assignment),
        # What it waits for is of no interest any more once it is done.
        "waits": waits_of(request.user, assignment.task_id).open if assignment.has_waits and assignment.is_open else [],
        "can_report": permissions.can_report(request.user, assignment.unit_id, assignment.directive)
        and assignment.is_open,
        "shows_contact": request.access.sees_all_assignments or assignment.unit_id not in request.access.own_unit_ids,
    }


def _together(user, assignment: Assignment, deliveries: list) -> dict[str, Any]:
    """What others do of it: parts handed on, contributions, papers that may be released."""
    may_release = works_for(user, assignment.unit_id) and assignment.directive.is_issued
    return {
        "parts": parts_of(user, assignment),
        "can_see_together": can_see_together(user, assignment),
        "can_hand_on": can_hand_on(user, assignment),
        "releasable": [one.pk for one in deliveries if one.product.has_paper and one.submitted_on]
        if may_release
        else [],
    }


def _questions_of(user, assignment: Assignment) -> list:
    """What the unit asked about it, with the answers."""
    if not assignment.has_questions:
        return []
    asked = assignment.questions.visible_to(user)
    return list(asked.select_related("asked_by", "answered_by", "named_unit", "handed_to__unit"))


def _rights_of_unit(request: HttpRequest, assignment: Assignment, *, today: date) -> dict[str, bool]:
    """What the unit's people may do with it, and what the office may let them do."""
    user = request.user
    return {
        "can_acknowledge": permissions.can_acknowledge(user, assignment),
        "can_request_extension": permissions.can_request_extension(user, assignment),
        "can_ask": permissions.can_ask(user, assignment, QuestionKind.UNCLEAR),
        "can_propose_due": permissions.can_ask(user, assignment, QuestionKind.OTHER_DUE),
        "can_permit_extension": permissions.can_permit_extension(user, assignment, today=today),
    }


def _leads(assignment: Assignment) -> list[Assignment]:
    """Whom the work is for: of a part the work it was taken from, of coordinating work the leads."""
    if assignment.is_lead:
        return []
    if assignment.is_part:
        assignment.parent.task = assignment.task
        return [assignment.parent]
    leads = Assignment.objects.filter(task=assignment.task_id, role="lead").select_related("unit", "task")
    return list(leads.order_by("unit__sort_order")[:30])


@require_safe
@login_required
def assignment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One assignment: what is asked, how it stands, what was reported, what happened."""
    assignment = load_assignment(request.user, pk, today=clock.today())
    return render(request, "tasks/office/assignment_detail.html", assignment_context(request, assignment))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def assignment_action(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one thing to one assignment; a reason where one is needed."""
    assignment = load_assignment(request.user, pk, today=clock.today())
    action = ACTIONS[verb]
    allowed(action.guard(request.user, assignment))
    form_class = NudgeForm if verb == "nudge" else ReasonForm
    form = form_class(request.POST or None)
    was = request.POST.get("was", "")
    stale = bool(was) and was != assignment.state
    if stale:
        # The page showed another state: whoever decided by it has to see the new one first.
        form.full_clean()
        form.add_error(None, assignment.last_step())
    left = left_open(assignment) if verb in ENDS else []
    asked = WhatOfPartsForm(request.POST or None) if left else None
    answered = asked is None or request.method != "POST" or asked.is_valid()
    if request.method == "POST" and not stale and (not action.needs_reason or form.is_valid()) and answered:
        words = form.cleaned_data if action.needs_reason else {}
        try:
            with transaction.atomic():
                action.service(assignment, by=request.user, now=clock.now(), **words)
                if asked is not None and asked.cleaned_data["parts"] == END:
                    end_parts(assignment, by=request.user, now=clock.now(), reason=words["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, action.done)
            return redirect(assignment)
    context = {
        "assignment": assignment,
        "form": form,
        "asked": asked,
        "left": left,
        "label": action.label,
        "danger": verb == "cancel",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/office/assignment_action.html", context, status=status)
