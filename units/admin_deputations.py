"""Who stands in for whom, in the admin."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from directive_tracker import clock
from directive_tracker.admin_mixins import PlainConstraintsForm, TrackerAdmin
from records import audit
from units.deputies import end_deputation, span
from units.models import Deputation


class DeputationForm(PlainConstraintsForm):
    """One deputation; once it is there only its end and its reason change."""

    end_now = forms.BooleanField(label="Kết thúc ngay", required=False)

    class Meta:
        model = Deputation
        fields = ["deputy", "principal", "valid_from", "valid_to", "reason"]
        help_texts: ClassVar = {
            "principal": "Người thay mặt có quyền của người này, trừ quyền quản trị; "
            "sổ tri ân chỉ khi chính họ cũng giữ sổ.",
            "valid_to": "Nhiều nhất 366 ngày.",
        }


class StandingFilter(admin.SimpleListFilter):
    """In force today, over, or yet to begin."""

    title = "hiệu lực"
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """The three answers."""
        return [("now", "Đang hiệu lực"), ("over", "Đã hết"), ("later", "Chưa đến ngày")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The rows of the chosen answer, by the pages' day."""
        today = clock.today()
        if self.value() == "now":
            return queryset.filter(ended_at=None, valid_from__lte=today, valid_to__gte=today)
        if self.value() == "over":
            return queryset.filter(Q(ended_at__isnull=False) | Q(valid_to__lt=today))
        if self.value() == "later":
            return queryset.filter(ended_at=None, valid_from__gt=today)
        return queryset


@admin.register(Deputation)
class DeputationAdmin(TrackerAdmin):
    """Deputies with their days; the database refuses overlaps and chains, the form says why."""

    form = DeputationForm
    list_display = ("deputy", "principal", "valid_from", "valid_to", "ended_at", "reason")
    list_filter = (StandingFilter,)
    list_select_related = ("deputy", "principal")
    search_fields = ("deputy__search_key", "principal__search_key")
    autocomplete_fields = ("deputy", "principal")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Begins where every list begins."""
        return super().get_queryset(request).visible_to(request.user)

    def get_fields(self, request: HttpRequest, obj: Deputation | None = None) -> tuple[str, ...]:
        """What is asked and shown."""
        fields = ("deputy", "principal", "valid_from", "valid_to", "reason")
        if obj is None:
            return fields
        return (*fields, "made_by", "made_at", "end_now" if obj.ended_at is None else "ended_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Deputation | None = None) -> tuple[str, ...]:
        """Who, for whom and since when are given once; an ended one stands still."""
        if obj is None:
            return ()
        fixed = ("deputy", "principal", "valid_from", "made_by", "made_at")
        return fixed if obj.ended_at is None else (*fixed, "valid_to", "reason", "ended_at")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Without the button of ending where there is nothing to end."""
        if obj is None or obj.ended_at is not None:
            kwargs["exclude"] = ("end_now",)
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Deputation, form: Any, change: bool) -> None:
        """Save with maker and moment, or end."""
        now = clock.now()
        if not change:
            obj.made_by, obj.made_at = request.user, now
        before = Deputation.objects.select_related("deputy", "principal").filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        if before is None:
            data = {"to": span(obj)}
            audit.record("deputation.made", by=request.user, at=now, target=obj, data=data, reason=obj.reason)
        elif span(before) != span(obj) or before.reason != obj.reason:
            old, new = span(before), span(obj)
            changed = [name for name in old if old[name] != new[name]]
            data = {"from": {name: old[name] for name in changed}, "to": {name: new[name] for name in changed}}
            audit.record("deputation.changed", by=request.user, at=now, target=obj, data=data, reason=obj.reason)
        if form.cleaned_data.get("end_now"):
            end_deputation(obj, by=request.user, now=now)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The event of its own says it (save_model)."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The event of its own says it (save_model)."""
