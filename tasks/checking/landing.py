"""Where one goes on with a document that has just been recorded."""

from django.urls import reverse

from tasks.models import Directive


def landing(directive: Directive) -> str:
    """The page where its proposals wait to be looked at, else the document's own."""
    waits = directive.is_draft and directive.tasks.unchecked().exists()
    return reverse("tasks:check", args=[directive.pk]) if waits else directive.get_absolute_url()
