"""A ranking is the office's own until its units have had two working days to see and answer it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from notifications.models import Message, Notice
from records.models import AuditEvent
from tasks.errors import Refused
from tasks.models import Ranking, RankingAnswer
from tasks.ranking import rules, steps
from tests.factories import at, make_membership, make_office_user, make_reporter, make_unit, make_user
from units.models import UnitKind

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, WEDNESDAY = date(2024, 4, 15), date(2024, 4, 16), date(2024, 4, 17)


def place(order: int, name: str, rank: int | None) -> dict:
    return {
        "order": order,
        "name": name,
        "done": 3,
        "due": 4,
        "rank": rank,
        "before": None,
        "late": [],
        "more": 0,
    }


class Room:
    """A ranking of two units, a third without a rank, a fourth that is not in it, and people of every kind."""

    def __init__(self) -> None:
        self.office = make_office_user()
        self.mine, self.other = make_unit("Huyện ủy Đắk Hà"), make_unit("Huyện ủy Ngọc Hồi")
        self.few, self.outside = make_unit("Thành ủy Kon Tum"), make_unit("Huyện ủy Sa Thầy")
        self.below = make_unit("Đảng ủy xã Đăk Hring", parent=self.mine)
        self.people = {
            "office": self.office,
            "reader": make_user("thuongtruc"),
            "reporter": make_reporter(self.mine, "dakha"),
            "unit_head": make_user("dakha.lanhdao"),
            "other": make_reporter(self.other, "ngochoi"),
            "few": make_reporter(self.few, "kontum"),
            "below": make_reporter(self.below, "dakhring"),
            "outside": make_reporter(self.outside, "sathay"),
            "administrator": make_user("quantri"),
        }
        standing = make_unit("Thường trực Tỉnh ủy", kind=UnitKind.STANDING_COMMITTEE)
        make_membership(self.people["reader"], standing, "reader")
        make_membership(self.people["unit_head"], self.mine, "unit_head")
        make_membership(self.people["administrator"], make_unit("Trung tâm tin học"), "administrator")

    def ranking(self, state: str = "internal", *, shown_on: date = MONDAY) -> Ranking:
        """A ranking in that state; shown two working days before 17/4/2024 unless told otherwise."""
        ranking = Ranking.objects.create(
            day=date(2024, 4, 14),
            minimum=3,
            data={
                "directives": 1,
                "before": "2024-03-17",
                "ranked": 2,
                "median": 75,
                "places": {
                    str(self.mine.pk): place(0, "Huyện ủy Đắk Hà", 1),
                    str(self.other.pk): place(1, "Huyện ủy Ngọc Hồi", 1),
                    str(self.few.pk): place(2, "Thành ủy Kon Tum", None),
                },
            },
            made_by=self.office,
            made_at=at(shown_on),
        )
        if state in ("shown", "released", "withdrawn after"):
            steps.show(ranking, by=self.office, now=at(shown_on, "09:00"))
        if state == "released":
            steps.release(ranking, by=self.office, now=at(ranking.leaves_on, "09:00"))
        if state.startswith("withdrawn"):
            steps.withdraw(ranking, reason="Số liệu sai", by=self.office, now=at(shown_on, "10:00"))
        return Ranking.objects.get(pk=ranking.pk)


@pytest.fixture(autouse=True)
def wednesday(monkeypatch):
    """The pages' clock stands at Wednesday 17/4/2024, 10:00."""
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(WEDNESDAY, "10:00"))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: WEDNESDAY)


@pytest.fixture
def room() -> Room:
    return Room()


# --- who sees it when, who may do what -------------------------------------------------------------

