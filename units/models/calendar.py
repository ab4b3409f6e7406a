"""What an office knows of the working calendar beyond the published one: single days, and years that are announced."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from directive_tracker.vietnamese import vn_date

# The years a calendar may speak of: before 1995 no public holidays are known, after 2099 no lunar calendar.
FIRST_YEAR, LAST_YEAR = 1995, 2099


class CalendarDay(models.Model):
    """One day that is not what the published calendar says: a swap, a make-up day, a local holiday.

    Written by units/calendar_changes.py alone, which first shows what due dates it would move.
    """

    date = models.DateField("ngày", unique=True)
    is_working = models.BooleanField("là ngày làm việc")
    reason = models.CharField("lý do", max_length=200)
    notice_number = models.CharField("số thông báo", max_length=60, blank=True)
    swapped_with = models.DateField("hoán đổi với ngày", null=True, blank=True)

    class Meta:
        verbose_name = "ngày trong lịch làm việc"
        verbose_name_plural = "lịch làm việc"
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(swapped_with__isnull=True) | ~Q(swapped_with=F("date")),
                name="calendar_day_swap_is_another_day",
            )
        ]

    def __str__(self) -> str:
        return f"{vn_date(self.date)}: {self.reason}"

    @property
    def words(self) -> str:
        """Why the day is as it is, for page and mail: reason, the day it was swapped with, the notice's number."""
        swap = ""
        if self.swapped_with:
            other = vn_date(self.swapped_with)
            swap = f", làm bù cho ngày {other}" if self.is_working else f", làm bù ngày {other}"
        return f"{self.reason}{swap}" + (f" (văn bản số {self.notice_number})" if self.notice_number else "")


class CalendarYear(models.Model):
    """What an office says of a year's holidays: announced officially (or, after all, not), by which notice."""

    year = models.PositiveSmallIntegerField("năm", unique=True)
    announced = models.BooleanField("đã công bố", default=True)
    notice_number = models.CharField("số thông báo", max_length=60, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người ghi"
    )
    at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "năm của lịch làm việc"
        verbose_name_plural = "các năm của lịch làm việc"
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="calendar_year_within_reason"
            )
        ]

    def __str__(self) -> str:
        return f"Lịch năm {self.year}"
