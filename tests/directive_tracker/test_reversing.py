"""Addresses that are looked up once a process."""

import pytest
from django.http import HttpResponse
from django.urls import NoReverseMatch, path, reverse, set_script_prefix

from directive_tracker.reversing import row_url

urlpatterns = [path("khac/<int:pk>/sua/", lambda request, pk: HttpResponse(), name="edit")]


@pytest.mark.parametrize(
    "name", ["tasks:assignment_detail", "tasks:directive_detail", "tasks:report_review", "tasks:task_detail"]
)
@pytest.mark.parametrize("pk", [0, 7, 10**15])
def test_it_is_the_address_that_reverse_gives(name, pk):
    assert row_url(name, pk) == reverse(name, args=[pk])
    assert row_url(name, pk) == reverse(name, args=[pk])


def test_a_site_below_a_folder_and_other_addresses_are_not_mixed_up(settings):
    plain = row_url("tasks:task_detail", 5)
    set_script_prefix("/phan-mem/")
    try:
        below = row_url("tasks:task_detail", 5)
    finally:
        set_script_prefix("/")
    settings.ROOT_URLCONF = __name__

    assert below == f"/phan-mem{plain}"
    assert row_url("edit", 5) == "/khac/5/sua/"
    with pytest.raises(NoReverseMatch):
        row_url("tasks:task_detail", 5)
