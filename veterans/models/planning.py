"""Who is to be thanked how: wishes, the plan with its money and its approvals, the delegations."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from directive_tracker.doors import through
from units.models import Area, AreaLevel, Unit
from veterans.enums import Honour
from veterans.models.campaign import Campaign, GiftSource, by_user
from veterans.models.person import Person
from veterans.querysets import DelegationQuerySet, GratitudePlanQuerySet, PlanEntryQuerySet


class Wish(models.Model):
    """How somebody would like to be thanked; several may hold, none is not known."""

    # wish_once begins with it.
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_index=False, related_name="wishes", verbose_name="người"
    )
    form = models.CharField("hình thức", max_length=8, choices=Honour.choices)
    noted_by = by_user("người ghi")
    noted_at = models.DateTimeField("ghi lúc")

    objects = through("person")

    class Meta:
        verbose_name = "nguyện vọng"
        verbose_name_plural = "nguyện vọng"
        ordering = ["person", "form"]
        constraints = [models.UniqueConstraint(fields=["person", "form"], name="wish_once")]

    def __str__(self) -> str:
        return self.get_form_display()


class GratitudePlan(models.Model):
    """The plan of one area in one campaign. The names hang on its entries."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang lập"
        SUBMITTED = "submitted", "Đã trình, chờ phê duyệt"
        APPROVED = "approved", "Đã phê duyệt"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="plans", verbose_name="đợt")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", verbose_name="địa bàn")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị lập")
    title = models.CharField("tên kế hoạch", max_length=200)
    intent = models.TextField("mục đích, yêu cầu", max_length=4000, blank=True)
    state = models.CharField("tình trạng", max_length=9, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField("lần sửa", default=1)
    made_by = by_user("người lập")
    made_at = models.DateTimeField("lập lúc")
    submitted_by = by_user("người trình", null=True, blank=True)
    submitted_at = models.DateTimeField("trình lúc", null=True, blank=True)
    returned_because = models.CharField("lý do sửa lại", max_length=500, blank=True)

    objects = GratitudePlanQuerySet.as_manager()

    class Meta:
        verbose_name = "kế hoạch tri ân"
        verbose_name_plural = "kế hoạch tri ân"
        ordering = ["campaign", "area"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "area"], name="plan_once_an_area"),
            models.CheckConstraint(condition=~Q(title=""), name="plan_titled"),
            models.CheckConstraint(
                condition=Q(state="draft")
                | (~Q(state="draft") & Q(submitted_at__isnull=False, submitted_by__isnull=False)),
                name="plan_submitted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    def clean(self):
        """Errors: ValidationError for the plan of a single commune: a plan is a district's or the province's."""
        if self.area_id and self.area.level == AreaLevel.COMMUNE:
            raise ValidationError({"area": "Kế hoạch được lập cho huyện, thành phố hoặc toàn tỉnh."})


class PlanApproval(models.Model):
    """One approval of a plan, with what it was given for. Rows are only added."""

    plan = models.ForeignKey(GratitudePlan, on_delete=models.PROTECT, related_name="approvals", verbose_name="kế hoạch")
    number = models.CharField("số", max_length=30)
    symbol = models.CharField("ký hiệu", max_length=60, blank=True)
    approved_on = models.DateField("ngày phê duyệt")
    signer = models.CharField("người ký", max_length=120)
    file = models.ForeignKey(
        "records.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bản ký"
    )
    people = models.PositiveIntegerField("số người")
    money = models.PositiveBigIntegerField("kinh phí (đồng)")
    recorded_by = by_user("người ghi")
    recorded_at = models.DateTimeField("ghi lúc")

    objects = through("plan")

    class Meta:
        verbose_name = "lần phê duyệt kế hoạch"
        verbose_name_plural = "các lần phê duyệt kế hoạch"
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(number="") & ~Q(signer=""), name="plan_approval_signed")]

    def __str__(self) -> str:
        return "-".join(part for part in (self.number, self.symbol) if part)


class PlanFunding(models.Model):
    """What one source gives in a plan: one gift, and the money set aside in all."""

    # plan_funding_once begins with it.
    plan = models.ForeignKey(
        GratitudePlan, on_delete=models.CASCADE, db_index=False, related_name="funding", verbose_name="kế hoạch"
    )
    source = models.ForeignKey(GiftSource, on_delete=models.PROTECT, related_name="+", verbose_name="nguồn")
    each = models.PositiveBigIntegerField("tiền mỗi suất (đồng)", default=0)
    goods = models.CharField("hiện vật mỗi suất", max_length=200, blank=True)
    budget = models.PositiveBigIntegerField("dự toán (đồng)", default=0)

    objects = through("plan")

    class Meta:
        verbose_name = "kinh phí của một nguồn"
        verbose_name_plural = "kinh phí theo nguồn"
        ordering = ["plan", "source__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "source"], name="plan_funding_once"),
            models.CheckConstraint(condition=Q(each__gte=0, budget__gte=0), name="plan_funding_not_negative"),
        ]

    def __str__(self) -> str:
        return f"Kinh phí số {self.pk or 'mới'}"


