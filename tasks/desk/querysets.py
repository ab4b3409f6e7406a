"""Which rows of the desk a person may see."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from directive_tracker.doors import ThroughQuerySet
from tasks.enums import AssignmentRole, DirectiveState, RoundDecision, SectionState
from tasks.querysets import access_for


class ReportRoundQuerySet(ThroughQuerySet):
    """Sendings, seen with their sections."""

    door = "section"

    def to_review_by(self, user) -> "ReportRoundQuerySet":
        """Those that wait for an answer of this person, as permissions.can_review says one by one.

        The reviewing unit answers about lead work, the lead about its contributions, nobody about the own unit's; only
        who holds office answers for the office.
        """
        access = access_for(user)
        work = "section__assignment"
        mine = Q(**{f"{work}__role": AssignmentRole.LEAD, f"{work}__task__reviewing_unit__in": access.desk_unit_ids})
        if not access.is_office:
            mine &= ~Q(**{f"{work}__task__reviewing_unit": F(f"{work}__directive__office")})
        units = access.reporter_unit_ids | access.head_unit_ids
        if units:
            mine |= Q(**{f"{work}__role": AssignmentRole.PART, f"{work}__parent__unit__in": units})
            assignments = self.model._meta.get_field("section").related_model._meta.get_field("assignment")
            leads = assignments.related_model.objects.filter(
                task=OuterRef(f"{work}__task"), role=AssignmentRole.LEAD, unit__in=units
            )
            mine |= Q(Exists(leads), **{f"{work}__role": AssignmentRole.COORDINATING})
        own = Q(**{f"{work}__unit__in": access.interested_unit_ids})
        if access.is_office:
            own |= Q(**{f"{work}__unit": F(f"{work}__directive__office")})
        return self.filter(
            mine & ~own,
            decision=RoundDecision.PENDING,
            section__state=SectionState.SUBMITTED,
            section__assignment__directive__state=DirectiveState.ISSUED,
        )

    def by_waiting(self) -> "ReportRoundQuerySet":
        """Who has waited longest first."""
        return self.order_by("submitted_at", "pk")


class SavedFilterQuerySet(models.QuerySet):
    """Filters that somebody keeps."""

    def visible_to(self, user) -> "SavedFilterQuerySet":
        """The own ones, and for the office what its people share."""
        mine = Q(owner=user.pk)
        return self.filter(mine | Q(shared=True)) if access_for(user).is_office else self.filter(mine)

    def of_page(self, page: str) -> "SavedFilterQuerySet":
        """In the order of the row above the list."""
        return self.filter(page=page).order_by("name", "pk")
