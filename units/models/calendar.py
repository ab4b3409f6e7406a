"""An administrator's overrides of the working calendar."""

from django.db import models


class CalendarDay(models.Model):
    """One day that is not what the published calendar says: a swap, a make-up day, a local holiday."""

    date = models.DateField("ngày", unique=True)
    is_working = models.BooleanField("là ngày làm việc")
    reason = models.CharField("lý do", max_length=200)
    notice_number = models.CharField("số thông báo", max_length=60, blank=True)

    class Meta:
        verbose_name = "ngày trong lịch làm việc"
        verbose_name_plural = "lịch làm việc"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y}: {self.reason}"
