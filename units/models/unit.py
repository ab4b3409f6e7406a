"""Organisations: the tree of units, their names over time, groups and successions."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords
from tree_queries.models import TreeNode
from tree_queries.query import TreeManager, TreeQuerySet

from directive_tracker import vietnamese
from units.models.area import Area


class UnitKind(models.TextChoices):
    OFFICE = "office", "Văn phòng cấp ủy"
    STANDING_COMMITTEE = "standing_committee", "Thường trực, Ban Thường vụ"
    PARTY_BODY = "party_body", "Ban đảng, đảng đoàn, ban cán sự đảng"
    PARTY_COMMITTEE = "party_committee", "Huyện ủy, thành ủy, đảng ủy"
    MASS_ORGANISATION = "mass_organisation", "Mặt trận, tổ chức chính trị - xã hội"
    STATE_BODY = "state_body", "Cơ quan nhà nước"
    OTHER = "other", "Đơn vị khác"


class EscalationTo(models.TextChoices):
    HEAD = "head", "lãnh đạo đơn vị"
    REPORTERS = "reporters", "cán bộ đầu mối"
    BOTH = "both", "lãnh đạo và cán bộ đầu mối"


class UnitQuerySet(TreeQuerySet):
    def valid_on(self, day: date) -> "UnitQuerySet":
        """Units that exist on that day."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def in_official_order(self) -> "UnitQuerySet":
        return self.order_by("sort_order", "pk")


class UnitManager(TreeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    # Most pages need no depth or path; a query that does calls with_tree_fields().
    _with_tree_fields = False


class Unit(TreeNode):
    """An organisation. Never deleted: it ends, and a Succession says who follows."""

    name = models.CharField("tên đầy đủ", max_length=200)
    short_name = models.CharField("tên ngắn", max_length=60)
    code = models.SlugField("mã", max_length=40, unique=True)
    symbol = models.CharField("ký hiệu văn bản", max_length=30, blank=True)
    kind = models.CharField("loại", max_length=20, choices=UnitKind.choices)
    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name="địa bàn",
    )
    sort_order = models.PositiveIntegerField("thứ tự văn bản", default=0)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    email = models.EmailField("thư công vụ", blank=True)
    needs_head_approval = models.BooleanField("báo cáo qua lãnh đạo đơn vị duyệt trước khi gửi", default=False)
    wants_report_links = models.BooleanField(
        "thư nhắc có đường dẫn báo cáo không cần đăng nhập", default=True, db_default=True
    )
    escalation_to = models.CharField(
        "báo động quá hạn gửi cho",
        max_length=10,
        choices=EscalationTo.choices,
        default=EscalationTo.HEAD,
        db_default=EscalationTo.HEAD,
        help_text="Khi việc quá hạn lâu ngày. Đơn vị chưa có lãnh đạo trong phần mềm thì báo cán bộ đầu mối.",
    )
    valid_from = models.DateField("từ ngày", default=date(1900, 1, 1))
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    search_key = models.CharField(max_length=400, editable=False, default="")

    history = HistoricalRecords(excluded_fields=["search_key"])
    objects = UnitManager()

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        ordering = ["sort_order", "pk"]
        indexes = [models.Index(fields=["sort_order", "id"], name="unit_official_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="unit_valid_order",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.name = vietnamese.nfc(self.name).strip()
        self.short_name = vietnamese.nfc(self.short_name).strip()
        self.search_key = vietnamese.fold(f"{self.name} {self.short_name} {self.symbol}")[:400]
        super().save(*args, **kwargs)


class UnitVersion(models.Model):
    """What a unit was called, and under whom it stood, from a day on."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="versions")
    valid_from = models.DateField("từ ngày")
    name = models.CharField("tên đầy đủ", max_length=200)
    short_name = models.CharField("tên ngắn", max_length=60)
    parent = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="thuộc"
    )
    legal_basis = models.CharField("căn cứ", max_length=200, blank=True)

    class Meta:
        verbose_name = "tên theo thời gian"
        verbose_name_plural = "tên theo thời gian"
        ordering = ["unit", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="unit_version_day"),
            models.CheckConstraint(condition=~Q(unit=F("parent")), name="unit_version_not_below_itself"),
        ]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """Who follows a unit that was merged, split or dissolved, and on what ground."""

    predecessor = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="successions", verbose_name="đơn vị cũ"
    )
    successor = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="inheritances", verbose_name="đơn vị kế thừa"
    )
    on = models.DateField("ngày")
    legal_basis = models.CharField("căn cứ", max_length=200)

    class Meta:
        verbose_name = "kế thừa"
        verbose_name_plural = "kế thừa"
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class UnitGroup(models.Model):
    """A group by which documents address units: "các huyện ủy, thành ủy, đảng ủy trực thuộc"."""

    code = models.SlugField("mã", max_length=40, unique=True)
    name = models.CharField("tên nhóm", max_length=200)
    units = models.ManyToManyField(Unit, through="GroupMember", related_name="groups")

    class Meta:
        verbose_name = "nhóm đơn vị"
        verbose_name_plural = "nhóm đơn vị"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def members_on(self, day: date) -> UnitQuerySet:
        """The units of the group as of that day, in official order."""
        return (
            Unit.objects.filter(
                Q(group_members__valid_to__isnull=True) | Q(group_members__valid_to__gte=day),
                group_members__group=self,
                group_members__valid_from__lte=day,
            )
            .valid_on(day)
            .in_official_order()
            .distinct()
        )


class GroupMember(models.Model):
    group = models.ForeignKey(UnitGroup, on_delete=models.CASCADE, related_name="group_members")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="group_members", verbose_name="đơn vị")
    valid_from = models.DateField("từ ngày", default=date(1900, 1, 1))
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        verbose_name = "thành viên nhóm"
        verbose_name_plural = "thành viên nhóm"
        constraints = [models.UniqueConstraint(fields=["group", "unit", "valid_from"], name="group_member_once")]

    def __str__(self) -> str:
        return f"{self.unit} ({self.group})"
