"""Word templates: which one counts, taking it, putting an own one in its place, going back. Several rooms keep some."""

from dataclasses import dataclass
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from records.errors import UploadRefused
from tasks import paper_templates
from tasks.errors import Refused
from tasks.exports.docx import CONTENT_TYPE
from tasks.exports.templates import TemplateRefused
from tasks.forms.paper_templates import TemplateForm
from tasks.summary.own_template import DEFAULT
from tasks.views.access import office_required

# Asks for the program's own template where another one counts.
OWN = "chung"


@dataclass(frozen=True)
class Shelf:
    """The templates that one room keeps, and the page on which they lie.

    folder: where the program's own templates of the room are; page: the template of the page; list_name, name: addresses
    of the page and of one kind. Whoever shows a shelf has asked for the right.
    """

    folder: Path
    page: str
    list_name: str
    name: str

    def kinds(self) -> dict[str, paper_templates.Kind]:
        """The kinds of this room."""
        return {key: kind for key, kind in paper_templates.kinds().items() if kind.default.parent == self.folder}

    def show(
        self,
        request: HttpRequest,
        context: dict,
        *,
        wrong: str = "",
        form: TemplateForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """Each kind with the template that counts. wrong: the kind to which `form` belongs."""
        rows = [
            {
                "key": key,
                "kind": kind,
                "newest": paper_templates.newest(key),
                "form": form if form is not None and key == wrong else TemplateForm(prefix=key),
            }
            for key, kind in self.kinds().items()
        ]
        return render(request, self.page, {"rows": rows, "one_name": self.name, **context}, status=status)

    def one(self, request: HttpRequest, kind: str, context: dict) -> HttpResponse:
        """Take the template that counts, or the program's own; POST puts another in its place or goes back.

        Errors: Http404 for a kind that is not of this room.
        """
        if kind not in self.kinds():
            raise Http404("Không có loại giấy tờ này.")
        if request.method != "POST":
            return self._file(request, kind)
        if request.POST.get("do") == "reset":
            return self._reset(request, kind)
        form = TemplateForm(request.POST, request.FILES, prefix=kind)
        if form.is_valid() and self._kept(request, kind, form):
            messages.success(request, "Đã thay mẫu. Các giấy tờ lập từ bây giờ theo mẫu mới.")
            return redirect(self.list_name)
        return self.show(request, context, wrong=kind, form=form, status=422)

    def _file(self, request: HttpRequest, kind: str) -> HttpResponse:
        own = request.GET.get("mau") == OWN
        data = self.kinds()[kind].default.read_bytes() if own else paper_templates.content(kind)
        answer = HttpResponse(data, content_type=CONTENT_TYPE)
        name = kind.replace("paper_", "").replace("_", "-")
        answer["Content-Disposition"] = f'attachment; filename="mau-{name}.docx"'
        return answer

    def _kept(self, request: HttpRequest, kind: str, form: TemplateForm) -> bool:
        """Whether the file now counts; what is wrong with it is on the form."""
        try:
            paper_templates.keep(kind, form.cleaned_data["file"], by=request.user, now=clock.now())
        except TemplateRefused as refusal:
            for problem in refusal.problems:
                form.add_error("file", problem)
        except UploadRefused as refusal:
            form.add_error("file", str(refusal))
        return not form.errors

    def _reset(self, request: HttpRequest, kind: str) -> HttpResponse:
        try:
            paper_templates.back_to_own(kind, by=request.user, now=clock.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Đã dùng lại mẫu chung.")
        return redirect(self.list_name)


FOUND = {"nav_current": "tasks:directive_list"}
OFFICE = Shelf(DEFAULT.parent, "tasks/paper_templates/office.html", "tasks:template_list", "tasks:template")


@office_required
@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """The templates of the office's own papers."""
    return OFFICE.show(request, FOUND)


@office_required
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """One of them."""
    return OFFICE.one(request, kind, FOUND)
