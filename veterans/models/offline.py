"""What was taken along into a village without signal, and what phones sent from there."""

from django.db import models
from django.db.models import F, Q

from directive_tracker.doors import through
from veterans.models.campaign import by_user
from veterans.models.person import Person
from veterans.models.planning import Delegation
from veterans.models.visiting import Visit, VisitPhoto


class OfflineCopy(models.Model):
    """The sheet of one delegation on one phone: whose account took it, until when it holds, how it ended.

    ticket: SHA-256 of the secret the phone holds. It lets a phone hand over what was written down, nothing else.
    """

    class End(models.TextChoices):
        OPEN = "", "Đang trên máy"
        SYNCED = "synced", "Đã gửi hết và xóa khỏi máy"
        SIGNED_OUT = "signed_out", "Đã xóa khi đăng xuất"
        EXPIRED = "expired", "Hết hạn, máy tự xóa"
        REVOKED = "revoked", "Đã thu hồi"

    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, related_name="copies", verbose_name="đoàn")
    user = by_user("người mang theo")
    ticket = models.CharField(max_length=64, unique=True, editable=False)
    taken_at = models.DateTimeField("lấy lúc")
    expires_at = models.DateTimeField("hết hạn lúc")
    ended = models.CharField("kết thúc", max_length=10, choices=End.choices, default=End.OPEN, blank=True)
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)

    objects = through("delegation")

    class Meta:
        verbose_name = "bản mang theo"
        verbose_name_plural = "các bản mang theo"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("taken_at")), name="offline_copy_ends_later"),
            models.CheckConstraint(
                condition=Q(ended="", ended_at__isnull=True) | (~Q(ended="") & Q(ended_at__isnull=False)),
                name="offline_copy_ended_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Bản mang theo số {self.pk or 'mới'}"


class SentVisit(models.Model):
    """What a phone sent about one call, under the key the phone made, and what became of it. Nothing is ever dropped.

    sealed: the content as it was typed (AES-GCM); emptied some time after it was decided.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Chờ cán bộ xem"
        RECORDED = "recorded", "Đã ghi"
        SAME = "same", "Đã có, giống hệt"
        SET_ASIDE = "set_aside", "Đã xem, không ghi"

    class Why(models.TextChoices):
        """Why it could not be recorded at once."""

        NOTHING = "", ""
        DIFFERS = "differs", "Máy khác đã ghi lần thăm này với nội dung khác"
        DECEASED = "deceased", "Người được thăm đã từ trần"
        MOVED = "moved", "Người được thăm đã chuyển đi"
        GONE = "gone", "Hồ sơ không còn trong danh sách"
        ACCOUNT = "account", "Tài khoản gửi đã ngừng hoặc không còn quyền ở địa bàn"
        LATE = "late", "Gửi sau khi bản mang theo hết hạn"
        TWICE = "twice", "Nguồn này đã trao quà cho người này"
        REFUSED = "refused", "Có nội dung chưa ghi được"

    key = models.UUIDField("mã trên máy", unique=True)
    copy = models.ForeignKey(OfflineCopy, on_delete=models.PROTECT, related_name="sent", verbose_name="bản mang theo")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sent_visits", verbose_name="người")
    noted_at = models.DateTimeField("ghi trên máy lúc")
    received_at = models.DateTimeField("nhận lúc")
    sealed = models.BinaryField("nội dung đã mã hóa", null=True)
    key_id = models.CharField("mã khóa", max_length=8, blank=True)
    outcome = models.CharField("kết quả", max_length=9, choices=Outcome.choices, default=Outcome.WAITING)
    why = models.CharField("vì sao chờ", max_length=8, choices=Why.choices, default=Why.NOTHING, blank=True)
    why_words = models.CharField("nói rõ", max_length=300, blank=True)
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="sent", verbose_name="lần thăm"
    )
    decided_by = by_user("người xem", null=True, blank=True)
    decided_at = models.DateTimeField("xem lúc", null=True, blank=True)
    decision = models.CharField("ghi chú khi xem", max_length=300, blank=True)

    objects = through("person")

    class Meta:
        verbose_name = "lần thăm gửi từ máy"
        verbose_name_plural = "các lần thăm gửi từ máy"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome__in=["recorded", "same"]) | Q(visit__isnull=False),
                name="sent_visit_leads_to_visit",
            ),
            models.CheckConstraint(condition=~Q(outcome="waiting") | ~Q(why=""), name="sent_visit_waits_for_something"),
            models.CheckConstraint(
                condition=~Q(outcome="set_aside") | (~Q(decision="") & Q(decided_by__isnull=False)),
                name="sent_visit_set_aside_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["received_at", "id"], condition=Q(outcome="waiting"), name="sent_visit_waiting"),
        ]

    def __str__(self) -> str:
        return f"Lần thăm gửi từ máy số {self.pk or 'mới'}"


class SentPhoto(models.Model):
    """A picture that came with it, sealed; it becomes the visit's when the visit is recorded."""

    sent = models.ForeignKey(
        SentVisit, on_delete=models.PROTECT, related_name="photos", verbose_name="lần thăm gửi từ máy"
    )
    kind = models.CharField("loại ảnh", max_length=11, choices=VisitPhoto.Kind.choices)
    file = models.OneToOneField("records.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name="tệp")
    sha = models.CharField("dấu của tệp trên máy", max_length=64)

    objects = through("sent")

    class Meta:
        verbose_name = "ảnh gửi từ máy"
        verbose_name_plural = "ảnh gửi từ máy"
        ordering = ["sent", "pk"]
        constraints = [models.UniqueConstraint(fields=["sent", "sha"], name="sent_photo_once")]

    def __str__(self) -> str:
        return f"Ảnh gửi từ máy số {self.pk or 'mới'}"
