"""Two web hosts, two worker hosts, PostgreSQL, Redis and the mail server in networks of their own: the story, then the losses.

docs/reliability.md holds a table of a run.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import zlib
from base64 import b32decode
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests import services
from tests.accounts.test_second_factor import totp
from tests.faults.harness import APP_DUE, DAY, EXPECTED_IN_APP, EXPECTED_MAILS, MAIL_DUE, NOW
from tests.faults.machines import OTHER, Machines
from tests.faults.sink import Behaviour
from tests.faults.spaces import NETWORK, ROOT
from tests.faults.steady import Load
from tests.faults.visitor import OK, Answer, Visitor

pytestmark = pytest.mark.faults
Log = Callable[[str, list[str]], None]
PASSWORD = "con duong xanh 1954"
SETUP = "/accounts/buoc-hai/cai-dat/"
SENDERS = 6
MARKS = (
    "for place in /tmp /tmp/var /var/tmp /dev/shm; do echo $0 >$place/mark-$0; done; ls /tmp /tmp/var /var/tmp /dev/shm"
)


@pytest.fixture(scope="module")
def own_networks() -> Iterator[None]:
    """The guard of tests/conftest.py knows addresses, not networks: what leads nowhere but to our hosts is let through."""
    guarded, open_way = socket.socket.connect, super(socket.socket, socket.socket).connect

    def connect(self: socket.socket, address: object) -> None:
        ours = isinstance(address, tuple) and str(address[0]).startswith(f"{NETWORK}.")
        (open_way if ours else guarded)(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    yield
    patch.undo()


@pytest.fixture(scope="module")
def room(own_networks: None) -> Iterator[Machines]:
    """All hosts with all programs, the demo's people and the real directive as a draft; the files lie in one folder."""
    yield from build()


@pytest.fixture(scope="module")
def room_with_store(own_networks: None) -> Iterator[Machines]:
    """The same with an S3-compatible store on a host of its own: no folder is written to by two machines."""
    yield from build(store=True)


def build(**how: bool) -> Iterator[Machines]:
    """Build a room, hand it out, take it down; the test is skipped where the machine does not let us."""
    try:
        found = Machines(**how)
    except services.Unavailable as reason:
        # What a machine allows is its own business, with CI=true too.
        pytest.skip(f"các máy trong không gian mạng riêng: {reason}")
    try:
        found.do("prepare_story", password=PASSWORD)
        for web in found.webs:
            found.start_web(web)
        found.start_front()
        for worker in found.workers:
            found.start_worker(worker)
        found.start_beat(found.workers[0])
        yield found
    finally:
        found.close()


@pytest.fixture
def among_people(room: Machines) -> Iterator[None]:
    """The test stands in the network of the people, which has no way to any other machine."""
    with room.spaces.inside(room.people):
        room.wait_for_webs()
        yield


def right(answer: Answer, room: Machines, target: str = "") -> Answer:
    """The answer, if it is a page or leads where it should."""
    assert answer.kind == OK, f"{answer.url}: {answer.status} {answer.target} {answer.text[:500]}\n{room.logs()}"
    assert re.search(target, answer.target), f"{answer.url} leads to {answer.target!r}: {answer.text[:300]}"
    return answer


# --- the hosts ------------------------------------------------------------------------------------


def test_hosts_share_nothing_but_the_files(room: Machines):
    hosts = [*room.webs, *room.workers]

    seen = {host.name: host.run("sh", "-c", MARKS, host.name).split() for host in hosts}
    seen = {host.name: host.run("ls", "/tmp", "/tmp/var", "/var/tmp", "/dev/shm").split() for host in hosts}
    processes = {host.name: host.run("ps", "-eo", "pid,args") for host in hosts}
    room.webs[0].run("sh", "-c", f"echo here >{room.media}/mark")

    for host in hosts:
        assert [word for word in seen[host.name] if word.startswith("mark-")] == [f"mark-{host.name}"] * 4
        assert host.run("hostname").strip() == host.name
        with pytest.raises(AssertionError, match="Read-only file system"):
            host.run("touch", "/opt/x")
        with pytest.raises(AssertionError, match="Read-only file system"):
            host.run("touch", str(ROOT / "x"))
        assert host.run("cat", f"{room.media}/mark") == "here\n"
    assert ["gunicorn" in processes[name] for name in ("web1", "web2", "work1", "work2")] == [True, True, False, False]
    assert ["celery" in processes[name] for name in ("web1", "web2", "work1", "work2")] == [False, False, True, True]
    networks = {os.readlink(f"/proc/{host.pid}/ns/net") for host in room.spaces.hosts.values()}
    assert len(networks) == len(room.spaces.hosts) == 9


