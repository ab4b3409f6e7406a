"""Which released papers, and which of their recipients, somebody may see."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from directive_tracker import clock
from units.access import access_of


class ProductReleaseQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ProductReleaseQuerySet":
        """All for office and readers; a unit's people: of work they may see, and what was handed to a unit of theirs
        or one below."""
        access = access_of(user, today=clock.today())
        if access.sees_all_assignments:
            return self
        if not access.works_for_a_unit:
            return self.none()
        deliveries = self.model._meta.get_field("delivery").related_model
        assignments = deliveries._meta.get_field("assignment").related_model.objects
        recipients = self.model._meta.get_field("recipients").related_model._base_manager
        seen = assignments.filter(pk=OuterRef("delivery__assignment_id")).visible_to(user)
        handed = recipients.filter(release=OuterRef("pk"), unit__in=access.visible_unit_ids)
        return self.filter(Q(Exists(seen)) | Q(Exists(handed)))

    def standing(self) -> "ProductReleaseQuerySet":
        """Not taken back."""
        return self.filter(withdrawn_at__isnull=True)


class ReleaseRecipientQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ReleaseRecipientQuerySet":
        """All for office and readers; of the papers of the own units; else only the own units and those below: which
        other unit has opened a paper is no recipient's business."""
        access = access_of(user, today=clock.today())
        if access.sees_all_assignments:
            return self
        if not access.works_for_a_unit:
            return self.none()
        return self.filter(
            Q(release__delivery__assignment__unit__in=access.reporter_unit_ids | access.head_unit_ids)
            | Q(unit__in=access.visible_unit_ids)
        )

    def unopened(self) -> "ReleaseRecipientQuerySet":
        """Whose unit has still to open what stands."""
        return self.filter(opened_at__isnull=True, release__withdrawn_at__isnull=True)


class IdleWorkQuerySet(models.QuerySet):
    def visible_to(self, user) -> "IdleWorkQuerySet":
        """The office's alone."""
        return self if access_of(user, today=clock.today()).is_office else self.none()

    def standing(self) -> "IdleWorkQuerySet":
        """Not over yet."""
        return self.filter(ended_at__isnull=True)
