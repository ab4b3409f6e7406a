"""One small province in which every kind of object stands in every relation to one reporter.

Relations are those of the reporter's unit `own`: `below` it, its `sibling`, a `foreign` unit, a unit that has `ended`
and in which the reporter's membership ended with it; `watched` works on tasks that the monitor's unit monitors,
`helper` coordinates tasks that `own` leads. In the registry they are those of the registrar's areas.

The world is built once for a file of tests, inside a transaction that is rolled back at the end; each cell runs in a
savepoint of its own (cells.py).
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.test.client import ClientHandler

from accounts.models import User
from accounts.views_sessions import mark_of
from tests.factories import at, make_area, make_membership, make_office, make_office_user, make_unit, make_user
from tests.matrix.canaries import Cage
from units.deputies import ACTING
from units.models import Area, AreaLevel, Deputation, Role, Unit, UnitKind

NOW = at("2024-04-15", "09:00")
TODAY = date(2024, 4, 15)
YESTERDAY = TODAY - timedelta(days=1)

# In the order of the columns of every table of the policy.
PEOPLE = (
    "office",
    "deputy",
    "reader",
    "reporter",
    "unit_head",
    "monitor",
    "registrar",
    "administrator",
    "former",
    "anonymous",
    "deactivated",
)
# Signed in; the last two people are sent to the sign-in page.
SIGNED_IN = PEOPLE[:-2]
RELATIONS = ("own", "below", "helper", "watched", "sibling", "foreign", "ended")
AREA_RELATIONS = ("own", "below", "sibling", "foreign", "ended")
_HANDLER = ClientHandler(enforce_csrf_checks=False)
# An id that no row has.
MISSING = 987_654_321


@dataclass
class World:
    """The people, the units, and of every kind of object one per relation."""

    cage: Cage = field(default_factory=Cage)
    people: dict[str, User] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)
    # kind → relation → row
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    # kind → person → row: what each person has of one's own
    personal: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    # What stands for each mailed link in an address.
    tokens: dict[str, str] = field(default_factory=dict)
    # What stands for each person's session in an address; "foreign" is the stranger's.
    marks: dict[str, str] = field(default_factory=dict)

    def put(self, kind: str, relation: str, row: Any) -> Any:
        """Remember a row; return it. Errors: ValueError when the place is taken."""
        place = self.objects.setdefault(kind, {})
        if relation in place:
            raise ValueError(f"{kind} {relation} is there twice")
        place[relation] = row
        return row

    def pk(self, kind: str, relation: str, person: str) -> int:
        """The id that stands for the relation; of personal kinds, "own" is the person's own. Errors: KeyError."""
        if relation == "missing":
            return MISSING
        if relation == "own" and kind in self.personal:
            mine = self.personal[kind].get(person)
            return mine.pk if mine is not None else MISSING
        return self.objects[kind][relation].pk

    def client(self, person: str) -> Client:
        """A browser of that person, fresh each time, so that no cell leaves a cookie to the next."""
        client = Client()
        # Building the handler anew for each browser would cost three times as much as the page.
        client.handler = _HANDLER
        if person in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        return client


def build_people(world: World) -> None:
    """Units with their staff, areas, and one person of every role."""
    office = make_office(phone="0260 3862 000")
    top = make_unit("Cơ quan cấp trên")
    world.units = {
        "office": office,
        "standing": make_unit("Thường trực", kind=UnitKind.STANDING_COMMITTEE),
        "watch": make_unit("Đơn vị theo dõi"),
        "own": make_unit("Đơn vị của mình", parent=top),
        "sibling": make_unit("Đơn vị bên cạnh", parent=top),
        "foreign": make_unit("Đơn vị khác"),
        "ended": make_unit("Đơn vị đã giải thể", valid_to=YESTERDAY),
        "watched": make_unit("Đơn vị được theo dõi"),
        "helper": make_unit("Đơn vị phối hợp"),
    }
    world.units["below"] = make_unit("Đơn vị cấp dưới", parent=world.units["own"])
    for relation in RELATIONS:
        bird = world.cage.new(f"staff {relation}")
        person = make_user(f"canbo-{relation}", full_name=f"Nguyễn {bird.word}", phone=bird.phone)
        world.staff[relation] = person
        make_membership(person, world.units[relation], Role.REPORTER, is_contact=True)
    _people_of_units(world)
    _areas(world)