def test_nothing_stays_behind_when_the_test_is_killed():
    """Also what no finally of ours ever reaches: kill -9."""
    program = (
        "import os, sys, time\nfrom tests.faults.spaces import Spaces\n"
        "net = Spaces()\nhost = net.host('web1', 11)\n"
        "host.start('sleep', 'sleep', '600', environment=dict(os.environ))\n"
        "pids = [net._switch.pid, net._switch_pid, host.holder.pid, host.pid, host.programs[0].process.pid]\n"
        "print(net.folder, *pids, flush=True)\ntime.sleep(600)\n"
    )
    tester = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    folder, *pids = tester.stdout.readline().split()
    alive_before = [Path(f"/proc/{pid}").exists() for pid in pids]

    tester.send_signal(signal.SIGKILL)
    tester.wait(10)
    until = time.monotonic() + 10
    while time.monotonic() < until and (Path(folder).exists() or any(Path(f"/proc/{pid}").exists() for pid in pids)):
        time.sleep(0.1)

    assert alive_before == [True] * 5
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    assert not Path(folder).exists()
    tester.stdout.close()


# --- the story ------------------------------------------------------------------------------------


def sign_in_office(room: Machines) -> Visitor:
    """An officer with the second step set up anew: each page from one host, each form to the other."""
    web1, web2 = room.places
    office = room.visitor()
    room.ask("DELETE FROM otp_totp_totpdevice")
    right(office.sign_in("vanphong", PASSWORD, on=(web1, web2)), room)
    page = right(office.get(SETUP, on=web1), room)
    secret = b32decode(re.search(r'dt-secret"[^>]*>([A-Z2-7 ]+)<', page.text)[1].replace(" ", ""))
    right(office.send(page.form(having="code"), on=web2, code=totp(secret, time.time())), room)
    return office


def issue(room: Machines, office: Visitor) -> int:
    """The real directive, given to its units by a host and a form of the other; nothing where that was done."""
    web1, web2 = room.places
    ((directive, state),) = room.ask("SELECT id, state FROM tasks_directive ORDER BY id LIMIT 1")
    if state == "draft":
        page = right(office.get(f"/van-ban/{directive}/giao/", on=web1), room)
        right(office.send(page.form(having="mark"), on=web2), room, f"/van-ban/{directive}/$")
    return directive


def test_the_story_goes_across_both_hosts(room: Machines, among_people: None):
    play_the_story(room)


def test_the_story_goes_across_hosts_that_share_no_folder(room_with_store: Machines):
    room = room_with_store
    with room.spaces.inside(room.people):
        room.wait_for_webs()
        play_the_story(room)

    # Every file that the database knows lies in the store.
    known = {name for (name,) in room.ask("SELECT file FROM records_storedfile WHERE size > 0")}
    listed = f"import boto3; c = boto3.client('s3', endpoint_url='http://{room.store.address}:9000', "
    listed += "aws_access_key_id='khoa', aws_secret_access_key='mat-khau', region_name='us-east-1'); "
    listed += "print(*(o['Key'] for o in c.list_objects_v2(Bucket='theodoi')['Contents']))"
    assert known == set(room.people.run(sys.executable, "-c", listed).split())
    assert len(known) == 4


