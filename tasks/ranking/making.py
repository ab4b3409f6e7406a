"""Making a ranking: at once where there is little to count, else as a job of the person who asked."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from records import jobs_runner
from records.audit import record
from records.models import Job
from tasks.enums import DirectiveState
from tasks.errors import Refused
from tasks.models import Directive, Ranking
from tasks.ranking import telling
from tasks.ranking.freezing import Step, freeze, quiet, size_of

KIND = "ranking"
BELL = "tasks.make_ranking"
# Works that are counted while the page waits, in half a second.
AT_ONCE = 20_000
NOTHING = "Chưa có việc nào thuộc diện thống kê trong phạm vi này, nên chưa lập được bảng xếp hạng."


def make(
    directive: Directive | None, *, day: date, minimum: int, by: Any, now: datetime, step: Step = quiet
) -> Ranking:
    """Freeze a ranking; it is the office's own until somebody shows it.

    Args: as of tasks.ranking.freezing.freeze. Errors: Refused when no unit has work that counts.
    """
    data = freeze(directive, day=day, minimum=minimum, step=step)
    if not data["places"]:
        raise Refused(NOTHING)
    with transaction.atomic():
        ranking = Ranking.objects.create(
            directive=directive, day=day, minimum=minimum, data=data, made_by=by, made_at=now
        )
        record("ranking.made", by=by, at=now, target=ranking, data={"units": data["ranked"]})
    return ranking


def make_or_start(directive: Directive | None, *, day: date, minimum: int, by: Any, now: datetime) -> Ranking | Job:
    """The ranking, or the job that makes it where there is too much to count while somebody waits.

    Errors: Refused as of `make`.
    """
    if size_of(directive) <= AT_ONCE:
        return make(directive, day=day, minimum=minimum, by=by, now=now)
    title = f"Lập bảng xếp hạng: {directive.short_title if directive else 'tất cả văn bản đang theo dõi'}"
    asked = {"directive": directive.pk if directive else None, "day": day.isoformat(), "minimum": minimum}
    return jobs_runner.start(KIND, title=title, arguments=asked, by=by, now=now)


def run(job: Job, progress: jobs_runner.Progress, now: datetime) -> None:
    """Make it as a job; the person who asked is told in the app where it stands.

    Errors: Directive.DoesNotExist when it is not followed any more, Refused, JobCancelled.
    """
    asked = job.arguments
    issued = Directive.objects.filter(state=DirectiveState.ISSUED)
    directive = issued.get(pk=asked["directive"]) if asked["directive"] is not None else None
    day = date.fromisoformat(asked["day"])
    ranking = make(directive, day=day, minimum=asked["minimum"], by=job.started_by, now=now, step=progress.step)
    telling.tell_made(ranking, now=now)
