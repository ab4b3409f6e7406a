"""Which comments a person may read."""

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from tasks.querysets import access_for

OFFICE, EVERYBODY = "office", "all"


class CommentQuerySet(models.QuerySet):
    def visible_to(self, user) -> "CommentQuerySet":
        """Everything for the office; for others what is open, on the work they see."""
        if access_for(user).is_office:
            return self
        assignments = self.model._meta.get_field("assignment").related_model.objects.visible_to(user)
        opened = self.filter(scope=EVERYBODY)
        return opened.filter(assignment__in=assignments) if assignments.query.where else opened

    def standing(self) -> "CommentQuerySet":
        """Not taken back."""
        return self.filter(taken_back_at__isnull=True)

    def mentioning(self, user) -> "CommentQuerySet":
        return self.filter(mentions__user=user)


def with_comments(assignments: models.QuerySet, user) -> models.QuerySet:
    """Annotate `comment_count` on assignments: what of it this person may read and stands."""
    comments = assignments.model._meta.get_field("comments").related_model.objects
    if not access_for(user).is_office:  # the work itself is visible already
        comments = comments.filter(scope=EVERYBODY)
    counted = (
        comments.standing()
        .filter(assignment=OuterRef("pk"))
        .order_by()
        .values("assignment")
        .annotate(found=Count("pk"))
        .values("found")
    )
    return assignments.annotate(comment_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
