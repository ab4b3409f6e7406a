"""Where a person lands after signing in."""

from typing import Any

from django.urls import NoReverseMatch, reverse

# (attribute of the access, url name); the first that is both true and there wins.
HOMES = (
    ("is_office", "tasks:today"),
    ("is_reporter", "tasks:unit_home"),
    ("is_unit_head", "tasks:unit_home"),
    ("is_reader", "tasks:brief_home"),
    ("is_registrar", "veterans:person_list"),
    ("is_administrator", "admin:index"),
)


def home_url(access: Any) -> str:
    """The first page of the person's role (access: units.access.Access); without a role the own account's page."""
    for attribute, name in HOMES:
        if getattr(access, attribute, False):
            try:
                return reverse(name)
            except NoReverseMatch:
                continue
    return reverse("accounts:profile")
