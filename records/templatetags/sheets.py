"""The button "Xuất Excel" of a list: {% load sheets %}{% sheet_button "phan-viec" %}."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from directive_tracker.templatetags.parts import icon

register = template.Library()

# Of the page's address everything goes along but which page of the list it was.
_PAGING = ("page", "sau")


@register.simple_tag(takes_context=True)
def sheet_button(context: template.Context, key: str, label: str = "Xuất Excel", **more: Any) -> SafeString:
    """A form with one button that asks for the list with just the filters of this page (records/views_own_files.sheet).

    Must stand inside what htmx replaces, so that it carries the filters that are shown.

    Arguments: key, the list's name (records/sheets.py); label; more, what else the list has to be told, e.g. so=directive.pk.
    """
    params = context["request"].GET.copy()
    for name in _PAGING:
        params.pop(name, None)
    for name, value in more.items():
        params[name] = str(value)
    return format_html(
        '<form method="post" action="{}" class="dt-noprint" hx-boost="false">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="loc" value="{}">'
        '<button type="submit" class="btn btn-outline-secondary">{} {}</button></form>',
        reverse("records:sheet", args=[key]),
        context.get("csrf_token", ""),
        params.urlencode(),
        icon("download"),
        label,
    )
