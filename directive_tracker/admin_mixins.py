"""What all our admin pages share: search without accents, no deleting, one audit, sentences instead of errors."""

import datetime
from collections.abc import Collection
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import lookup_spawns_duplicates, unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, models
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from directive_tracker import clock, vietnamese
from directive_tracker.addresses import client_address
from records import audit, sentences
from records.models import AuditEvent

HISTORY_PAGE = 50
# What Django's own filters and its line of dates put behind a field's name.
FILTER_LOOKUPS = {"exact", "isnull", "in", "gte", "lt", "id__exact", "year", "month", "day"}


class RefusedOnSave(Exception):
    """A rule over several rows does not hold after saving; everything is undone and the sentence is shown."""


class FoldedSearchMixin:
    """Search over stored keys, so that "dak ha" finds "Đắk Hà", typed in NFC or NFD."""

    search_fields: tuple[str, ...] = ("search_key",)
    search_help_text = "Gõ có dấu hay không dấu đều được."

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """The rows in which every word occurs, and whether a row may come twice."""
        for word in vietnamese.fold(search_term.replace("\x00", " ")).split():
            found = Q()
            for field in self.search_fields:
                found |= Q(**{f"{field}__contains": word})
            queryset = queryset.filter(found)
        return queryset, any(lookup_spawns_duplicates(self.opts, field) for field in self.search_fields)


# The fields whose old and new values go into the audit; of all others it names the field alone. Rights must be
# readable afterwards; what says how to reach somebody need not be.
AUDITED_VALUES = {
    "accounts.user": ("username", "full_name", "position", "is_active"),
    "units.membership": (
        "user",
        "role",
        "unit",
        "area",
        "is_contact",
        "may_read_sensitive",
        "may_export_sensitive",
        "valid_from",
        "valid_to",
    ),
    "units.unit": ("name", "short_name", "code", "kind", "parent", "needs_head_approval", "valid_from", "valid_to"),
    "notifications.noticerule": ("working_days_before", "by_mail"),
}


