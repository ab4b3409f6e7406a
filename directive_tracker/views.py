"""The front door: everybody lands on the page of their role."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.home import home_url


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send the user to the first page of the role."""
    return redirect(home_url(request.access))
