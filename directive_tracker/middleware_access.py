"""Puts the user's rights of today on the request, resolved when first asked for."""

from django.utils.functional import SimpleLazyObject

from directive_tracker import clock
from notifications.badge import unread_count
from units.access import access_of


class AccessMiddleware:
    """`request.access` (units.access.Access) and `request.badge` (unread notices), both lazy."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.access = SimpleLazyObject(lambda: access_of(request.user, today=clock.today()))
        request.badge = SimpleLazyObject(lambda: unread_count(request.user, now=clock.now()))
        return self.get_response(request)