def play_the_story(room: Machines) -> None:
    """Record, issue, take note, report with a file, review, export, sign out: each step on another host than the one before."""
    web1, web2 = room.places
    office, unit = sign_in_office(room), Visitor(web1)

    # The office records a document on one host and reads its file on the other; it issues the directive.
    words = "TỈNH ỦY KON TUM\n\nVề việc họp giao ban\n\n1. Các đơn vị gửi báo cáo trước ngày 20.\n".encode()
    page = right(office.get("/van-ban/moi/", on=web1), room).form(having="not_secret")
    fields = [(name, value) for name, value in page.filled(not_secret="on") if name != "file"]
    right(office.upload(page.url, fields, "file", ("giao-ban.txt", words), on=web1), room, "/van-ban/")
    ((stored,),) = room.ask("SELECT id FROM records_storedfile WHERE original_name = 'giao-ban.txt'")
    assert right(office.get(f"/tep/{stored}/", on=web2), room).body == words
    directive = issue(room, office)
    assert "Đã giao 113 phần việc" in right(office.get(f"/van-ban/{directive}/", on=web2), room).text

    # The unit takes note on the second host and opens its report on the first.
    right(unit.sign_in("tinhdoan", PASSWORD, on=(web2, web1)), room)
    home = right(unit.get("/don-vi/", on=web1), room)
    right(unit.send(home.form(having="tiep-nhan-tat-ca"), on=web2), room)
    opened = right(unit.send(home.form(having="/don-vi/bao-cao/mo/"), on=web1), room, "/soan/$")
    form_page = right(unit.get(opened.target, on=web2), room)
    report = int(re.search(r"/bao-cao/(\d+)/", opened.target)[1])
    section = int(re.search(r'name="muc(\d+)-results"', form_page.text)[1])

    # A file comes in parts, each by the other host than the one before.
    data = os.urandom(1_200_000).hex().encode()[:2_000_000]
    mark = {"csrfmiddlewaretoken": unit.token, "name": "bang-ke.txt", "size": len(data), "mark": "1"}
    begun = right(unit.post("/tep/tung-phan/", mark, on=web1), room)
    upload, most = (int(re.search(rf'"{name}": (\d+)', begun.text)[1]) for name in ("upload", "most"))
    for number, start in enumerate(range(0, len(data), most)):
        kind = {"content_type": "application/octet-stream", "headers": {"X-CSRFToken": unit.token}}
        path, part = f"/tep/tung-phan/{upload}/?start={start}", data[start : start + most]
        right(unit.ask("POST", path, part, machine=(web2, web1)[number % 2], **kind), room)
    whole = {"upload": upload, "checksum": f"{zlib.crc32(data):08x}", "section": section}
    answer = unit.post(f"/don-vi/bao-cao/{report}/tep/", {"csrfmiddlewaretoken": unit.token, **whole}, on=web1)
    right(answer, room)
    ((file,),) = room.ask("SELECT id FROM records_storedfile WHERE original_name = 'bang-ke.txt'")
    assert right(unit.get(f"/tep/{file}/", on=web2), room).body == data

    # It sends on the second host a form that the first one gave out; the office accepts on the first.
    form = right(unit.get(opened.target, on=web1), room).form(having="chung-version")
    sent = unit.send(form, on=web2, **{f"muc{section}-results": "Đã tổ chức 12 buổi.", "do": "submit"})
    right(sent, room, f"/don-vi/bao-cao/{report}/$")
    review = right(office.get(f"/bao-cao/{report}/xem-xet/", on=web2), room)
    assert "Đã tổ chức 12 buổi." in review.text
    decision = review.form(having="section")
    right(office.send(decision, on=web1, decision="accept"), room, "/xem-xet/")
    decided = "SELECT decision FROM tasks_reportround r JOIN tasks_progressreport s ON s.id = r.section_id"
    assert room.ask(f"{decided} WHERE s.id = %s", [section]) == [("accepted",)]

    # An export asked for on one host is made by a worker and fetched from the other.
    right(office.get(f"/ma-tran/{directive}/", on=web1), room)
    asked = office.post(f"/ma-tran/{directive}/xuat/", {"csrfmiddlewaretoken": office.token}, on=web1)
    job = right(asked, room, "/viec-nen/").target
    room.wait_until(lambda: "Tải " in office.get(job, on=web2).text, seconds=120, what="the export")
    link = re.search(r'href="(/tep/\d+/)"', office.get(job, on=web2).text)[1]
    assert right(office.get(link, on=web2), room).body.startswith(b"PK")

    # Who signs out on one host is signed out on both.
    right(office.get("/hom-nay/", on=web2), room)
    office.post("/accounts/logout/", {"csrfmiddlewaretoken": office.token}, on=web1)
    assert [office.get("/hom-nay/", on=place).target for place in room.places] == ["/accounts/login/"] * 2
    assert right(unit.get("/don-vi/", on=web1), room).status == 200
    assert room.tracebacks() == []


# --- the losses -----------------------------------------------------------------------------------

KEYS = """
    SELECT r.content->>'results', count(*) FROM tasks_reportround r
    WHERE r.content->>'results' LIKE 'khóa %%' GROUP BY 1"""
ATTEMPTS = "SELECT id, attempts FROM records_job WHERE id = ANY(%s)"
# Files that were made for these jobs and are still there, and jobs that have one: as many.
COPIES = """
    SELECT (SELECT count(*) FROM records_storedfile f WHERE f.size > 0 AND f.original_name LIKE 'nhiem-vu-don-vi-%%'
            AND f.uploaded_at >= (SELECT min(created_at) FROM records_job WHERE id = ANY(j.ids))),
           (SELECT count(DISTINCT result_file_id) FROM records_job WHERE id = ANY(j.ids))
    FROM (SELECT %s::bigint[] AS ids) j"""
