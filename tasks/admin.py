"""Directives, tasks and assignments in the admin: for the office, to read. Work is done on the pages."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from directive_tracker import clock
from directive_tracker.admin_mixins import ReadOnlyMixin, TrackerAdmin
from tasks.models import Assignment, Directive, DirectiveTask
from units.access import access_of


class OfficeReads(ReadOnlyMixin, TrackerAdmin):
    """The office looks; administrators see nothing of the tasks."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the person works in the office today."""
        return access_of(request.user, today=clock.today()).is_office

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the lists show at all."""
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Begins where every page begins."""
        return self.model._default_manager.visible_to(request.user).order_by(*self.get_ordering(request))


@admin.register(Directive)
class DirectiveAdmin(OfficeReads):
    """Documents that give tasks."""

    list_display = ("short_title", "number", "issued_date", "issuer", "state", "issued_on", "closed_on")
    list_filter = ("state",)
    exclude = ("search_key",)


@admin.register(DirectiveTask)
class DirectiveTaskAdmin(OfficeReads):
    """Tasks split out of the documents."""

    list_display = ("code", "short_title", "directive", "strength", "condition_state", "reviewing_unit")
    list_filter = ("strength", "condition_state")
    list_select_related = ("directive", "reviewing_unit")
    search_fields = ("search_key", "directive__search_key")
    ordering = ("directive", "order")
    exclude = ("search_key",)


@admin.register(Assignment)
class AssignmentAdmin(OfficeReads):
    """The units' parts of the tasks."""

    list_display = ("task", "unit", "role", "state", "due_current", "acknowledged_on", "completed_on")
    list_filter = ("state", "role")
    list_select_related = ("task", "unit", "directive")
    search_fields = ("task__search_key", "unit__search_key")
    ordering = ("-pk",)