def value_words(field: models.Field, value: Any) -> str | bool | int | None:
    """One value for the audit: the words of the screen, days as ISO."""
    if value in (None, ""):
        return None
    if field.is_relation and not isinstance(value, models.Model):
        value = field.related_model._base_manager.filter(pk=value).first()
    if field.flatchoices:
        value = dict(field.flatchoices).get(value, value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value if isinstance(value, bool | int) else str(value)


def old_and_new(form: forms.ModelForm, *, add: bool = False, kept: Collection[str] | None = None) -> dict[str, dict]:
    """{"from": …, "to": …} of the changed fields, once saved; of a new row only "to".

    Args:
        kept: the fields whose values may be kept, by default those that AUDITED_VALUES names.
    """
    meta = form.instance._meta
    kept = [name for name in kept or AUDITED_VALUES.get(meta.label_lower, ()) if name in form.fields]
    if add:
        values = {name: value_words(meta.get_field(name), getattr(form.instance, name)) for name in kept}
        found = {"to": {name: value for name, value in values.items() if value not in (None, False)}}
    else:
        changed = [name for name in kept if name in form.changed_data]
        found = {
            "from": {name: value_words(meta.get_field(name), form.initial.get(name)) for name in changed},
            "to": {name: value_words(meta.get_field(name), getattr(form.instance, name)) for name in changed},
        }
    return {key: values for key, values in found.items() if values}


class AuditedMixin:
    """Changes go to the project's own audit; Django's admin log stays empty."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> dict:
        """Which fields and which attached rows were changed, of rights from what to what."""
        attached = {}
        for formset in formsets or []:
            counts: dict[str, Any] = {"added": len(formset.new_objects), "changed": len(formset.changed_objects)}
            if any(counts.values()):
                label = formset.model._meta.label_lower
                attached[label] = {**counts, **self._each_row(formset)} if label in AUDITED_VALUES else counts
        fields = [] if add else list(form.changed_data)
        values = old_and_new(form, add=add) if isinstance(form, forms.ModelForm) else {}
        return {key: value for key, value in (("fields", fields), *values.items(), ("rows", attached)) if value}

    @staticmethod
    def _each_row(formset: Any) -> dict[str, list]:
        """Every added and changed row of one attached table with its old and new values."""
        new, changed = list(formset.new_objects), [row for row, _ in formset.changed_objects]
        return {
            "each": [
                {"what": str(form.instance), **old_and_new(form, add=form.instance in new)}
                for form in formset.forms
                if form.instance in new or form.instance in changed
            ]
        }

    def log_addition(self, request: HttpRequest, obj: models.Model, message: dict) -> None:
        """Write down that a row was made."""
        self._record(request, "admin.added", obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: dict) -> None:
        """Write down that a row was changed; saving without a change leaves nothing."""
        if message:
            self._record(request, "admin.changed", obj, message)

    def _record(self, request: HttpRequest, verb: str, obj: models.Model, data: dict) -> None:
        """One line of the audit."""
        address = client_address(request)
        audit.record(verb, by=request.user, at=clock.now(), target=obj, data=data, ip=address)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """What the audit knows of one row; signing in is nobody's history."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        events = AuditEvent.objects.about(obj).exclude(verb__startswith="account.sign")
        events = events.select_related("actor", "acting_for")
        page = Paginator(events, HISTORY_PAGE).get_page(request.GET.get("p"))
        for event in page:
            event.sentence = sentences.sentence(event)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Lịch sử: {obj}",
            "subtitle": None,
            "events": page,
            "object": obj,
            "opts": self.opts,
            "module_name": str(self.opts.verbose_name_plural),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/audit_history.html", context)


class NoDeleteMixin:
    """Nothing is deleted: rows get an end date, accounts are switched off."""

    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False


class TrackerAdmin(FoldedSearchMixin, AuditedMixin, NoDeleteMixin, admin.ModelAdmin):
    """The base of every admin page of the project."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list offers as a filter: any other column, typed into the address, would tell letter by letter
        what the list does not show."""
        filters = (*self.get_list_filter(request), self.date_hierarchy)
        offered = [name for name in filters if isinstance(name, str)]
        own = {
            row.parameter_name for row in filters if isinstance(row, type) and issubclass(row, admin.SimpleListFilter)
        }
        return lookup in own or (
            any(
                lookup == name
                or (lookup.startswith(f"{name}__") and lookup.removeprefix(f"{name}__") in FILTER_LOOKUPS)
                for name in offered
            )
            and super().lookup_allowed(lookup, value, request)
        )

    def view_on_site(self, obj: models.Model) -> str | None:
        """The row's own page, where it has one; not by way of a page that knows every row (TrackerAdminSite.get_urls)."""
        page = getattr(obj, "get_absolute_url", None)
        return page() if page else None

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The list, under the name of what it lists."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponseBase:
        """Add or change one row; what only the whole or the database can see becomes a sentence."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RefusedOnSave as refusal:
            messages.error(request, str(refusal))
        except IntegrityError:
            messages.error(request, "Chưa lưu được: đã có dòng như vậy, hoặc người khác vừa sửa. Xin xem lại.")
        return redirect(request.get_full_path())


class ReadOnlyMixin:
    """A list to read: whoever may see it may not change it."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False


class TrackerInline(NoDeleteMixin, admin.TabularInline):
    """Rows attached to another one, without deleting and without empty rows."""

    extra = 0
    can_delete = False
    show_change_link = False

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the three icons beside each choice: in a row of a table they only take its width."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            widget = field.widget
            widget.can_add_related = widget.can_change_related = widget.can_view_related = False
        return field


class PlainConstraintsForm(forms.ModelForm):
    """Says in words which rule of the database a row would break."""

    constraint_words: ClassVar[dict[str, tuple[str, str]]] = {
        # name of the constraint: (field it stands beside, sentence)
    }

    def _update_errors(self, errors: ValidationError) -> None:
        """Take what the model says, its constraints in our own words."""
        plain: dict[str, list[ValidationError]] = {}
        for field, rows in errors.error_dict.items():
            for row in rows:
                beside, row = self._words(field, row)
                plain.setdefault(beside, []).append(row)
        super()._update_errors(ValidationError(plain))

    def _words(self, field: str, error: ValidationError) -> tuple[str, ValidationError]:
        """The field and the error to show for what a constraint says; others stay as they are."""
        for name, (beside, sentence) in self.constraint_words.items():
            if name in str(error.message):
                return (beside if beside in self.fields else NON_FIELD_ERRORS), ValidationError(sentence, code=name)
        return field, error
