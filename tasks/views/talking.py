"""Words beside the work: read all of them, write, take back; names for the list under "@"."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directive_tracker import clock
from tasks.errors import Refused
from tasks.forms.talking import CommentForm
from tasks.models import Assignment, Comment, CommentScope
from tasks.talking.reading import talk_of
from tasks.talking.rules import Person, may_comment, people_for, scopes_for
from tasks.talking.writing import take_back, write_comment
from tasks.views.access import allowed


def _assignment(request: HttpRequest, pk: int) -> Assignment:
    found = Assignment.objects.visible_to(request.user).select_related("task", "unit", "directive")
    return get_object_or_404(found, pk=pk)


def _people(request: HttpRequest, assignment: Assignment) -> dict[str, list[Person]]:
    """Scope → who may be mentioned there."""
    today = clock.today()
    return {str(scope): people_for(request.user, assignment, scope, today=today) for scope in scopes_for(request.user)}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def assignment_talk(request: HttpRequest, pk: int) -> HttpResponse:
    """Trao đổi: everything said about one part of the work; whoever sees it and works here may say more."""
    assignment = _assignment(request, pk)
    may_write = may_comment(request.user, assignment)
    form = None
    if request.method == "POST":
        allowed(may_write)
    if may_write:
        form = CommentForm(
            request.POST if request.method == "POST" else None,
            scopes=scopes_for(request.user),
            people=_people(request, assignment),
        )
    if form is not None and form.is_bound and form.is_valid():
        try:
            write_comment(
                assignment,
                by=request.user,
                now=clock.now(),
                text=form.cleaned_data["text"],
                scope=form.cleaned_data["scope"],
                mentions=form.cleaned_data["people"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã ghi lời trao đổi.")
            return redirect(f"{assignment.get_absolute_url()}#trao-doi")
    talk = talk_of(assignment, request.user, today=clock.today())
    context = {"assignment": assignment, "form": form, "talk": talk}
    return render(request, "tasks/talking/talk.html", context, status=422 if form and form.errors else 200)


@require_safe
@login_required
def assignment_people(request: HttpRequest, pk: int) -> JsonResponse:
    """Whom words of the scope `pham-vi` about this work may mention: names with their offices."""
    assignment = _assignment(request, pk)
    allowed(may_comment(request.user, assignment))
    scopes = scopes_for(request.user)
    asked = request.GET.get("pham-vi", "")
    scope = CommentScope(asked) if asked in scopes else scopes[0]
    people = people_for(request.user, assignment, scope, today=clock.today())
    return JsonResponse({"people": [{"name": person.name, "place": person.place} for person in people]})


@require_POST
@login_required
def comment_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own words back, on the day they were written."""
    comments = Comment.objects.visible_to(request.user).select_related("assignment__task", "assignment__unit")
    comment = get_object_or_404(comments, pk=pk)
    allowed(comment.by_id == request.user.pk)
    try:
        take_back(comment, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "Đã rút lại lời trao đổi.")
    return redirect(f"{comment.assignment.get_absolute_url()}#trao-doi")
