"""What is no name costs little and breaks nothing."""

import random
import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_area, make_unit
from tests.units.naming.told import PROVINCE, THE_DAY, told
from tests.yardstick import slowness
from units.models import GroupMember, UnitGroup
from units.naming import Namebook

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 300])
def test_the_book_is_read_in_eight_statements_however_many_units_there_are(count, django_assert_num_queries):
    group = UnitGroup.objects.create(code="nhom", name="Các sở, ban, ngành tỉnh")
    for number in range(count):
        unit = make_unit(f"Sở số {number}", code=f"so-{number}", area=make_area(f"Huyện số {number}"))
        unit.versions.create(valid_from=date(2020, 1, 1), name=unit.name, short_name=unit.name)
        GroupMember.objects.create(group=group, unit=unit)
    with django_assert_num_queries(8):
        book = Namebook(on=THE_DAY)
    with django_assert_num_queries(0):
        found = told(book.match(f"Sở số {count - 1}", issuer=PROVINCE)), told(book.match("các sở, ban, ngành tỉnh"))
        book.alternatives("Sở số 999")
    assert found == ([(f"so-{count - 1}", 100)], [("nhom", 100)])


def _of_letters(chance: random.Random) -> str:
    return "".join(chance.choices("abcdeghiklmnopqrstuvxyáàảạâấầêếôốơưđ", k=chance.randint(1, 7)))


HOSTILE = {
    "words that no name has": lambda chance: _of_letters(chance) + " ",
    "parts that no name has": lambda chance: _of_letters(chance) + ", ",
    "words of names": lambda chance: chance.choice(WORDS) + " ",
    "words of names with commas": lambda chance: chance.choice(WORDS) + chance.choice((" ", " ", ", ", " và ")),
    "one word without end": lambda chance: chance.choice("abcdđ"),
}
WORDS = (
    "Huyện ủy Đắk Hà Tô Kon Tum Ban Thường vụ Tỉnh Đảng Sở Văn hóa Thể thao các đồng chí Bí thư UBND TT P TU".split()
)


@pytest.mark.parametrize("kind", HOSTILE)
def test_ten_thousand_hostile_names_of_three_hundred_letters_take_less_than_two_seconds(book, kind):
    chance = random.Random(7)
    pieces = [HOSTILE[kind](chance) for _ in range(1_000)]
    names = ["".join(chance.choices(pieces, k=300))[:300] for _ in range(10_000)]
    slow = slowness()
    began = time.process_time()
    found = [book.match(name, issuer=PROVINCE) for name in names]
    took = time.process_time() - began
    assert took < 2.0 * slow
    assert set(found) == {()}


ANY_NAME = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from([*WORDS, ",", "và", "&", ":", ";", "(", ")", "TT&TT", "liên quan", "Kontum"]), max_size=14
    ).map(" ".join),
)


@given(written=ANY_NAME, issuer=ANY_NAME)
def test_any_text_is_answered_within_its_bounds(book, written, issuer):
    matches, near = book.match(written, issuer=issuer), book.alternatives(written)
    assert [match for match in matches if not 60 <= match.confidence <= 100] == []
    assert [match for match in near if not 20 <= match.confidence <= 59] == []
    for found in (matches, near):
        assert len({match.unit or match.group for match in found}) == len(found)
        assert all((match.unit is None) != (match.group is None) for match in found)


@given(written=ANY_NAME)
def test_composed_and_decomposed_letters_and_blanks_mean_the_same(book, written):
    decomposed = unicodedata.normalize("NFD", written)
    assert book.match(decomposed) == book.match(unicodedata.normalize("NFC", written))
    assert book.match(f"  {written.replace(' ', '   ')} ") == book.match(written)


@pytest.mark.parametrize(
    "written", ["Huyện ủy Đắk Hà, " * 2_000, "(" * 5_000, "\u0301" * 400, "\x00", "và, và; :", "các " * 300]
)
def test_what_is_no_name_is_none_and_nothing_breaks(book, written):
    assert book.match(written) == ()
    assert len(book.alternatives(written)) <= 5
