"""What is hidden cannot be found by searching, sorting or counting either, nor acted upon together with one's own."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tasks.models import Assignment
from tests.matrix.cells import ask, savepoint
from tests.matrix.policy import PAGES
from tests.matrix.world import MISSING
from veterans.models import Person

pytestmark = pytest.mark.django_db


def words_about(world, what: str) -> list[str]:
    """What somebody could type who has heard something: the words, telephone and card numbers of one kind."""
    birds = [bird for bird in world.cage.birds if bird.what == what]
    assert birds, what
    return [spelled for bird in birds[:3] for spelled in (bird.word, bird.phone, bird.card)]


def listed(world, person: str, address: str) -> tuple[int, int, list]:
    """Status, number of rows of the list and the list itself."""
    with savepoint():
        response = world.client(person).get(address)
    context = response.context or {}
    rows = context["cl"].result_count if "cl" in context else context["page"].paginator.count
    return response.status_code, rows


# person, page, parameter of the search, kinds nobody of that role may find by it
SEARCHES = (
    ("reporter", "tasks:assignment_list", "q", ("work foreign", "staff foreign", "draft foreign", "person own")),
    ("monitor", "tasks:assignment_list", "q", ("work own", "staff own", "draft own", "note watched")),
    ("reader", "tasks:assignment_list", "q", ("draft own", "person own", "contact own")),
    ("office", "tasks:assignment_list", "q", ("draft own", "person own", "contact own")),
    ("administrator", "admin:notifications_notice_changelist", "q", ("notice of stranger", "work own", "person own")),
    ("administrator", "admin:notifications_message_changelist", "q", ("mail of stranger", "work own", "person own")),
    ("administrator", "admin:accounts_user_changelist", "q", ("work own", "person own", "contact own")),
    ("administrator", "admin:units_unit_changelist", "q", ("work own", "person own", "draft own")),
    ("administrator", "admin:records_auditevent_changelist", "q", ("audit tasks", "audit person own", "person own")),
    ("office", "admin:records_auditevent_changelist", "q", ("audit account", "audit person own", "person own")),
    ("office", "admin:tasks_assignment_changelist", "q", ("draft own", "person own", "contact own")),
    ("office", "admin:units_membership_changelist", "q", ("draft own", "person own", "contact own")),
)


@pytest.mark.parametrize(("person", "name", "parameter", "kinds"), SEARCHES)
def test_a_word_that_one_may_not_read_finds_nothing(world, person, name, parameter, kinds):
    found = {
        word: listed(world, person, f"{reverse(name)}?{urlencode({parameter: word})}")
        for kind in kinds
        for word in words_about(world, kind)
    }

    assert found == dict.fromkeys(found, (200, 0))


# Columns that a list does not show to the person, as a filter and as an order of the administration.
HIDDEN = (
    ("administrator", "admin:notifications_notice_changelist", "title__contains"),
    ("administrator", "admin:notifications_notice_changelist", "detail__contains"),
    ("administrator", "admin:notifications_message_changelist", "body__contains"),
    ("administrator", "admin:accounts_user_changelist", "password__startswith"),
    ("administrator", "admin:accounts_user_changelist", "notices__title__contains"),
    ("administrator", "admin:records_auditevent_changelist", "data__contains"),
    ("office", "admin:units_unit_changelist", "unit_reports__general_note__contains"),
    ("office", "admin:units_area_changelist", "people__full_name__contains"),
    ("office", "admin:tasks_assignment_changelist", "progress_reports__results__contains"),
    ("office", "admin:units_membership_changelist", "user__password__startswith"),
)


@pytest.mark.parametrize(("person", "name", "lookup"), HIDDEN)
def test_a_list_of_the_administration_cannot_be_filtered_by_what_it_hides(world, person, name, lookup):
    with savepoint():
        response = world.client(person).get(reverse(name), {lookup: "Zqxwkvjh"})

    # Django refuses such a filter (400), or ignores it with ?e=1; it never answers with a narrower list.
    assert response.status_code in (302, 400)
    assert response.status_code == 400 or response["Location"] == "?e=1"


@pytest.mark.parametrize("sorting", ["password", "-title", "1.-99", "recipient__password"])
def test_a_list_of_the_administration_is_not_sorted_by_what_it_hides(world, sorting):
    address = reverse("admin:notifications_notice_changelist")

    assert listed(world, "administrator", f"{address}?o={sorting}") == listed(world, "administrator", address)


def test_filters_with_foreign_ids_count_only_what_one_sees(world):
    """?unit= and ?task= of others: the own rows among them, no others."""
    address = reverse("tasks:assignment_list")
    units = {name: unit.pk for name, unit in world.units.items()}

    def count(**chosen):
        return listed(world, "reporter", f"{address}?{urlencode(chosen)}")[1]

    seen = Assignment.objects.filter(unit__in=[units["own"], units["below"]]).count()
    assert count(unit=units["foreign"]) == count(unit=units["sibling"]) == count(unit=MISSING) == 0
    assert count(unit=units["own"]) + count(unit=units["below"]) == seen
    assert count(directive=world.objects["directive"]["draft"].pk) == count() == count(directive=MISSING)


@pytest.mark.parametrize("area", ["sibling", "foreign", "ended"])
def test_the_registry_is_not_narrowed_by_somebody_elses_area_or_name(world, area):
    address = reverse("veterans:person_list")
    whole = listed(world, "registrar", address)
    person = Person.objects.get(pk=world.objects["person"][area].pk)

    assert listed(world, "registrar", f"{address}?area={world.areas[area].pk}") == whole
    with savepoint():
        client = world.client("registrar")
        client.post(reverse("veterans:person_filter"), {"q": person.full_name})
        response = client.get(f"{address}?ten=1")
        assert response.context["page"].paginator.count == 0


def test_the_log_is_not_narrowed_by_what_one_may_not_read(world):
    address = reverse("records:log")
    hidden = world.objects["audit"]["tasks"]
    with savepoint():
        response = world.client("reporter").get(
            address, {"loai": hidden.target_type, "ma": hidden.target_id, "nguoi": "colleague"}
        )

    assert response.context["rows"] == []


@pytest.mark.parametrize("person", ["office", "administrator"])
def test_choices_of_the_administration_find_nothing_by_a_hidden_word(world, person):
    address = reverse("admin:autocomplete")
    kinds = ("draft own", "person own", "contact own", "work own")
    found = set()
    for word in (word for kind in kinds for word in words_about(world, kind)):
        query = {"app_label": "units", "model_name": "membership", "field_name": "unit", "term": word}
        with savepoint():
            found.add(str(world.client(person).get(address, query).json()["results"]))

    assert found == {"[]"}


# --- next= ------------------------------------------------------------------------------------------------------------

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:///evil.example",
)


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("name", ["accounts:login", "units:act", "units:stop_acting"])
def test_nobody_is_sent_to_another_server(world, name, target):
    data = {
        "accounts:login": {"username": "reader", "password": "mat-khau-thu"},
        "units:act": {"principal": world.people["office"].pk},
        "units:stop_acting": {},
    }[name]
    person = "anonymous" if name == "accounts:login" else "deputy"
    with savepoint():
        response = world.client(person).post(reverse(name), {**data, "next": target})

    assert response.status_code == 302
    assert re.match(r"/(?![/\\])", response["Location"])
    assert "evil" not in response["Location"]


# --- ids in company -----------------------------------------------------------------------------------------------------


def test_own_and_foreign_ids_in_one_post_change_nothing(world):
    """Sections of one's own report and of somebody else's draft in one form: only the own ones are the form's."""
    own, foreign = (world.objects["section draft"][relation] for relation in ("own", "foreign"))
    report = world.objects["report draft"]["own"]
    data = {
        "do": "save",
        "chung-version": report.version,
        f"muc{own.pk}-results": "Đã làm xong.",
        f"muc{foreign.pk}-results": "Ghi đè.",
    }
    with savepoint():
        response = world.client("reporter").post(reverse("tasks:report_edit", args=[report.pk]), data)
        foreign.refresh_from_db()
        assert response.status_code in (302, 422)
        assert "Ghi đè" not in foreign.results