PEOPLE = ("office", "reader", "reporter", "unit_head", "other", "few", "below", "outside", "administrator")
STATES = ("internal", "shown", "released", "withdrawn before", "withdrawn after")
#                  internal shown released withdrawn-before withdrawn-after
SEES = {
    "office":        "yes yes yes yes yes",
    "reader":        "no  no  yes no  no",
    "reporter":      "no  yes yes no  no",
    "unit_head":     "no  yes yes no  no",
    "other":         "no  yes yes no  no",
    "few":           "no  yes yes no  no",
    "below":         "no  no  no  no  no",
    "outside":       "no  no  no  no  no",
    "administrator": "no  no  no  no  no",
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_who_sees_a_ranking_in_which_state(room, state):
    ranking = room.ranking(state)

    found = {name: Ranking.objects.visible_to(room.people[name]).filter(pk=ranking.pk).exists() for name in PEOPLE}

    assert found == {name: row.split()[STATES.index(state)] == "yes" for name, row in SEES.items()}


def acts(room: Room, ranking: Ranking, user) -> str:
    """What the person may do: s(how), r(elease), w(ithdraw), a(nswer for Đắk Hà), o (the office's reply)."""
    may = {
        "s": rules.can_show(user, ranking),
        "r": rules.can_release(user, ranking),
        "w": rules.can_withdraw(user, ranking),
        "a": rules.can_answer(user, ranking, room.mine.pk),
        "o": rules.can_reply(user, ranking, room.mine.pk),
    }
    return "".join(sign for sign, yes in may.items() if yes) or "-"


@pytest.mark.parametrize(
    ("state", "office", "reporter", "unit_head"),
    [
        ("internal", "sw", "-", "-"),
        ("shown", "rwo", "a", "a"),
        ("released", "w", "-", "-"),
        ("withdrawn before", "-", "-", "-"),
        ("withdrawn after", "-", "-", "-"),
    ],
)
def test_who_may_do_what_in_which_state(room, state, office, reporter, unit_head):
    ranking = room.ranking(state)

    found = {name: acts(room, ranking, user) for name, user in room.people.items()}

    nobody = dict.fromkeys(("reader", "other", "few", "below", "outside", "administrator"), "-")
    assert found == {"office": office, "reporter": reporter, "unit_head": unit_head, **nobody}


def test_nobody_of_the_office_replies_to_the_own_unit(room):
    make_membership(room.office, room.mine, "reporter")
    ranking = room.ranking("shown")

    assert (
        rules.can_reply(room.office, ranking, room.mine.pk),
        rules.can_reply(room.office, ranking, room.other.pk),
    ) == (
        False,
        True,
    )


@pytest.mark.parametrize(
    ("person", "unit", "shown", "released"),
    [
        ("office", "other", True, True),
        ("reader", "other", False, True),
        ("reporter", "mine", True, True),
        ("reporter", "other", False, False),
        ("few", "few", True, True),
        ("few", "mine", False, False),
        ("below", "mine", False, False),
        ("office", "outside", False, False),
    ],
)
def test_whose_place_is_whose_business(room, person, unit, shown, released):
    user, pk = room.people[person], getattr(room, unit).pk

    found = [rules.has_place(user, room.ranking(state), pk) for state in ("shown", "released")]

    assert found == [shown, released]


# --- two working days ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown_on", "leaves_on"),
    [
        (date(2024, 4, 15), date(2024, 4, 17)),
        (date(2024, 4, 11), date(2024, 4, 15)),  # over a week-end
        (date(2024, 4, 17), date(2024, 4, 22)),  # 18/4 is Giỗ Tổ, then the week-end
        (date(2024, 4, 25), date(2024, 5, 2)),  # 29/4 swapped, 30/4 and 1/5 off
        (date(2024, 4, 26), date(2024, 5, 3)),
        (date(2024, 4, 27), date(2024, 5, 3)),  # shown on a Saturday off
        (date(2024, 5, 2), date(2024, 5, 4)),  # the Saturday that makes up for 29/4
        (date(2024, 5, 3), date(2024, 5, 6)),
        (date(2024, 5, 4), date(2024, 5, 7)),
    ],
)
def test_it_may_leave_two_working_days_after_it_was_shown(room, shown_on, leaves_on):
    ranking = room.ranking("shown", shown_on=shown_on)

    assert (ranking.shown_on, ranking.leaves_on) == (shown_on, leaves_on)
    with pytest.raises(Refused, match="Chưa gửi Thường trực được"):
        steps.release(ranking, by=room.office, now=at(leaves_on - timedelta(days=1), "23:59"))
    steps.release(ranking, by=room.office, now=at(leaves_on, "00:00"))
    assert Ranking.objects.get(pk=ranking.pk).state == "released"


def test_what_was_not_shown_is_not_sent(room):
    with pytest.raises(Refused, match="Các đơn vị chưa được xem"):
        steps.release(room.ranking(), by=room.office, now=at("2024-06-01"))


def test_what_was_withdrawn_meanwhile_is_not_sent(room):
    ranking = room.ranking("shown")
    seen_before = Ranking.objects.get(pk=ranking.pk)
    steps.withdraw(ranking, reason="Số liệu sai", by=room.office, now=at(TUESDAY))

    with pytest.raises(Refused, match="vừa được người khác xử lý"):
        steps.release(seen_before, by=room.office, now=at("2024-06-01"))


def test_of_two_people_one_shows_it(room):
    first, second = room.ranking(), Ranking.objects.get()
    steps.show(first, by=room.office, now=at(MONDAY))

    with pytest.raises(Refused, match="vừa được người khác xử lý"):
        steps.show(second, by=room.office, now=at(TUESDAY))
    assert Ranking.objects.get().leaves_on == date(2024, 4, 17)


def test_a_ranking_in_which_nobody_has_a_rank_is_shown_to_nobody(room):
    ranking = room.ranking()
    for unit in ranking.data["places"].values():
        unit["rank"] = None

    with pytest.raises(Refused, match="Chưa đơn vị nào đủ việc đến hạn"):
        steps.show(ranking, by=room.office, now=at(MONDAY))


