"""Reading from a real streaming replica: what one wrote is seen at once, and nothing is missed when it lags or dies."""

import copy
import os
import time
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, connections, router
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from accounts.models import User
from directive_tracker import replica
from directive_tracker.prepared import Prepared
from tests import services
from tests.factories import make_office_user, make_unit
from tests.standby import HOST, Standby
from units.models import Membership, Unit

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]
_UNITS = Prepared(lambda number: Unit.objects.filter(pk__gt=number).order_by("pk"))
_NAMES = Prepared(lambda number: Unit.objects.filter(pk__gt=number).order_by("pk").values_list("name", flat=True))


def names(request: HttpRequest) -> HttpResponse:
    """The names of all units by three ways, and from where each was read."""
    if "new" in request.POST:
        make_unit(request.POST["new"])
    if "touch" in request.GET:
        Unit.objects.filter(name=request.GET["touch"]).update(short_name="x")
    units = list(Unit.objects.order_by("pk"))
    if "save" in request.GET:
        units[0].save()
    found = [unit.name for unit in units]
    assert found == [unit.name for unit in _UNITS.rows(0)] == list(_NAMES.rows(0))
    return HttpResponse(f"{replica.alias()}: {'|'.join(found)}")


def rights(request: HttpRequest) -> HttpResponse:
    """From where rights and people are read."""
    return HttpResponse(f"{Membership.objects.all().db} {User.objects.all().db} {Unit.objects.all().db}")


urlpatterns = [path("ten/", names), path("quyen/", rights), path("", include("directive_tracker.urls"))]


@pytest.fixture(scope="module")
def standby() -> Iterator[Standby]:
    if not os.environ.get("TEST_POSTGRES_URL"):
        services.give_up("cần PostgreSQL của vòng kiểm thử")
    try:
        server = Standby(os.environ["TEST_POSTGRES_URL"])
    except services.Unavailable as reason:
        services.give_up(str(reason))
    yield server
    server.close()


@pytest.fixture
def browser_of_office(standby: Standby, settings, monkeypatch) -> Iterator[Client]:
    """Somebody of the office, who has not written; the replica is in step."""
    settings.ROOT_URLCONF = __name__
    there = copy.deepcopy(connections.settings["default"])
    there.update(HOST=HOST, PORT=standby.port)
    there["OPTIONS"]["connect_timeout"] = 2
    connections.settings["replica"] = there
    following = connections["replica"]

    def connect() -> None:
        """Django's own; the one for tests knows only the databases that were there before the test."""
        if following.connection is None:
            with following.wrap_database_errors:
                following.connect()

    monkeypatch.setattr(following, "ensure_connection", connect)
    monkeypatch.setattr(router, "routers", [replica.Router()])
    make_unit("Một")
    client = Client(raise_request_exception=False)
    client.force_login(make_office_user())
    standby.wait_until_in_step(connection.settings_dict["NAME"])
    with monkeypatch.context() as patched:
        # The test's own first page looks again, and the replica has by then what this look asks for.
        patched.setattr(replica, "LOOK_EVERY", 0.0)
        until_read_there(client)
    standby.wait_until_in_step(connection.settings_dict["NAME"])
    yield client
    connections["replica"].close()
    del connections.settings["replica"]
    del connections["replica"]
    replica.breaker.works()


def until_read_there(client: Client) -> None:
    """Return when this browser's pages are read from the replica: while other tests write to the same server, the first look
    at how far it is may find it a moment behind, and the next one comes a second later."""
    until = time.monotonic() + 20
    while said(client.get("/ten/"))[0] != replica.ALIAS:
        assert time.monotonic() < until, "the replica is not read"
        time.sleep(0.1)


def said(response) -> tuple[str, list[str]]:
    assert response.status_code == 200, response.content.decode()[:2000]
    where, _, found = response.content.decode().partition(": ")
    return where, found.split("|")


def test_a_page_of_a_signed_in_person_reads_from_the_replica_and_a_stranger_s_does_not(browser_of_office):
    where, found = said(browser_of_office.get("/ten/"))

    assert where == "replica"
    assert "Một" in found
    assert said(Client().get("/ten/"))[0] == "default"
    assert "wrote" not in browser_of_office.cookies


