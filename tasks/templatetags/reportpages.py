"""Addresses within a report, wherever it is shown."""

from typing import Any

from django import template

from records.models import StoredFile
from tasks.reportpages import SIGNED_IN

register = template.Library()


@register.simple_tag(takes_context=True)
def file_url(context: dict[str, Any], pk: int) -> str:
    """The address of a stored file; the page says by `pages` where its files are."""
    return context.get("pages", SIGNED_IN).file_url(pk)


@register.simple_tag(takes_context=True)
def thumb_url(context: dict[str, Any], stored: StoredFile) -> str:
    """The address of a small picture of a stored photo; "" for other files and where there is none."""
    return context.get("pages", SIGNED_IN).thumb_url(stored)