def test_units_that_cannot_be_chosen_refuse_the_whole_form(world):
    task = world.objects["task"]["work"]
    mixed = {"units": [world.units["watch"].pk, world.units["ended"].pk]}
    with savepoint():
        before = task.assignments.count()
        response = world.client("reporter").post(reverse("tasks:task_coordinating", args=[task.pk]), mixed)
        assert (response.status_code, task.assignments.count()) == (422, before)


def test_people_of_several_ids_are_invited_by_administrators_alone(world):
    """A bulk action of the administration with ids: 403 before any id is looked at."""
    address = reverse("admin:accounts_user_changelist")
    data = {"action": "invite_selected", "_selected_action": [user.pk for user in world.staff.values()]}
    statuses = {}
    for person in ("office", "deputy", "reporter", "registrar", "former"):
        with savepoint():
            statuses[person] = world.client(person).post(address, data).status_code

    assert statuses == {"office": 403, "deputy": 403, "reporter": 403, "registrar": 403, "former": 403}


# --- what no cell asks ----------------------------------------------------------------------------------------------------


def test_every_post_without_a_token_is_refused(world):
    """CSRF: nothing that changes something can be sent from another site."""
    accepted = []
    for page in PAGES.values():
        relation, answers = next(iter(page.post.items()))
        person = next((name for name in answers if answers[name].endswith("+")), "")
        if not person:
            continue
        with savepoint():
            client = Client(enforce_csrf_checks=True)
            client.cookies = world.client(person).cookies
            response = client.post(page.url(world, relation, person), page.data(world, relation, person))
        if response.status_code != 403:
            accepted.append(page.name)

    assert accepted == []


# Larger than any column, and larger than SQLite's integers.
ABSURD = (2**31, 2**63, 10**30)


@pytest.mark.parametrize("number", ABSURD)
def test_an_id_that_no_column_holds_is_an_unknown_one(world, monkeypatch, number):
    """No address answers with an error of the database."""
    monkeypatch.setattr("tests.matrix.world.MISSING", number)
    wrong = []
    for page in PAGES.values():
        if "missing" not in page.get or page.get["missing"]["office"] != "404":
            continue
        try:
            said = ask(world, page, "office", "missing", "GET").said
        except NoReverseMatch:
            said = "404"  # the pattern does not take so long a number
        except Exception as problem:  # noqa: BLE001  (each address that fails is named)
            said = repr(problem)
        if said != "404":
            wrong.append((page.name, said))

    assert wrong == []
