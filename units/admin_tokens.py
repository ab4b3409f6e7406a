"""Keys for other programs, in the admin: that there are some, whose, until when; taken back here, never made."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from directive_tracker.admin_mixins import ReadOnlyMixin, TrackerAdmin
from units.models import ApiToken


class AliveFilter(admin.SimpleListFilter):
    """Opens something, expired, or was taken back."""

    title = "hiệu lực"
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """The three answers."""
        return [("now", "Đang hiệu lực"), ("expired", "Đã hết hạn"), ("revoked", "Đã hủy")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The rows of the chosen answer, by real time."""
        now = timezone.now()
        if self.value() == "now":
            return queryset.filter(revoked_at=None, expires_at__gt=now)
        if self.value() == "expired":
            return queryset.filter(revoked_at=None, expires_at__lte=now)
        if self.value() == "revoked":
            return queryset.filter(revoked_at__isnull=False)
        return queryset


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyMixin, TrackerAdmin):
    """Metadata only: a key itself is kept nowhere."""

    change_form_template = "admin/api_token.html"
    list_display = ("name", "first_letters", "holder", "unit", "expires_at", "last_used_at", "revoked_at")
    list_filter = (AliveFilter,)
    list_select_related = ("holder", "unit")
    search_fields = ("holder__search_key", "unit__search_key")
    fields = (
        "name",
        "first_letters",
        "holder",
        "unit",
        ("may_read", "may_figures", "may_acknowledge", "may_report"),
        "made_by",
        "made_at",
        "expires_at",
        "last_used_at",
        "refused_at",
        "revoked_at",
        "revoked_by",
    )

    def has_view_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        """Administrators; the office reads other lists of this room, but nobody's keys."""
        return request.access.is_administrator and super().has_view_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Begins where every list begins."""
        return super().get_queryset(request).visible_to(request.user)