JOBS = 6
# Seconds within which everything is well again, from the mending; for a lost host from its loss.
LIMITS = {"web": 15, "work": 15, "redis": 15, "database": 20, "restart": 20}


def lose_a_web_host(room: Machines, load: Load, office: Visitor) -> None:
    """kill -9 of everything on it, and its network with it; later another machine takes its place."""
    phase = load.phase("web host", "one web host: every process killed, its card gone", limit=LIMITS["web"])
    time.sleep(3)
    phase.cut = phase.healed = time.monotonic()
    room.spaces.lose(room.webs[0])
    load.settle(seconds=60)
    load.phase("web host back", "(a new web host in its place)")
    room.start_web(room.replace(room.webs, 0))
    room.wait_for_webs()
    load.settle(seconds=60)


def lose_a_worker_host(room: Machines, load: Load, office: Visitor) -> None:
    """In the middle of its jobs; the row tells whose they were: they are begun a second time."""
    phase = load.phase("worker host", "one worker host in the middle of its jobs", limit=LIMITS["work"])
    issue(room, office)
    with room.holding("records_storedfile"):
        jobs = ask_for_exports(room, office, JOBS)
        # Two a host: both have some in their hands, which come no further than filing what they made.
        room.wait_until(partial(some_run, room, jobs), seconds=120, what="four jobs at once")
        phase.cut = phase.healed = time.monotonic()
        room.spaces.lose(room.workers[1])
    phase.notes["jobs"] = room.wait_until(partial(all_done, room, jobs), seconds=300, what="all exports")
    assert sorted(attempts for _, attempts in room.ask(ATTEMPTS, [jobs])) == [1, 1, 1, 1, 2, 2]
    room.start_worker(room.replace(room.workers, 1))
    assert states_of(room, jobs) == {"done": len(jobs)}
    assert room.ask(COPIES, [jobs]) == [(len(jobs), len(jobs))]
    load.settle(seconds=60)


def ask_for_exports(room: Machines, office: Visitor, number: int) -> list[int]:
    """Jobs that the office has asked for, one after the other."""
    path = f"/ma-tran/{issue(room, office)}/xuat/"
    token = {"csrfmiddlewaretoken": office.token}
    return [int(right(office.post(path, token), room, "/viec-nen/").target.split("/")[-2]) for _ in range(number)]


def states_of(room: Machines, jobs: list[int]) -> Counter[str]:
    return Counter(state for (state,) in room.ask("SELECT state FROM records_job WHERE id = ANY(%s)", [jobs]))


def some_run(room: Machines, jobs: list[int]) -> bool:
    """More than one host can have in its hands."""
    return states_of(room, jobs)["running"] == 4


def all_done(room: Machines, jobs: list[int]) -> bool:
    return states_of(room, jobs) == {"done": len(jobs)}


def cut_redis(room: Machines, load: Load, office: Visitor) -> None:
    """Packets vanish, nobody is refused."""
    phase = load.phase("redis", "the way to Redis, 20 s: packets vanish", limit=LIMITS["redis"])
    time.sleep(3)
    phase.cut = time.monotonic()
    room.spaces.drop(room.queue)
    time.sleep(10)
    jobs = ask_for_exports(room, office, 1)
    time.sleep(10)
    room.spaces.join(room.queue)
    phase.healed = time.monotonic()
    # What was asked for meanwhile is found, the workers hear of new work again, and the ticks come.
    jobs += ask_for_exports(room, office, 2)
    phase.notes["jobs"] = room.wait_until(partial(all_done, room, jobs), seconds=150, what="exports after the cut")
    wait_for_a_tick(room)
    load.settle(seconds=60)


def wait_for_a_tick(room: Machines) -> None:
    """A round of reminders begins after this moment."""
    ((now,),) = room.ask("SELECT clock_timestamp()")
    since = "SELECT last_tick > %s FROM notifications_pulse WHERE id = 1"
    room.wait_until(lambda: room.ask(since, [now]) == [(True,)], seconds=150, what="a tick")


def cut_database(room: Machines, load: Load, office: Visitor) -> None:
    """The cable is out and in again."""
    phase = load.phase("database", "PostgreSQL's cable, 10 s", limit=LIMITS["database"])
    time.sleep(3)
    phase.cut = time.monotonic()
    room.spaces.unplug(room.database)
    time.sleep(10)
    room.spaces.plug(room.database)
    phase.healed = time.monotonic()
    load.settle(seconds=90)
    wait_for_a_tick(room)


