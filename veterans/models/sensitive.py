"""What is sealed: one row for each sensitive thing that is known of a person."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from directive_tracker.doors import through
from veterans.enums import SensitiveKind
from veterans.models.person import Person


class SensitiveValue(models.Model):
    """A sealed value (AES-GCM under FIELD_KEY, veterans/sensitive.py) and, for a number, its blind indexes.

    Lists never load these rows; erasing somebody deletes them. blind: HMAC of the whole number; blind_tail: of its last
    four digits; key_id: which key sealed it, so that what an old key holds can be found.
    """

    # sensitive_once_a_kind begins with it.
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_index=False, related_name="sensitive", verbose_name="người"
    )
    kind = models.CharField("loại", max_length=16, choices=SensitiveKind.choices)
    sealed = models.BinaryField("nội dung đã mã hóa")
    key_id = models.CharField("mã khóa", max_length=8)
    blind = models.CharField(max_length=64, blank=True, editable=False)
    blind_tail = models.CharField(max_length=64, blank=True, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name="người ghi",
    )
    updated_at = models.DateTimeField("ghi lúc")

    objects = through("person")

    class Meta:
        verbose_name = "thông tin nhạy cảm"
        verbose_name_plural = "thông tin nhạy cảm"
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="sensitive_once_a_kind")]
        indexes = [
            models.Index(fields=["blind"], condition=~Q(blind=""), name="sensitive_blind"),
            models.Index(fields=["blind_tail"], condition=~Q(blind_tail=""), name="sensitive_blind_tail"),
            models.Index(fields=["key_id"], name="sensitive_key"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} của hồ sơ số {self.person_id}"


class PersonScan(models.Model):
    """A scanned paper of a person: the file lies sealed on the disk and is opened with a purpose, like a number."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence", "Giấy tờ chứng minh"
        IDENTITY = "identity", "Căn cước, giấy tờ tùy thân"
        CONSENT = "consent", "Bản đồng ý có chữ ký"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="scans", verbose_name="người")
    kind = models.CharField("loại giấy tờ", max_length=10, choices=Kind.choices)
    category = models.CharField("chứng minh cho đối tượng", max_length=20, blank=True)
    file = models.OneToOneField("records.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name="tệp")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người thêm"
    )
    added_at = models.DateTimeField("thêm lúc")

    objects = through("person")

    class Meta:
        verbose_name = "bản chụp giấy tờ"
        verbose_name_plural = "bản chụp giấy tờ"
        ordering = ["person", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} số {self.pk or 'mới'}"
