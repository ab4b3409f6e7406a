"""Versions of a document's text: the list with what changed, a corrected version, tasks to mark again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from records.uploads import UploadRefused
from tasks.drafting.editing import mark_again
from tasks.errors import Refused
from tasks.forms.texts import MarkAgainForm, TextVersionForm
from tasks.models import Directive, DirectiveTask
from tasks.permissions import can_correct_text, can_edit_draft
from tasks.texts.reading import near_sentences, versions_of, waiting_for_marks
from tasks.texts.versions import Added, add_file, add_words
from tasks.views.access import allowed, office_required


@require_safe
@login_required
def text_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """All versions of the text, newest first, each with what it changed; the original with its checksum."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    return render(
        request,
        "tasks/texts/versions.html",
        {
            "directive": directive,
            "versions": versions_of(directive),
            "waiting": waiting_for_marks(directive) if request.access.is_office else [],
            "can_correct": can_correct_text(request.user, directive),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def text_version_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a corrected version, typed or from a file; the secrecy guard stands before anything is kept."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    text = directive.current_text
    allowed(can_correct_text(request.user, directive) and text is not None)
    form = TextVersionForm(request.POST or None, request.FILES or None, text=text)
    if request.method == "POST" and form.is_valid():
        try:
            added = _add(request, directive, form)
        except (UploadRefused, Refused) as refusal:
            form.add_error("file" if form.cleaned_data["file"] else "words", str(refusal))
            # Whoever has read that somebody was quicker may go on from the newer version.
            form.go_on_from(directive.current_text.version)
        else:
            messages.success(request, _said(added))
            return redirect("tasks:text_versions", directive.pk)
    return render(
        request,
        "tasks/texts/new.html",
        {"directive": directive, "form": form, "text": text},
        status=422 if request.method == "POST" else 200,
    )


def _add(request: HttpRequest, directive: Directive, form: TextVersionForm) -> Added:
    values, now = form.cleaned_data, clock.now()
    if values["file"]:
        return add_file(
            directive, values["file"], reason=values["reason"], seen=values["seen"], by=request.user, now=now
        )
    return add_words(directive, values["words"], reason=values["reason"], seen=values["seen"], by=request.user, now=now)


def _said(added: Added) -> str:
    said = f"Đã thêm bản {added.text.version} của lời văn."
    if added.left:
        return f"{said} Cần đánh dấu lại: {', '.join(added.left[:10])}{' …' if len(added.left) > 10 else ''}."
    return said


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def task_mark_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a task's old words beside the likeliest sentences of the newest text; on POST point it at the chosen ones."""
    tasks = DirectiveTask.objects.visible_to(request.user).select_related("directive")
    task = get_object_or_404(tasks, pk=pk)
    allowed(can_edit_draft(request.user, task.directive))
    text = task.directive.current_text
    spans = list(task.spans.select_related("text"))
    words = [span.text.body[span.start : span.end] for span in spans]
    form = MarkAgainForm(request.POST or None, near=near_sentences(text, " ".join([*words, task.title])))
    if request.method == "POST" and form.is_valid():
        try:
            mark_again(task, text, form.spans, by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error("place", str(refusal))
        else:
            messages.success(request, f"Đã đánh dấu lại nhiệm vụ {task.code}.")
            return redirect("tasks:text_versions", task.directive_id)
    return render(
        request,
        "tasks/texts/mark_again.html",
        {"task": task, "directive": task.directive, "words": words, "form": form},
        status=422 if request.method == "POST" else 200,
    )
