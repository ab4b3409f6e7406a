"""/metrics: who may read it, what it costs, what stands in it, what it says while something is away."""

import datetime as dt
import os
import time

import pytest
from celery import Celery
from django.db import OperationalError, connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from directive_tracker import clock
from directive_tracker.watching import dead, ids, jobs, state, views
from notifications.models import ChannelKind, Message, Pulse, UnitAddress
from records import jobs_runner
from records.audit import record
from records.models import JobTally
from tests.factories import make_office_user, make_unit, make_user
from tests.services import free_port

TOKEN = "mot-chuoi-ngau-nhien-rat-dai-0123456789"
NOW = dt.datetime(2024, 4, 15, 3, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _setup(settings, monkeypatch, tmp_path):
    settings.METRICS_TOKEN = TOKEN
    settings.MEDIA_ROOT = tmp_path
    settings.BACKUP_DIR = tmp_path / "backups"
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: NOW.date())


def scraped(text: bytes | None = None) -> dict[str, float]:
    """Samples by name and labels: 'tracker_messages{state="dead"}' → 1.0."""
    found = {}
    for family in text_string_to_metric_families((text or views.scrape()).decode()):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sorted(sample.labels.items()))
            found[sample.name + (f"{{{labels}}}" if labels else "")] = sample.value
    return found


def parts() -> dict[str, float]:
    return {name[22:-2]: value for name, value in scraped().items() if name.startswith("tracker_part_up")}


@pytest.fixture
def migrated(db):
    """The table of migrations, also where the tests' database was made without."""
    newest = sorted(state.newest_migrations())
    with connection.cursor() as cursor:
        known = "django_migrations" in connection.introspection.table_names(cursor)
        if not known:
            cursor.execute("CREATE TABLE django_migrations (id bigint, app text, name text, applied timestamp)")
            rows = [(number, app, name) for number, (app, name) in enumerate(newest)]
            cursor.executemany("INSERT INTO django_migrations (id, app, name) VALUES (%s, %s, %s)", rows)


# --- who reads it ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_token_opens_it(client, migrated):
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    assert "tracker_part_up" in answer.content.decode()