class Delegation(models.Model):
    """A delegation that goes out on one day: who leads it, where it starts; whom it calls on hangs on the entries."""

    class State(models.TextChoices):
        PLANNED = "planned", "Sẽ đi"
        DONE = "done", "Đã đi"
        CANCELLED = "cancelled", "Không đi"

    plan = models.ForeignKey(
        GratitudePlan, on_delete=models.PROTECT, related_name="delegations", verbose_name="kế hoạch"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị tổ chức đoàn")
    name = models.CharField("tên đoàn", max_length=120)
    leader = models.CharField("trưởng đoàn", max_length=120)
    leader_title = models.CharField("chức vụ trưởng đoàn", max_length=200, blank=True)
    on = models.DateField("ngày đi")
    starts_at = models.TimeField("giờ xuất phát", null=True, blank=True)
    starts_from = models.CharField("nơi xuất phát", max_length=200, blank=True)
    vehicle = models.CharField("xe", max_length=120, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    state = models.CharField("tình trạng", max_length=9, choices=State.choices, default=State.PLANNED)
    cancelled_because = models.CharField("vì sao không đi", max_length=300, blank=True)
    version = models.PositiveIntegerField("lần sửa", default=1)
    made_by = by_user("người lập")
    made_at = models.DateTimeField("lập lúc")

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = "đoàn thăm"
        verbose_name_plural = "các đoàn thăm"
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(leader=""), name="delegation_named_and_led"),
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(cancelled_because=""))
                | (~Q(state="cancelled") & Q(cancelled_because="")),
                name="delegation_cancelled_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["plan", "on"], name="delegation_day")]

    def __str__(self) -> str:
        return self.name


class DelegationMember(models.Model):
    """Somebody who goes along; no account is needed for it."""

    delegation = models.ForeignKey(Delegation, on_delete=models.CASCADE, related_name="members", verbose_name="đoàn")
    name = models.CharField("họ và tên", max_length=120)
    title = models.CharField("chức vụ, đơn vị", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    objects = through("delegation")

    class Meta:
        verbose_name = "thành viên đoàn"
        verbose_name_plural = "thành viên đoàn"
        ordering = ["delegation", "order", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="delegation_member_named")]

    def __str__(self) -> str:
        return f"Thành viên số {self.pk or 'mới'}"


class PlanEntry(models.Model):
    """One person in one plan, thanked in one form; dropped with a reason, never deleted."""

    class State(models.TextChoices):
        PLANNED = "planned", "Trong kế hoạch"
        DROPPED = "dropped", "Đưa ra khỏi kế hoạch"

    plan = models.ForeignKey(GratitudePlan, on_delete=models.PROTECT, related_name="entries", verbose_name="kế hoạch")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="plan_entries", verbose_name="người")
    form = models.CharField("hình thức", max_length=8, choices=Honour.choices)
    state = models.CharField("tình trạng", max_length=8, choices=State.choices, default=State.PLANNED)
    dropped_because = models.CharField("lý do đưa ra", max_length=300, blank=True)
    dropped_by = by_user("người đưa ra", null=True, blank=True)
    dropped_at = models.DateTimeField("đưa ra lúc", null=True, blank=True)
    added_by = by_user("người thêm")
    added_at = models.DateTimeField("thêm lúc")
    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, null=True, blank=True, related_name="stops", verbose_name="đoàn"
    )
    position = models.PositiveSmallIntegerField("thứ tự trên đường đi", default=0)

    objects = PlanEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "người trong kế hoạch"
        verbose_name_plural = "người trong kế hoạch"
        ordering = ["plan", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "person", "form"], condition=Q(state="planned"), name="plan_entry_once_a_form"
            ),
            models.CheckConstraint(
                condition=Q(state="planned", dropped_because="", dropped_by__isnull=True, dropped_at__isnull=True)
                | (Q(state="dropped", dropped_by__isnull=False, dropped_at__isnull=False) & ~Q(dropped_because="")),
                name="plan_entry_dropped_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(delegation__isnull=True) | Q(state="planned"), name="plan_entry_dropped_goes_nowhere"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "state"], name="plan_entry_person"),
            models.Index(fields=["delegation", "position"], name="plan_entry_route"),
        ]

    def __str__(self) -> str:
        return f"Mục kế hoạch số {self.pk or 'mới'}"
