"""Units, areas, roles and groups in the admin."""

import re
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest
from django.urls import path
from simple_history.admin import SimpleHistoryAdmin

from accounts.admin import PersonAdmin
from directive_tracker import clock, vietnamese
from directive_tracker.admin_mixins import (
    PlainConstraintsForm,
    ReadOnlyMixin,
    RefusedOnSave,
    TrackerAdmin,
    TrackerInline,
)
from units import admin_calendar, admin_deputations, admin_leaving, admin_tokens  # noqa: F401  (but the third they register themselves)
from units.models import (
    Area,
    AreaAlias,
    GroupMember,
    Membership,
    Role,
    Succession,
    Unit,
    UnitGroup,
    UnitVersion,
)
from units.trees import above_on

ENDS_BEFORE = "Ngày kết thúc đứng trước ngày bắt đầu."
BELOW_ITSELF = "Đơn vị không thể trực thuộc chính mình hay đơn vị cấp dưới của mình."
AREA_BELOW_ITSELF = "Địa bàn không thể thuộc chính mình hay địa bàn cấp dưới của mình."
LONG_AGO_HINT = "01/01/1900 nghĩa là từ trước tới nay."


def keep_an_administrator() -> None:
    """Refuse a change after which nobody could administrate any more. Errors: RefusedOnSave."""
    if not Membership.objects.active_on(clock.today()).filter(role=Role.ADMINISTRATOR).exists():
        raise RefusedOnSave("Chưa lưu: phải còn ít nhất một người đang là quản trị hệ thống.")


class InForceFilter(admin.SimpleListFilter):
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
            return queryset.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today), valid_from__lte=today)
        if self.value() == "over":
            return queryset.filter(valid_to__lt=today)
        if self.value() == "later":
            return queryset.filter(valid_from__gt=today)
        return queryset


# --- roles --------------------------------------------------------------------------------------


class MembershipForm(PlainConstraintsForm):
    """One role: a registrar's is an area, everybody else's a unit."""

    constraint_words: ClassVar = {
        "membership_valid_order": ("valid_to", ENDS_BEFORE),
        "membership_unit_once": ("role", "Người này đã có vai trò này ở đơn vị này từ ngày này."),
        "membership_area_once": ("role", "Người này đã có vai trò này ở địa bàn này từ ngày này."),
        "membership_scope_fits_role": ("unit", "Vai trò này cần có đơn vị."),
        "membership_sensitive_registrar": ("may_read_sensitive", "Chỉ cán bộ sổ tri ân mới có quyền này."),
        "membership_export_registrar": ("may_export_sensitive", "Cần có quyền xem thông tin nhạy cảm trước."),
    }

    class Meta:
        model = Membership
        fields = [
            "user",
            "role",
            "unit",
            "area",
            "is_contact",
            "may_read_sensitive",
            "may_export_sensitive",
            "valid_from",
            "valid_to",
        ]
        labels = {
            "is_contact": "Đầu mối",
            "may_read_sensitive": "Xem thông tin nhạy cảm",
            "may_export_sensitive": "Xuất thông tin nhạy cảm",
        }

    def clean(self) -> dict[str, Any]:
        """Ask for the scope that belongs to the role, and drop the other one."""
        data, other = super().clean(), ""
        if data.get("role") == Role.REGISTRAR:
            self._want(data, "area", "Cán bộ sổ tri ân cần có địa bàn.")
            other = "unit"
        elif data.get("role"):
            self._want(data, "unit", "Vai trò này cần có đơn vị.")
            other = "area"
        if data.get("role") and other in self.fields:
            data[other] = None
        return data

    def _want(self, data: dict[str, Any], field: str, sentence: str) -> None:
        """Say that a field is missing, unless it already has an error."""
        if field in self.fields and not data.get(field) and field not in self.errors:
            self.add_error(field, sentence)


def _share_a_day(one: Membership, other: Membership) -> bool:
    """Whether both are in force on at least one day."""
    first, last = max(one.valid_from, other.valid_from), min(one.valid_to or date.max, other.valid_to or date.max)
    return first <= last


