"""How somebody would like to be thanked: written with the entry, named in the log by the field alone."""

import pytest
from django.urls import reverse

from records.models import AuditEvent
from records.sentences import sentence
from tests.veterans.conftest import NOW, logged_words
from tests.veterans.test_views import edit_data
from veterans import people
from veterans.enums import Honour
from veterans.planning.wishes import proposed

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.veterans.urls")]


def forms(person) -> list[str]:
    return sorted(person.wishes.values_list("form", flat=True))


def test_wishes_are_written_with_a_new_entry(add):
    assert forms(add(wishes=["home", "gift"])) == ["gift", "home"]


def test_the_form_writes_them_and_shows_them_again(client, add, land):
    person = add()
    client.force_login(land.of_near)

    client.post(reverse("veterans:person_edit", args=[person.pk]), edit_data(person, wishes=["home", "house"]))

    assert forms(person) == ["home", "house"]
    page = client.get(reverse("veterans:person_edit", args=[person.pk])).content.decode()
    assert [f'value="{form}"' in page and "checked" in page for form in ("home", "house")] == [True, True]
    card = client.get(reverse("veterans:person_detail", args=[person.pk])).content.decode()
    assert "Thăm tận nhà, Hỗ trợ nhà ở" in card


def test_a_wish_that_was_taken_back_falls_away(add, land):
    person = add(wishes=["home", "gift"])

    changed = people.change_person(
        person,
        fields={"wishes": ["gift"]},
        categories={"frontline_labourer": ("Giấy chứng nhận", "DC-01")},
        version=person.version,
        by=land.of_near,
        now=NOW,
    )

    assert (forms(person), changed.version) == (["gift"], 2)


def test_the_log_names_the_field_and_never_the_wish(add, land):
    person = add()

    people.change_person(
        person,
        fields={"wishes": ["house"]},
        categories={"frontline_labourer": ("Giấy chứng nhận", "DC-01")},
        version=1,
        by=land.of_near,
        now=NOW,
    )

    event = AuditEvent.objects.get(verb="person.changed")
    assert (event.data, "house" in logged_words()) == ({"fields": ["wishes"]}, False)
    assert "nguyện vọng" in sentence(event).details


def test_the_same_wishes_again_change_nothing(add, land):
    person = add(wishes=["meeting"])

    people.change_person(
        person,
        fields={"wishes": ["meeting"]},
        categories={"frontline_labourer": ("Giấy chứng nhận", "DC-01")},
        version=1,
        by=land.of_near,
        now=NOW,
    )

    assert AuditEvent.objects.filter(verb="person.changed").count() == 0


@pytest.mark.parametrize(
    ("wished", "form"),
    [
        ([], "gift"),
        (["gift"], "gift"),
        (["house", "gift"], "house"),
        (["meeting", "gift"], "meeting"),
        (["gift", "meeting", "home", "house"], "home"),
    ],
)
def test_a_plan_begins_with_the_form_that_is_wished_for(wished, form):
    assert proposed(wished) == Honour(form)
