"""A draft on the page, for tests of checking: the invented letter, signed in as the office."""

from collections.abc import Mapping
from typing import Any

from django.test import Client

from tasks.models import Directive
from tests.tasks.drafting.draft import by_code


def address(directive: Directive) -> str:
    return f"/van-ban/{directive.pk}/soat/"


def newest(directive: Directive) -> int:
    """The number of the newest step, as a page that is opened now carries it."""
    return directive.draft_changes.order_by("-number").values_list("number", flat=True).first() or 0


def press(client: Client, directive: Directive, do: str, *, seen: int | None = None, **values: Any):
    """Press a button of the page; answers with what comes."""
    data = {"do": do, "seen": newest(directive) if seen is None else seen, **values}
    return client.post(address(directive), data)


def about(directive: Directive, verb: str, code: str) -> str:
    """The value of a button of the task with this code."""
    return f"{verb}:{by_code(directive)[code].pk}"


def place(directive: Directive, words: str) -> str:
    """Words of the text as the page sends their places."""
    start = directive.current_text.body.index(words)
    return f"{start}-{start + len(words)}"


def messages(answer: Any) -> list[str]:
    """The sentences the person is told, also behind a redirect."""
    request: Mapping = answer.wsgi_request
    return [str(message) for message in request._messages]
