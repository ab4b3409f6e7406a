"""Two beats by mistake: every job of the minute runs twice at the same moment, and everything happens once."""

import os
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.conf import settings as production
from django.core import mail
from django.db import connections
from django.utils import timezone

from accounts.models import HeldForm, SignInFailure
from directive_tracker import clock
from directive_tracker.celery import app
from notifications import outbox
from notifications.models import Message, Notice
from records import chain, jobs_runner
from records.audit import record
from records.models import AuditEvent, Job, PartialUpload, StoredFile
from records.results import keep_file
from tasks.models import FigureDay, IdleWork, IncomingFile, IncomingPlace, ScanReading
from tests.api.house import make_token
from tests.factories import at, make_area, make_assignment, make_directive, make_office_user, make_task, make_unit
from units.models import ApiWrite
from veterans.models import PersonImport

pytestmark = [pytest.mark.pg, pytest.mark.django_db(transaction=True)]
NOW = at("2024-04-16", "09:00")
LONG_AGO = NOW - timedelta(days=60)
KIND = "two_beats"


@pytest.fixture(autouse=True)
def _place(settings, monkeypatch, tmp_path: Path) -> None:
    """The pages' clock stands at NOW; a folder is watched, files lie in another."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: NOW.date())
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.INCOMING_DIR = str(tmp_path / "den")
    (tmp_path / "den").mkdir()


def twice(name: str) -> list[Any]:
    """What the two runs of a job gave; an error of either is an error here."""
    app.loader.import_default_modules()
    job, begin, given = app.tasks[name], Barrier(2), []

    def run() -> None:
        try:
            begin.wait(20)
            given.append(job.run())
        except Exception as error:  # noqa: BLE001 - whatever it is, the test has to see it
            given.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [one for one in given if isinstance(one, Exception)] == []
    assert len(given) == 2
    return given


def old_job(kind: str, by, *, state: str = "done") -> Job:
    """A job whose file is long over."""
    return Job.objects.create(
        kind=kind,
        title="Cũ",
        state=state,
        started_by=by,
        created_at=LONG_AGO,
        finished_at=LONG_AGO if state == "done" else None,
        result_file=keep_file(b"PK", "cu.xlsx", "x", by=by, now=LONG_AGO) if state == "done" else None,
    )


def test_every_job_of_the_beat_is_tried_here():
    tried = {
        "notifications.tick",
        "records.seal",
        "records.run_waiting",
        "records.forget_parts",
        "records.forget_own_files",
        "accounts.tidy",
        "tasks.look_for_idle_work",
        "tasks.note_day",
        "tasks.watch_incoming",
        "tasks.go_on_reading",
        "units.forget_api_writes",
        "veterans.forget_exports",
        "veterans.after_campaigns",
        "veterans.empty_lists",
        "veterans.end_old_sheets",
        # Writes the demo's clock into a file, in one step and only in the demo.
        "tracker.heartbeat",
    }

    assert {entry["task"] for entry in production.CELERY_BEAT_SCHEDULE.values()} <= tried


def test_one_mail_of_one_obligation():
    person = make_office_user()
    outbox.tell(key="x:1", kind="x", recipient=person, title="Đôn đốc", now=at("2024-04-16", "08:00"), mail="own")
    twice("notifications.tick")

    assert [message.to for message in mail.outbox] == [["vanphong@example.vn"]]
    assert list(Message.objects.values_list("state", "attempts")) == [("sent", 1)]


def test_the_log_is_sealed_in_one_chain():
    for number in range(5):
        record("unit.changed", by=None, at=NOW, data={"count": number})
    AuditEvent.objects.count()
    twice("records.seal")

    assert chain.seal().count == 0


def test_a_job_whose_bell_was_lost_runs_once(monkeypatch):
    ran = []
    monkeypatch.setitem(jobs_runner._kinds, KIND, jobs_runner._Kind(lambda job, progress, now: ran.append(job.pk), "x"))
    jobs = [old_job(KIND, make_office_user(), state="queued") for _ in range(1)]
    twice("records.run_waiting")

    assert ran == [job.pk for job in jobs]
    assert Job.objects.get().state == "done"


def test_files_parts_and_forms_that_are_over_go_once_and_without_an_error():
    person = make_office_user()
    copies = [old_job("sheet", person), old_job("registry_export", person)]
    real = timezone.now() - timedelta(days=3)
    PartialUpload.objects.create(owner=person, name="a.txt", size=3, mark="", begun_at=real, touched_at=real)
    SignInFailure.objects.create(subject="pair:a", last_at=real)
    HeldForm.objects.create(user=person, path="/", content=b"", held_at=real)
    for name in ("records.forget_own_files", "veterans.forget_exports", "records.forget_parts", "accounts.tidy"):
        twice(name)

    left = [path for path in Path(production.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert StoredFile.objects.get(pk=copies[0].result_file_id).size == 0
    assert len(left) == StoredFile.objects.filter(size__gt=0).count()
    assert (PartialUpload.objects.count(), SignInFailure.objects.count(), HeldForm.objects.count()) == (0, 0, 0)


def test_what_programs_wrote_long_ago_goes_once_and_what_is_new_stays():
    token, _ = make_token(make_office_user())
    for key, at_ in (("cu", timezone.now() - timedelta(days=8)), ("moi", timezone.now())):
        ApiWrite.objects.create(token=token, key=key, request_hash="a", status=201, answer={}, made_at=at_)
    found = twice("units.forget_api_writes")

    assert sorted(found) == [0, 1]
    assert [write.key for write in ApiWrite.objects.all()] == ["moi"]


def test_the_office_hears_once_of_work_that_waits_on_nobody(monkeypatch):
    make_office_user()
    make_assignment(make_task(make_directive()), make_unit("Không có người"))
    # The second beat a moment later: another key for what is told.
    moments = iter([NOW, NOW + timedelta(seconds=1)])
    monkeypatch.setattr(clock, "now", lambda: next(moments))
    found = twice("tasks.look_for_idle_work")

    assert found == [None, None]
    assert IdleWork.objects.count() == 1
    assert Notice.objects.filter(kind="idle_work").count() == 1


def test_the_figures_of_a_day_stand_once():
    make_assignment(make_task(make_directive(issued_on=date(2024, 4, 1))), make_unit())
    twice("tasks.note_day")

    marks = AuditEvent.objects.filter(verb="figures.noted").values_list("data__day", flat=True)
    rows = FigureDay.objects.values_list("directive", "unit", "day")
    assert len(rows) == len(set(rows)) > 0
    assert len(marks) == len(set(marks))


def test_a_document_that_arrives_is_noted_once():
    for number in range(3):
        arrived = Path(production.INCOMING_DIR) / f"van-ban-{number}.txt"
        arrived.write_text(f"CÔNG VĂN số {number}. Đề nghị các đơn vị báo cáo.", encoding="utf-8")
        os.utime(arrived, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    found = twice("tasks.watch_incoming")

    assert sum(found) == 3
    assert (IncomingFile.objects.count(), IncomingPlace.objects.count()) == (3, 3)
    assert set(IncomingPlace.objects.values_list("incoming", flat=True)) == set(
        IncomingFile.objects.values_list("pk", flat=True)
    )


def test_a_scan_whose_worker_is_gone_is_taken_up_once():
    person = make_office_user()
    lost = Job.objects.create(
        kind="read_scan", title="Đọc", state="failed", started_by=person, created_at=NOW, finished_at=NOW
    )
    reading = ScanReading.objects.create(
        file=keep_file(b"%PDF-", "quet.pdf", "x", by=person, now=NOW),
        name="quet.pdf",
        sha256="a" * 64,
        pages=1,
        job=lost,
        begun_by=person,
        begun_at=NOW,
        lease_until=timezone.now() - timedelta(minutes=1),
    )
    found = twice("tasks.go_on_reading")

    assert sum(found) == 1
    assert Job.objects.filter(kind="read_scan", state="queued").count() == 1
    assert ScanReading.objects.get(pk=reading.pk).attempts == reading.attempts + 1


def test_what_the_registry_keeps_for_a_while_goes_once():
    person = make_office_user()
    found = PersonImport.objects.create(
        file=keep_file(b"PK", "danh-sach.xlsx", "x", by=person, now=LONG_AGO, sealed=True),
        sender="UBND xã",
        sender_key="ubnd xa",
        area=make_area(),
        state="refused",
        refusal="Không đọc được.",
        uploaded_at=LONG_AGO,
        uploaded_by=person,
    )
    for name in ("veterans.empty_lists", "veterans.after_campaigns", "veterans.end_old_sheets"):
        twice(name)

    found.refresh_from_db()
    assert found.emptied_at == NOW
    assert [path for path in Path(production.MEDIA_ROOT).rglob("*") if path.is_file()] == []
