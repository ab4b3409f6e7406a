"""The number of what went wrong, for whoever reports it."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from directive_tracker.watching import ids

register = template.Library()


@register.simple_tag
def incident() -> SafeString | str:
    """A line with the number under which the log knows this request; nothing outside a request."""
    number = ids.current()
    if not number:
        return ""
    return format_html("<p>Mã sự việc: <code>{}</code> (xin báo kèm mã này cho người quản trị).</p>", number)
