"""Who sees activities and inspections: whoever sees the work they belong to; an inspected unit its own places."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tasks.enums import DirectiveState
from tasks.querysets import access_for

# What the unit has in hand; the other open state waits for whoever inspected.
ASKS_UNIT = ("open", "sent_back")
WAITS = ("open", "answered", "sent_back")


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ActivityQuerySet":
        """The activities of the assignments the user may see."""
        if access_for(user).sees_all_assignments:
            return self
        assignments = self.model._meta.get_field("assignment").related_model._default_manager
        return self.filter(assignment__in=assignments.visible_to(user))

    def between(self, first: date, last: date) -> "ActivityQuerySet":
        """Those that take place on one of the days from `first` to `last`."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def for_listing(self) -> "ActivityQuerySet":
        """What a line shows, by day and hour; those of a whole day first."""
        return self.select_related("assignment__task", "assignment__unit", "area").order_by(
            "starts_on", models.F("starts_at").asc(nulls_first=True), "pk"
        )


def _monitored(user: Any, task_model: Any, path: str) -> Exists:
    """Whether the task at `path` is one that the user's unit monitors."""
    access = access_for(user)
    rows = task_model.monitors.through.objects.filter(
        directivetask_id=OuterRef(path), unit_id__in=access.reporter_unit_ids | access.head_unit_ids
    )
    return Exists(rows)


class InspectionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "InspectionQuerySet":
        """What is being written down: the inspecting unit alone. What was sent: office and readers all, monitors of the
        task, and the units of whose places it speaks, with those above them."""
        access = access_for(user)
        own = Q(unit__in=access.desk_unit_ids)
        sent = Q(sent_at__isnull=False)
        if access.sees_all_assignments:
            return self.filter(own | sent)
        if not access.works_for_a_unit:
            return self.none()
        places = self.model._meta.get_field("places").related_model._default_manager
        answerable = places.filter(inspection=OuterRef("pk"), unit__in=access.visible_unit_ids)
        task = self.model._meta.get_field("task").related_model
        return self.filter(own | (sent & (_monitored(user, task, "task_id") | Exists(answerable))))

    def for_listing(self) -> "InspectionQuerySet":
        return self.select_related("task", "unit").order_by("-day", "-pk")


class PlaceQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "PlaceQuerySet":
        """As inspections are, but a unit sees the places it answers for, and those below it, not its neighbours'."""
        access = access_for(user)
        own = Q(inspection__unit__in=access.desk_unit_ids)
        sent = Q(inspection__sent_at__isnull=False)
        if access.sees_all_assignments:
            return self.filter(own | sent)
        if not access.works_for_a_unit:
            return self.none()
        task = self.model._meta.get_field("inspection").related_model._meta.get_field("task").related_model
        monitored = _monitored(user, task, "inspection__task_id")
        return self.filter(own | (sent & (Q(unit__in=access.visible_unit_ids) | monitored)))


class FindingQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "FindingQuerySet":
        """The findings at the places the user may see."""
        places = self.model._meta.get_field("place").related_model._default_manager.visible_to(user)
        return self.filter(place__in=places)

    def sent(self) -> "FindingQuerySet":
        """Of inspections that went to the units, of directives that are followed."""
        return self.filter(
            place__inspection__sent_at__isnull=False,
            place__inspection__task__directive__state=DirectiveState.ISSUED,
        )

    def waiting(self) -> "FindingQuerySet":
        """Not closed."""
        return self.sent().filter(state__in=WAITS)

    def in_hands_of_unit(self) -> "FindingQuerySet":
        """The unit has not answered, or has to mend more."""
        return self.sent().filter(state__in=ASKS_UNIT)

    def overdue(self, *, today: date) -> "FindingQuerySet":
        """In the unit's hands after the day by which it was to be mended."""
        return self.in_hands_of_unit().filter(mend_by__lt=today)

    def for_listing(self) -> "FindingQuerySet":
        """What a line shows; the earliest day first."""
        return self.select_related(
            "place__unit", "place__inspection__unit", "place__inspection__task__directive"
        ).order_by("mend_by", "pk")
