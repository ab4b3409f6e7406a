"""Invented people with planted duplicates and namesakes, seeded: the truth against which proposals are scored.

The slips are those that lists are known to make; their shares are arguments, so that the weights are not tuned to one mixture.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from directive_tracker import vietnamese
from veterans.duplicates import entries
from veterans.duplicates.entries import Entry
from veterans.duplicates.pairs import Found

FAMILIES = {"Nguyễn": 30, "Trần": 11, "Lê": 10, "Phạm": 7, "Hoàng": 5, "Võ": 4, "Bùi": 3, "Đặng": 3, "Đỗ": 2, "Lý": 1}
MIDDLES = "Văn Thị Đức Hữu Xuân Ngọc Quang Thanh Kim Bá Công Đình".split()
GIVENS = (
    "An Ánh Ba Bảo Bình Chính Cúc Cường Dần Dũng Điệp Đông Đức Giáp Hà Hạnh Hiền Hòa Hồng Huy Hùng Hương Kiên Lâm Lành "
    "Lộc Lợi Lực Mai Minh Mùi Nam Năm Nghĩa Nhàn Nhung Phong Phúc Quý Sáu Sơn Tám Thanh Thắng Thịnh Thu Tình Tốt Tý Xuân"
).split()
# Names of the highlands: many different ones, most of one syllable.
ONSETS = "B Bl Br Ch D Dj Đ G Gl H Hm J K Kl Kr L M Ml N Ng Nh P Pl R S T Th Tr V".split()
RHYMES = "ang ao âm ăn êk êng ia ip iu oan ôi ông ơi ơm uih ưn ưk".split()
CATEGORIES = ("dien_bien_soldier", "youth_volunteer", "frontline_labourer")
SLIPS = {"same": 3, "nodia": 3, "caps": 2, "typo": 4, "year_off": 2, "old_id": 5, "middle": 2, "moved": 2}
COMMUNES = 102


@dataclass(frozen=True)
class Mention:
    """How somebody is written in one list."""

    truth: int
    name: str
    year: int | None
    day: tuple[int, int] | None
    commune: int
    hamlet: str
    number: str
    phone: str
    sex: str
    category: str
    slip: str = ""

    def entry(self, place: int) -> Entry:
        """The same as it is compared."""
        return Entry(
            place,
            entries.names(self.name),
            self.year,
            self.day,
            False,
            self.commune,
            entries.hamlet(self.hamlet),
            self.number,
            len(self.number),
            self.phone,
            self.sex,
            frozenset({self.category}),
        )


def populate(
    people: int, *, duplicates: float = 0.03, namesakes: float = 0.01, slips: Mapping[str, int] = SLIPS, seed: int = 1
) -> list[Mention]:
    """`people` mentions, shuffled, of which these shares are second mentions and namesakes of others."""
    random = Random(seed)
    twice, alike = int(people * duplicates), int(people * namesakes)
    told = [_somebody(truth, random) for truth in range(people - twice - alike)]
    chosen = random.sample(told, twice + alike)
    again = [_again(one, random, _kinds(slips, random)) for one in chosen[:twice]]
    others = [_namesake(one, len(told) + place, random) for place, one in enumerate(chosen[twice:])]
    mentions = told + again + others
    random.shuffle(mentions)
    return mentions


def _somebody(truth: int, random: Random) -> Mention:
    female = random.random() < 0.4
    if random.random() < 0.4:
        name = " ".join(("Y" if female else "A", *(_syllable(random) for _ in range(random.choice((1, 1, 2))))))
    else:
        family = random.choices(list(FAMILIES), list(FAMILIES.values()))[0]
        middle = "Thị" if female and random.random() < 0.8 else random.choice(MIDDLES)
        name = f"{family} {middle} {random.choice(GIVENS)}"
    year = random.randint(1920, 1938)
    commune = random.randrange(COMMUNES)
    return Mention(
        truth,
        name,
        year if random.random() < 0.97 else None,
        (random.randint(1, 12), random.randint(1, 28)) if random.random() < 0.3 else None,
        commune,
        _hamlet(random),
        _number(year, female, random) if random.random() < 0.9 else "",
        f"095{random.randrange(10**7):07d}" if random.random() < 0.4 else "",
        random.choice(("female" if female else "male", ""))
        if random.random() < 0.3
        else ("female" if female else "male"),
        random.choice(CATEGORIES),
    )


def _syllable(random: Random) -> str:
    return random.choice(ONSETS) + random.choice(RHYMES)


def _hamlet(random: Random) -> str:
    kind = random.random()
    if kind < 0.6:
        return f"Thôn {random.randint(1, 12)}"
    if kind < 0.8:
        return f"Làng {random.choice(('Kon', 'Plei', 'Đăk'))} {_syllable(random)}"
    return f"Số {random.randint(1, 200)} đường {random.choice(GIVENS)}"


def _number(year: int, female: bool, random: Random) -> str:
    if random.random() < 0.25:
        return f"2{random.randrange(10**8):08d}"
    return f"0{random.randint(1, 96):02d}{int(female)}{year % 100:02d}{random.randrange(10**6):06d}"


def _kinds(slips: Mapping[str, int], random: Random) -> list[str]:
    """One slip, in every eighth mention a second one."""
    count = 2 if random.random() < 0.12 else 1
    return list({random.choices(list(slips), list(slips.values()))[0] for _ in range(count)})


def _again(one: Mention, random: Random, kinds: list[str]) -> Mention:
    """A second mention of the same person; some of what is known is not told this time."""
    told = replace(
        one,
        phone=one.phone if random.random() < 0.6 else "",
        day=one.day if random.random() < 0.5 else None,
        sex=one.sex if random.random() < 0.8 else "",
        slip="+".join(sorted(kinds)),
    )
    for kind in kinds:
        told = _slipped(told, kind, random)
    return told


def _slipped(one: Mention, kind: str, random: Random) -> Mention:
    words = one.name.split()
    if kind == "nodia":
        return replace(one, name=vietnamese.fold(one.name).title())
    if kind == "caps":
        return replace(one, name=one.name.upper())
    if kind == "typo":
        place = random.randrange(1, len(words))
        return replace(one, name=" ".join((*words[:place], _typo(words[place], random), *words[place + 1 :])))
    if kind == "year_off" and one.year:
        return replace(one, year=one.year + random.choice((-1, 1)), day=None)
    if kind == "old_id":
        return replace(one, number=f"2{random.randrange(10**8):08d}" if len(one.number) == 12 else one.number)
    if kind == "middle" and len(words) > 2:
        new = random.choice(("", random.choice(MIDDLES)))
        return replace(one, name=" ".join(word for word in (words[0], new, words[-1]) if word))
    if kind == "moved":
        return replace(one, commune=(one.commune + random.randint(1, COMMUNES - 1)) % COMMUNES, hamlet=_hamlet(random))
    return one


def _typo(word: str, random: Random) -> str:
    place = random.randrange(len(word))
    letter = random.choice("aeiouynhtg")
    return (
        random.choice(
            (
                word[:place] + letter + word[place + 1 :],
                word[:place] + letter + word[place:],
                word[:place] + word[place + 1 :],
            )
        )
        or word * 2
    )


def _namesake(one: Mention, truth: int, random: Random) -> Mention:
    """Somebody else with the same name, year and commune: another house, another number."""
    hamlet = _hamlet(random)
    while hamlet == one.hamlet:
        hamlet = _hamlet(random)
    return replace(
        one,
        truth=truth,
        day=None,
        hamlet=hamlet,
        number=_number(one.year or 1930, one.sex == "female", random),
        phone="",
        category=random.choice(CATEGORIES),
        slip="namesake",
    )


@dataclass(frozen=True)
class Score:
    """How proposals compare with the truth."""

    true: int
    proposed: int
    right: int
    namesakes: int

    @property
    def precision(self) -> float:
        return self.right / self.proposed

    @property
    def recall(self) -> float:
        return self.right / self.true


def score(mentions: list[Mention], found: list[Found]) -> Score:
    """Count. A namesake is wrong wherever it is proposed together with whom it is named like."""
    by_truth: dict[int, int] = {}
    for one in mentions:
        by_truth[one.truth] = by_truth.get(one.truth, 0) + 1
    true = sum(count * (count - 1) // 2 for count in by_truth.values())
    right = sum(mentions[pair.first].truth == mentions[pair.second].truth for pair in found)
    namesakes = sum(
        "namesake" in (mentions[pair.first].slip, mentions[pair.second].slip)
        and mentions[pair.first].truth != mentions[pair.second].truth
        for pair in found
    )
    return Score(true, len(found), right, namesakes)
