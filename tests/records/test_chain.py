"""One chain whoever writes: signed with the event, sealed after the commit, closed to everything else."""

import json
import os
import signal
import stat
import threading
import time
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from records import audit, chain, headfile, jobs, origin
from records.canonical import COLUMNS, Keys, canonical
from records.models import AuditEvent
from records.topics import Topic
from tests.directive_tracker.test_migrating import new_database, told_by
from tests.factories import at, make_unit, make_user
from tests.records.chains import TABLE, past_the_application, two_people, write


@pytest.fixture
def head_file(settings, tmp_path):
    settings.AUDIT_HEAD_FILE = tmp_path / "audit-head.json"
    return settings.AUDIT_HEAD_FILE


def head(path) -> dict:
    return json.loads(path.read_text())


# --- the canonical form ---------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
IDS = st.none() | st.integers(1, 2**63 - 1)
ROWS = st.tuples(
    st.uuids(),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    IDS,
    IDS,
    TEXT,
    TEXT,
    TEXT,
    IDS,
    TEXT,
    st.dictionaries(TEXT, JSON, max_size=3),
    TEXT,
    st.none() | st.ip_addresses().map(str),
)


def told_apart(value):
    """A value in which True is not 1, as JSON has it; Python calls them equal."""
    if isinstance(value, dict):
        return {key: told_apart(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [told_apart(item) for item in value]
    return (isinstance(value, bool), value)


@given(ROWS, ROWS, st.data())
@hypothesis_settings(max_examples=300, deadline=None)
def test_no_two_different_rows_have_the_same_canonical_text(one, other, data):
    """Two unrelated rows, and two that differ in a single place, which is where forms that only join texts fail."""
    places = data.draw(st.sets(st.integers(0, len(COLUMNS) - 1), max_size=2))
    near = tuple(other[place] if place in places else value for place, value in enumerate(one))
    for row in (other, near):
        assert (canonical(one) == canonical(row)) == (told_apart(one) == told_apart(row))


@given(ROWS)
@hypothesis_settings(max_examples=100, deadline=None)
def test_the_canonical_text_reads_the_same_after_json_has_been_stored_and_read(row):
    stored = tuple(json.loads(json.dumps(value)) if isinstance(value, dict) else value for value in row)
    assert canonical(stored) == canonical(row)


def test_the_canonical_text_is_what_the_documents_say():
    row = [
        uuid.UUID("00000000-0000-4000-8000-000000000001"),
        datetime(2024, 4, 15, 9, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
        3,
        None,
        "assignment.paused",
        "work",
        "tasks.assignment",
        12,
        "1a.1 – Đắk Hà",
        {"to": "Xong", "from": 2.0},
        "",
        "10.0.0.7",
    ]
    assert canonical(row) == (
        '["audit/1","00000000-0000-4000-8000-000000000001","2024-04-15T02:12:00.000000+00:00",3,null,'
        '"assignment.paused","work","tasks.assignment",12,"1a.1 \\u2013 \\u0110\\u1eafk H\\u00e0",'
        '{"from":2,"to":"Xong"},"","0a000007"]'
    )


def test_a_token_is_known_by_its_key_only():
    ours, others = Keys.of("a" * 50), Keys.of("b" * 50)
    token = ours.sign("[1]")
    assert len(token) == 64
    assert [ours.signed("[1]", token), ours.signed("[2]", token), others.signed("[1]", token)] == [True, False, False]
    assert Keys.of("b" * 50, ["a" * 50]).signed("[1]", token) is True


def test_a_token_with_signs_that_are_no_ascii_is_wrong_and_no_error():
    keys = Keys.of("a" * 50)
    assert keys.signed("[1]", keys.newest + "đ" * 56) is False


# --- writing --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_event_names_the_person_and_whom_it_stands_in_for():
    deputy, principal = two_people()
    deputy.acting_for = principal
    (event,) = write(1, by=deputy)
    assert (event.actor, event.acting_for, event.ip, event.reason) == (deputy, principal, "10.0.0.7", "Chờ hướng dẫn")


@pytest.mark.django_db
def test_the_machine_of_the_request_is_written_down_without_being_told():
    origin.OriginMiddleware(lambda request: audit.record("account.signed_out", by=None, at=at("2024-04-15")))(
        RequestFactory().post("/", REMOTE_ADDR="10.1.2.3")
    )
    outside = audit.record("account.signed_out", by=None, at=at("2024-04-15"))
    assert list(AuditEvent.objects.order_by("pk").values_list("ip", flat=True)) == ["10.1.2.3", None]
    assert outside.ip is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verb", "target", "data", "topic"),
    [
        ("account.signed_in", "accounts.user", {}, "sign_in"),
        ("admin.changed", "accounts.user", {}, "rights"),
        ("admin.changed", "units.unit", {}, "units"),
        ("admin.changed", "units.unit", {"rows": {"units.membership": {"added": 1}}}, "rights"),
        ("admin.changed", "tasks.assignment", {}, "work"),
        ("directive.issued", "tasks.directive", {}, "directives"),
        ("report.submitted", "tasks.unitreport", {}, "reports"),
        ("file.downloaded", "records.storedfile", {}, "files"),
        ("file.downloaded", "veterans.import", {}, "registry"),
        ("person.read", "veterans.person", {}, "registry"),
        ("something.new", "", {}, "system"),
    ],
)
def test_an_event_gets_the_topic_that_decides_who_reads_it(verb, target, data, topic):
    event = AuditEvent.objects.create(verb=verb, target_type=target, data=data, at=at("2024-04-15"))
    assert (event.topic, event.topic in Topic.values) == (topic, True)


@pytest.mark.django_db
def test_data_is_signed_as_it_will_be_read_back():
    event = audit.record(
        "directive.recorded", by=None, at=at("2024-04-15"), data={"fields": ("a", "b"), 1: 2.0, "big": 1e23, "s": 0.1}
    )
    stored = AuditEvent.objects.get(pk=event.pk)
    assert {key: stored.data[key] for key in ("fields", "1", "s")} == {"fields": ["a", "b"], "1": 2.0, "s": 0.1}
    assert chain.seal() == chain.Sealed(count=1, forged=0)


@pytest.mark.django_db
def test_an_event_cannot_be_changed_or_deleted_by_the_application():
    (event,) = write(1)
    tries = [
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(verb="x"),
        lambda: AuditEvent.objects.bulk_update([event], ["verb"]),
    ]
    for attempt in tries:
        with pytest.raises(TypeError, match="chỉ được ghi thêm"):
            attempt()


def test_a_log_of_before_the_chain_is_signed_sealed_and_whole_after_the_upgrade(request):
    address = "" if settings.SQLITE else new_database(request.getfixturevalue("postgres_url"), "old_log")
    told = told_by("tests.records.old_log", address=address)

    assert told == {"sealed": 2, "verified": [2, ""], "events": [["work", 1], ["registry", 2]]}


# --- sealing --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_events_are_sealed_right_after_the_commit_and_once(monkeypatch):
    calls = Counter()
    seal = chain.seal
    monkeypatch.setattr(chain, "seal", lambda written=None: calls.update(["seal"]) or seal(written))

    with transaction.atomic():
        write(2)
        with transaction.atomic():
            write(1)
        inside = AuditEvent.objects.filter(number__isnull=False).count()

    assert (inside, calls["seal"]) == (0, 1)
    assert list(AuditEvent.objects.order_by("pk").values_list("number", flat=True)) == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_sealed_at_once():
    write(2)
    assert list(AuditEvent.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_gap():
    write(1)
    with transaction.atomic():
        write(1)
        transaction.set_rollback(True)
    write(1)
    assert list(AuditEvent.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]
    assert chain.verify([]) == chain.Verified(rows=2)


@pytest.mark.django_db(transaction=True)
def test_an_inner_block_that_is_rolled_back_takes_only_its_own_events():
    with transaction.atomic():
        with transaction.atomic():
            write(1)
            transaction.set_rollback(True)
        write(1)
    assert chain.verify([]) == chain.Verified(rows=1)


@pytest.mark.django_db(transaction=True)
def test_a_page_is_answered_though_sealing_fails(monkeypatch, caplog):
    def fail(written=None):
        raise DatabaseError("gone")

    monkeypatch.setattr(chain, "seal", fail)
    write(1)
    assert AuditEvent.objects.get().number is None
    monkeypatch.undo()
    jobs.seal()
    assert AuditEvent.objects.get().number == 1


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_between_commit_and_sealing_leaves_rows_the_tick_seals():
    write(1)
    connection.close()
    child = os.fork()
    if child == 0:
        # In the child: the transaction commits, then the process is gone before it can seal.
        chain.seal = lambda written: os.kill(os.getpid(), signal.SIGKILL)
        try:
            with transaction.atomic():
                write(3)
        finally:
            os._exit(1)
    _, ended = os.waitpid(child, 0)

    assert os.WTERMSIG(ended) == signal.SIGKILL
    assert list(AuditEvent.objects.order_by("pk").values_list("number", flat=True)) == [1, None, None, None]
    assert jobs.seal() == 3
    assert chain.verify([]) == chain.Verified(rows=4)


@pytest.mark.django_db
def test_thousands_of_rows_are_sealed_in_batches(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 100)
    user = make_user("nhieu")
    AuditEvent.objects.bulk_create(
        [AuditEvent(verb="assignment.paused", actor=user, at=at("2024-04-15"), data={"nr": n}) for n in range(250)]
    )
    assert chain.seal() == chain.Sealed(count=250, forged=0)
    assert chain.verify([]) == chain.Verified(rows=250)


@pytest.mark.django_db
def test_sealing_an_event_that_waits_for_no_earlier_one_costs_one_statement(django_assert_num_queries):
    write(1)
    chain.seal()
    (event,) = write(1)
    with django_assert_num_queries(1):
        sealed = chain.seal({event.pk: (event.token, event.canonical_text())})
    assert sealed == chain.Sealed(count=1)
    assert chain.verify([]) == chain.Verified(rows=2)


@pytest.mark.django_db
def test_an_event_before_which_another_waits_is_sealed_after_it():
    write(1)
    chain.seal()
    earlier, event = write(2)
    sealed = chain.seal({event.pk: (event.token, event.canonical_text())})
    assert sealed == chain.Sealed(count=2)
    assert dict(AuditEvent.objects.values_list("pk", "number"))[earlier.pk] == 2
    assert chain.verify([]) == chain.Verified(rows=3)


@pytest.mark.django_db
def test_what_is_sealed_alone_is_what_was_written_even_if_somebody_changed_it_in_between():
    write(1)
    chain.seal()
    (event,) = write(1)
    past_the_application(f"UPDATE {TABLE} SET reason = 'khác' WHERE number IS NULL")
    chain.seal({event.pk: (event.token, event.canonical_text())})
    words = f"dòng số 2 (mã {event.pk}) đã bị sửa: nội dung không khớp mã của dòng"
    assert chain.verify([]) == chain.Verified(rows=1, broken=words)


@pytest.mark.django_db
def test_an_event_that_is_sealed_already_stays_as_it_is():
    write(1)
    chain.seal()
    (event,) = write(1)
    text = {event.pk: (event.token, event.canonical_text())}
    assert (chain.seal(text), chain.seal(text)) == (chain.Sealed(count=1), chain.Sealed(count=0))
    assert chain.verify([]) == chain.Verified(rows=2)


@pytest.mark.django_db
def test_what_is_sealed_is_what_was_written_even_if_somebody_changed_it_in_between():
    (event,) = write(1)
    past_the_application(f"UPDATE {TABLE} SET reason = 'khác'")
    chain.seal({event.pk: (event.token, event.canonical_text())})
    words = f"dòng số 1 (mã {event.pk}) đã bị sửa: nội dung không khớp mã của dòng"
    assert chain.verify([]) == chain.Verified(rows=0, broken=words)


# --- many writers ---------------------------------------------------------------------------------


def write_at_once(writers: int, each: int) -> list[float]:
    """So many threads with connections of their own begin together; milliseconds of every act, sealing included."""
    start, spent = threading.Barrier(writers), []

    def act(number: int) -> None:
        try:
            start.wait()
            for turn in range(each):
                began = time.perf_counter()
                with transaction.atomic():
                    write(1 + turn % 2)
                spent.append((time.perf_counter() - began) * 1000)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(spent)


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_writers_keep_one_chain(head_file, capsys):
    spent = write_at_once(50, 10)

    numbers = list(AuditEvent.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 751))
    assert chain.verify(headfile.kept_heads(chain.first_uid())) == chain.Verified(rows=750)
    assert head(head_file)["count"] == 750
    with capsys.disabled():
        print(f"\n50 writers: p50 {spent[250]:.1f} ms, p95 {spent[475]:.1f} ms, worst {spent[-1]:.1f} ms an act")


@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_parallel_writers_keep_one_chain_on_sqlite_too(head_file):
    write_at_once(6, 5)
    assert chain.verify(headfile.kept_heads(chain.first_uid())) == chain.Verified(rows=42)


# --- closed to everything else --------------------------------------------------------------------

REFUSED = (
    f"DELETE FROM {TABLE} WHERE number = 1",
    f"UPDATE {TABLE} SET reason = 'x' WHERE number = 1",
    f"UPDATE {TABLE} SET hash = repeat('0', 64) WHERE number = 1",
    f"UPDATE {TABLE} SET number = NULL, hash = '', prev_hash = '' WHERE number = 1",
    f"UPDATE {TABLE} SET number = 9, hash = repeat('0', 64), reason = 'x' WHERE number IS NULL",
    f"UPDATE {TABLE} SET number = 9 WHERE number IS NULL",
    f"SET CONSTRAINTS ALL IMMEDIATE; SET tracker.emptying = 'off'; TRUNCATE {TABLE}",
)


@pytest.mark.pg
@pytest.mark.django_db
@pytest.mark.parametrize("statement", REFUSED)
def test_postgresql_refuses_everything_but_new_rows_and_one_sealing(statement):
    write(1)
    chain.seal()
    write(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert chain.seal() == chain.Sealed(count=1, forged=0)


# --- the head file --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_head_file_says_how_far_the_chain_goes_and_only_the_owner_reads_it(head_file):
    write(3)
    chain.seal()
    first, last = AuditEvent.objects.get(number=1), AuditEvent.objects.get(number=3)
    found = head(head_file)
    assert (found["count"], found["head"], found["first_uid"]) == (3, last.hash, str(first.uid))
    assert stat.S_IMODE(head_file.stat().st_mode) == 0o600


@pytest.mark.django_db
def test_a_day_leaves_one_line_beside_the_head_file(head_file, monkeypatch):
    day = at("2024-04-15", "23:50")
    monkeypatch.setattr(chain.timezone, "now", lambda: day)
    for _ in range(3):
        write(1)
        chain.seal()
    day += timedelta(minutes=20)
    write(1)
    chain.seal()
    lines = head_file.with_suffix(".log").read_text().splitlines()
    assert [line.split()[:2] for line in lines] == [["2024-04-15", "1"], ["2024-04-16", "4"]]


@pytest.mark.django_db
def test_the_head_file_never_goes_back(head_file):
    write(2)
    chain.seal()
    before = head(head_file)
    headfile.advance(headfile.Head(1, "a" * 64, before["first_uid"], at("2024-04-15")))
    assert head(head_file) == before


@pytest.mark.django_db
def test_the_head_file_stays_where_the_log_no_longer_holds_its_row(head_file, caplog):
    """A restored backup goes on from where it was; the file keeps saying what is missing."""
    write(5)
    chain.seal()
    before = head(head_file)
    past_the_application(f"DELETE FROM {TABLE} WHERE number > 2")
    write(9)
    chain.seal()
    assert head(head_file) == before
    assert "names a row that the log no longer holds" in caplog.text


@pytest.mark.django_db
def test_a_log_that_begins_anew_gets_a_new_file_and_the_old_one_stays(head_file):
    write(3)
    chain.seal()
    old = head(head_file)
    past_the_application(f"DELETE FROM {TABLE}")
    headfile.set_aside()
    write(1)
    chain.seal()
    assert (head(head_file)["count"], head(head_file.with_name("audit-head.json.old"))) == (1, old)
    assert chain.verify(headfile.kept_heads(chain.first_uid())) == chain.Verified(rows=1)


@pytest.mark.django_db
def test_another_database_keeps_a_file_of_its_own(head_file, monkeypatch):
    write(1)
    chain.seal()
    before = head(head_file)
    monkeypatch.setattr(headfile, "database_name", lambda: "sqlite:/elsewhere/copy.sqlite3")
    write(1)
    chain.seal()
    others = list(head_file.parent.glob("audit-head-*.json"))
    assert (head(head_file), [head(path)["count"] for path in others]) == (before, [2])


@pytest.mark.django_db
def test_a_copy_of_the_database_is_measured_by_the_file_of_the_original(head_file, monkeypatch):
    write(4)
    chain.seal()
    monkeypatch.setattr(headfile, "database_name", lambda: "sqlite:/elsewhere/copy.sqlite3")
    past_the_application(f"DELETE FROM {TABLE} WHERE number > 2")
    heads = headfile.kept_heads(chain.first_uid())
    assert chain.verify(heads).broken == "thiếu từ dòng số 3: tệp audit-head.json ghi 4 dòng, nhật ký chỉ còn 2"


@pytest.mark.django_db
def test_a_head_file_that_cannot_be_written_breaks_nothing(settings, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    settings.AUDIT_HEAD_FILE = tmp_path / "file" / "audit-head.json"
    write(1)
    assert chain.seal() == chain.Sealed(count=1, forged=0)
    assert "head file of the log" in caplog.text


@pytest.mark.django_db
def test_without_a_head_file_nothing_is_written(settings, tmp_path):
    settings.AUDIT_HEAD_FILE = None
    write(1)
    chain.seal()
    assert headfile.kept_heads(chain.first_uid()) == []


# --- what it costs --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_seal_costs_little_beside_the_act_it_follows(head_file, capsys, monkeypatch):
    make_unit()
    with_seal, without = [], []
    for rounds, spent in ((40, with_seal), (40, without)):
        if spent is without:
            monkeypatch.setattr(chain, "seal", lambda written: None)
        for _ in range(rounds):
            began = time.perf_counter()
            with transaction.atomic():
                write(1)
            spent.append((time.perf_counter() - began) * 1000)
    with capsys.disabled():
        print(
            f"\n{connection.vendor}: an act of one event {sorted(without)[20]:.2f} ms, sealed {sorted(with_seal)[20]:.2f} ms"
        )
    assert sorted(with_seal)[20] < 100
