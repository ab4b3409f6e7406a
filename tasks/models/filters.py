"""Filters of lists that somebody keeps under a name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from tasks.desk.querysets import SavedFilterQuerySet


class FilteredPage(models.TextChoices):
    """Lists whose filters stand in the address."""

    ASSIGNMENTS = "assignments", "Phần việc của các đơn vị"
    CHASING = "chasing", "Việc quá hạn"


PAGE_ADDRESSES = {
    FilteredPage.ASSIGNMENTS: "tasks:assignment_list",
    FilteredPage.CHASING: "tasks:chase_list",
}


class SavedFilter(models.Model):
    """A list with its filters under a name of the person's own; where shared, the office's people see it too."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters", verbose_name="người lưu"
    )
    page = models.CharField("trang", max_length=20, choices=FilteredPage.choices)
    query = models.CharField("điều kiện lọc", max_length=1000, blank=True)
    name = models.CharField("tên", max_length=60)
    shared = models.BooleanField("cả Văn phòng cùng dùng", default=False)
    saved_at = models.DateTimeField("lưu lúc")

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = "bộ lọc đã lưu"
        verbose_name_plural = "bộ lọc đã lưu"
        ordering = ["page", "name", "pk"]
        indexes = [models.Index(fields=["page"], condition=Q(shared=True), name="filter_shared")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="filter_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="filter_has_name"),
            models.CheckConstraint(condition=Q(page__in=FilteredPage.values), name="filter_page_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list with these filters."""
        address = reverse(PAGE_ADDRESSES[FilteredPage(self.page)])
        return f"{address}?{self.query}" if self.query else address
