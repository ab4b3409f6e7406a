"""The Word templates of letters: a page for whom their words are a matter of."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tasks.views.paper_templates import Shelf
from veterans.papers.letters import OWN
from veterans.permissions import can_keep_registry, can_keep_templates

LETTERS = Shelf(OWN, "veterans/papers/templates.html", "veterans:template_list", "veterans:template")


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


@_keeper_page
@require_safe
def template_list(request):
    """Each kind with the template that counts."""
    return LETTERS.show(request, {"registrar": can_keep_registry(request.user)})


@_keeper_page
@require_http_methods(["GET", "HEAD", "POST"])
def template(request, kind: str):
    """Take the template that counts; POST puts another in its place or goes back to the program's own."""
    return LETTERS.one(request, kind, {"registrar": can_keep_registry(request.user)})
