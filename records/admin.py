"""The audit in the admin: to read. Stored files and jobs are not there: their pages know who may see them."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from directive_tracker import vietnamese
from directive_tracker.admin_mixins import ReadOnlyMixin, TrackerAdmin
from records import verbs
from records.models import AuditEvent

GROUPS = (
    ("account.", "Tài khoản, đăng nhập"),
    ("admin.", "Thay đổi trong quản trị"),
    ("directive.", "Văn bản chỉ đạo"),
    ("assignment.", "Phần việc"),
    ("report.", "Báo cáo"),
)


class VerbFilter(admin.SimpleListFilter):
    """Events by what they are about; a list of all verbs would cost a look at every row."""

    title = "loại việc"
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> tuple[tuple[str, str], ...]:
        """The groups of verbs."""
        return GROUPS

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The events of the chosen group."""
        return queryset.filter(verb__startswith=self.value()) if self.value() else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyMixin, TrackerAdmin):
    """Who did what, when. Nobody reads the registry here; only the office reads about tasks."""

    list_display = ("moment", "words", "actor", "target_label", "kind_of_target", "ip")
    list_filter = (VerbFilter,)
    list_select_related = ("actor",)
    fields = ("at", "actor", "words", "kind_of_target", "target_id", "target_label", "data", "ip")
    search_fields = ("actor__search_key",)
    search_help_text = "Người thực hiện (không cần dấu) hoặc đối tượng (gõ đúng dấu)."
    ordering = ("-pk",)
    readonly_fields = ("words", "kind_of_target")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The events this role may know of."""
        events = super().get_queryset(request).exclude(target_type__startswith="veterans.")
        if not request.access.is_office:
            events = events.exclude(target_type__startswith="tasks.")
        return events

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Events of a person, or about a thing: labels are kept as they were and not folded."""
        by_actor, _ = super().get_search_results(request, queryset, search_term)
        label = vietnamese.nfc(search_term.replace("\x00", " ")).strip()
        if not label:
            return queryset, False
        return queryset.filter(Q(pk__in=by_actor.values("pk")) | Q(target_label__icontains=label)), False

    @admin.display(description="thời điểm", ordering="pk")
    def moment(self, event: AuditEvent) -> str:
        """The moment as papers write it."""
        return vietnamese.vn_datetime(event.at)

    @admin.display(description="việc")
    def words(self, event: AuditEvent) -> str:
        """The verb as the screen says it."""
        return verbs.words(event.verb)

    @admin.display(description="loại đối tượng")
    def kind_of_target(self, event: AuditEvent) -> str:
        """What the event is about, in words; rooms that are gone keep their old name."""
        try:
            return str(apps.get_model(event.target_type)._meta.verbose_name)
        except (LookupError, ValueError):
            return event.target_type or "–"

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> Any:
        """An event has no history; show the event."""
        return self.change_view(request, object_id, extra_context=extra_context)
