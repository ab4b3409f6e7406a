"""What a unit writes: one report per directive and period, a section per assignment, rounds."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from directive_tracker.doors import through
from directive_tracker.reversing import row_url
from tasks.desk.querysets import ReportRoundQuerySet
from tasks.enums import (
    TYPED_REPORT_STATES,
    TYPED_SECTION_STATES,
    BehalfBasis,
    PeriodKind,
    ReportOriginal,
    ReportState,
    RoundDecision,
    RoundWay,
    SectionState,
)
from tasks.models.assignment import Assignment, AssignmentProduct
from tasks.models.directive import Directive
from tasks.models.indicator import Indicator, IndicatorCategory
from tasks.querysets import (
    BeingTypedQuerySet,
    IndicatorValueQuerySet,
    ProgressReportQuerySet,
    UnitReportQuerySet,
)


class ReportingPeriod(models.Model):
    """A period for which every unit reports once, with its cut-off day."""

    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="periods", verbose_name="văn bản")
    name = models.CharField("kỳ báo cáo", max_length=80)
    kind = models.CharField("loại kỳ", max_length=10, choices=PeriodKind.choices, default=PeriodKind.CUSTOM)
    # The first day of its data; empty where nobody said so.
    starts_on = models.DateField("số liệu từ ngày", null=True, blank=True)
    opens_on = models.DateField("mở từ ngày")
    cutoff_on = models.DateField("chốt số liệu ngày")
    due_on = models.DateField("gửi chậm nhất ngày")

    objects = through("directive")

    class Meta:
        verbose_name = "kỳ báo cáo"
        verbose_name_plural = "kỳ báo cáo"
        ordering = ["directive", "cutoff_on"]
        constraints = [
            # A quarter may stand over its months on purpose, cut off on the same day.
            models.UniqueConstraint(fields=["directive", "kind", "cutoff_on"], name="period_once"),
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("cutoff_on"), cutoff_on__lte=F("due_on")),
                name="period_order",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(starts_on__lte=F("cutoff_on")), name="period_data_order"
            ),
            models.CheckConstraint(condition=Q(kind__in=["monthly", "quarterly", "custom"]), name="period_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Via(models.Model):
    """Who typed or sent through a mailed link, as that person wrote it; both empty for somebody who was signed in."""

    via_name = models.CharField("họ tên người qua liên kết", max_length=120, blank=True, default="", db_default="")
    via_position = models.CharField("chức vụ người qua liên kết", max_length=120, blank=True, default="", db_default="")

    class Meta:
        abstract = True

    @property
    def via(self) -> str:
        """ "qua liên kết – Trần Văn B, Phó Chánh Văn phòng", or ""."""
        return f"qua liên kết – {self.via_name}, {self.via_position}" if self.via_name else ""


class UnitReport(Via):
    """One form for everything a unit owes on one directive."""

    directive = models.ForeignKey(
        Directive, on_delete=models.PROTECT, related_name="unit_reports", verbose_name="văn bản"
    )
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="unit_reports", verbose_name="đơn vị")
    period = models.ForeignKey(
        ReportingPeriod,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="unit_reports",
        verbose_name="kỳ báo cáo",
    )
    state = models.CharField("trạng thái", max_length=20, choices=ReportState.choices, default=ReportState.DRAFT)
    version = models.PositiveIntegerField("lần lưu", default=1)
    whole_version = models.PositiveIntegerField("lần lưu phần chung", default=1, db_default=1)
    whole_saved_in = models.CharField("phần chung lưu từ trang", max_length=32, blank=True, default="", db_default="")
    on_behalf = models.BooleanField("Văn phòng nhập thay", default=False, db_default=False)
    behalf_basis = models.CharField(
        "nhập theo", max_length=8, choices=BehalfBasis.choices, blank=True, default="", db_default=""
    )
    signed_file = models.ForeignKey(
        "records.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="bản chụp văn bản đã ký",
    )
    general_note = models.TextField("đánh giá chung", blank=True, max_length=5000)
    paper_number = models.CharField("số", max_length=30, blank=True)
    paper_symbol = models.CharField("ký hiệu", max_length=60, blank=True)
    paper_date = models.DateField("ngày văn bản", null=True, blank=True)
    paper_signer = models.CharField("người ký", max_length=120, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người lập"
    )
    created_at = models.DateTimeField("lập lúc")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="người lưu gần nhất",
    )
    saved_at = models.DateTimeField("lưu lúc")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người gửi",
    )
    submitted_at = models.DateTimeField("gửi lúc", null=True, blank=True)

    objects = UnitReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo của đơn vị"
        verbose_name_plural = "báo cáo của đơn vị"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "submitted_at", "id"], name="report_waiting"),
            models.Index(fields=["unit", "-id"], name="report_unit_newest"),
            # The scans a document still waits for, longest missing first.
            models.Index(
                fields=["directive", "submitted_at", "id"],
                condition=Q(signed_file__isnull=True, state__in=["submitted", "decided"]),
                name="report_unsigned",
            ),
        ]
        constraints = [
            # The office's draft is not the unit's: each side has at most one.
            models.UniqueConstraint(
                fields=["directive", "unit", "on_behalf"], condition=Q(state="draft"), name="report_one_draft_a_side"
            ),
            models.CheckConstraint(
                condition=Q(on_behalf=False, behalf_basis="") | (Q(on_behalf=True) & ~Q(behalf_basis="")),
                name="report_on_behalf_says_from_what",
            ),
            models.UniqueConstraint(
                fields=["directive", "unit", "period"],
                condition=Q(period__isnull=False) & ~Q(state="draft", on_behalf=True),
                name="report_once_in_a_period",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "awaiting_unit_head"]) | Q(submitted_at__isnull=False),
                name="report_submitted_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Báo cáo của {self.unit.short_name} – {self.period or 'giữa kỳ'}"

    def get_absolute_url(self) -> str:
        return row_url("tasks:report_detail", self.pk)

    @property
    def behalf_words(self) -> str:
        """ "Văn phòng nhập thay, theo văn bản giấy", or ""."""
        return f"Văn phòng nhập thay, theo {self.get_behalf_basis_display()}" if self.on_behalf else ""

    @property
    def lacks_signed_paper(self) -> bool:
        """The signed paper is the original, and its scan has not been attached."""
        return self.directive.report_original == ReportOriginal.PAPER and self.signed_file_id is None

    @property
    def writer(self) -> str:
        """Who saved it last, as pages say it."""
        return self.via or str(self.saved_by)

    @property
    def sender(self) -> str:
        """Who sent it last, as pages say it."""
        return self.via or str(self.submitted_by)

    def get_review_url(self) -> str:
        return row_url("tasks:report_review", self.pk)

    @property
    def is_editable(self) -> bool:
        """The unit may type: a draft, or a report of which something came back or was taken back."""
        return self.state in TYPED_REPORT_STATES

    @property
    def paper_identity(self) -> str:
        return "-".join(part for part in (self.paper_number, self.paper_symbol) if part)


class ProgressReport(models.Model):
    """One section of a unit's report: what it says about one assignment."""

    # Whether there may be other versions of it; False where whoever read the section has looked (tasks/drafts/reading.py).
    may_have_copies: bool = True

    unit_report = models.ForeignKey(
        UnitReport, on_delete=models.CASCADE, related_name="sections", verbose_name="báo cáo"
    )
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="progress_reports", verbose_name="phần việc"
    )
    state = models.CharField("trạng thái", max_length=10, choices=SectionState.choices, default=SectionState.DRAFT)
    version = models.PositiveIntegerField("lần lưu", default=1)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người lưu gần nhất",
    )
    saved_at = models.DateTimeField("lưu lúc", null=True, blank=True)
    # Which opened page saved it last: what the same page sends later is no other version.
    saved_in = models.CharField("lưu từ trang", max_length=32, blank=True, default="", db_default="")
    results = models.TextField("kết quả", blank=True, max_length=10000)
    difficulties = models.TextField("khó khăn, nguyên nhân", blank=True, max_length=5000)
    proposals = models.TextField("kiến nghị", blank=True, max_length=5000)
    expected_on = models.DateField("dự kiến xong ngày", null=True, blank=True)
    no_change = models.BooleanField("không có thay đổi so với lần trước", default=False)
    nothing_arose = models.BooleanField("không phát sinh trong kỳ", default=False, db_default=False)
    claims_completion = models.BooleanField("đề nghị xác nhận hoàn thành", default=False)
    reported_outside_on = models.DateField("đã báo cáo ngoài hệ thống, ngày", null=True, blank=True)
    indicator_values = models.JSONField("số liệu đang soạn", default=dict, blank=True)
    # code → category code → figure; the total stands in indicator_values.
    indicator_parts = models.JSONField("số liệu theo đối tượng đang soạn", default=dict, blank=True)
    indicator_comments = models.JSONField("giải thích số liệu đang soạn", default=dict, blank=True)

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        verbose_name = "mục báo cáo"
        verbose_name_plural = "mục báo cáo"
        ordering = ["unit_report", "assignment__task__order"]
        indexes = [
            models.Index(fields=["assignment", "-id"], name="section_newest"),
            models.Index(fields=["id"], condition=Q(state="submitted"), name="section_waiting"),
        ]
        constraints = [models.UniqueConstraint(fields=["unit_report", "assignment"], name="section_once")]

    def __str__(self) -> str:
        return f"Mục {self.assignment}"

    @property
    def is_editable(self) -> bool:
        return self.state in TYPED_SECTION_STATES

    @property
    def is_empty(self) -> bool:
        """Nothing typed and no box ticked: such a section is not sent."""
        return not (
            self.results.strip()
            or self.difficulties.strip()
            or self.proposals.strip()
            or self.no_change
            or self.nothing_arose
            or self.claims_completion
            or self.reported_outside_on
            or any(value not in (None, "") for value in self.indicator_values.values())
        )


