"""Who may do what in the registry; the same functions guard the button and the POST."""

from directive_tracker import clock
from units.models import Area, AreaLevel, Membership, Role
from veterans.enums import VERIFICATION_STEPS, Verification
from veterans.models import Delegation, GratitudePlan, OfflineCopy, Person, SentVisit
from veterans.querysets import access_for
from veterans.verification import waits_for

_LEVELS = {AreaLevel.COMMUNE: 1, AreaLevel.DISTRICT: 2, AreaLevel.PROVINCE: 3}
# The registrar of a commune speaks for its hamlets too.
_STEPS = {Verification.HAMLET: 1, Verification.COMMUNE: 1, Verification.DISTRICT: 2, Verification.PROVINCE: 3}

_ORDER = {step: place for place, step in enumerate(VERIFICATION_STEPS)}


def can_keep_registry(user) -> bool:
    """Only registrars have pages with names, whatever else a user may be."""
    return access_for(user).is_registrar


def can_read_figures(user) -> bool:
    """Office, readers and registrars may read the registry's figures."""
    access = access_for(user)
    return access.is_office or access.is_reader or access.is_registrar


def can_change(user, person: Person) -> bool:
    """A registrar changes the entries of the own areas."""
    return person.residence_id in access_for(user).area_ids


def can_read_sensitive(user, person: Person) -> bool:
    """The further right of design §5: noted with a registrar's membership of an area the person lives in.

    It belongs to the registrar and is not handed on to whoever acts for him; a purpose is asked for and every reading
    is logged.
    """
    return can_change(user, person) and any(row.may_read_sensitive for row in _memberships(user, person))


def can_erase(user, person: Person) -> bool:
    """What cannot be undone is done at the province, by who may also read what is erased; not handed on."""
    rows = _memberships(user, person) if can_change(user, person) else []
    return any(row.area.level == AreaLevel.PROVINCE and row.may_read_sensitive for row in rows)


def export_areas(user) -> frozenset[int]:
    """The areas whose people's sensitive things the user may take along in a file: the second right, not handed on."""
    rows = Membership.objects.active_on(clock.today()).filter(
        user=user, role=Role.REGISTRAR, may_read_sensitive=True, may_export_sensitive=True
    )
    return frozenset(rows.values_list("area", flat=True))


def within(person: Person, areas: frozenset[int]) -> bool:
    """Whether the person lives in one of the areas, or below it; residence__parent is loaded."""
    commune = person.residence
    above = (commune.pk, commune.parent_id, commune.parent.parent_id if commune.parent else None)
    return any(pk in areas for pk in above)


def can_erase_due(user) -> bool:
    """Who decides that data whose time is over are erased: as can_erase, for the whole province."""
    return any(row.may_read_sensitive for row in _own_province(user))


def can_read_province(user) -> bool:
    """Whose own area is the whole province: no number of it is hidden from them."""
    return can_keep_registry(user) and bool(_own_province(user))


def can_set_rules(user) -> bool:
    """How long the registry is kept: a registrar of the whole province, or the office."""
    access = access_for(user)
    return access.is_office or (access.is_registrar and bool(_own_province(user)))


def can_keep_campaigns(user) -> bool:
    """Who opens an occasion, changes its days, adds who gives, and ends it: as can_set_rules."""
    return can_set_rules(user)


def can_search_duplicates(user) -> bool:
    """Looking through the whole registry is the province's, whose registrars see all of it."""
    return access_for(user).is_registrar and bool(_own_province(user))


def _own_province(user) -> list[Membership]:
    found = Membership.objects.active_on(clock.today()).filter(
        user=user, role=Role.REGISTRAR, area__level=AreaLevel.PROVINCE
    )
    return list(found)


def can_review(user, area_id: int) -> bool:
    """A registrar marks the communes of the own areas."""
    return area_id in access_for(user).area_ids


def can_take_along(user, delegation: Delegation) -> bool:
    """Who sets the delegation up takes its sheet along, unless it does not go; plan__campaign is loaded."""
    return can_change_delegation(user, delegation) and delegation.state != Delegation.State.CANCELLED


def can_revoke(user, copy: OfflineCopy) -> bool:
    """A registrar of the area calls a sheet back, whoever took it; delegation__plan is loaded."""
    return copy.delegation.plan.area_id in access_for(user).area_ids and not copy.ended


def can_decide(user, sent: SentVisit) -> bool:
    """A registrar of the area decides about what a phone sent of one of its people."""
    return can_change(user, sent.person)


def can_make_plans(user) -> bool:
    """A registrar of a district or of the province."""
    levels = (AreaLevel.DISTRICT, AreaLevel.PROVINCE)
    ids = access_for(user).area_ids
    return bool(ids) and Area.objects.filter(pk__in=ids, level__in=levels).exists()


def can_change_plan(user, plan: GratitudePlan) -> bool:
    """A registrar of the plan's area, as long as its campaign is open; plan__campaign is loaded."""
    return plan.area_id in access_for(user).area_ids and plan.campaign.is_open


def can_add_delegation(user, plan: GratitudePlan) -> bool:
    """A registrar of the plan's area, as long as its campaign is open; plan.campaign is loaded."""
    return plan.area_id in access_for(user).area_ids and plan.campaign.is_open


def can_change_delegation(user, delegation: Delegation) -> bool:
    """Who sets delegations of its plan up."""
    return can_add_delegation(user, delegation.plan)


def can_keep_templates(user) -> bool:
    """Whose words letters are written in: the office's and the province's, as with the rules."""
    return can_set_rules(user)


def can_confirm_death(user, person: Person) -> bool:
    """Somebody else than the reporter, of the same area."""
    return can_change(user, person) and person.death_waits and person.death_reported_by_id != user.pk


def step_allowed(user, person: Person) -> Verification | None:
    """The step of verification the entry waits for, if this user may make it.

    A step is made by a registrar of that level, or of a level above where the level below has
    nobody: the log says who it was.
    """
    step = waits_for(person)
    if step is None or not can_change(user, person):
        return None
    highest = max((_LEVELS[AreaLevel(row.area.level)] for row in _memberships(user, person)), default=0)
    return step if highest >= _STEPS[step] else None


def steps_of(user) -> dict[Verification, list[int]]:
    """The steps a user makes, each with the areas (own and above it, not what lies below) in which it is the user's."""
    rows = Membership.objects.active_on(clock.today()).filter(user=user, role=Role.REGISTRAR, area__isnull=False)
    areas = [(row.area_id, _LEVELS[AreaLevel(row.area.level)]) for row in rows.select_related("area")]
    found = {step: [pk for pk, level in areas if level >= needed] for step, needed in _STEPS.items()}
    return {step: pks for step, pks in found.items() if pks}


def own_step(user) -> Verification | None:
    """The highest step a user makes: what the work list begins with."""
    return max(steps_of(user), key=lambda step: _ORDER[step], default=None)


def can_ask_again(user, person: Person) -> bool:
    """Every registrar of the area may ask to look again at what has been found."""
    return (
        can_change(user, person)
        and person.is_listed
        and not person.is_deceased
        and person.verification != Verification.NEW
        and not person.review_asked
    )


def _memberships(user, person: Person) -> list[Membership]:
    """The user's own memberships today as registrar of the person's commune or of an area above it."""
    commune = person.residence
    above = [commune.pk, commune.parent_id, commune.parent.parent_id if commune.parent else None]
    found = Membership.objects.active_on(clock.today()).filter(
        user=user, role=Role.REGISTRAR, area__in=[pk for pk in above if pk]
    )
    return list(found.select_related("area"))
