"""The rules of reminding of one document."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from notifications.views_rules import ladder_page
from tasks.models import Directive
from tasks.views.access import office_required


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def directive_rules(request: HttpRequest, pk: int) -> HttpResponse:
    """Which rungs the document has for itself; a closed one is only looked at."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    if request.method == "POST" and directive.is_closed:
        raise PermissionDenied
    return ladder_page(request, target=directive)
