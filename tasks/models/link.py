"""Mailed links through which a unit's report is written without signing in."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from tasks.models.directive import Directive
from tasks.models.report import ReportingPeriod
from tasks.querysets import ReportLinkQuerySet


class ReportLink(models.Model):
    """One link to the report of one unit on one directive, for one person or one named colleague of that person.

    The address carries the row's number and an HMAC over the row, which is stored nowhere. It serves many acts until its
    last day, in the name of `user`: whoever gave it away answers for it. Days are those of the pages' calendar, like the
    cut-off they hang on; moments are real time.
    """

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="report_links", verbose_name="đơn vị")
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="links", verbose_name="văn bản")
    period = models.ForeignKey(
        ReportingPeriod,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="links",
        verbose_name="kỳ báo cáo",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="report_links", verbose_name="người nhận"
    )
    # A colleague without an account, as the person who passed it on wrote the name.
    colleague = models.CharField("chuyển cho", max_length=120, blank=True)
    came_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="passed_on", verbose_name="chuyển từ"
    )
    nonce = models.CharField(max_length=43, unique=True)
    made_at = models.DateTimeField("lập lúc")
    made_on = models.DateField("lập ngày")
    last_day = models.DateField("dùng đến hết ngày")
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người thu hồi",
    )

    objects = ReportLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "đường dẫn báo cáo"
        verbose_name_plural = "đường dẫn báo cáo"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["unit", "-id"], name="report_link_of_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["directive", "unit", "period", "user"],
                condition=Q(revoked_at__isnull=True, colleague="", period__isnull=False),
                name="report_link_one_open",
            ),
            # NULLs are all different to a database: work between the periods has a rule of its own.
            models.UniqueConstraint(
                fields=["directive", "unit", "user"],
                condition=Q(revoked_at__isnull=True, colleague="", period__isnull=True),
                name="report_link_one_between",
            ),
            models.CheckConstraint(
                condition=Q(colleague="") | Q(came_from__isnull=False), name="report_link_colleague_has_giver"
            ),
            models.CheckConstraint(
                condition=Q(revoked_by__isnull=True) | Q(revoked_at__isnull=False), name="report_link_revoked_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"Đường dẫn báo cáo số {self.pk or 'mới'}"

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def whom(self) -> str:
        """For whom it is, in words."""
        return self.colleague or str(self.user)
