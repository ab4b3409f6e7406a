"""Where each role lands."""

import pytest
from django.urls import NoReverseMatch

from accounts import home
from units.access import Access

PAGES = {
    "tasks:today": "/hom-nay/",
    "tasks:unit_home": "/don-vi/",
    "tasks:brief_home": "/trinh/",
    "veterans:person_list": "/so-tri-an/",
    "admin:index": "/quan-tri/",
    "accounts:profile": "/accounts/profile/",
}


@pytest.fixture
def there(monkeypatch):
    """The names of the pages that exist; tests take some away."""
    pages = dict(PAGES)

    def find(name: str) -> str:
        if name not in pages:
            raise NoReverseMatch(name)
        return pages[name]

    monkeypatch.setattr(home, "reverse", find)
    return pages


@pytest.mark.parametrize(
    ("roles", "page"),
    [
        (["office"], "/hom-nay/"),
        (["reporter"], "/don-vi/"),
        (["unit_head"], "/don-vi/"),
        (["reader"], "/trinh/"),
        (["registrar"], "/so-tri-an/"),
        (["administrator"], "/quan-tri/"),
        (["office", "administrator"], "/hom-nay/"),
        (["reporter", "registrar"], "/don-vi/"),
        ([], "/accounts/profile/"),
    ],
)
def test_each_role_has_its_first_page(there, roles, page):
    assert home.home_url(Access(roles=frozenset(roles))) == page


def test_a_page_that_is_not_there_is_passed_over(there):
    del there["tasks:unit_home"]
    assert home.home_url(Access(roles=frozenset(["reporter", "registrar"]))) == "/so-tri-an/"
    assert home.home_url(Access(roles=frozenset(["reporter"]))) == "/accounts/profile/"
