"""What of a draft asks for a second look before it is issued, each with the places it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from tasks.checking.cards import Card
from tasks.enums import AssignmentRole
from tasks.models import Addressee, Directive
from tasks.recording import alike
from tasks.textcleaning import Span
from units.groups import members_of
from units.models import Unit

# So many places are named; of more the number is said.
NAMED = 12


@dataclass(frozen=True)
class Place:
    """Where to look: words of the link, its address on or off the page."""

    words: str
    url: str


@dataclass(frozen=True)
class Warning:
    """One sentence and its places. more: how many places are not named."""

    words: str
    places: tuple[Place, ...] = ()
    more: int = 0


def card_anchor(card: Card) -> str:
    return f"#nv-{card.task.pk}"


def warnings_of(
    directive: Directive, cards: Sequence[Card], waiting: Sequence[Span], lines: Sequence[Addressee], *, today: date
) -> list[Warning]:
    """In the order in which one would go through them; a fixed number of statements.

    Arguments: waiting, open sentences; lines, under "Kính gửi", with their units and groups; today, in Việt Nam.
    """
    found = [*_the_paper(directive), *_of_cards(cards, waiting)]
    found += _addressing(directive, cards, lines, today=today)
    return found


def _warning(words: str, places: Iterable[Place]) -> Iterable[Warning]:
    """The sentence where there is a place for it."""
    places = list(dict.fromkeys(places))
    if places:
        yield Warning(words, tuple(places[:NAMED]), max(len(places) - NAMED, 0))


def _cards(cards: Iterable[Card]) -> list[Place]:
    return [Place(card.task.code, card_anchor(card)) for card in cards]


def unmarked_words(cards: Iterable[Card]) -> Iterable[Warning]:
    """Tasks whose words do not stand in the corrected text any more."""
    places = [Place(card.task.code, reverse("tasks:task_mark_again", args=[card.task.pk])) for card in cards]
    yield from _warning("Lời văn đã sửa, cần đánh dấu lại câu của nhiệm vụ", places)


def _the_paper(directive: Directive) -> Iterable[Warning]:
    """The same paper recorded before, a head with nothing in it."""
    yield from _warning(
        "Văn bản cùng số, cùng cơ quan ban hành đã được ghi",
        [
            Place(str(other), other.get_absolute_url())
            for other in alike(directive.number, directive.issuer, but=directive)
        ],
    )
    lacks = [words for words, value in (("số", directive.number), ("ngày", directive.issued_date)) if not value]
    if lacks:
        header = reverse("tasks:directive_header", args=[directive.pk])
        yield from _warning(f"Phần đầu văn bản chưa ghi {' và '.join(lacks)}", [Place("Sửa phần đầu", header)])


def _of_cards(cards: Sequence[Card], waiting: Sequence[Span]) -> Iterable[Warning]:
    unchecked = [card for card in cards if card.task.is_unchecked]
    yield from _warning(f"{len(unchecked)} nhiệm vụ do chương trình đề xuất chưa ai soát", _cards(unchecked))
    first_open = [Place("tới câu đầu tiên", f"#o-{waiting[0][0]}")] if waiting else []
    yield from _warning(f"{len(waiting)} câu chưa xét: là nhiệm vụ hay không", first_open)
    yield from _warning("Chưa có đơn vị chủ trì", _cards(card for card in cards if card.lacks_lead))
    yield from _warning("Có tên chưa rõ là đơn vị nào", _cards(card for card in cards if card.unknown))
    past = [card for card in cards if any(row.is_past for row in card.products)]
    yield from _warning("Hạn đã qua", _cards(past))
    undecided = [card for card in cards if card.lacks_day_of_decision]
    yield from _warning("Có điều kiện nhưng chưa đặt ngày quyết định", _cards(undecided))


def _addressing(
    directive: Directive, cards: Sequence[Card], lines: Sequence[Addressee], *, today: date
) -> Iterable[Warning]:
    """Addressed without work, work without being addressed, lines nobody knows."""
    groups = {row.group_id for card in cards for role in card.roles for row in role.known if row.group_id}
    groups |= {group.pk for line in lines for group in line.groups.all()}
    members = members_of(groups, on=today)
    given: dict[int, tuple[Unit, Card, bool]] = {}
    for card in cards:
        for role in card.roles:
            leads = role.role == AssignmentRole.LEAD
            for row in role.known:
                for unit in [row.unit] if row.unit else members.get(row.group_id, []):
                    known = given.get(unit.pk)
                    if known is None or (leads and not known[2]):
                        given[unit.pk] = (unit, card, leads)
    addressed = {unit.pk: unit for line in lines for unit in line.units.all()}
    for line in lines:
        for group in line.groups.all():
            addressed |= {unit.pk: unit for unit in members.get(group.pk, [])}
    yield from _warning(
        "Dòng kính gửi chưa rõ là đơn vị nào",
        [
            Place(line.written, reverse("tasks:check_line", args=[directive.pk, line.pk]))
            for line in lines
            if not (line.units.all() or line.groups.all())
        ],
    )
    not_addressed = [(unit, card) for pk, (unit, card, leads) in given.items() if leads and pk not in addressed]
    yield from _warning(
        "Được giao chủ trì nhưng không có trong nơi kính gửi",
        [Place(unit.short_name, card_anchor(card)) for unit, card in _official(not_addressed)],
    )
    idle = [(unit, None) for pk, unit in addressed.items() if pk not in given]
    yield from _warning(
        "Có trong nơi kính gửi nhưng chưa được giao việc nào",
        [Place(unit.short_name, "#kinh-gui") for unit, _ in _official(idle)],
    )


def _official(pairs: Iterable[tuple]) -> list[tuple]:
    return sorted(pairs, key=lambda pair: (pair[0].sort_order, pair[0].pk))