@pytest.mark.parametrize("given", ["", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", TOKEN, "Bearer đường"])
def test_anything_else_does_not(client, given):
    answer = client.get("/metrics", headers={"authorization": given.encode().decode("latin-1")})

    assert (answer.status_code, answer.content, answer["WWW-Authenticate"]) == (401, b"", "Bearer")


def test_without_a_token_in_the_settings_there_is_no_such_page(client, settings, db):
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


# --- requests ----------------------------------------------------------------------------------------


def test_unknown_addresses_are_one_and_nothing_that_was_typed_stands_in_it(migrated):
    before = scraped().get('tracker_requests_total{method="GET",route="unknown",status="4xx"}', 0)
    client = Client()
    for address in ("/079099990017/", "/zqxwkvjh/", "/bc-khong-co/"):
        client.get(address)
    client.get("/bc/zqxwkvjh-bi-mat/", {"q": "zqxwkvjh"})
    client.generic("ZQXWKVJH", "/")

    text = views.scrape()
    found = scraped(text)
    assert found['tracker_requests_total{method="GET",route="unknown",status="4xx"}'] == before + 3
    assert found['tracker_requests_total{method="GET",route="tasks:report_link",status="4xx"}'] >= 1
    assert [word for word in (b"zqxwkvjh", b"07909999", b"ZQXWKVJH") if word in text] == []
    assert found["tracker_requests_in_flight"] == 0


def test_a_request_is_counted_with_its_time_and_a_probe_without(client, migrated):
    make_office_user()
    before = scraped()
    client.get("/accounts/login/")
    client.get("/healthz")

    after = scraped()
    changed = {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}
    assert changed['tracker_request_seconds_count{kind="read",room="accounts"}'] == 1
    assert changed['tracker_requests_total{method="GET",route="accounts:login",status="2xx"}'] == 1
    assert changed['tracker_requests_total{method="GET",route="healthz",status="2xx"}'] == 1
    assert changed['tracker_request_route_seconds_total{route="accounts:login"}'] > 0
    assert 'tracker_request_route_seconds_total{route="healthz"}' not in after


def test_a_wrong_sign_in_is_counted(client, migrated):
    make_user("ai-do")
    before = scraped()["tracker_sign_ins_failed_total"]
    client.post("/accounts/login/", {"username": "ai-do", "password": "sai-mat-khau-roi"})

    assert scraped()["tracker_sign_ins_failed_total"] == before + 1


# --- how the whole stands ----------------------------------------------------------------------------


def _message(number: int, **values) -> Message:
    return Message.objects.create(key=f"m{number}", kind="x", **{"day": NOW.date(), "due_at": NOW, **values})


def test_messages_work_and_the_log_are_told_by_state_and_age(migrated):
    user = make_user("a")
    office = make_unit("Đơn vị")
    address = UnitAddress(unit=office, channel=ChannelKind.WEBHOOK, address="https://a.example/x")
    address.keep_secret("k" * 32)
    address.save()
    minute = dt.timedelta(minutes=1)
    _message(1, recipient=user, due_at=NOW - 10 * minute)
    _message(2, recipient=user, attempts=2, due_at=NOW + minute)
    _message(3, address=address, attempts=1, due_at=NOW - 3 * minute)
    _message(4, recipient=user, state="dead", day=NOW.date() - dt.timedelta(days=40))
    _message(5, recipient=user, state="sent", sent_at=NOW)
    _message(6, recipient=user, state="held", due_at=NOW - 99 * minute)
    jobs_runner.register("tests.any", lambda job, progress, now: None, bell="tests.none")
    jobs_runner.start("tests.any", title="x", arguments={}, by=make_office_user(), now=NOW - 2 * minute)
    record("account.signed_in", by=user, at=NOW - 5 * minute)
    Pulse.objects.update_or_create(pk=1, defaults={"held_since": NOW, "held_reason": "thử"})
    JobTally.objects.create(name="notifications.tick", started=7, ended=6, failed=1, seconds=1.5)

    found = scraped()
    assert {name: found[name] for name in EXPECTED} == EXPECTED


EXPECTED = {
    'tracker_messages{state="planned"}': 3,
    'tracker_messages{state="held"}': 1,
    'tracker_messages{state="sending"}': 0,
    'tracker_messages{state="dead"}': 1,
    'tracker_messages_failing{channel="mail"}': 1,
    'tracker_messages_failing{channel="webhook"}': 1,
    'tracker_messages_failing{channel="sms"}': 0,
    "tracker_messages_oldest_due_seconds": 600,
    'tracker_messages_today{state="sent"}': 1,
    "tracker_sending_held": 1,
    'tracker_work{state="queued"}': 1,
    'tracker_work{state="running"}': 0,
    "tracker_work_oldest_seconds": 120,
    "tracker_audit_unsealed": 1,
    "tracker_audit_unsealed_oldest_seconds": 300,
    'tracker_jobs_started_total{job="notifications.tick"}': 7,
    'tracker_jobs_ended_total{job="notifications.tick"}': 6,
    'tracker_jobs_failed_total{job="notifications.tick"}': 1,
    'tracker_jobs_seconds_total{job="notifications.tick"}': 1.5,
    "tracker_migrations_pending": 0,
    "tracker_backups": 0,
}


def test_a_scrape_costs_ten_statements(migrated, django_assert_num_queries):
    state.newest_migrations()
    _message(1, recipient=make_user("a"))
    with django_assert_num_queries(10):
        views.scrape()


def test_a_room_whose_last_migration_is_missing_is_pending(migrated, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations")
        cursor.execute(
            "INSERT INTO django_migrations (id, app, name, applied) VALUES (1, 'tasks', '0038_a', %s)", [NOW]
        )
    newest = frozenset({("tasks", "0038_a"), ("records", "0009_job_tally")})
    monkeypatch.setattr(state, "newest_migrations", lambda: newest)

    assert state.pending_rooms() == ["records"]


def test_while_the_database_is_away_the_rest_is_told(monkeypatch, db):
    def away(*args, **kwargs):
        raise OperationalError("connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        found = parts()

    assert found == {
        "database": 0, "migrations": 0, "tick": 0, "messages": 0, "jobs": 0, "audit": 0,
        "replica": 1, "queue": 1, "beat": 1, "backup": 1, "storage": 1,
    }  # fmt: skip


def test_while_redis_is_away_the_rest_is_told_within_seconds(migrated, settings):
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"
    began = time.monotonic()
    found = parts()

    assert {name for name, value in found.items() if value == 0} == {"queue"}
    assert time.monotonic() - began < 5


def test_what_waits_in_a_real_queue_has_a_length_and_an_age(redis_url, settings):
    settings.CELERY_BROKER_URL = redis_url
    sender = Celery("sender", broker=redis_url, set_as_current=False)
    with ids.under(ids.new()), sender.connection_for_write() as link:
        link.default_channel.queue_purge("celery") if state.queue_state()[0] else None
        sender.send_task("tracker.heartbeat", connection=link)
        time.sleep(0.3)
        sender.send_task("tracker.heartbeat", connection=link)
        length, oldest = state.queue_state()
        link.default_channel.queue_purge("celery")

    assert length == 2
    assert 0.3 <= oldest < 20


def test_a_queue_of_files_is_told_by_the_files(settings, tmp_path):
    settings.CELERY_BROKER_URL = "filesystem://localhost"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": str(tmp_path)}
    (tmp_path / "1_a.celery.msg").write_text("{}")
    os.utime(tmp_path / "1_a.celery.msg", (time.time() - 60, time.time() - 60))
    (tmp_path / "2_b.celery.msg").write_text("{}")

    length, oldest = state.queue_state()
    assert length == 2
    assert 60 <= oldest < 90


def test_only_a_whole_backup_counts(settings):
    settings.BACKUP_DIR.mkdir()
    for name, hours in (
        ("theodoi-20240414-010000.tar.sealed", 30),
        ("theodoi-20240415-010000-thieu-tep.tar.sealed", 2),
        (".theodoi-20240415-020000.tar.part", 1),
        ("khac.tar", 1),
    ):
        (settings.BACKUP_DIR / name).write_text("x")
        os.utime(settings.BACKUP_DIR / name, (time.time() - hours * 3600,) * 2)

    age = (dt.datetime.now(dt.UTC) - state.newest_backup()).total_seconds()
    assert 29.9 < age / 3600 < 30.1


def test_two_beats_are_two():
    jobs._note_beat("may-1:100")
    jobs._note_beat("may-2:200")
    jobs._note_beat("may-2:200")
    jobs._note_beat("đây không phải tên")

    assert jobs.recent_beats() == ["may-1:100", "may-2:200"]


# --- processes ---------------------------------------------------------------------------------------


def test_what_ended_processes_counted_stays_in_one_file(tmp_path):
    for pid, value in ((100, 2.0), (200, 3.0)):
        for kind in ("counter", "histogram"):
            counted = dead.MmapedDict(str(tmp_path / f"{kind}_{pid}.db"))
            counted.write_value("one", value, 0.0)
            counted.write_value(f"of {pid}", 1.0, 0.0)
            counted.close()
        (tmp_path / f"gauge_livesum_{pid}.db").write_bytes(b"")
        dead.fold(tmp_path, pid)
    dead.fold(tmp_path, 300)

    kept = dead.MmapedDict(str(tmp_path / "counter_ended.db"))
    assert {key: value for key, value, _ in kept.read_all_values()} == {"one": 5.0, "of 100": 1.0, "of 200": 1.0}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["counter_ended.db", "histogram_ended.db", "lock"]