# --- the constraints of the database ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "values"),
    [
        ("internal", {"minimum": 0}),
        ("internal", {"shown_on": MONDAY}),
        ("internal", {"leaves_on": WEDNESDAY}),
        ("shown", {"leaves_on": MONDAY}),
        ("internal", {"released_at": at("2024-04-17")}),
        ("shown", {"released_at": at("2024-04-17")}),
        ("internal", {"withdrawn_at": at("2024-04-17")}),
        ("withdrawn before", {"withdrawn_reason": ""}),
    ],
    ids=[
        "no minimum",
        "shown by nobody",
        "leaves unshown",
        "leaves at once",
        "released unshown",
        "released by nobody",
        "withdrawn by nobody",
        "withdrawn for nothing",
    ],
)
def test_the_database_refuses_a_ranking_that_skips_a_step(room, state, values):
    ranking = room.ranking(state)

    with pytest.raises(IntegrityError), transaction.atomic():
        Ranking.objects.filter(pk=ranking.pk).update(**values)


def test_the_database_refuses_to_release_by_somebody_what_was_not_shown(room):
    ranking = room.ranking()

    with pytest.raises(IntegrityError), transaction.atomic():
        Ranking.objects.filter(pk=ranking.pk).update(released_at=at(WEDNESDAY), released_by=room.office)


# --- telling ---------------------------------------------------------------------------------------


def told(kind: str) -> dict[str, bool]:
    """Who was told, and whether by a mail of its own."""
    return {row.recipient.username: row.message_id is not None for row in Notice.objects.filter(kind=kind)}


def test_showing_mails_the_reporters_and_heads_of_ranked_units_once(room):
    ranking = room.ranking("shown")

    notice = Notice.objects.filter(recipient=room.people["reporter"]).get()
    assert told("ranking_shown") == {"dakha": True, "dakha.lanhdao": True, "ngochoi": True}
    assert (notice.title, notice.url) == (
        "Xếp hạng tiến độ đến hết 14/4/2024: xin đơn vị xem, nêu ý kiến trước ngày 17/4/2024",
        f"/xep-hang/{ranking.pk}/don-vi/{room.mine.pk}/",
    )
    assert Message.objects.count() == 3


def test_sending_tells_the_readers_in_the_app(room):
    room.ranking("released")

    assert told("ranking_released") == {"thuongtruc": False}


def test_withdrawing_tells_the_units_that_saw_it_and_nobody_where_none_did(room):
    room.ranking("withdrawn before")
    assert told("ranking_withdrawn") == {}

    room.ranking("withdrawn after")
    assert told("ranking_withdrawn") == {"dakha": False, "dakha.lanhdao": False, "ngochoi": False}


def test_answers_and_replies_reach_the_other_side(room):
    ranking = room.ranking("shown")

    steps.answer(ranking, room.mine, "Việc 1a.2 đã xong.", by=room.people["reporter"], now=at(TUESDAY))
    steps.answer(ranking, room.mine, "Sẽ xem lại.", by=room.office, now=at(TUESDAY, "09:00"), from_office=True)

    assert told("ranking_answered") == {"vanphong": False}
    assert told("ranking_replied") == {"dakha": False, "dakha.lanhdao": False}
    assert list(RankingAnswer.objects.values_list("text", "from_office")) == [
        ("Việc 1a.2 đã xong.", False),
        ("Sẽ xem lại.", True),
    ]


@pytest.mark.parametrize("state", ["internal", "released", "withdrawn after"])
def test_an_answer_is_refused_before_it_is_shown_and_after_it_has_left(room, state):
    ranking = room.ranking(state)

    with pytest.raises(Refused, match="không còn nhận ý kiến"):
        steps.answer(ranking, room.mine, "Việc 1a.2 đã xong.", by=room.people["reporter"], now=at(WEDNESDAY))
    assert RankingAnswer.objects.count() == 0


def test_readers_see_the_answers_beside_what_was_sent_and_units_their_own(room):
    ranking = room.ranking("shown")
    for unit, name in ((room.mine, "reporter"), (room.other, "other")):
        steps.answer(ranking, unit, f"Ý kiến của {unit}", by=room.people[name], now=at(TUESDAY))

    def seen(name: str) -> list[int]:
        return list(RankingAnswer.objects.visible_to(room.people[name]).values_list("unit", flat=True))

    assert (seen("office"), seen("reader"), seen("reporter"), seen("few")) == (
        [room.mine.pk, room.other.pk],
        [],
        [room.mine.pk],
        [],
    )
    steps.release(ranking, by=room.office, now=at(WEDNESDAY))
    assert seen("reader") == [room.mine.pk, room.other.pk]


def test_each_step_stands_in_the_log_and_the_reason_with_it(room):
    room.ranking("released")
    room.ranking("withdrawn after")

    found = AuditEvent.objects.filter(verb__startswith="ranking.").order_by("pk").values_list("verb", "reason")
    assert list(found) == [
        ("ranking.shown", ""),
        ("ranking.released", ""),
        ("ranking.shown", ""),
        ("ranking.withdrawn", "Số liệu sai"),
    ]
