"""Addresses within a report, wherever it is shown."""

from typing import Any

from django import template

from tasks.reportpages import SIGNED_IN

register = template.Library()


@register.simple_tag(takes_context=True)
def file_url(context: dict[str, Any], pk: int) -> str:
    """The address of a stored file; the page says by `pages` where its files are."""
    return context.get("pages", SIGNED_IN).file_url(pk)