class SectionProduct(models.Model):
    """A product's paper identity as the unit types it; copied to the delivery on acceptance."""

    section = models.ForeignKey(ProgressReport, on_delete=models.CASCADE, related_name="products")
    delivery = models.ForeignKey(AssignmentProduct, on_delete=models.PROTECT, related_name="section_products")
    number = models.CharField("số", max_length=30, blank=True)
    symbol = models.CharField("ký hiệu", max_length=60, blank=True)
    paper_date = models.DateField("ngày văn bản", null=True, blank=True)
    signer = models.CharField("người ký", max_length=120, blank=True)
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = BeingTypedQuerySet.as_manager()

    class Meta:
        verbose_name = "sản phẩm trong mục báo cáo"
        verbose_name_plural = "sản phẩm trong mục báo cáo"
        constraints = [models.UniqueConstraint(fields=["section", "delivery"], name="section_product_once")]

    def __str__(self) -> str:
        return f"{self.delivery}"

    @property
    def is_filled(self) -> bool:
        return bool(self.number or self.file_id)


class SectionFile(models.Model):
    """A file attached to a section (minh chứng)."""

    section = models.ForeignKey(ProgressReport, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField("gỡ lúc", null=True, blank=True)

    objects = BeingTypedQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp của mục báo cáo"
        verbose_name_plural = "tệp của mục báo cáo"
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.file)


