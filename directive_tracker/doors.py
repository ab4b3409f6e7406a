"""Rows that are seen by whoever sees what they hang on: one line instead of one more rule."""

from typing import Any

from django.db import models


class ThroughQuerySet(models.QuerySet):
    """Begins at the door of the row above; `door` is the name of the foreign key that leads there."""

    door = ""

    def visible_to(self, user: Any) -> "ThroughQuerySet":
        """The rows whose owner the user may see."""
        above = self.model._meta.get_field(self.door).related_model._default_manager.visible_to(user)
        # Who sees every owner sees every row; a subquery without a condition would only cost.
        return self.filter(**{f"{self.door}__in": above}) if above.query.where else self


def through(door: str) -> Any:
    """A manager for rows that are seen with what their foreign key `door` leads to."""
    return type("ThroughQuerySet", (ThroughQuerySet,), {"door": door}).as_manager()
