"""What is proposed as one person twice, and what never is."""

import time

import pytest

from tests.veterans.duplicates.population import populate, score
from veterans.duplicates import entries
from veterans.duplicates import reasons as why
from veterans.duplicates.entries import Entry
from veterans.duplicates.frequencies import Frequencies
from veterans.duplicates.pairs import Found, find
from veterans.duplicates.weights import LEAST, compare

BASE = Entry(
    key=1,
    names=entries.names("Trần Hữu Điệp"),
    year=1931,
    commune=7,
    hamlet=entries.hamlet("Thôn 5"),
    id_mark="062031004711",
    id_digits=12,
    sex="male",
    categories=frozenset({"youth_volunteer"}),
)
NUMBERLESS = BASE._replace(id_mark="", id_digits=0)


def _proposed(one: Entry, other: Entry) -> bool:
    return [pair[:2] for pair in find([one, other])] == [(0, 1)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"names": entries.names("TRAN HUU DIEP")}, why.NAME_SAME),
        ({"names": entries.names("Trần Hữu Diệp")}, why.NAME_MARKS),
        ({"names": entries.names("Trần Hữu Điẹpp")}, why.NAME_TYPO),
        ({"names": entries.names("Trần Điệp Hữu")}, why.NAME_ORDER),
        ({"names": entries.names("Trần Điệp")}, why.NAME_MIDDLE),
        ({"names": entries.names("Lò Văn Ơn", "Trần Hữu Điệp")}, why.NAME_SAME),
        ({"year": 1932}, why.YEAR_NEAR),
        ({"id_mark": "239456789", "id_digits": 9}, why.YEAR_SAME),
        ({"hamlet": entries.hamlet("thôn số 5")}, why.HAMLET_SAME),
        ({"commune": 8, "hamlet": entries.hamlet("Làng Kon Mơi")}, why.COMMUNE_OTHER),
    ],
)
def test_a_second_mention_with_one_slip_is_proposed_and_says_so(change, reason):
    other = BASE._replace(key=2, **change)

    assert _proposed(BASE, other)
    assert reason in find([BASE, other])[0].reasons


@pytest.mark.parametrize(
    "change",
    [
        {"hamlet": ""},
        {"hamlet": entries.hamlet("Thôn 6")},
        {"sex": "female"},
        {"commune": 8},
    ],
)
def test_namesakes_of_one_year_are_not_proposed_without_more_in_common(change):
    assert not _proposed(NUMBERLESS, NUMBERLESS._replace(key=2, **change))


def test_other_numbers_other_days_of_birth_and_other_hamlets_keep_namesakes_apart():
    born = NUMBERLESS._replace(day=(3, 5))

    assert not _proposed(BASE, BASE._replace(key=2, id_mark="062031990022"))
    assert not _proposed(born, born._replace(key=2, day=(9, 14)))
    assert not _proposed(born, born._replace(key=2, hamlet=entries.hamlet("Thôn 15")))


def test_an_equal_number_outvotes_another_hamlet_and_another_day():
    other = BASE._replace(key=2, day=(9, 14), hamlet=entries.hamlet("Thôn 15"))

    assert _proposed(BASE._replace(day=(3, 5)), other)


def test_a_slip_in_the_number_is_told_as_one():
    other = BASE._replace(key=2, id_mark="062031004771")

    assert why.ID_SLIP in find([BASE, other])[0].reasons


def test_women_and_men_of_one_given_name_are_two_people():
    man = NUMBERLESS._replace(names=entries.names("A Mlơi"))
    woman = NUMBERLESS._replace(names=entries.names("Y Mlơi"), sex="")

    assert not _proposed(man, woman)


def test_two_people_with_nothing_in_common_score_nothing():
    other = Entry(key=2, names=entries.names("Y Blông"), year=1925, commune=9)

    assert compare(NUMBERLESS, other, Frequencies([NUMBERLESS, other])) == (0, (why.NAME_OTHER,))


def test_only_pairs_with_a_new_entry_are_proposed_when_asked_for_the_new():
    people = [BASE, BASE._replace(key=2), BASE._replace(key=3)]

    assert {pair[:2] for pair in find(people, new=[2])} == {(0, 2), (1, 2)}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Thôn Kon Mơi", "konmoi"),
        ("làng Kon-Mơi", "konmoi"),
        ("Thôn 03", "thon3"),
        ("TDP số 3", "to3"),
        ("Tổ dân phố 3", "to3"),
        ("Số 3 Hùng Vương", "so3hungvuong"),
        ("", ""),
        ("Thôn", "thon"),
    ],
)
def test_a_hamlet_is_known_in_its_usual_spellings(written, key):
    assert entries.hamlet(written) == key


SLIPS = {
    "as lists have them": {
        "same": 3,
        "nodia": 3,
        "caps": 2,
        "typo": 4,
        "year_off": 2,
        "old_id": 5,
        "middle": 2,
        "moved": 2,
    },
    "many slips of the hand": {"typo": 8, "middle": 5, "nodia": 2, "old_id": 2, "moved": 1},
    "old numbers and wrong years": {"same": 1, "caps": 1, "year_off": 5, "old_id": 8, "moved": 1},
}


@pytest.mark.parametrize("mixture", SLIPS)
def test_duplicates_are_found_and_namesakes_left_alone_whatever_the_mixture(mixture):
    mentions = populate(12_000, slips=SLIPS[mixture], namesakes=0.03, seed=11)

    counted = score(mentions, find([one.entry(place) for place, one in enumerate(mentions)]))

    assert counted.precision >= 0.98
    assert counted.recall >= 0.95
    assert counted.namesakes == 0


def test_a_number_that_was_filled_down_proposes_nobody():
    people = [BASE._replace(key=place, names=entries.names(f"A {place}"), hamlet="") for place in range(25)]

    assert find(people) == []


def test_a_hamlet_as_large_as_a_town_takes_no_time_out_of_proportion():
    people = [NUMBERLESS._replace(key=place, year=1920 + place % 19) for place in range(1_500)]
    begun = time.process_time()

    find(people)

    assert time.process_time() - begun < 10


def test_a_found_pair_names_the_smaller_place_first():
    assert find([BASE, BASE._replace(key=2)]) == [
        Found(0, 1, 100, (why.ID_SAME, why.NAME_SAME, why.YEAR_SAME, why.HAMLET_SAME, why.CATEGORY_SAME))
    ]


def test_every_reason_has_its_words_and_rules_only_know_reasons():
    codes = {value for name, value in vars(why).items() if name.isupper() and isinstance(value, str)}

    assert codes == set(why.WORDS)
    assert codes >= why.AGAINST | why.MORE
    assert 50 < LEAST < 100
