"""The document: header, text with offsets, clauses, whom it addresses, what it cites."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from directive_tracker import vietnamese
from directive_tracker.doors import through
from directive_tracker.reversing import row_url
from tasks.enums import DirectiveState, ReportOriginal, TextOrigin
from tasks.models.searched import Searched
from tasks.querysets import DirectiveQuerySet

# Of clauses and tasks: printed paths grow long in plans (Phần, mục, khoản, điểm, gạch đầu dòng).
CODE_LENGTH = 40


class Directive(Searched):
    """A document that gives tasks. Number and date may be empty: some copies carry none."""

    kind = models.CharField("loại văn bản", max_length=60, default="Công văn")
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_date = models.DateField("ngày văn bản", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200)
    title = models.CharField("trích yếu", max_length=300)
    short_title = models.CharField("tên gọi ngắn", max_length=80)
    signer_authority = models.CharField("thẩm quyền ký", max_length=120, blank=True)
    signer_title = models.CharField("chức vụ người ký", max_length=120, blank=True)
    signer_name = models.CharField("người ký (như in)", max_length=120, blank=True)
    signer_name_corrected = models.CharField("người ký (đọc đúng)", max_length=120, blank=True)
    event_name = models.CharField("sự kiện", max_length=200, blank=True)
    event_date = models.DateField("ngày sự kiện", null=True, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=DirectiveState.choices, default=DirectiveState.DRAFT)
    office = models.ForeignKey(
        "units.Unit",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="văn phòng theo dõi",
    )
    issued_on = models.DateField("ngày giao", null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người giao",
    )
    closed_on = models.DateField("kết thúc theo dõi ngày", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người kết thúc",
    )
    closing_report = models.CharField("số báo cáo tổng kết", max_length=60, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ghi",
    )
    recorded_at = models.DateTimeField("ghi lúc")
    figures_published = models.BooleanField(
        "công bố số liệu chung cho các đơn vị",
        default=False,
        db_default=False,
        help_text="Các đơn vị được giao việc thấy tổng số và số liệu theo nhiệm vụ của cả tỉnh; không thấy số liệu của từng đơn vị khác.",
    )
    report_links = models.BooleanField(
        "thư nhắc có đường dẫn báo cáo không cần đăng nhập",
        default=True,
        db_default=True,
        help_text="Đường dẫn chỉ mở báo cáo của đơn vị người nhận thư về văn bản này.",
    )
    report_original = models.CharField(
        "bản chính của báo cáo",
        max_length=8,
        choices=ReportOriginal.choices,
        default=ReportOriginal.HERE,
        db_default=ReportOriginal.HERE,
        help_text="Nếu là văn bản giấy, đơn vị in báo cáo, ký rồi đính kèm bản chụp; Văn phòng thấy báo cáo nào còn thiếu.",
    )
    search_key = models.CharField(max_length=700, editable=False, default="")

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản chỉ đạo"
        verbose_name_plural = "văn bản chỉ đạo"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "-id"], name="directive_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", issued_on__isnull=True)
                | Q(state__in=["issued", "closed"], issued_on__isnull=False),
                name="directive_issued_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False) | (~Q(state="closed") & Q(closed_on__isnull=True)),
                name="directive_closed_has_day",
            ),
            models.UniqueConstraint(
                fields=["issuer", "number", "issued_date"],
                condition=~Q(number=""),
                name="directive_number_once",
            ),
        ]

    def __str__(self) -> str:
        return self.short_title

    def save(self, *args, **kwargs):
        self.title = vietnamese.nfc(self.title).strip()
        self.search_key = vietnamese.fold(f"{self.number} {self.title} {self.short_title} {self.issuer}")[:700]
        super().save(*args, **kwargs)

    def words_kept(self) -> dict[str, Any]:
        return {"directive": self, "task": None}

    def keep_words(self) -> None:
        """Its own words, and those of its tasks, which are found by its short name too."""
        super().keep_words()
        for task in self.tasks.all():
            task.directive = self
            task.keep_words()

    def get_absolute_url(self) -> str:
        return row_url("tasks:directive_detail", self.pk)

    @property
    def is_draft(self) -> bool:
        return self.state == DirectiveState.DRAFT

    @property
    def is_issued(self) -> bool:
        return self.state == DirectiveState.ISSUED

    @property
    def is_closed(self) -> bool:
        return self.state == DirectiveState.CLOSED

    @property
    def current_text(self) -> "DirectiveText | None":
        """The newest version of the text, or None."""
        return self.texts.order_by("-version").first()


class DirectiveText(models.Model):
    """One version of the clean text. Offsets everywhere count its code points."""

    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="texts")
    version = models.PositiveIntegerField("phiên bản", default=1)
    body = models.TextField("nội dung")
    footnotes = models.JSONField("chú thích", default=list, blank=True)
    source_file = models.ForeignKey(
        "records.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Empty for a version that was typed.
    source_sha256 = models.CharField("mã kiểm bản gốc", max_length=64, blank=True)
    created_at = models.DateTimeField("tạo lúc")
    # How the words were come by: from a picture, with which program, on which pages ("2, 3"; empty: on all).
    read_by = models.CharField(
        "chữ đọc từ", max_length=7, choices=TextOrigin.choices, default=TextOrigin.FILE, db_default=TextOrigin.FILE
    )
    read_with = models.CharField("đọc bằng", max_length=60, blank=True, default="", db_default="")
    read_pages = models.CharField("các trang là ảnh", max_length=200, blank=True, default="", db_default="")
    # Of a corrected version; the first one came with the document.
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người thêm",
    )
    reason = models.CharField("lý do sửa", max_length=500, blank=True, default="", db_default="")

    objects = through("directive")

    class Meta:
        verbose_name = "nội dung văn bản"
        verbose_name_plural = "nội dung văn bản"
        ordering = ["directive", "version"]
        constraints = [
            models.UniqueConstraint(fields=["directive", "version"], name="text_version_once"),
            models.UniqueConstraint(fields=["source_sha256"], condition=Q(version=1), name="text_source_once"),
            models.CheckConstraint(condition=Q(version__lte=1) | ~Q(reason=""), name="text_version_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.directive} – bản {self.version}"

    @property
    def is_from_picture(self) -> bool:
        """Whether a program read some of it from pictures."""
        return self.read_by == TextOrigin.PICTURE

    @property
    def reading_words(self) -> str:
        """What whoever reads the text has to know of how it was come by; "" for words that stood in the file."""
        pages = f"trang {self.read_pages}" if self.read_pages else ""
        if self.is_from_picture:
            return f"{pages[:1].upper()}{pages[1:]} đọc từ ảnh, cần soát" if pages else "Đọc từ ảnh, cần soát"
        if self.read_by == TextOrigin.PART:
            return f"Chưa đọc hết: {pages or 'có trang'} là ảnh"
        return ""

    @property
    def is_original(self) -> bool:
        """As the document came; corrected versions stand beside it."""
        return self.version == 1


class Clause(models.Model):
    """A numbered part of the text (1, 1a, 1b, 2 …) with its place in one text version."""

    text = models.ForeignKey(DirectiveText, on_delete=models.CASCADE, related_name="clauses")
    code = models.CharField("điểm", max_length=CODE_LENGTH)
    title = models.CharField("tên điểm", max_length=200, blank=True)
    order = models.PositiveIntegerField("thứ tự", default=0)
    start = models.PositiveIntegerField("từ ký tự")
    end = models.PositiveIntegerField("đến ký tự")

    objects = through("text")

    class Meta:
        verbose_name = "điểm, khoản"
        verbose_name_plural = "điểm, khoản"
        ordering = ["text", "order"]
        constraints = [
            models.UniqueConstraint(fields=["text", "code"], name="clause_code_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="clause_span_order"),
        ]

    def __str__(self) -> str:
        return f"điểm {self.code}"


class NonTaskSpan(models.Model):
    """A sentence somebody marked "không phải nhiệm vụ"."""

    text = models.ForeignKey(DirectiveText, on_delete=models.CASCADE, related_name="non_tasks")
    start = models.PositiveIntegerField("từ ký tự")
    end = models.PositiveIntegerField("đến ký tự")
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    marked_at = models.DateTimeField("đánh dấu lúc")

    objects = through("text")

    class Meta:
        verbose_name = "câu không phải nhiệm vụ"
        verbose_name_plural = "câu không phải nhiệm vụ"
        constraints = [
            models.UniqueConstraint(fields=["text", "start", "end"], name="non_task_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="non_task_span_order"),
        ]

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"


class CitedDocument(models.Model):
    """A document the text refers to, as printed, with the correction beside it and room for its file."""

    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="cited_documents")
    order = models.PositiveIntegerField("thứ tự", default=0)
    number = models.CharField("số, ký hiệu (như in)", max_length=60)
    number_corrected = models.CharField("số, ký hiệu đúng", max_length=60, blank=True)
    date = models.DateField("ngày", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    title = models.CharField("trích yếu", max_length=400, blank=True)
    file = models.ForeignKey(
        "records.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tệp",
    )

    objects = through("directive")

    class Meta:
        verbose_name = "văn bản viện dẫn"
        verbose_name_plural = "văn bản viện dẫn"
        ordering = ["directive", "order"]

    def __str__(self) -> str:
        return self.number_corrected or self.number


class Addressee(models.Model):
    """One line under "Kính gửi" as printed, and the units and groups it means."""

    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="addressees")
    order = models.PositiveIntegerField("thứ tự", default=0)
    written = models.CharField("ghi trong văn bản", max_length=300)
    units = models.ManyToManyField("units.Unit", blank=True, related_name="+")
    groups = models.ManyToManyField("units.UnitGroup", blank=True, related_name="+")

    objects = through("directive")

    class Meta:
        verbose_name = "nơi kính gửi"
        verbose_name_plural = "nơi kính gửi"
        ordering = ["directive", "order"]

    def __str__(self) -> str:
        return self.written


class CopyRecipient(models.Model):
    """One line under "Nơi nhận"."""

    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="copies")
    order = models.PositiveIntegerField("thứ tự", default=0)
    written = models.CharField("ghi trong văn bản", max_length=300)

    objects = through("directive")

    class Meta:
        verbose_name = "nơi nhận"
        verbose_name_plural = "nơi nhận"
        ordering = ["directive", "order"]

    def __str__(self) -> str:
        return self.written
