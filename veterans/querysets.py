"""Which people: visibility first, then filters that read like adjectives."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q, Subquery

from directive_tracker import clock, vietnamese
from units.access import Access, access_of
from veterans.enums import Finding, Living, Verification


def access_for(user) -> Access:
    """The user's rights on the pages' today."""
    return access_of(user, today=clock.today())


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PersonQuerySet":
        """The people who live in a registrar's areas; nobody for everyone else, whatever the role."""
        return self.filter(residence__in=access_for(user).area_ids)

    def on_the_list(self) -> "PersonQuerySet":
        """Those who have not been taken off the list, absorbed by another entry, or erased."""
        return self.filter(removed_on__isnull=True, merged_into__isnull=True, erased_at__isnull=True)

    def taken_off(self) -> "PersonQuerySet":
        """Those who have been taken off the list, with a reason."""
        return self.filter(removed_on__isnull=False)

    def verified_living(self) -> "PersonQuerySet":
        """Alive, checked by every level, and found to belong here."""
        return self.on_the_list().filter(
            living_state=Living.LIVING, verification=Verification.PROVINCE, finding=Finding.ENOUGH
        )

    def waiting_for(self, level: str) -> "PersonQuerySet":
        """Those whom a level of verification has to look at; by commune, oldest first."""
        return self.filter(waits_for=level).order_by("residence", F("verified_on").asc(nulls_first=True), "pk")

    def found(self, finding: str) -> "PersonQuerySet":
        """Those on the list of whom this was found last, and nobody has asked to look again."""
        return self.on_the_list().filter(finding=finding, review_asked="").order_by("residence", "verified_on", "pk")

    def without_fresh_news(self, today: date, days: int) -> "PersonQuerySet":
        """Those of whom nobody said within the last `days` days that they live, and who may be visited."""
        return (
            self.on_the_list()
            .filter(living_state__in=[Living.UNKNOWN, Living.LIVING], death_reported_by__isnull=True)
            .filter(Q(living_state=Living.UNKNOWN) | Q(living_on__lt=today - timedelta(days=days)))
            .order_by("residence", F("living_on").asc(nulls_first=True), "pk")
        )

    def in_area(self, area_id: int) -> "PersonQuerySet":
        """Those of one commune, or of all communes of one district."""
        return self.filter(Q(residence=area_id) | Q(residence__parent=area_id))

    def named(self, name: str) -> "PersonQuerySet":
        """Those whose whole name or other name is this one, accents and case aside."""
        return self.filter(search_key__contains=f"|{vietnamese.fold(name)}|")

    def by_given_name(self) -> "PersonQuerySet":
        """Sorted by tên."""
        return self.order_by("sort_key", "pk")


class DuplicatePairQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DuplicatePairQuerySet":
        """The pairs of which both entries are in a registrar's areas."""
        areas = access_for(user).area_ids
        return self.filter(first__residence__in=areas, second__residence__in=areas)


class PersonImportQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PersonImportQuerySet":
        """The lists of a registrar's areas."""
        return self.filter(area__in=access_for(user).area_ids)


class AreaReviewQuerySet(models.QuerySet):
    def visible_to(self, user) -> "AreaReviewQuerySet":
        """The communes of a registrar's areas."""
        return self.filter(area__in=access_for(user).area_ids)


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user) -> "CampaignQuerySet":
        """Occasions hold nothing of a person: everybody who reads the registry's figures."""
        access = access_for(user)
        return self if access.is_office or access.is_reader or access.is_registrar else self.none()

    def current(self):
        """The open one, or None."""
        return self.filter(state="open").first()

    def present_one(self):
        """The open one, else the last one, or None: what pages speak of."""
        return self.order_by("-state", "-starts_on", "-pk").first()

    def present(self) -> Subquery:
        """The key of the open one, else of the last one: what figures speak of. No statement of its own."""
        return Subquery(self.order_by("-state", "-starts_on", "-pk").values("pk")[:1])


class GratitudePlanQuerySet(models.QuerySet):
    def visible_to(self, user) -> "GratitudePlanQuerySet":
        """The plans of a registrar's areas."""
        return self.filter(area__in=access_for(user).area_ids)


class DelegationQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DelegationQuerySet":
        """The delegations of the plans of a registrar's areas."""
        return self.filter(plan__area__in=access_for(user).area_ids)


class GiftQuerySet(models.QuerySet):
    def visible_to(self, user) -> "GiftQuerySet":
        """The gifts of a registrar's people."""
        return self.filter(person__residence__in=access_for(user).area_ids)

    def standing(self) -> "GiftQuerySet":
        """Promised or given: what makes another one of its source impossible."""
        return self.filter(state__in=["promised", "given"])


class PlanEntryQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PlanEntryQuerySet":
        """The entries of a registrar's people, in whichever plan they stand."""
        return self.filter(person__residence__in=access_for(user).area_ids)

    def planned(self) -> "PlanEntryQuerySet":
        """Those that stand in their plan."""
        return self.filter(state="planned")

    def living_outside(self, plan) -> "PlanEntryQuerySet":
        """Those of a plan whose people live outside its area by now."""
        inside = Q(person__residence=plan.area_id) | Q(person__residence__parent=plan.area_id)
        return self.filter(plan=plan).exclude(inside | Q(person__residence__parent__parent=plan.area_id))

    def to_be_looked_at(self) -> "PlanEntryQuerySet":
        """Those whose people cannot be thanked as it was planned: dead or said to be, moved, off the list."""
        gone = Q(person__removed_on__isnull=False) | Q(person__erased_at__isnull=False)
        dead = Q(person__living_state=Living.DECEASED) | Q(person__death_reported_by__isnull=False)
        return self.filter(gone | dead | Q(person__living_state=Living.MOVED), visits=None)

    def by_route(self) -> "PlanEntryQuerySet":
        """In the order in which a delegation goes."""
        return self.order_by("position", "pk")
