"""Which instructions: who may read them, which are still open, which are about one piece of work."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from directive_tracker import clock
from units.access import access_of


class InstructionQuerySet(models.QuerySet):
    def visible_to(self, user) -> "InstructionQuerySet":
        """All for the office and the readers. A unit's people: those that name the own unit or one below; those that
        name no unit but a task in which one of these has a part. What names neither stays with the office."""
        access = access_of(user, today=clock.today())
        if access.sees_all_assignments:
            return self
        if not access.works_for_a_unit:
            return self.none()
        named = self.model.units.through.objects.filter(instruction=OuterRef("pk"))
        task = self.model._meta.get_field("tasks").related_model
        parts = task._meta.get_field("assignments").related_model._default_manager
        tasks = self.model.tasks.through.objects.filter(instruction=OuterRef("pk"))
        own = tasks.filter(Exists(parts.filter(task=OuterRef("directivetask_id"), unit__in=access.visible_unit_ids)))
        return self.filter(
            Exists(named.filter(unit__in=access.visible_unit_ids)) | (~Q(Exists(named)) & Q(Exists(own)))
        )

    def untouched(self) -> "InstructionQuerySet":
        """Nobody has turned them into anything yet."""
        return self.filter(state="open")

    def unfinished(self) -> "InstructionQuerySet":
        return self.exclude(state="done")

    def about(self, *, task, unit=None) -> "InstructionQuerySet":
        """About one task, or one unit's part of it: the task is named, or none is and the unit or nothing is."""
        units = self.model.units.through.objects.filter(instruction=OuterRef("pk"))
        tasks = self.model.tasks.through.objects.filter(instruction=OuterRef("pk"))
        by_task = Q(Exists(tasks.filter(directivetask=task)))
        if unit is None:
            return self.filter(by_task | Q(steps__task=task), directive=task.directive_id).distinct()
        fits_task = by_task | ~Q(Exists(tasks))
        fits_unit = Q(Exists(units.filter(unit=unit)))
        return self.filter(
            (fits_task & fits_unit) | (by_task & ~Q(Exists(units))) | Q(steps__task=task), directive=task.directive_id
        ).distinct()

    def in_list_order(self) -> "InstructionQuerySet":
        """Open first, then followed, then done; the newest day first."""
        return self.order_by("-state", "-said_on", "-pk")
