"""Template tags of the look: pills, matrix signs, icons, page heads, error summaries.

Usage: `{% load parts %}`; dates and numbers are in `{% load vn %}`. The gallery page shows every one of them.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.forms.formsets import BaseFormSet
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from directive_tracker import clock
from directive_tracker.templatetags.vn import vn_datetime

register = template.Library()

PILL_WORDS = {
    "new": "Mới giao",
    "doing": "Đang làm",
    "waiting": "Đã gửi, chờ xác nhận",
    "redo": "Cần bổ sung",
    "done": "Xong",
    "outside": "Ngoài thống kê",
    "overdue": "Quá hạn",
}
SIGNS = {
    "new": ("?", "Mới giao"),
    "doing": ("…", "Đang làm"),
    "waiting": ("⧗", "Chờ xác nhận"),
    "redo": ("↺", "Cần bổ sung"),
    "done": ("✓", "Xong"),
    "outside": ("∅", "Ngoài thống kê"),
    "none": ("–", "Không giao"),
}
# Our own line drawings on a field of 24 x 24, one path each.
ICONS = {
    "alert": "M12 4L2.5 20h19zM12 10v4M12 17v.01",
    "help": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1 1-1.1 1.8M12 17h.01",
    "bell": "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4",
    "check": "M4 12.5l5 5L20 6.5",
    "chevron-down": "M6 9l6 6 6-6",
    "close": "M6 6l12 12M18 6L6 18",
    "download": "M12 4v11M7 11l5 5 5-5M4 20h16",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4",
    "hourglass": "M7 4h10M7 20h10M8 4c0 5 8 6 8 8s-8 3-8 8M16 4c0 5-8 6-8 8s8 3 8 8",
    "menu": "M4 6h16M4 12h16M4 18h16",
    "paperclip": "M8 12l5.5-5.5a3 3 0 0 1 4.3 4.3L10 18.5a5 5 0 0 1-7-7L10.5 4",
    "phone": "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1",
    "printer": "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
    "search": "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5",
    "user": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0",
}
TIMELINESS = ("late", "due-soon", "in-time", "no-due")


@register.simple_tag
def pill(kind: str, text: str = "") -> SafeString:
    """Return a chip with a colour and a word; the word is the kind's own where text is empty."""
    if kind not in PILL_WORDS:
        raise template.TemplateSyntaxError(f"pill: unknown kind {kind!r}")
    return format_html('<span class="dt-pill dt-pill--{}">{}</span>', kind, text or PILL_WORDS[kind])


@register.simple_tag
def timeliness(kind: str, text: str) -> SafeString:
    """Return the small text that stands beside a pill and says how the work is in time."""
    if kind not in TIMELINESS:
        raise template.TemplateSyntaxError(f"timeliness: unknown kind {kind!r}")
    return format_html('<span class="dt-time dt-time--{}">{}</span>', kind, text)


def _glyph(glyph: str) -> SafeString:
    """Return the sign for the eye; the hourglass is drawn, because common fonts lack it."""
    if glyph == SIGNS["waiting"][0]:
        glyph = format_html('{}<span class="visually-hidden">{}</span>', icon("hourglass"), glyph)
    return format_html('<span class="dt-sign" aria-hidden="true">{}</span>', glyph)


@register.simple_tag
def sign(kind: str, days_late: int = 0, coordinating: bool = False) -> SafeString:
    """Return a matrix cell's content: the sign for the eye, the words for the ear, days late if any."""
    glyph, word = SIGNS[kind]
    late = ""
    if days_late:
        late = format_html(
            '<span class="dt-cell__late" aria-hidden="true">{} ngày</span>'
            '<span class="visually-hidden">, quá hạn {} ngày</span>',
            days_late,
            days_late,
        )
    return format_html(
        '{}<span class="visually-hidden">{}{}</span>{}',
        _glyph(glyph),
        word,
        ", phối hợp" if coordinating else "",
        late,
    )


@register.simple_tag
def timeline_rows(events: Iterable[Any]) -> SafeString:
    """The entries of parts/_timeline.html, put together here: a page has dozens of them.

    Arguments: events, objects or dictionaries with when (datetime), what, who and note (both may be missing).
    """
    return mark_safe("\n".join([_timeline_row(event) for event in events]))


def _timeline_row(event: Any) -> str:
    read = event.get if isinstance(event, dict) else lambda name, default="": getattr(event, name, default)
    who, note = read("who", ""), read("note", "")
    by = f" · {escape(who)}" if who else ""
    more = f'<p class="dt-timeline__note">{escape(note)}</p>' if note else ""
    what, when = escape(read("what", "")), escape(vn_datetime(read("when", None)))
    return f'<li>{what} <span class="dt-timeline__when">{when}{by}</span>{more}</li>'


@register.inclusion_tag("parts/_legend.html")
def matrix_legend() -> dict[str, Any]:
    """Show the signs of the matrix with their words."""
    return {"signs": [(_glyph(glyph), word) for glyph, word in SIGNS.values()]}


