"""A list of persons on its way in: read, checked row by row, imported, and taken back within seven days."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from directive_tracker.doors import through
from units.models import Area
from veterans.models.person import Person
from veterans.querysets import PersonImportQuerySet


def _by(words: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=words
    )


class PersonImport(models.Model):
    """One uploaded list.

    sender_key: the sender's name folded, for the memory of columns; columns: what was read of the headings, sheet after
    sheet; corrections: sheet → column letter → role; summary: counts and codes, nothing of a person.
    """

    class State(models.TextChoices):
        READING = "reading", "Đang đọc"
        CHECKED = "checked", "Đã kiểm tra"
        APPLYING = "applying", "Đang nhập"
        APPLIED = "applied", "Đã nhập"
        REVERTED = "reverted", "Đã gỡ"
        REFUSED = "refused", "Không đọc được"
        CANCELLED = "cancelled", "Đã bỏ"

    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name="tệp")
    sender = models.CharField("nơi gửi danh sách", max_length=160)
    sender_key = models.CharField(max_length=160, editable=False, db_index=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", verbose_name="địa bàn của danh sách")
    state = models.CharField("tình trạng", max_length=9, choices=State.choices, default=State.READING)
    columns = models.JSONField("các cột", default=list, blank=True)
    corrections = models.JSONField("cột đã sửa", default=dict, blank=True)
    summary = models.JSONField("kết quả", default=dict, blank=True)
    converted = models.BinaryField("chữ đổi từ bảng mã cũ, đã mã hóa", null=True)
    key_id = models.CharField("mã khóa", max_length=8, blank=True)
    refusal = models.CharField("vì sao không đọc được", max_length=300, blank=True)
    job = models.ForeignKey(
        "records.Job", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="việc chạy nền"
    )
    uploaded_by = _by("người tải lên")
    uploaded_at = models.DateTimeField("tải lên lúc")
    applied_by = _by("người nhập")
    applied_at = models.DateTimeField("nhập lúc", null=True, blank=True)
    reverted_by = _by("người gỡ")
    reverted_at = models.DateTimeField("gỡ lúc", null=True, blank=True)

    emptied_at = models.DateTimeField("bỏ nội dung các dòng lúc", null=True, blank=True)

    objects = PersonImportQuerySet.as_manager()

    class Meta:
        verbose_name = "danh sách nhập"
        verbose_name_plural = "các danh sách nhập"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["applied", "reverted"], applied_at__isnull=False)
                | (~Q(state__in=["applied", "reverted"]) & Q(applied_at__isnull=True)),
                name="person_import_applied_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="reverted", reverted_at__isnull=False)
                | (~Q(state="reverted") & Q(reverted_at__isnull=True)),
                name="person_import_reverted_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Danh sách nhập số {self.pk or 'mới'}"


class ImportedRow(models.Model):
    """One row of a list. What it says of a person is sealed, and emptied when the list can no longer be taken back.

    codes, warnings: [code, column letter] each; line_key: HMAC of sender, name, birth and commune, by which the same line
    of the same sender is known again; before: the sealed values an update overwrote; version_after: the entry's version
    when the import had written it.
    """

    class Outcome(models.TextChoices):
        CREATE = "create", "Tạo mới"
        UPDATE = "update", "Cập nhật"
        KEEP = "keep", "Giữ nguyên"
        ERROR = "error", "Lỗi"

    # imported_row_once begins with it.
    person_import = models.ForeignKey(
        PersonImport, on_delete=models.CASCADE, db_index=False, related_name="rows", verbose_name="danh sách"
    )
    sheet = models.CharField("trang tính", max_length=120, blank=True)
    number = models.PositiveIntegerField("dòng")
    outcome = models.CharField("kết quả", max_length=6, choices=Outcome.choices)
    codes = models.JSONField("lỗi", default=list, blank=True)
    warnings = models.JSONField("lưu ý", default=list, blank=True)
    sealed = models.BinaryField("nội dung đã mã hóa", null=True)
    before = models.BinaryField("trước khi cập nhật, đã mã hóa", null=True)
    key_id = models.CharField("mã khóa", max_length=8, blank=True)
    line_key = models.CharField(max_length=64, blank=True, editable=False)
    person = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="imported_rows",
        verbose_name="hồ sơ",
    )
    version_after = models.PositiveIntegerField("lần sửa sau khi nhập", null=True, blank=True)

    objects = through("person_import")

    class Meta:
        verbose_name = "dòng của danh sách"
        verbose_name_plural = "các dòng của danh sách"
        ordering = ["person_import", "pk"]
        constraints = [models.UniqueConstraint(fields=["person_import", "sheet", "number"], name="imported_row_once")]
        indexes = [
            models.Index(fields=["person_import", "outcome", "id"], name="imported_row_outcome"),
            models.Index(fields=["person"], condition=Q(person__isnull=False), name="imported_row_person"),
            models.Index(fields=["line_key"], condition=~Q(line_key=""), name="imported_row_line"),
        ]

    def __str__(self) -> str:
        return f"Dòng {self.number}"


class ColumnMemory(models.Model):
    """Which role a sender's heading has, as somebody put it right once. heading_key: the heading folded."""

    sender_key = models.CharField(max_length=160)
    heading_key = models.CharField(max_length=200)
    role = models.CharField("cột", max_length=40)
    by = _by("người sửa")
    at = models.DateTimeField("sửa lúc")

    class Meta:
        verbose_name = "cột đã sửa của nơi gửi"
        verbose_name_plural = "cột đã sửa của các nơi gửi"
        constraints = [models.UniqueConstraint(fields=["sender_key", "heading_key"], name="column_memory_once")]

    def __str__(self) -> str:
        return f"{self.heading_key} → {self.role}"
