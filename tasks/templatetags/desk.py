"""Tags of the desk: {% load desk %}."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse

from tasks.desk.words import typed_words, words_of

register = template.Library()

PAGES = 4


@register.simple_tag
def pages_found(nav: Iterable[Any], text: str) -> list[dict[str, str]]:
    """Pages of the navigation whose names hold all the words; the queue of reviews is one more for who has any page."""
    known = [{"url": entry.url, "label": entry.label} for entry in nav]
    if known:
        known.append({"url": reverse("tasks:review_queue"), "label": "Chờ xem xét"})
    words = typed_words(text)
    return [page for page in known if words and _holds(page["label"], words)][:PAGES]


def _holds(label: str, words: list[str]) -> bool:
    held = words_of(label)
    return all(any(one.startswith(word) for one in held) for word in words)
