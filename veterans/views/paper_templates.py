"""The Word templates of letters: which one counts, taking it, putting an own one in its place, going back."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from records.errors import UploadRefused
from tasks import paper_templates
from tasks.errors import Refused
from tasks.exports.docx import CONTENT_TYPE
from tasks.exports.templates import TemplateRefused
from veterans.forms_papers import TemplateForm
from veterans.papers.letters import OWN
from veterans.permissions import can_keep_registry, can_keep_templates


def _keeper_page(view):
    """A page for whom the words of letters are a matter of: the office, registrars of the province."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not can_keep_templates(request.user):
            raise PermissionDenied("Mẫu giấy tờ do Văn phòng và cán bộ sổ tri ân cấp tỉnh giữ.")
        return view(request, *args, **kwargs)

    return guarded


def _own_kinds() -> dict[str, paper_templates.Kind]:
    """The kinds of this room."""
    return {key: kind for key, kind in paper_templates.kinds().items() if kind.default.parent == OWN}


@_keeper_page
@require_safe
def template_list(request):
    """Each kind with the template that counts."""
    return _show(request)


def _show(request, *, wrong: str = "", form: TemplateForm | None = None, status: int = 200):
    rows = []
    for key, kind in _own_kinds().items():
        rows.append(
            {
                "key": key,
                "kind": kind,
                "newest": paper_templates.newest(key),
                "form": form if form is not None and key == wrong else TemplateForm(prefix=key),
                "fields": [
                    {"name": name, "words": words, "required": name in kind.fields.required}
                    for name, words in kind.fields.names.items()
                ],
            }
        )
    context = {"rows": rows, "registrar": can_keep_registry(request.user)}
    return render(request, "veterans/papers/templates.html", context, status=status)


@_keeper_page
@require_http_methods(["GET", "HEAD", "POST"])
def template(request, kind: str):
    """Take the template that counts; POST puts another in its place or goes back to the program's own."""
    if kind not in _own_kinds():
        raise Http404("Không có loại giấy tờ này.")
    if request.method != "POST":
        answer = HttpResponse(paper_templates.content(kind), content_type=CONTENT_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="{kind.replace("paper_", "mau-")}.docx"'
        return answer
    if request.POST.get("do") == "reset":
        return _reset(request, kind)
    form = TemplateForm(request.POST, request.FILES, prefix=kind)
    if form.is_valid():
        try:
            paper_templates.keep(kind, form.cleaned_data["file"], by=request.user, now=clock.now())
        except TemplateRefused as refusal:
            for problem in refusal.problems:
                form.add_error("file", problem)
        except UploadRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, "Đã thay mẫu. Các giấy tờ lập từ bây giờ theo mẫu mới.")
            return redirect("veterans:template_list")
    return _show(request, wrong=kind, form=form, status=422)


def _reset(request, kind: str):
    try:
        paper_templates.back_to_own(kind, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã dùng lại mẫu chung.")
    return redirect("veterans:template_list")
