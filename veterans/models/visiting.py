"""Calls that were made and gifts that were promised or given."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from directive_tracker.doors import through
from units.models import Unit
from veterans.enums import Honour
from veterans.models.campaign import Campaign, GiftSource, by_user
from veterans.models.consent import Consent
from veterans.models.person import Person
from veterans.models.planning import Delegation, PlanEntry
from veterans.querysets import GiftQuerySet


class Visit(models.Model):
    """One call of one unit on one person on one day, or on the family of somebody who has died. It holds no money."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="visits", verbose_name="người được thăm")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="visits", verbose_name="đợt")
    on = models.DateField("ngày thăm")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="visits", verbose_name="đơn vị tổ chức đoàn")
    form = models.CharField("hình thức", max_length=8, choices=Honour.choices, default=Honour.HOME)
    to_family = models.BooleanField("thăm gia đình người đã từ trần", default=False)
    entry = models.ForeignKey(
        PlanEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="mục kế hoạch"
    )
    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="đoàn"
    )
    received_by = models.CharField("người nhận thay", max_length=120, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    recorded_by = by_user("người ghi")
    recorded_at = models.DateTimeField("ghi lúc")

    objects = through("person")

    class Meta:
        verbose_name = "lần thăm hỏi"
        verbose_name_plural = "các lần thăm hỏi"
        ordering = ["-on", "-pk"]
        constraints = [
            # Also what a second click, and a second phone, run into.
            models.UniqueConstraint(fields=["person", "on", "unit"], name="visit_once_a_day"),
        ]
        indexes = [
            models.Index(fields=["on", "person"], name="visit_day"),
            models.Index(fields=["campaign", "person"], name="visit_campaign"),
        ]

    def __str__(self) -> str:
        return f"Lần thăm số {self.pk or 'mới'}"

    def clean(self):
        """Errors: ValidationError when the person had died, or is no longer on the list."""
        if not self.person_id or not self.on:
            return
        person = self.person
        if person.merged_into_id:
            raise ValidationError(f"Hồ sơ này đã gộp vào hồ sơ số {person.merged_into_id}; hãy ghi ở hồ sơ đó.")
        if person.is_removed:
            raise ValidationError("Người này đã được đưa khỏi danh sách, không ghi thăm hỏi được.")
        if self.to_family:
            if not person.is_deceased:
                raise ValidationError("Chỉ ghi “thăm gia đình” khi tin từ trần đã được xác nhận.")
        elif person.is_deceased and not (person.death_on and self.on < person.death_on):
            raise ValidationError(
                "Người này đã từ trần. Nếu đoàn đến thăm gia đình, hãy đánh dấu “thăm gia đình”; nếu tin từ trần"
                " không đúng, hãy rút lại tin đó trước."
            )


class Gift(models.Model):
    """What one source gives one person: promised in a plan, given at a visit.

    gift_once_a_source holds "one gift per person, source and campaign" whoever writes: a source belongs to one campaign.
    """

    class Kind(models.TextChoices):
        GIFT = "gift", "Quà"
        HOUSE = "house", "Hỗ trợ nhà ở"

    class State(models.TextChoices):
        PROMISED = "promised", "Sẽ trao"
        GIVEN = "given", "Đã trao"
        WITHDRAWN = "withdrawn", "Thôi không trao"
        DOUBLED = "doubled", "Đã trao trùng"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="gifts", verbose_name="người nhận")
    source = models.ForeignKey(GiftSource, on_delete=models.PROTECT, related_name="gifts", verbose_name="nguồn")
    kind = models.CharField("loại", max_length=5, choices=Kind.choices, default=Kind.GIFT)
    state = models.CharField("tình trạng", max_length=9, choices=State.choices, default=State.PROMISED)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị trao")
    money = models.PositiveBigIntegerField("số tiền (đồng)", default=0)
    goods = models.CharField("hiện vật", max_length=200, blank=True)
    entry = models.ForeignKey(
        PlanEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="gifts", verbose_name="mục kế hoạch"
    )
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="gifts", verbose_name="trao khi"
    )
    why = models.CharField("lý do", max_length=300, blank=True)
    promised_by = by_user("người ghi")
    promised_at = models.DateTimeField("ghi lúc")
    settled_by = by_user("người ghi kết quả", null=True, blank=True)
    settled_at = models.DateTimeField("ghi kết quả lúc", null=True, blank=True)

    objects = GiftQuerySet.as_manager()

    class Meta:
        verbose_name = "suất quà"
        verbose_name_plural = "các suất quà"
        ordering = ["source__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "source", "kind"],
                condition=Q(state__in=["promised", "given"]),
                name="gift_once_a_source",
            ),
            models.CheckConstraint(condition=Q(money__gte=0), name="gift_money_not_negative"),
            models.CheckConstraint(
                condition=Q(state__in=["given", "doubled"], visit__isnull=False)
                | Q(state__in=["promised", "withdrawn"], visit__isnull=True),
                name="gift_given_at_a_visit",
            ),
            models.CheckConstraint(
                condition=Q(state="promised", settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(state="promised") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="gift_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["withdrawn", "doubled"]) | ~Q(why=""), name="gift_withdrawn_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"Suất quà số {self.pk or 'mới'}"


class VisitPhoto(models.Model):
    """A picture taken at a visit; it lies sealed on the disk. A picture of a person needs the person's consent."""

    class Kind(models.TextChoices):
        SIGNED_LIST = "signed_list", "Danh sách ký nhận"
        PERSON = "person", "Ảnh người được thăm"

    MOST = 6

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos", verbose_name="lần thăm")
    kind = models.CharField("loại ảnh", max_length=11, choices=Kind.choices)
    file = models.OneToOneField("records.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name="tệp")
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ý kiến cho chụp ảnh"
    )
    added_by = by_user("người thêm")
    added_at = models.DateTimeField("thêm lúc")

    objects = through("visit")

    class Meta:
        verbose_name = "ảnh của lần thăm"
        verbose_name_plural = "ảnh của các lần thăm"
        ordering = ["visit", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="person") | Q(consent__isnull=False), name="photo_with_consent")
        ]

    def __str__(self) -> str:
        return f"Ảnh số {self.pk or 'mới'}"
