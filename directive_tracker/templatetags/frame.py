"""Template tags of the frame around a page: {% load frame %}."""

from django import template
from django.conf import settings
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString

from directive_tracker import context as frame

register = template.Library()


@register.simple_tag
def address(name: str) -> str:
    """The address of a page without arguments, "" where there is none. Asked for by every page, so it is made once."""
    return frame.url_or_empty(name)


@register.simple_tag(takes_context=True)
def menu(context: template.Context, part: str) -> SafeString:
    """The menu of the signed-in person's roles: "line", or "drop" on a narrow screen; nothing where there are no pages.

    In the line a page may name the entry it belongs to (`nav_current`).
    """
    look = context.get("look")
    if not look or not look.nav:
        return SafeString("")
    current = str(context.get("nav_current") or "") if part == "line" else ""
    return frame.menu(tuple(look.nav), current, part, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
