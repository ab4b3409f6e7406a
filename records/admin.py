"""The audit in the admin: to read. Stored files and jobs are not there: their pages know who may see them."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from directive_tracker import vietnamese
from directive_tracker.admin_mixins import ReadOnlyMixin, TrackerAdmin
from records import seeing, sentences, verbs
from records.models import AuditEvent


class TopicFilter(admin.SimpleListFilter):
    """Events by what they are about; only topics this person reads."""

    title = "nhóm việc"
    parameter_name = "nhom"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """The topics."""
        return [(topic.value, str(topic.label)) for topic in seeing.topics_for(request.user)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The events of the chosen topic."""
        return queryset.filter(topic=self.value()) if self.value() else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyMixin, TrackerAdmin):
    """Who did what, when, row by row with its place in the chain; the page "Nhật ký" tells the same in sentences."""

    list_display = ("moment", "words", "person", "target_label", "kind_of_target", "ip", "number")
    list_filter = (TopicFilter,)
    list_select_related = ("actor", "acting_for")
    fields = (
        "at",
        "actor",
        "acting_for",
        "words",
        "kind_of_target",
        "target_id",
        "target_label",
        "told",
        "data",
        "reason",
        "ip",
        "number",
        "uid",
        "token",
        "prev_hash",
        "hash",
    )
    search_fields = ("actor__search_key",)
    search_help_text = "Người thực hiện (không cần dấu) hoặc đối tượng (gõ đúng dấu)."
    ordering = ("-pk",)
    readonly_fields = ("words", "kind_of_target", "told")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The events this person may read."""
        return super().get_queryset(request).visible_to(request.user)

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

    @admin.display(description="người thực hiện")
    def person(self, event: AuditEvent) -> str:
        """Who, and in whose name."""
        return sentences.sentence(event).actor

    @admin.display(description="nội dung")
    def told(self, event: AuditEvent) -> str:
        """The whole event as a sentence."""
        return str(sentences.sentence(event))

    @admin.display(description="loại đối tượng")
    def kind_of_target(self, event: AuditEvent) -> str:
        """What the event is about, in words; rooms that are gone keep their old name."""
        return sentences.model_words(event.target_type)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> Any:
        """An event has no history; show the event."""
        return self.change_view(request, object_id, extra_context=extra_context)
