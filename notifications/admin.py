"""Rules of reminding, and what became of letters; their texts are between sender and recipient."""

from django.contrib import admin
from django.http import HttpRequest

from directive_tracker.admin_mixins import ReadOnlyMixin, TrackerAdmin
from notifications.models import Message, Notice, NoticeRule


@admin.register(NoticeRule)
class NoticeRuleAdmin(TrackerAdmin):
    """When to remind, whom, and whether by mail. Rungs are added on the office's page."""

    list_display = ("name", "anchor", "working_days_before", "audience", "by_mail", "is_active")
    list_editable = ("by_mail", "is_active")
    fields = ("stage", "name", "anchor", "working_days_before", "repeats_weekly", "audience", "by_mail", "is_active")
    # Another number of days would be another rung: what was told at the old one keeps its name.
    readonly_fields = ("stage", "anchor", "working_days_before", "repeats_weekly", "audience")
    search_fields = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A new stage would be one the program does not know."""
        return False


@admin.register(Message)
class MessageAdmin(ReadOnlyMixin, TrackerAdmin):
    """Was it sent, when, and if not, why. Without the text: it may carry a link that signs somebody in."""

    list_display = ("recipient", "kind", "day", "state", "attempts", "sent_at", "last_error")
    list_filter = ("state", "kind")
    list_select_related = ("recipient",)
    fields = ("recipient", "key", "kind", "day", "due_at", "state", "attempts", "next_try_at", "sent_at", "last_error")
    search_fields = ("recipient__search_key", "key")
    search_help_text = "Người nhận (không cần dấu) hoặc khóa của thư (X-Notification-Key)."


@admin.register(Notice)
class NoticeAdmin(ReadOnlyMixin, TrackerAdmin):
    """Was it planned and sent; neither what it says nor whether somebody has read it."""

    list_display = ("recipient", "kind", "due_at", "state", "sent_at")
    list_filter = ("state", "kind")
    list_select_related = ("recipient",)
    fields = ("recipient", "key", "kind", "due_at", "planned_at", "state", "message_key", "sent_at")
    readonly_fields = ("message_key",)
    search_fields = ("recipient__search_key", "key")
    search_help_text = "Người nhận (không cần dấu) hoặc khóa của nhắc việc."

    @admin.display(description="thư")
    def message_key(self, notice: Notice) -> str:
        """The letter that carried it."""
        return notice.message.key if notice.message else "–"
