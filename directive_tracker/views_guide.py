"""The user's guide ("Trợ giúp"): a general page that needs no account, and one page for each kind of work."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directive_tracker import guide


def _shown(request: HttpRequest, slug: str, title: str, lead: str) -> HttpResponse:
    mine = guide.pages_of(getattr(request, "access", None)) if request.user.is_authenticated else ()
    pages = [*mine, *(page for page in guide.PAGES if page not in mine)]
    values = {"slug": slug, "title": title, "lead": lead, "headings": guide.headings(slug), "pages": pages}
    return render(request, guide.template_of(slug), values)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Signing in and one's own account; open to everybody, for whoever cannot sign in needs it most."""
    lead = "Đăng nhập, tài khoản, và các trang hướng dẫn theo từng công việc."
    return _shown(request, guide.GENERAL, "Trợ giúp", lead)


@require_safe
@login_required
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of the guide, for every signed-in person. Errors: 404 for a page there is not."""
    found = guide.BY_SLUG.get(slug)
    if found is None:
        raise Http404(f"no such page of the guide: {slug}")
    return _shown(request, slug, f"Hướng dẫn: {found.title}", found.lead)
