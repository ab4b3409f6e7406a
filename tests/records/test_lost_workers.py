"""A job whose worker is lost: begun anew by another where that does no harm, never twice at once, at most three times."""

import contextlib
import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, ProgrammingError
from django.utils import timezone

from records import jobs_runner
from records.models import Job, StoredFile
from records.results import keep_file
from tests.factories import at, make_office_user

pytestmark = pytest.mark.django_db
NOW = at("2024-04-15")
COPY, DEED = "thu_sao", "thu_viec"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def kinds(monkeypatch, tmp_path):
    """Two kinds: one makes a copy for its owner, the other does something that must not be done twice."""
    monkeypatch.setattr(jobs_runner, "_kinds", {})
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)

    def make(job, progress, now):
        progress.step(1, 1)
        return keep_file(b"noi dung", "danh-sach.xlsx", XLSX, by=job.started_by, now=now)

    jobs_runner.register(COPY, make, bell="thu", kept_for=timedelta(days=1))
    jobs_runner.register(DEED, make, bell="thu")


def running(kind: str = COPY, *, silent_for: int, attempts: int = 1, **values) -> Job:
    """A job that a worker began five minutes ago, and of which nothing was heard for so many seconds."""
    return Job.objects.create(
        kind=kind,
        title="Xuất",
        state="running",
        started_by=make_office_user(),
        created_at=at("2024-04-15", "07:54"),
        started_at=at("2024-04-15", "07:55"),
        alive_at=timezone.now() - timedelta(seconds=silent_for),
        attempts=attempts,
        done=7,
        total=9,
        **values,
    )


def test_another_worker_begins_the_copy_anew():
    job = running(silent_for=91)

    jobs_runner.run_waiting(NOW)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.message, job.started_at) == ("done", 2, "", NOW)
    assert list(StoredFile.objects.values_list("pk", "size")) == [(job.result_file_id, 8)]


def test_a_worker_that_says_it_lives_is_left_alone():
    job = running(silent_for=60)

    jobs_runner.run_waiting(NOW)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.done) == ("running", 1, 7)


def test_what_must_not_be_done_twice_waits_for_its_person():
    job = running(DEED, silent_for=600)

    jobs_runner.run_waiting(NOW)
    job.refresh_from_db()
    state_after_five_minutes = job.state
    jobs_runner.run_waiting(NOW + timedelta(minutes=16))

    job.refresh_from_db()
    assert state_after_five_minutes == "running"
    assert (job.state, job.message) == ("failed", "Việc bị dừng giữa chừng. Xin yêu cầu lại.")


def test_what_brought_down_three_workers_is_given_up():
    job = running(silent_for=91, attempts=3)

    jobs_runner.run_waiting(NOW)

    job.refresh_from_db()
    assert (job.state, job.attempts, StoredFile.objects.count()) == ("failed", 3, 0)
    assert job.message == "Việc bị dừng giữa chừng. Xin yêu cầu lại."


def test_what_its_owner_had_cancelled_is_not_begun_anew():
    job = running(silent_for=91, cancel_requested=True)

    jobs_runner.run_waiting(NOW)

    job.refresh_from_db()
    assert (job.state, job.message, job.attempts) == ("cancelled", "Đã hủy theo yêu cầu.", 1)


def test_a_worker_that_was_only_frozen_has_no_say_any_more():
    job = running(silent_for=0)
    Job.objects.filter(pk=job.pk).update(state="queued", attempts=0)
    others = []

    def make(job, progress, now):
        """Falls silent in the middle; meanwhile another one has begun anew and is done."""
        Job.objects.filter(pk=job.pk).update(alive_at=timezone.now() - timedelta(seconds=91))
        if not others:
            others.append("begun")
            jobs_runner.run_waiting(NOW)
        return keep_file(b"noi dung", "danh-sach.xlsx", XLSX, by=job.started_by, now=now)

    jobs_runner.register(COPY, make, bell="thu", kept_for=timedelta(days=1))

    jobs_runner.run(job.pk, now=NOW)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    sizes = dict(StoredFile.objects.values_list("pk", "size"))
    assert sizes.pop(job.result_file_id) == 8
    assert list(sizes.values()) == [0]


