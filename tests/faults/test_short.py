"""The short selection for `make test` (on PostgreSQL): sixty mails a scenario, two dozen reports; `make faults` runs the
whole."""

import json
import re
import sys
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from zlib import crc32

import pytest

from tests import services
from tests.faults.conftest import Report, Stage
from tests.faults.harness import House, Process, Scenario
from tests.faults.rush import Place
from tests.faults.sink import HOST, Behaviour
from tests.faults.spaces import wait_for_port
from tests.faults.visitor import Visitor

PEOPLE = 60
PASSWORD = "con duong xanh 1954"


def test_without_a_fault_everybody_is_told_once(stage: Stage, report: Report):
    scene = stage(PEOPLE)
    scene.workers(2)

    verdict = report("1 none", "–", scene.finish(seconds=40))

    verdict.assert_kept()
    assert (verdict.expected, verdict.doubled) == (60, 0)
    assert verdict.in_app_expected == 120


def test_killed_workers_lose_nothing(stage: Stage, report: Report):
    scene = stage(PEOPLE, Behaviour(slow=0.15))
    scene.workers(2)
    scene.kill_workers(3, every=0.4, seconds=40)

    verdict = report("2 kill -9", "3 kills", scene.finish(seconds=40))

    verdict.assert_kept()
    assert verdict.open_kills >= 1


def test_rounds_at_the_same_moment_plan_and_send_once(stage: Stage, report: Report):
    scene = stage(PEOPLE)
    scene.workers(4, rounds=1)

    verdict = report("3 ticks at once", "4 rounds", scene.finish(seconds=40))

    verdict.assert_kept()
    assert verdict.doubled == 0


def test_refusals_for_now_are_tried_again(stage: Stage, report: Report):
    scene = stage(PEOPLE, Behaviour(refused_for_now=0.3))
    scene.workers(2)

    verdict = report("7 SMTP 451", "30 %", scene.finish(seconds=40))

    verdict.assert_kept()
    assert verdict.doubled == 0
    assert verdict.injected["451"] >= 10


# --- two web servers ------------------------------------------------------------------------------


@dataclass
class Pair:
    """Two gunicorns on ports of their own, each with a folder of its own, before one database and one folder of files."""

    scene: Scenario
    webs: list[Process]
    places: list[tuple[str, int]]
    sender: dict[str, Any]


@pytest.fixture
def pair(stage: Stage, shared_house: House) -> Pair:
    scene, webs, places = stage(0), [], []
    for number in (1, 2):
        places.append((HOST, services.free_port()))
        own = {
            "EMBEDDED": "true",
            "VAR_DIR": str(scene.folder / f"web{number}"),
            "MEDIA_ROOT": str(scene.folder / "media"),
            "WEB_BIND": f"{HOST}:{places[-1][1]}",
            "WEB_WORKERS": "1",
        }
        webs.append(scene.start("gunicorn", [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn_conf.py"], **own))
    (sender,) = shared_house.hand.do(scene.database, "prepare_senders", count=1, password=PASSWORD)
    for place in places:
        wait_for_port(*place, seconds=60)
    return Pair(scene, webs, places, sender)


def test_two_web_servers_are_one_and_one_is_enough(pair: Pair):
    one, two = pair.places
    person = Visitor(one, scheme="http")
    data = b"Noi dung bao cao.\n" * 60_000
    opening = f"/don-vi/bao-cao/mo/{pair.sender['directive']}/{pair.sender['unit']}/"

    # The session of one holds on the other, and so does the secret of its forms.
    assert person.sign_in(pair.sender["username"], PASSWORD, on=(one, two)).target == "/don-vi/"
    opened = person.post(opening, {"csrfmiddlewaretoken": person.token}, on=one).target
    report, section = (int(re.search(r"\d+", opened)[0]), first_section(person, opened, two))
    upload_in_parts(person, report, section, data, (one, two))
    form = person.get(opened, on=one).form(having="chung-version")
    # One is killed; the form it gave out is sent to the other, and once more, as an impatient person does.
    pair.webs[0].kill()
    gone = person.send(form, on=one, results__="khóa 1", do="submit")
    sent = [person.send(form, on=two, results__="khóa 1", do="submit").target for _ in range(2)]

    assert (gone.status, sent) == (0, [f"/don-vi/bao-cao/{report}/"] * 2)
    kept = "SELECT r.content->>'results', f.sha256 FROM tasks_reportround r JOIN tasks_reportround_files l"
    kept += " ON l.reportround_id = r.id JOIN records_storedfile f ON f.id = l.storedfile_id"
    assert pair.scene.ask(kept) == [("khóa 1", sha256(data).hexdigest())]
    ((file,),) = pair.scene.ask("SELECT id FROM records_storedfile")
    assert person.get(f"/tep/{file}/", on=two).body == data


def first_section(person: Visitor, form: str, place: tuple[str, int]) -> int:
    """The number of the first section of the report's form."""
    return int(re.search(r'name="muc(\d+)-results"', person.get(form, on=place).text)[1])


def upload_in_parts(
    person: Visitor, report: int, section: int, data: bytes, places: tuple[tuple[str, int], tuple[str, int]]
) -> None:
    """Send a file in parts, each to the other server than the one before, and attach it."""
    token = {"csrfmiddlewaretoken": person.token}
    begun = json.loads(
        person.post(
            "/tep/tung-phan/", {**token, "name": "bao-cao.txt", "size": len(data), "mark": "1"}, on=places[0]
        ).body
    )
    for number, start in enumerate(range(0, len(data), begun["most"])):
        part = person.ask(
            "POST",
            f"/tep/tung-phan/{begun['upload']}/?start={start}",
            data[start : start + begun["most"]],
            content_type="application/octet-stream",
            headers={"X-CSRFToken": person.token},
            machine=places[1 - number % 2],
        )
        assert part.status == 200, part.text
    whole = {**token, "upload": begun["upload"], "checksum": f"{crc32(data):08x}", "section": section}
    attached = person.post(f"/don-vi/bao-cao/{report}/tep/", whole, on=places[0])
    assert attached.status == 200, attached.text


# --- a rush ----------------------------------------------------------------------------------------


def one_kill(place: Place) -> tuple[list[str], float]:
    """kill -9 a web worker in its work."""
    time.sleep(1)
    place.kill_worker()
    return ["kill -9"], time.monotonic()


def test_a_small_rush_with_a_killed_web_worker_loses_and_doubles_nothing(stage: Stage):
    place = Place(stage(24), 24)

    rush = place.rush(place.people, seconds=2, twice_every=4, during=one_kill)

    count = place.count(rush.told)
    assert (count.refused, count.lost, count.doubled, count.wrong, count.files_wrong) == ([], [], [], [], [])
    assert (count.sent, count.accepted, count.files, count.rows_of_nobody) == (24, 24, 24, 0)
