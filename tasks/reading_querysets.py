"""Doors of what is read and signed: kept days, rankings, summary reports, calendars."""

from datetime import date

from django.db import models
from django.db.models import Q

from directive_tracker import clock
from tasks.enums import DirectiveState
from tasks.querysets import access_for


class FigureDayQuerySet(models.QuerySet):
    """Figures at the end of days: like the figures of today, but for the tasks."""

    def visible_to(self, user) -> "FigureDayQuerySet":
        """All for office and readers; a unit's people those of the own units and below, and the sum where the office
        publishes the figures."""
        access = access_for(user)
        if access.sees_all_assignments:
            return self
        if not access.works_for_a_unit:
            return self.none()
        return self.filter(
            Q(directive__state__in=[DirectiveState.ISSUED, DirectiveState.CLOSED])
            & (Q(unit__in=access.visible_unit_ids) | Q(unit__isnull=True, directive__figures_published=True))
        )


class RankingQuerySet(models.QuerySet):
    """Rankings: the office's own first, then the ranked units', then the readers'."""

    def visible_to(self, user) -> "RankingQuerySet":
        """The office sees all; readers those that were released; the people of a unit that has a place in it those that
        were shown (their own row alone: tasks/ranking/reading.py). One that was withdrawn is the office's again."""
        access = access_for(user)
        if access.is_office:
            return self
        if not (access.sees_all_assignments or access.works_for_a_unit):
            return self.none()
        seen = Q(released_at__isnull=False) if access.sees_all_assignments else Q(pk__in=[])
        if access.works_for_a_unit:
            own = sorted(access.reporter_unit_ids | access.head_unit_ids)
            # Shown first: only then the database has to open the figures.
            seen |= Q(shown_on__lte=clock.today(), data__places__has_any_keys=[str(pk) for pk in own])
        return self.filter(seen, withdrawn_at__isnull=True)

    def with_the_units(self, *, today: date) -> "RankingQuerySet":
        """Those that units may still see and answer before they leave the office."""
        return self.filter(shown_on__lte=today, released_at__isnull=True, withdrawn_at__isnull=True)

    def for_listing(self) -> "RankingQuerySet":
        """Without the figures, which are large; newest first."""
        return self.defer("data").select_related("directive", "made_by").order_by("-pk")


class RankingAnswerQuerySet(models.QuerySet):
    """What units said to their place, and the office to that."""

    def visible_to(self, user) -> "RankingAnswerQuerySet":
        """All for the office; readers those beside the rankings that were sent to them; a unit's people those of the own
        units."""
        access = access_for(user)
        if access.is_office:
            return self
        rankings = self.model._meta.get_field("ranking").related_model.objects.visible_to(user)
        seen = Q(unit__in=access.reporter_unit_ids | access.head_unit_ids)
        if access.sees_all_assignments:
            seen |= Q(ranking__released_at__isnull=False)
        return self.filter(seen, ranking__in=rankings)


class SummaryReportQuerySet(models.QuerySet):
    """Snapshots for the summary report: of the whole, for office and readers."""

    def visible_to(self, user) -> "SummaryReportQuerySet":
        return self if access_for(user).sees_all_assignments else self.none()

    def for_listing(self) -> "SummaryReportQuerySet":
        """Without what it says, which is large; newest first."""
        return self.defer("data").select_related("made_by", "directive").order_by("-pk")


class DirectiveArchiveQuerySet(models.QuerySet):
    """Archives hold the reports of all units: for office and readers."""

    def visible_to(self, user) -> "DirectiveArchiveQuerySet":
        return self if access_for(user).sees_all_assignments else self.none()


class CalendarFeedQuerySet(models.QuerySet):
    """Read by the secret in the address (tasks/feeds); listed for their owner."""

    def visible_to(self, user) -> "CalendarFeedQuerySet":
        """The own ones."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(user=user)

    def alive(self) -> "CalendarFeedQuerySet":
        """Not taken back."""
        return self.filter(revoked_at__isnull=True)