@register.simple_tag
@lru_cache(maxsize=128, typed=True)
def icon(name: str, label: str = "") -> SafeString:
    """Return a small line icon (see ICONS); label is read aloud where no word stands beside it."""
    drawing = mark_safe(
        # How its lines are drawn stands in theme.css: a page shows a dozen of them.
        f'<svg class="dt-icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{ICONS[name]}"/></svg>'
    )
    return drawing + format_html('<span class="visually-hidden">{} </span>', label) if label else drawing


@register.simple_tag
def bar(value: int, total: int) -> SafeString:
    """Return a thin bar of value in total; decoration only, so the numbers must stand beside it."""
    width = 0 if not total else max(0, min(100, round(100 * value / total)))
    return format_html(
        '<svg class="dt-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="dt-bar__track" width="100" height="8"/>'
        '<rect class="dt-bar__fill" width="{}" height="8"/></svg>',
        width,
    )


@register.simple_block_tag
def page_head(
    content: str, title: str, lead: str = "", kicker: str = "", back_url: str = "", back_label: str = ""
) -> SafeString:
    """Return the page's h1 with what belongs to it; the block's content are the buttons at the right."""
    back = format_html('<a class="dt-back" href="{}">‹ {}</a>', back_url, back_label or "Quay lại") if back_url else ""
    return format_html(
        '<div class="dt-head"><div class="dt-head__text">{}{}<h1>{}</h1>{}</div>{}</div>',
        back,
        format_html('<p class="dt-head__kicker">{}</p>', kicker) if kicker else "",
        title,
        format_html('<p class="dt-head__lead">{}</p>', lead) if lead else "",
        format_html('<div class="dt-actions dt-noprint">{}</div>', content) if content.strip() else "",
    )


@register.simple_tag(takes_context=True)
def demo_strip(context: template.Context) -> SafeString:
    """Show the demo's warning, day and next-day button; needs no request, so error pages have it too."""
    if not settings.DEMO:
        return SafeString("")
    strip = {"now": clock.now(), "csrf_token": context.get("csrf_token"), "request": context.get("request")}
    return render_to_string("parts/_demo_strip.html", strip)


@register.simple_tag
def demo() -> bool:
    """Tell whether this is the demo."""
    return bool(settings.DEMO)


# ---- forms -------------------------------------------------------------------------------------


def _target(field: BoundField) -> str:
    """Return the id to jump to for a field; the first choice of a group of radios or checkboxes."""
    if field.is_hidden:
        return ""
    if isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def _form_errors(form: BaseForm, prefix: str = "") -> Iterator[dict[str, str]]:
    """Yield the errors of one form, the ones of no field first."""
    for message in form.non_field_errors():
        yield {"target": "", "label": prefix, "message": str(message)}
    for name, errors in form.errors.items():
        if name in form.fields:
            field = form[name]
            label = " – ".join(part for part in (prefix, str(field.label or "")) if part)
            for message in errors:
                yield {"target": _target(field), "label": label, "message": str(message)}


@register.simple_tag
def error_rows(*sources: Any) -> list[dict[str, str]]:
    """Return what has to be mended in the given forms and formsets (or lists of them), in page order.

    Each row has `target` (the field's id or ""), `label` and `message`. Unbound forms have none.
    """
    rows: list[dict[str, str]] = []
    for source in sources:
        if not source and not isinstance(source, BaseFormSet):
            continue
        if isinstance(source, BaseFormSet):
            if source.is_bound:
                rows += [{"target": "", "label": "", "message": str(m)} for m in source.non_form_errors()]
                for number, form in enumerate(source.forms, start=1):
                    rows += _form_errors(form, prefix=f"Dòng {number}")
        elif isinstance(source, BaseForm):
            rows += _form_errors(source)
        elif isinstance(source, Iterable):
            rows += error_rows(*source)
    return rows


@register.filter
def control(field: BoundField) -> SafeString:
    """Return the field's widget with the theme's classes and the state of its errors."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        css = "form-check-input"
    elif isinstance(widget, Select):
        css = "form-select"
    else:
        css = "form-control"
    own = widget.attrs.get("class", "")
    wrong = "is-invalid" if field.errors else ""
    return field.as_widget(attrs={"class": " ".join(part for part in (css, own, wrong) if part)})


@register.filter
def choices(field: BoundField) -> list[Any]:
    """Return the radios or checkboxes of a group, each with the theme's class."""
    field.field.widget.attrs.setdefault("class", "form-check-input")
    return list(field.subwidgets)


@register.filter
def field_kind(field: BoundField) -> str:
    """Return "check", "group", "hidden", "search" or "plain": how a form row has to be laid out."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "group"
    return "search" if getattr(widget, "input_type", "") == "search" else "plain"


@register.simple_tag
def page_numbers(page: Page) -> list[Any]:
    """Return the page numbers around the current one, with gaps, for the pager."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))