@pytest.mark.parametrize(
    ("kind", "trouble", "state"),
    [
        (COPY, OperationalError("server closed the connection unexpectedly"), "running"),
        (DEED, OperationalError("server closed the connection unexpectedly"), "failed"),
        (COPY, ProgrammingError("no such table"), "failed"),
    ],
    ids=["a copy waits", "a deed is over", "a mistake is no outage"],
)
def test_a_copy_under_which_the_database_goes_away_is_begun_anew(kind, trouble, state, monkeypatch):
    monkeypatch.setattr(jobs_runner.outages, "let_go", lambda: None)
    job = running(kind, silent_for=0)
    Job.objects.filter(pk=job.pk).update(state="queued", attempts=0)

    def fail(job, progress, now):
        raise trouble

    jobs_runner.register(kind, fail, bell="thu", kept_for=timedelta(days=1) if kind == COPY else None)
    with contextlib.suppress(OperationalError, ProgrammingError):
        jobs_runner.run(job.pk, now=NOW)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (state, 1)


def test_a_copy_that_was_filed_by_a_worker_lost_at_its_last_step_is_taken_away(monkeypatch):
    job = running(silent_for=0)
    Job.objects.filter(pk=job.pk).update(state="queued", attempts=0)

    class Killed(BaseException):
        pass

    def make_and_die(job, progress, now):
        keep_file(b"noi dung", "danh-sach.xlsx", XLSX, by=job.started_by, now=now)
        # kill -9: nothing after this is done any more.
        monkeypatch.setattr(jobs_runner, "_own", lambda job: Job.objects.none())
        raise Killed

    own = jobs_runner._own
    jobs_runner.register(COPY, make_and_die, bell="thu", kept_for=timedelta(days=1))
    with pytest.raises(Killed):
        jobs_runner.run(job.pk, now=NOW)
    monkeypatch.setattr(jobs_runner, "_own", own)
    left = Job.objects.get(pk=job.pk)
    Job.objects.filter(pk=job.pk).update(alive_at=timezone.now() - timedelta(seconds=91))
    jobs_runner.register(
        COPY,
        lambda job, progress, now: keep_file(b"noi dung moi", "danh-sach.xlsx", XLSX, by=job.started_by, now=now),
        bell="thu",
        kept_for=timedelta(days=1),
    )
    jobs_runner.run_waiting(NOW)

    job.refresh_from_db()
    sizes = dict(StoredFile.objects.values_list("pk", "size"))
    assert (left.state, left.result_file_id in sizes) == ("running", True)
    assert (job.state, sizes) == ("done", {left.result_file_id: 0, job.result_file_id: 12})


def test_a_step_of_a_worker_whose_job_another_has_taken_over_stops_it():
    job = running(silent_for=0)
    Job.objects.filter(pk=job.pk).update(attempts=2)

    with pytest.raises(jobs_runner.JobCancelled):
        jobs_runner.Progress(job).step(8, 9)

    job.refresh_from_db()
    assert (job.state, job.done) == ("running", 7)


@pytest.mark.django_db(transaction=True)
def test_the_signs_come_beside_the_work_and_end_with_it(monkeypatch):
    monkeypatch.setattr(jobs_runner, "SIGN_OF_LIFE", 0.05)
    job = running(silent_for=600)
    Job.objects.filter(pk=job.pk).update(state="queued")
    seen = []

    def make(job, progress, now):
        begun = Job.objects.get(pk=job.pk).alive_at
        until = time.monotonic() + 10
        while time.monotonic() < until and not seen:
            time.sleep(0.05)
            if Job.objects.get(pk=job.pk).alive_at > begun:
                seen.append("alive")

    jobs_runner.register(COPY, make, bell="thu", kept_for=timedelta(days=1))
    jobs_runner.run(job.pk, now=NOW)

    assert seen == ["alive"]
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("job ")] == []
