"""Who looks after mails: the people of the office."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def is_office(request: HttpRequest) -> bool:
    """Whether the visitor belongs to the office today."""
    return request.access.is_office


def office_only(request: HttpRequest) -> None:
    """Errors: PermissionDenied for everybody else."""
    if not is_office(request):
        raise PermissionDenied
