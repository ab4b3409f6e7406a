"""What a person agreed to and asked for, and what was erased (Luật 91/2025/QH15, NĐ 356/2025/NĐ-CP)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from directive_tracker.doors import through
from veterans.models.campaign import Campaign
from veterans.models.person import Person


def _by(words: str, **more) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=words, **more
    )


class Consent(models.Model):
    """One answer of a person about one purpose. Rows are only added; the newest of a purpose counts; none is no."""

    class Purpose(models.TextChoices):
        NOTIFIED = "notified", "Đã được thông báo về việc lập hồ sơ"
        KEEP = "keep", "Lưu hồ sơ cho các dịp sau"
        NAME = "name", "Công bố họ tên"
        PHOTO = "photo", "Chụp và công bố ảnh"

    class Way(models.TextChoices):
        SPOKEN = "spoken", "Nói, có người làm chứng"
        PAPER = "paper", "Ký trên giấy"
        PHONE = "phone", "Qua điện thoại"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents", verbose_name="người")
    purpose = models.CharField("về việc", max_length=10, choices=Purpose.choices)
    given = models.BooleanField("đồng ý")
    said_by = models.CharField("ai trả lời", max_length=120)
    way = models.CharField("cách trả lời", max_length=8, choices=Way.choices)
    witness = models.CharField("người làm chứng", max_length=120, blank=True)
    on = models.DateField("ngày")
    recorded_by = _by("người ghi")
    recorded_at = models.DateTimeField("ghi lúc")

    objects = through("person")

    class Meta:
        verbose_name = "ý kiến về dữ liệu"
        verbose_name_plural = "ý kiến về dữ liệu"
        ordering = ["person", "-pk"]
        indexes = [models.Index(fields=["person", "purpose", "-id"], name="consent_newest")]
        constraints = [
            models.CheckConstraint(condition=~Q(way="spoken") | ~Q(witness=""), name="consent_spoken_has_witness"),
            models.CheckConstraint(condition=~Q(said_by=""), name="consent_said_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} – hồ sơ số {self.person_id}"


class DataRequest(models.Model):
    """What somebody asked about the own data: answered within two working days, carried out by its own day."""

    class Kind(models.TextChoices):
        SEE = "see", "Xem, cung cấp dữ liệu"
        CORRECT = "correct", "Chỉnh sửa"
        WITHDRAW = "withdraw", "Rút lại đồng ý"
        OBJECT = "object", "Phản đối, hạn chế xử lý"
        ERASE = "erase", "Xóa dữ liệu"

    class State(models.TextChoices):
        OPEN = "open", "Chờ trả lời"
        ANSWERED = "answered", "Đã trả lời, đang thực hiện"
        DONE = "done", "Đã thực hiện"
        REFUSED = "refused", "Không thực hiện được"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="data_requests", verbose_name="người")
    kind = models.CharField("yêu cầu", max_length=8, choices=Kind.choices)
    state = models.CharField("tình trạng", max_length=8, choices=State.choices, default=State.OPEN)
    asked_by = models.CharField("người yêu cầu", max_length=200, blank=True)
    words = models.CharField("nội dung yêu cầu", max_length=1000, blank=True)
    received_on = models.DateField("nhận ngày")
    answer_due = models.DateField("hạn trả lời")
    done_due = models.DateField("hạn thực hiện")
    extended_because = models.CharField("lý do gia hạn", max_length=300, blank=True)
    recorded_by = _by("người ghi")
    recorded_at = models.DateTimeField("ghi lúc")
    answered_by = _by("người trả lời", null=True, blank=True)
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    closed_by = _by("người thực hiện", null=True, blank=True)
    closed_at = models.DateTimeField("thực hiện lúc", null=True, blank=True)
    outcome = models.CharField("kết quả", max_length=500, blank=True)

    objects = through("person")

    class Meta:
        verbose_name = "yêu cầu về dữ liệu"
        verbose_name_plural = "yêu cầu về dữ liệu"
        ordering = ["done_due", "pk"]
        indexes = [
            models.Index(
                fields=["done_due", "id"], condition=Q(state__in=["open", "answered"]), name="data_request_open_due"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(answer_due__gte=F("received_on")), name="data_request_answer_later"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "answered"], closed_at__isnull=True)
                | Q(state__in=["done", "refused"], closed_at__isnull=False),
                name="data_request_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(outcome=""), name="data_request_refused_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"Yêu cầu số {self.pk or 'mới'}"


class Erasure(models.Model):
    """Whose data were erased: the entry's number and nothing of the person; a restored backup is erased again by it."""

    class Kind(models.TextChoices):
        REQUEST = "request", "Theo yêu cầu"
        RETENTION = "retention", "Hết thời hạn lưu"

    person_number = models.BigIntegerField("hồ sơ số", unique=True)
    kind = models.CharField("vì sao", max_length=9, choices=Kind.choices)
    basis = models.CharField("căn cứ", max_length=300)
    by = _by("người xóa", null=True)
    at = models.DateTimeField("xóa lúc")

    class Meta:
        verbose_name = "lần xóa dữ liệu"
        verbose_name_plural = "sổ xóa dữ liệu"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Xóa hồ sơ số {self.person_number}"


class RegistryRule(models.Model):
    """What the office set for one campaign: when its purpose ends, how long data stay, how long "còn sống" holds."""

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="rule", verbose_name="đợt")
    purpose_ends_on = models.DateField("mục đích kết thúc ngày", null=True, blank=True)
    keep_months = models.PositiveSmallIntegerField("lưu thêm (tháng)", default=24)
    living_days = models.PositiveSmallIntegerField("tin “còn sống” có giá trị (ngày)", default=30)
    set_by = _by("người đặt", null=True)
    set_at = models.DateTimeField("đặt lúc", null=True, blank=True)

    class Meta:
        verbose_name = "quy định của sổ"
        verbose_name_plural = "quy định của sổ"

    def __str__(self) -> str:
        return f"Quy định: {self.campaign}"
