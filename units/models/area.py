"""Administrative areas: province, district, commune, each valid for a time."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from directive_tracker import vietnamese


class AreaLevel(models.TextChoices):
    PROVINCE = "province", "Tỉnh"
    DISTRICT = "district", "Huyện, thành phố"
    COMMUNE = "commune", "Xã, phường, thị trấn"


class AreaQuerySet(models.QuerySet):
    def valid_on(self, day: date) -> "AreaQuerySet":
        """Areas that exist on that day."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def communes(self) -> "AreaQuerySet":
        return self.filter(level=AreaLevel.COMMUNE)


class Area(models.Model):  # type: ignore[django-manager-missing]  # Unit's manager is made at run time
    """One area. A new area may reuse an old one's code, so the key is (code, valid_from)."""

    level = models.CharField("cấp", max_length=10, choices=AreaLevel.choices)
    code = models.CharField("mã", max_length=10)
    name = models.CharField("tên", max_length=120)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="thuộc",
    )
    successors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="predecessors", verbose_name="kế thừa bởi"
    )
    valid_from = models.DateField("từ ngày", default=date(1900, 1, 1))
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    search_key = models.CharField(max_length=400, editable=False, default="")
    sort_key = models.CharField(max_length=400, editable=False, default="")

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = "địa bàn"
        verbose_name_plural = "địa bàn"
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["level", "code", "valid_from"], name="area_code_from"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="area_valid_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.name = vietnamese.nfc(self.name).strip()
        self.search_key = vietnamese.fold(self.name)
        self.sort_key = vietnamese.sort_key(self.name)[:400]
        super().save(*args, **kwargs)


class AreaAlias(models.Model):
    """Another spelling under which an area is written."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField("cách viết khác", max_length=120)
    search_key = models.CharField(max_length=200, editable=False, default="")

    class Meta:
        verbose_name = "cách viết khác"
        verbose_name_plural = "cách viết khác"
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="area_alias_once")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.name = vietnamese.nfc(self.name).strip()
        self.search_key = vietnamese.fold(self.name)
        super().save(*args, **kwargs)