def _people_of_units(world: World) -> None:
    units = world.units
    office, reporter, former = make_office_user("office"), make_user("reporter"), make_user("former")
    make_membership(reporter, units["own"], Role.REPORTER)
    make_membership(reporter, units["ended"], Role.REPORTER, valid_to=YESTERDAY)
    for role, unit in ((Role.OFFICE, units["office"]), (Role.REPORTER, units["own"]), (Role.READER, units["standing"])):
        make_membership(former, unit, role, valid_to=YESTERDAY)
    deactivated = make_office_user("deactivated")
    world.people |= {"office": office, "reporter": reporter, "former": former, "deactivated": deactivated}
    for name, unit, role in (
        ("reader", units["standing"], Role.READER),
        ("unit_head", units["own"], Role.UNIT_HEAD),
        ("monitor", units["watch"], Role.REPORTER),
        ("administrator", make_unit("Trung tâm tin học"), Role.ADMINISTRATOR),
        # Reports for the foreign unit; acts for the office in the matrix (sign_in_all).
        ("deputy", units["foreign"], Role.REPORTER),
    ):
        world.people[name] = make_user(name)
        make_membership(world.people[name], unit, role)
    world.people["stranger"] = make_user("stranger")
    make_membership(world.people["stranger"], units["sibling"], Role.REPORTER)


def _areas(world: World) -> None:
    """The registrar keeps one commune (own) and one whole district (below); another one's turn is over (ended)."""
    province = make_area("Tỉnh", level=AreaLevel.PROVINCE)
    near, mine, far = (make_area(name, parent=province) for name in ("Huyện gần", "Huyện mình", "Huyện xa"))
    communes = {"own": near, "sibling": near, "ended": near, "below": mine, "foreign": far}
    world.areas = {
        relation: make_area(f"Xã {relation}", level=AreaLevel.COMMUNE, parent=district)
        for relation, district in communes.items()
    }
    registrar = world.people["registrar"] = make_user("registrar")
    # The further right, to see whom to call, is noted with the commune alone.
    make_membership(registrar, role=Role.REGISTRAR, area=world.areas["own"], may_read_sensitive=True)
    make_membership(registrar, role=Role.REGISTRAR, area=mine)
    make_membership(registrar, role=Role.REGISTRAR, area=world.areas["ended"], valid_to=YESTERDAY)
    colleague = world.people["colleague"] = make_user("colleague")
    make_membership(colleague, role=Role.REGISTRAR, area=province)


def sign_in_all(world: World) -> None:
    """A session for everybody but the anonymous; the deactivated one is switched off after signing in."""
    for person in PEOPLE:
        if person == "anonymous":
            continue
        client = Client()
        client.force_login(world.people[person])
        if person == "deputy":
            _act_for_the_office(world, client)
        world.sessions[person] = client.cookies[settings.SESSION_COOKIE_NAME].value
        world.marks[person] = mark_of(world.sessions[person])
    stranger = Client()
    stranger.force_login(world.people["stranger"])
    world.marks |= {"anonymous": "1" * 32, "foreign": mark_of(stranger.cookies[settings.SESSION_COOKIE_NAME].value)}
    User.objects.filter(pk=world.people["deactivated"].pk).update(is_active=False)


def _act_for_the_office(world: World, client: Client) -> None:
    """The deputy has chosen to act: from here on only the principal's rights count, and both persons' units."""
    deputation = Deputation.objects.create(
        deputy=world.people["deputy"],
        principal=world.people["office"],
        valid_from=YESTERDAY,
        valid_to=TODAY + timedelta(days=5),
        reason="Đi công tác",
        made_by=world.people["administrator"],
        made_at=NOW,
    )
    world.put("deputation", "own", deputation)
    session = client.session
    session[ACTING] = world.people["office"].pk
    session.save()
