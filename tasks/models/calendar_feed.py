"""A calendar that other programs read without signing in: the secret in its address is all they show."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tasks.reading_querysets import CalendarFeedQuerySet


class CalendarFeed(models.Model):
    """One address of a calendar, of a person (all that person works for) or of one unit.

    Only the hash of the secret is kept: the address is shown once, and taken back it is dead for ever. It shows what the
    person may see on the day it is read; who has left the unit reads nothing.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_feeds", verbose_name="của ai"
    )
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị"
    )
    token_hash = models.CharField("dấu của mã", max_length=64, unique=True)
    made_at = models.DateTimeField("tạo lúc")
    revoked_at = models.DateTimeField("hủy lúc", null=True, blank=True)
    # A day and no more: whether the address is used at all, for its owner.
    last_read_on = models.DateField("đọc lần cuối ngày", null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "lịch cho phần mềm khác"
        verbose_name_plural = "lịch cho phần mềm khác"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit"],
                condition=Q(revoked_at__isnull=True, unit__isnull=False),
                name="calendar_feed_unit_once",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(revoked_at__isnull=True, unit__isnull=True),
                name="calendar_feed_person_once",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("made_at")), name="calendar_feed_order"
            ),
        ]

    def __str__(self) -> str:
        return f"Lịch của {self.unit or self.user}"