def test_who_wrote_sees_it_at_once_and_others_a_moment_later(browser_of_office, standby, monkeypatch):
    # On a busy machine the next look could fall into the pause.
    monkeypatch.setattr(replica, "LOOK_EVERY", 600.0)
    other = Client()
    other.force_login(make_office_user("vanphong2"))
    standby.wait_until_in_step(connection.settings_dict["NAME"])
    until_read_there(other)
    both = [said(visitor.get("/ten/"))[0] for visitor in (browser_of_office, other)]
    standby.pause()
    try:
        sent = said(browser_of_office.post("/ten/", {"new": "Hai"}))
        mine, theirs = said(browser_of_office.get("/ten/")), said(other.get("/ten/"))
    finally:
        standby.resume()
    standby.wait_until_in_step(connection.settings_dict["NAME"])
    later = said(browser_of_office.get("/ten/"))

    assert both == ["replica", "replica"]
    assert (sent[0], sent[1][-1]) == ("default", "Hai")
    assert (mine[0], mine[1][-1]) == ("default", "Hai")
    assert (theirs[0], "Hai" in theirs[1]) == ("replica", False)
    assert (later[0], later[1][-1]) == ("replica", "Hai")
    assert browser_of_office.cookies["wrote"]["max-age"] == 0


def test_a_page_that_writes_reads_on_the_primary_from_there_on(browser_of_office, standby):
    standby.pause()
    try:
        make_unit("Hai")
        wrote = said(browser_of_office.get("/ten/?touch=Một"))
        saved = said(browser_of_office.get("/ten/?save=1"))
    finally:
        standby.resume()

    assert (wrote[0], wrote[1][-1]) == ("default", "Hai")
    assert saved[0] == "default"
    assert browser_of_office.cookies["wrote"].value


def test_a_replica_that_hangs_is_read_by_nobody(browser_of_office, standby, monkeypatch):
    monkeypatch.setattr(replica, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(replica, "LOOK_AGAIN", 0.0)
    first = said(browser_of_office.get("/ten/"))
    standby.wait_until_in_step(connection.settings_dict["NAME"])
    standby.pause()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
            make_unit("Hai")
            cursor.execute("RESET synchronous_commit")
        # The place to which the primary had written is noted at a look, and asked for at the next one.
        seen = [said(browser_of_office.get("/ten/")) for _ in range(3)]
    finally:
        standby.resume()
    standby.wait_until_in_step(connection.settings_dict["NAME"])
    again = said(browser_of_office.get("/ten/"))

    assert first[0] == again[0] == "replica"
    assert [where for where, _ in seen] == ["replica", "default", "default"]
    assert seen[-1][1][-1] == "Hai"


def test_a_replica_that_dies_costs_nobody_a_page(browser_of_office, standby):
    before = said(browser_of_office.get("/ten/"))
    standby.kill()
    try:
        # The connection that died half-way, then no connection at all.
        pages = [said(browser_of_office.get("/ten/")) for _ in range(3)]
    finally:
        standby.start()
    replica.breaker.works()
    standby.wait_until_in_step(connection.settings_dict["NAME"])
    after = said(browser_of_office.get("/ten/"))

    assert (before[0], after[0]) == ("replica", "replica")
    assert [where for where, _ in pages] == ["default"] * 3
    assert {tuple(found) for _, found in pages} == {tuple(before[1])}


def test_people_and_rights_are_read_on_the_primary(browser_of_office):
    response = browser_of_office.get("/quyen/")

    assert response.content.decode() == "default default replica"


def test_the_pages_themselves_open_from_the_replica(browser_of_office):
    asked = []

    def note(execute, sql, params, many, context):
        asked.append(context["connection"].alias)
        return execute(sql, params, many, context)

    pages = ("/thong-bao/", "/accounts/profile/", "/van-ban/", "/phan-viec/", "/nhat-ky/")
    with connections["replica"].execute_wrapper(note):
        answers = [browser_of_office.get(address).status_code for address in pages]
    in_replica = len(asked)

    assert answers == [200] * 5
    assert in_replica > 5


def test_a_cookie_of_somebody_else_s_making_is_no_word_of_ours(browser_of_office):
    browser_of_office.cookies["wrote"] = "FFFFFFFF/FFFFFFFF"

    assert said(browser_of_office.get("/ten/"))[0] == "replica"


def test_what_opens_a_door_is_never_read_from_a_replica():
    tokens = {
        model._meta.label_lower
        for model in apps.get_models()
        if any(field.name in ("token", "token_hash", "digest", "secret", "key_hash") for field in model._meta.fields)
    }
    elsewhere = {name for name in tokens if name.partition(".")[0] not in replica.PRIMARY_APPS} - replica.PRIMARY_MODELS

    assert elsewhere == {"units.listimport"}