class MembershipFormSet(BaseInlineFormSet):
    """Several roles of one form, none of them twice."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        """A row compares itself with the stored ones but for those whose new values stand beside it."""
        form = super()._construct_form(i, **kwargs)
        form.instance.saved_together = frozenset(row.pk for row in self.get_queryset())
        return form

    def clean(self) -> None:
        """Conditional constraints are not checked between new rows, so it is done here."""
        super().clean()
        seen: dict[tuple, list[Membership]] = {}
        for form in self.forms:
            data = getattr(form, "cleaned_data", None) or {}
            if not data.get("role") or not data.get("valid_from"):
                continue
            # A person who is being added has no key yet and cannot stand in a set.
            key = tuple(getattr(data.get(name), "pk", data.get(name)) for name in ("user", "role", "unit", "area"))
            row = form.instance
            for other in seen.setdefault(key, []):
                if row.valid_from == other.valid_from:
                    raise ValidationError("Có hai dòng vai trò giống hệt nhau.")
                if _share_a_day(row, other):
                    raise ValidationError(f"Hai dòng vai trò trùng thời gian: {other.days()} và {row.days()}.")
            seen[key].append(row)


class UnitRoleForm(MembershipForm):
    """A role within a unit: all but the registrar's."""

    class Meta(MembershipForm.Meta):
        fields = ["user", "role", "is_contact", "valid_from", "valid_to"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            self.fields["role"].choices = [
                choice for choice in self.fields["role"].choices if choice[0] != Role.REGISTRAR
            ]


class PersonRolesInline(TrackerInline):
    """The roles of a person."""

    model = Membership
    form = MembershipForm
    formset = MembershipFormSet
    verbose_name_plural = "Vai trò (từ ngày – đến hết ngày)"
    fields = (
        "role",
        "unit",
        "area",
        "is_contact",
        "may_read_sensitive",
        "may_export_sensitive",
        "valid_from",
        "valid_to",
    )
    autocomplete_fields = ("unit", "area")


class UnitPeopleInline(TrackerInline):
    """The people of a unit, its contacts among them."""

    model = Membership
    form = UnitRoleForm
    formset = MembershipFormSet
    verbose_name_plural = "Người của đơn vị, đầu mối liên hệ"
    fields = ("user", "role", "is_contact", "valid_from", "valid_to")
    autocomplete_fields = ("user",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Registrars belong to areas, even where a unit is noted with them."""
        return super().get_queryset(request).exclude(role=Role.REGISTRAR).select_related("user")


@admin.register(Membership)
class MembershipAdmin(TrackerAdmin):
    """Who works where, as what, from when until when."""

    form = MembershipForm
    list_display = (
        "user",
        "role",
        "unit",
        "area",
        "is_contact",
        "may_read_sensitive",
        "may_export_sensitive",
        "valid_from",
        "valid_to",
    )
    list_filter = (InForceFilter, "role", "is_contact", "may_read_sensitive", "may_export_sensitive")
    list_select_related = ("user", "unit", "area")
    search_fields = ("user__search_key", "unit__search_key", "area__search_key")
    autocomplete_fields = ("user", "unit", "area")
    ordering = ("user__sort_key", "pk")

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Save, as long as somebody still administrates."""
        super().save_model(request, obj, form, change)
        keep_an_administrator()

    def get_urls(self) -> list:
        """With the page on which somebody leaves: it ends all roles of a person."""
        leave = self.admin_site.admin_view(admin_leaving.leave_page)
        return [path("leave/<int:pk>/", leave, name="units_leave"), *super().get_urls()]


# The accounts room comes before this one and cannot know of roles.
PersonAdmin.inlines.append(PersonRolesInline)
PersonAdmin.list_filter = (*PersonAdmin.list_filter, "memberships__role")
PersonAdmin.after_saving.append(keep_an_administrator)


# --- units --------------------------------------------------------------------------------------


class UnitForm(PlainConstraintsForm):
    """A unit; the code is made from the short name where none is given."""

    constraint_words: ClassVar = {"unit_valid_order": ("valid_to", ENDS_BEFORE)}
    code = forms.SlugField(
        label="Mã",
        max_length=40,
        required=False,
        help_text="Để trống thì hệ thống đặt theo tên ngắn; không đổi về sau.",
    )

    class Meta:
        model = Unit
        fields = [
            "name",
            "short_name",
            "code",
            "symbol",
            "kind",
            "parent",
            "area",
            "sort_order",
            "phone",
            "email",
            "needs_head_approval",
            "wants_report_links",
            "valid_from",
            "valid_to",
        ]
        labels = {"parent": "Trực thuộc"}
        help_texts = {
            "name": "Sửa lỗi gõ thì sửa ở đây; đổi tên theo quyết định thì thêm một dòng ở “Tên theo thời gian”.",
            "symbol": "Phần sau số của công văn, ví dụ CV/HU.",
            "sort_order": "Thứ tự trong văn bản của Tỉnh ủy.",
            "valid_from": LONG_AGO_HINT,
        }

    def clean_code(self) -> str:
        """The code typed, or one made from the short name that no other unit has."""
        typed = self.cleaned_data.get("code")
        if typed or self.instance.pk:
            return typed or self.instance.code
        base = re.sub(r"[^a-z0-9]+", "-", vietnamese.fold(self.data.get("short_name", ""))).strip("-")[:34] or "don-vi"
        taken = set(Unit.objects.filter(code__startswith=base).values_list("code", flat=True))
        return next(code for n in range(1, 10_000) if (code := base if n == 1 else f"{base}-{n}") not in taken)

    def clean_parent(self) -> Unit | None:
        """A unit cannot stand below itself."""
        parent = self.cleaned_data.get("parent")
        if parent and self.instance.pk:
            above = Unit.objects.ancestors(parent, include_self=True)
            if above.filter(pk=self.instance.pk).exists():
                raise ValidationError(BELOW_ITSELF)
        return parent


class VersionForm(PlainConstraintsForm):
    """A name from a day on; the unit above cannot be the unit itself or one below it that day."""

    constraint_words: ClassVar = {"unit_version_not_below_itself": ("parent", BELOW_ITSELF)}

    class Meta:
        model = UnitVersion
        fields = ["valid_from", "name", "short_name", "parent", "legal_basis"]

    def clean_parent(self) -> Unit | None:
        """Refuse a circle as the tree stands on the day of the change."""
        parent, day = self.cleaned_data.get("parent"), self.cleaned_data.get("valid_from")
        if parent and day and self.instance.unit_id in above_on(parent, day):
            raise ValidationError(BELOW_ITSELF)
        return parent


class VersionInline(TrackerInline):
    """Names over time."""

    model = UnitVersion
    form = VersionForm
    fk_name = "unit"
    fields = ("valid_from", "name", "short_name", "parent", "legal_basis")
    autocomplete_fields = ("parent",)


class SuccessionInline(TrackerInline):
    """Who follows this unit."""

    model = Succession
    fk_name = "predecessor"
    verbose_name_plural = "Đơn vị kế thừa"
    fields = ("successor", "on", "legal_basis")
    autocomplete_fields = ("successor",)


class InheritanceInline(ReadOnlyMixin, TrackerInline):
    """Whom this unit follows; kept at the old unit."""

    model = Succession
    fk_name = "successor"
    verbose_name_plural = "Kế thừa từ"
    fields = readonly_fields = ("predecessor", "on", "legal_basis")


@admin.register(Unit)
class UnitAdmin(TrackerAdmin, SimpleHistoryAdmin):
    """Organisations in official order."""

    form = UnitForm
    list_display = ("name", "short_name", "kind", "above", "area", "contact", "phone", "valid_to")
    list_filter = (InForceFilter, "kind", "needs_head_approval")
    list_select_related = ("parent", "area")
    autocomplete_fields = ("parent", "area")
    ordering = ("sort_order", "pk")
    inlines = (UnitPeopleInline, VersionInline, SuccessionInline, InheritanceInline)
    fieldsets = (
        (None, {"fields": ("name", "short_name", "code", "symbol", "kind", "parent", "area", "sort_order")}),
        ("Liên hệ", {"fields": ("phone", "email", "needs_head_approval", "wants_report_links")}),
        ("Hiệu lực", {"fields": ("valid_from", "valid_to")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Unit | None = None) -> tuple[str, ...]:
        """A code is given once: files and letters refer to it."""
        return ("code",) if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Units with their contacts of today, in three statements however many there are."""
        contacts = Membership.objects.active_on(clock.today()).filter(is_contact=True).select_related("user")
        return super().get_queryset(request).prefetch_related(Prefetch("memberships", contacts, to_attr="contacts_now"))

    @admin.display(description="trực thuộc")
    def above(self, unit: Unit) -> str:
        """The unit above, by its short name."""
        return unit.parent.short_name if unit.parent else "–"

    @admin.display(description="đầu mối")
    def contact(self, unit: Unit) -> str:
        """The contacts of today."""
        return ", ".join(row.user.full_name for row in unit.contacts_now) or "–"

    def get_urls(self) -> list:
        """Without simple history's page that puts an old state back: a unit's past is not undone by a click."""
        return admin.ModelAdmin.get_urls(self)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> Any:
        """The states of the unit, old and new values beside each other. Errors: Http404."""
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404
        return SimpleHistoryAdmin.history_view(self, request, object_id, extra_context)

    def save_model(self, request: HttpRequest, obj: Unit, form: Any, change: bool) -> None:
        """Date the history by the pages' clock."""
        obj._history_date = clock.now()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows below, and let a new name that is in force become the unit's name."""
        super().save_related(request, form, formsets, change)
        keep_an_administrator()
        versions = next(formset for formset in formsets if formset.model is UnitVersion)
        if versions.new_objects or versions.changed_objects:
            self._take_current_name(form.instance)

    def _take_current_name(self, unit: Unit) -> None:
        """Copy the newest version that is in force today."""
        version = unit.versions.filter(valid_from__lte=clock.today()).order_by("-valid_from").first()
        if version is not None:
            if version.parent and unit.pk in above_on(version.parent, clock.today()):
                raise RefusedOnSave(f"Chưa lưu: {BELOW_ITSELF}")
            unit.name, unit.short_name, unit.parent = version.name, version.short_name, version.parent
            unit._history_date = clock.now()
            unit.save()


class GroupMemberInline(TrackerInline):
    """The units of a group, from when until when."""

    model = GroupMember
    fields = ("unit", "valid_from", "valid_to")
    autocomplete_fields = ("unit",)


@admin.register(UnitGroup)
class UnitGroupAdmin(TrackerAdmin):
    """Groups as documents address them; few enough to search by name as typed."""

    list_display = ("name", "code")
    search_fields = ("group_members__unit__search_key",)
    search_help_text = "Tìm theo tên đơn vị trong nhóm; gõ có dấu hay không dấu đều được."
    inlines = (GroupMemberInline,)


# --- areas ----------------------------------------------------------------------------------------


class AreaForm(PlainConstraintsForm):
    """An area; a code may be used again after the old area has ended."""

    constraint_words: ClassVar = {"area_valid_order": ("valid_to", ENDS_BEFORE)}

    class Meta:
        model = Area
        fields = ["name", "level", "code", "parent", "valid_from", "valid_to", "successors"]
        help_texts = {"valid_from": LONG_AGO_HINT}

    def clean_parent(self) -> Area | None:
        """An area cannot lie within itself."""
        parent = self.cleaned_data.get("parent")
        above = parent
        seen = set()
        while above is not None and above.pk not in seen:
            if above.pk == self.instance.pk:
                raise ValidationError(AREA_BELOW_ITSELF)
            seen.add(above.pk)
            above = above.parent
        return parent


class AliasInline(TrackerInline):
    """Other spellings of an area."""

    model = AreaAlias
    fields = ("name",)


@admin.register(Area)
class AreaAdmin(TrackerAdmin):
    """Province, districts, communes."""

    form = AreaForm
    list_display = ("name", "level", "code", "parent", "valid_from", "valid_to")
    list_filter = (InForceFilter, "level")
    list_select_related = ("parent",)
    search_fields = ("search_key", "aliases__search_key")
    autocomplete_fields = ("parent", "successors")
    inlines = (AliasInline,)
