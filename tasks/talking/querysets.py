"""Which comments a person may read."""

from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
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


def _of_each(assignments: models.QuerySet, user) -> CommentQuerySet:
    """The comments of the outer assignment, which is visible already, that this person may read."""
    comments = assignments.model._meta.get_field("comments").related_model.objects.filter(assignment=OuterRef("pk"))
    return comments if access_for(user).is_office else comments.filter(scope=EVERYBODY)


def with_talk(assignments: models.QuerySet, user) -> models.QuerySet:
    """Annotate `has_talk` on assignments: whether anything was said, taken back or not."""
    return assignments.annotate(has_talk=Exists(_of_each(assignments, user)))


def with_comments(assignments: models.QuerySet, user) -> models.QuerySet:
    """Annotate `comment_count` on assignments: what of it this person may read and stands."""
    counted = (
        _of_each(assignments, user)
        .standing()
        # Always so; the join makes the count dear enough that PostgreSQL takes it of the rows shown alone. In a table of
        # a few rows it is thought to cost nothing and is taken of every row before they are sorted.
        .filter(assignment__updated_at__isnull=False)
        .order_by()
        .values("assignment")
        .annotate(found=Count("pk"))
        .values("found")
    )
    return assignments.annotate(comment_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
