"""Who looks after mails: the people of the office."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from directive_tracker import clock
from units.access import access_of


def is_office(request: HttpRequest) -> bool:
    """Whether the visitor belongs to the office today."""
    return access_of(request.user, today=clock.today()).is_office


def office_only(request: HttpRequest) -> None:
    """Errors: PermissionDenied for everybody else."""
    if not is_office(request):
        raise PermissionDenied
