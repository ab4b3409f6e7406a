"""What people do between planning and sending, and the edges of the day; on real PostgreSQL with a real mail server."""

import pytest

from tests.faults.conftest import Report, Stage
from tests.faults.harness import DAY, NOW, Scenario
from tests.faults.sink import Behaviour

EVENING = "2024-04-09T20:00:00+07:00"
AT_NIGHT = "2024-04-10T06:00:00+07:00"


def keys(scene: Scenario) -> list[str]:
    """The keys of all accepted copies."""
    return sorted(send.key for send in scene.sink.accepted)


def person(scene: Scenario, number: int) -> int:
    return scene.ask("SELECT id FROM accounts_user WHERE username = %s", [f"nguoi{number}"])[0][0]


def run_worker(scene: Scenario, now: str = NOW, *, rounds: int = 1) -> None:
    """A worker goes through its rounds and ends."""
    scene.worker(now=now, rounds=rounds).wait(60)


def test_17_what_was_rolled_back_is_not_told(stage: Stage, report: Report):
    scene = stage(5)
    assert scene.do("nudge_and_fail", people=5, now=NOW) == 5
    assert scene.do("nudge", people=1, now=NOW) == 1
    nudged = scene.ask(
        "SELECT m.key, u.email FROM notifications_message m JOIN accounts_user u ON u.id = m.recipient_id "
        "JOIN tasks_nudge n ON m.key LIKE '%%:' || n.id || ':%%' WHERE m.kind = 'nudge'"
    )
    assert len(nudged) == 1
    scene.more_mails = dict(nudged)
    run_worker(scene)

    verdict = report("17 rollback", "5 nudges rolled back, 1 not", scene.finish(seconds=20))

    verdict.assert_kept()
    assert (verdict.expected, verdict.doubled, len(scene.sink.accepted)) == (6, 0, 6)


def test_18_an_extension_between_plan_and_send_takes_the_old_reminder_back(stage: Stage, report: Report):
    scene = stage(1)
    assert scene.do("run", now=AT_NIGHT)["sent"] == 0
    before = scene.ask("SELECT count(*) FROM notifications_message WHERE state = 'planned'")
    scene.do("extend", person=0, new_due="2024-04-24", now=AT_NIGHT)
    run_worker(scene)
    old, new = (f"daily:{person(scene, 0)}:{day}" for day in (DAY, "2024-04-19"))
    told_today = keys(scene)
    # The new date is reminded of in its own time, once: three working days before 24/4 is 19/4.
    run_worker(scene, "2024-04-19T09:00:00+07:00", rounds=2)
    decided = "SELECT key FROM notifications_message WHERE kind = 'extension_decided'"
    scene.more_mails = dict.fromkeys((new, scene.ask(decided)[0][0]), "nguoi0@example.vn")

    verdict = report("18 extension", "granted between plan and send", scene.finish(seconds=20))

    verdict.assert_kept()
    assert (before, verdict.expected, len(scene.sink.accepted)) == ([(1,)], 2, 2)
    assert old not in told_today
    assert new not in told_today


def test_19_who_left_or_moved_between_plan_and_send_gets_nothing(stage: Stage, report: Report):
    scene = stage(5)
    assert scene.do("run", now=AT_NIGHT)["sent"] == 0
    scene.do("leave", person=0)
    scene.do("move", person=1, last_day="2024-04-09")
    run_worker(scene)

    verdict = report("19 left, moved", "between plan and send", scene.finish(seconds=20))

    verdict.assert_kept()
    assert keys(scene) == sorted(f"daily:{person(scene, n)}:{DAY}" for n in (2, 3, 4))
    assert {send.recipient for send in scene.sink.accepted} == {f"nguoi{n}@example.vn" for n in (2, 3, 4)}
    assert scene.ask("SELECT count(*) FROM notifications_message WHERE state = 'superseded'") == [(2,)]


@pytest.mark.parametrize(
    ("due", "last_moment_before", "first_moment", "mailed"),
    [
        # Three working days before; midnight in Việt Nam is 17:00 of the day before in London.
        ("2024-04-15", "2024-04-09T23:59:59+07:00", "2024-04-10T00:00:00+07:00", "2024-04-10T07:30:00+07:00"),
        # 29/02 lies between: 29/2, 28/2, 27/2.
        ("2024-03-01", "2024-02-26T16:59:59+00:00", "2024-02-26T17:00:00+00:00", "2024-02-27T07:30:00+07:00"),
        # Across the year's end, where 01/01 is a holiday: 29/12, 28/12, 27/12.
        ("2024-01-02", "2023-12-26T23:59:59+07:00", "2023-12-27T00:00:00+07:00", "2023-12-27T07:30:00+07:00"),
    ],
    ids=["midnight", "29-02", "year-end"],
)
def test_20_a_day_begins_at_midnight_in_viet_nam(stage: Stage, due, last_moment_before, first_moment, mailed):
    scene = stage(0)
    scene.do("prepare", people=3, mail_due=due, app_due="2030-01-01", assigned_on="2023-12-01")
    notices = "SELECT count(*) FROM notifications_notice WHERE kind = 'due-3'"

    scene.do("run", now=last_moment_before)
    before = scene.ask(notices)
    scene.do("run", now=first_moment)
    after = scene.ask(notices)
    sent_at_night = len(scene.sink.accepted)
    run_worker(scene, mailed, rounds=2)

    assert (before, after, sent_at_night) == ([(0,)], [(3,)], 0)
    assert sorted(send.recipient for send in scene.sink.accepted) == [f"nguoi{n}@example.vn" for n in range(3)]


def test_20_a_day_ends_at_its_last_second(stage: Stage):
    scene = stage(0)
    scene.do("prepare", people=1, mail_due="2024-04-10", app_due="2030-01-01")
    overdue = "SELECT count(*) FROM notifications_notice WHERE kind = 'overdue-1'"

    scene.do("run", now="2024-04-10T23:59:59+07:00")
    still_due = scene.ask(overdue)
    scene.do("run", now="2024-04-11T00:00:00+07:00")

    assert (still_due, scene.ask(overdue)) == ([(0,)], [(1,)])


def test_27_what_is_added_while_the_mail_of_the_day_leaves_is_told_once(stage: Stage, report: Report):
    scene = stage(20, Behaviour(slow=0.1))
    scene.workers(2)
    added = 0
    while added < 100:
        added += scene.do("tell_daily", person=added % 20, number=added, now=NOW)
    verdict = scene.finish(seconds=40)
    # Whose mail of the day was out gets the rest with the next day's.
    run_worker(scene, "2024-04-11T09:00:00+07:00", rounds=2)

    report("27 digest", "100 items while mails leave", verdict)
    verdict.assert_kept()
    lines = scene.ask("SELECT body FROM notifications_message WHERE kind = 'daily' AND state = 'sent'")
    words = "\n".join(body for (body,) in lines)
    counts = [words.count(f"Việc thêm số {n}.") for n in range(100)]
    assert counts == [1] * 100
    assert scene.ask("SELECT count(*) FROM notifications_notice WHERE kind = 'more' AND state <> 'sent'") == [(0,)]
    assert max(scene.sink.copies().values()) == 1
