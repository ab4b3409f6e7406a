"""A cited document: its right number, day and title while the citing one is a draft, its file and the files before."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from directive_tracker import clock
from directive_tracker.admin_mixins import old_and_new
from records.audit import record
from records.uploads import UploadRefused
from tasks.amending.finding import recorded
from tasks.citing.files import attach
from tasks.forms.directives import CitedFileForm
from tasks.forms.upward import CitedForm
from tasks.models import CitedDocument, Directive
from tasks.permissions import can_edit_draft
from tasks.views.access import allowed, office_required


def _found(request: HttpRequest, pk: int, document: int) -> CitedDocument:
    """The cited document of a directive that is followed. Errors: Http404, PermissionDenied."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    allowed(not directive.is_closed)
    cited = get_object_or_404(directive.cited_documents.select_related("file"), pk=document)
    cited.directive = directive
    return cited


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def cited_edit(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    """What the cited document is; a draft's may be changed."""
    cited = _found(request, pk, document)
    may_edit = can_edit_draft(request.user, cited.directive)
    form = CitedForm(request.POST or None, instance=cited) if may_edit else None
    if request.method == "POST":
        allowed(may_edit)
        if form is not None and form.is_valid():
            form.save()
            values = old_and_new(form, kept=form.changed_data)
            data = {"cited": str(cited), "fields": form.changed_data, **values}
            record("cited.changed", by=request.user, at=clock.now(), target=cited.directive, data=data)
            messages.success(request, "Đã lưu văn bản viện dẫn.")
            return redirect("tasks:cited_edit", pk, document)
    return render(
        request,
        "tasks/citing/edit.html",
        {
            "directive": cited.directive,
            "cited": cited,
            "form": form,
            "files": cited.files.select_related("file", "by").order_by("-pk"),
            "recorded": recorded([cited], user=request.user).get(cited.pk),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_POST
@office_required
def cited_file(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    """Attach the file of a cited document; the one there was stays in the history."""
    cited = _found(request, pk, document)
    form = CitedFileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "Hãy chọn tệp của văn bản viện dẫn.")
    else:
        try:
            attach(cited, form.cleaned_data["file"], by=request.user, now=clock.now())
        except UploadRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Đã đính kèm tệp của {cited}.")
    return redirect(cited.directive)