def restart_database(room: Machines, load: Load, office: Visitor) -> None:
    """As after a power cut, under pages and jobs."""
    phase = load.phase("restart", "PostgreSQL: restart -m immediate, under pages and jobs", limit=LIMITS["restart"])
    time.sleep(3)
    with room.holding("records_storedfile"):
        jobs = ask_for_exports(room, office, JOBS)
        room.wait_until(partial(some_run, room, jobs), seconds=120, what="four jobs at once")
        phase.cut = time.monotonic()
        room.control_postgres("-m", "immediate", "restart")
    phase.healed = time.monotonic()
    load.settle(seconds=90)
    wait_for_a_tick(room)
    phase.notes["jobs"] = room.wait_until(partial(all_done, room, jobs), seconds=300, what="exports after the restart")


def test_no_accepted_report_is_lost_or_doubled_whatever_goes(room: Machines, among_people: None, log: Log):
    places = room.do("prepare_senders", count=SENDERS, password=PASSWORD)
    visitors = [room.visitor() for _ in places]
    for visitor, place in zip(visitors, places, strict=True):
        right(visitor.sign_in(place["username"], PASSWORD, on=(None, None)), room)
    office, load = sign_in_office(room), Load()

    load.begin(list(zip(visitors, places, strict=True)), pause=0.5)
    load.phase("quiet", "nothing")
    time.sleep(10)
    for lose in (lose_a_web_host, lose_a_worker_host, cut_redis, cut_database, restart_database):
        lose(room, load, office)
    load.finish()

    log("machines", load.table())
    stored = dict(room.ask(KEYS))
    assert [sender.trouble for sender in load.senders if sender.trouble] == []
    assert load.ledger.errors == [], room.logs()
    assert sorted(key for key in load.ledger.accepted if key not in stored) == []
    assert {key: count for key, count in stored.items() if count > 1} == {}
    assert sorted(set(stored) - load.ledger.sent) == []
    assert load.ledger.given_up == []
    assert len(load.ledger.accepted) > 50
    slow = {p.name: p.recovered_after(load.ledger) for p in load.phases if p.limit}
    assert [name for name, s in slow.items() if s > next(p.limit for p in load.phases if p.name == name)] == []


# --- reminders ------------------------------------------------------------------------------------


def test_two_beats_and_a_lost_worker_host_tell_everybody_once(room: Machines, log: Log):
    people, days = 150, {"day": DAY, "due": MAIL_DUE}
    room.do("prepare", database=OTHER, people=people, mail_due=MAIL_DUE, app_due=APP_DUE)
    expected = dict(room.ask(EXPECTED_MAILS, days, database=OTHER))
    room.sink.behaviour = Behaviour(slow=0.15)
    day = room.of_another_day(NOW, tick=2)
    for host in room.workers:
        room.start_worker(host, **day)
        room.start_beat(host, **day)

    room.wait_until(lambda: len(told(room, expected)) > 40, seconds=180, what="forty mails")
    lost, moment = room.workers[1], time.monotonic()
    room.spaces.lose(lost)
    room.wait_until(lambda: len(told(room, expected)) > 80, seconds=180, what="eighty mails")
    room.spaces.drop(room.queue)
    time.sleep(10)
    room.spaces.join(room.queue)
    room.wait_until(lambda: room.ask(WAITING, database=OTHER) == [(0,)], seconds=240, what="every mail sent")
    time.sleep(3)

    copies = Counter(send.key for send in room.sink.accepted if send.key in expected)
    excused = {room.sink.cut_off(room.door(lost), moment), *room.sink.unanswered()}
    log("reminders", [f"{people} mails, two beats, a worker host and Redis lost: {sum(copies.values())} accepted"])
    assert (len(expected), set(expected) - set(copies)) == (people, set())
    assert {key for key, count in copies.items() if count > 1} - excused == set()
    assert max(copies.values()) <= 2
    in_app = {key for (key,) in room.ask(EXPECTED_IN_APP, {"mail": MAIL_DUE, "app": APP_DUE, **days}, database=OTHER)}
    noticed = [key for (key,) in room.ask("SELECT key FROM notifications_notice WHERE state = 'sent'", database=OTHER)]
    assert (len(in_app), in_app - set(noticed), len(noticed) - len(set(noticed))) == (2 * people, set(), 0)


WAITING = "SELECT count(*) FROM notifications_message WHERE state IN ('planned', 'sending')"


def told(room: Machines, expected: dict[str, str]) -> set[str]:
    """Which of the expected mails have been accepted."""
    return {send.key for send in room.sink.accepted if send.key in expected}
