"""Which letters a person may see."""

from django.db import models
from django.db.models import Q

from tasks.querysets import access_for


class ChaseLetterQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ChaseLetterQuerySet":
        """Every one for the office; what has been sent also for readers, the unit itself and the units above it."""
        access = access_for(user)
        if access.is_office:
            return self
        sent = Q(sent_on__isnull=False)
        if access.is_reader:
            return self.filter(sent)
        if not access.works_for_a_unit:
            return self.none()
        return self.filter(sent, unit__in=access.visible_unit_ids)