# All of a round that may be written after it was sent, once, together.
ANSWER_FIELDS = frozenset(
    (
        *("decision", "reason", "returned_fields", "returned_labels", "field_reasons", "without_content"),
        *("decided_by", "decided_at"),
    )
)
FROZEN_FIELDS = ("content",)


class ReportRound(Via):
    """One sending of a section, frozen, and the office's answer to it. PostgreSQL guards the rows as well."""

    section = models.ForeignKey(ProgressReport, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField("lần gửi")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField("gửi lúc")
    submitted_on = models.DateField("đến Văn phòng ngày")
    way = models.CharField(
        "đến bằng cách", max_length=8, choices=RoundWay.choices, default=RoundWay.PAGE, db_default=RoundWay.PAGE
    )
    content = models.JSONField("nội dung đã gửi")
    files = models.ManyToManyField("records.StoredFile", blank=True, related_name="+")
    decision = models.CharField("kết quả", max_length=10, choices=RoundDecision.choices, default=RoundDecision.PENDING)
    reason = models.CharField("lý do", max_length=1000, blank=True)
    returned_fields = models.JSONField("chỗ cần sửa", default=list, blank=True)
    # Key of a single figure, paper or file → how it was called that day (tasks/rounds/places.py).
    returned_labels = models.JSONField("tên chỗ cần sửa", default=dict, blank=True, db_default={})
    field_reasons = models.JSONField("lý do từng chỗ", default=dict, blank=True)
    without_content = models.BooleanField("trả lại vì không có nội dung", default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("xem xét lúc", null=True, blank=True)

    objects = ReportRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "lần gửi"
        verbose_name_plural = "lần gửi"
        ordering = ["section", "number"]
        constraints = [
            models.UniqueConstraint(fields=["section", "number"], name="round_number_once"),
            models.CheckConstraint(
                condition=Q(decision="pending", decided_at__isnull=True)
                | (~Q(decision="pending") & Q(decided_at__isnull=False)),
                name="round_decided_has_time",
            ),
            models.CheckConstraint(
                condition=Q(via_name="", via_position="") | (~Q(via_name="") & ~Q(via_position="") & Q(way="link")),
                name="round_via_link_named",
            ),
        ]
        indexes = [
            # How long the office took for what it decided lately, and what waits for it now.
            models.Index(fields=["decided_at"], condition=Q(decided_at__isnull=False), name="round_decided"),
            models.Index(fields=["submitted_on"], condition=Q(decision="pending"), name="round_pending"),
            # The queue of what waits, oldest first: few rows among many.
            models.Index(fields=["submitted_at", "id"], condition=Q(decision="pending"), name="round_waiting"),
        ]

    def __str__(self) -> str:
        return f"Lần {self.number}"

    def save(self, *args, **kwargs):
        """Write a new round, or the one answer to it.

        Errors: TypeError for anything else: what was sent stays as it was sent, and is answered once.
        """
        if not self._state.adding and not set(kwargs.get("update_fields") or FROZEN_FIELDS) <= ANSWER_FIELDS:
            raise TypeError("a round is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Errors: TypeError, always."""
        raise TypeError("a round is append-only")

    @property
    def is_withdrawn(self) -> bool:
        """The unit took it back before anybody decided."""
        return self.decision == RoundDecision.WITHDRAWN

    @property
    def sender(self) -> str:
        """Who sent it, as pages say it."""
        entered = " (Văn phòng nhập thay)" if self.way == RoundWay.BEHALF else ""
        return self.via or f"{self.submitted_by}{entered}"


class IndicatorValue(models.Model):
    """One figure in one round, or one part of it; the newest accepted round of a section speaks for the unit.

    What the office leaves out because it was reported twice stays here, and in no sum.
    """

    round = models.ForeignKey(ReportRound, on_delete=models.CASCADE, related_name="indicator_values")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="values")
    category = models.ForeignKey(
        IndicatorCategory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="values",
        verbose_name="đối tượng",
    )
    value = models.BigIntegerField("giá trị")
    comment = models.CharField("giải thích", max_length=500, blank=True)
    # What was on record at the moment of sending, and how many people it stands for; later corrections leave it.
    counted = models.BigIntegerField("đếm được khi gửi", null=True, blank=True, editable=False)
    counted_people = models.PositiveIntegerField("số người trong số đếm", null=True, blank=True, editable=False)
    left_out_at = models.DateTimeField("không tính từ lúc", null=True, blank=True)
    left_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người để ra ngoài",
    )
    left_out_reason = models.CharField("lý do không tính", max_length=500, blank=True)

    objects = IndicatorValueQuerySet.as_manager()

    class Meta:
        verbose_name = "số liệu"
        verbose_name_plural = "số liệu"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "indicator"], condition=Q(category__isnull=True), name="value_once"
            ),
            models.UniqueConstraint(
                fields=["round", "indicator", "category"],
                condition=Q(category__isnull=False),
                name="value_part_once",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="value_not_negative"),
            models.CheckConstraint(
                condition=Q(counted__isnull=True, counted_people__isnull=True)
                | Q(counted__isnull=False, counted__gte=0),
                name="value_counted_whole",
            ),
            models.CheckConstraint(
                condition=Q(left_out_at__isnull=True, left_out_by__isnull=True, left_out_reason="")
                | (Q(left_out_at__isnull=False, left_out_by__isnull=False) & ~Q(left_out_reason="")),
                name="value_left_out_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"


class FiguresKept(models.Model):
    """Two figures that looked like one reported twice, and that somebody has looked at and found right."""

    first = models.ForeignKey(IndicatorValue, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(IndicatorValue, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField("lý do", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")

    objects = through("first")

    class Meta:
        verbose_name = "hai số liệu đều đúng"
        verbose_name_plural = "hai số liệu đều đúng"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="figures_kept_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="figures_kept_are_two"),
            models.CheckConstraint(condition=~Q(reason=""), name="figures_kept_say_why"),
        ]

    def __str__(self) -> str:
        return self.reason


class FigureReconciled(models.Model):
    """A figure that differs from what is on record, and that somebody of the office has looked at and settled."""

    value = models.ForeignKey(IndicatorValue, on_delete=models.CASCADE, related_name="+")
    word = models.CharField("kết quả đối chiếu", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")

    objects = through("value")

    class Meta:
        verbose_name = "số liệu đã đối chiếu"
        verbose_name_plural = "số liệu đã đối chiếu"
        constraints = [
            models.UniqueConstraint(fields=["value"], name="figure_reconciled_once"),
            models.CheckConstraint(condition=~Q(word=""), name="figure_reconciled_says_how"),
        ]

    def __str__(self) -> str:
        return self.word
