"""Small guards that the views of the tasks room share."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied


def office_required(view):
    """Only the office's people; a signed-in stranger gets 403, for the page is known to exist."""

    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        if not request.access.is_office:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def allowed(answer: bool) -> None:
    """Turn a `can_…` answer into 403."""
    if not answer:
        raise PermissionDenied
