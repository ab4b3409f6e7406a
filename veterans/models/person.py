"""A person of the registry, and the groups the person belongs to."""

import itertools
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, GeneratedField, Q, Value, When
from simple_history.models import HistoricalRecords

from directive_tracker import vietnamese
from directive_tracker.doors import through
from units.models import Area, AreaLevel
from veterans import name_keys
from veterans.enums import VERIFICATION_STEPS, Category, Finding, Living, Sex, Verification
from veterans.querysets import PersonQuerySet

YEARS_OF_BIRTH = (1850, 2100)
YEARS_OF_PARTICIPANTS = (1905, 1942)
LONG_MONTHS = (1, 3, 5, 7, 8, 10, 12)


def _waiting_level() -> Case:
    """Which level has to look at an entry; "" where none has.

    Who left the list or died waits for nobody. Who is to be looked at again waits for the level that found something
    last; "chưa đủ căn cứ" and "không thuộc diện" rest until somebody asks; everybody else waits for the next level.
    """
    nobody = Value("")
    away = Q(removed_on__isnull=False) | Q(merged_into__isnull=False) | Q(erased_at__isnull=False)
    return Case(
        When(away | Q(living_state="deceased"), then=nobody),
        When(~Q(review_asked=""), then=F("verification")),
        When(finding__in=["not_enough", "not_eligible"], then=nobody),
        *(
            When(verification=before.value, then=Value(after.value))
            for before, after in itertools.pairwise(VERIFICATION_STEPS)
        ),
        default=nobody,
    )


def _actor(words: str) -> models.ForeignKey:
    """A foreign key to the user who did something; accounts are never deleted, and nobody asks by whom: no index."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=words,
    )


class StoredNames(NamedTuple):
    """The columns that follow from what somebody is called."""

    full_name: str
    other_name: str
    search_key: str
    sort_key: str


def stored_names(full_name: str, other_name: str = "") -> StoredNames:
    """Names in their stored form and the keys by which they are found and sorted."""
    full_name = " ".join(vietnamese.nfc(full_name).split())
    other_name = " ".join(vietnamese.nfc(other_name).split())
    search_key = name_keys.search_key(full_name, _names_in(other_name))
    return StoredNames(full_name, other_name, search_key, vietnamese.name_key(full_name)[:400])


def _names_in(other_name: str) -> list[str]:
    return [name for name in (part.strip() for part in other_name.split(";")) if name]


class Person(models.Model):
    """Somebody to be thanked. One row a person, in however many groups.

    Nothing is guessed: sex, month and day of birth, even the year may be unknown. A death counts
    only when a second person has confirmed it, and can be withdrawn. Nobody is deleted: who is
    taken off the list stays, with the reason, and can be put back.
    """

    full_name = models.CharField("họ và tên", max_length=120)
    # Several are divided by ";": an absorbed entry leaves its name here.
    other_name = models.CharField("tên gọi khác, bí danh", max_length=300, blank=True)
    sex = models.CharField("giới tính", max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField("tháng sinh", null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField("ngày sinh", null=True, blank=True)
    birth_is_estimated = models.BooleanField("năm sinh chỉ là ước chừng", null=True, blank=True)
    # person_area_sort begins with it.
    residence = models.ForeignKey(
        Area, on_delete=models.PROTECT, db_index=False, related_name="people", verbose_name="xã, phường, thị trấn"
    )
    hamlet = models.CharField("thôn, làng, tổ dân phố", max_length=200, blank=True)

    living_state = models.CharField("tình trạng", max_length=10, choices=Living.choices, default=Living.UNKNOWN)
    living_on = models.DateField("tình trạng tính đến ngày", null=True, blank=True)
    living_source = models.CharField("nguồn tin về tình trạng", max_length=200, blank=True)
    moved_to = models.CharField("chuyển đến", max_length=200, blank=True)
    death_on = models.DateField("ngày từ trần", null=True, blank=True)
    death_source = models.CharField("nguồn tin từ trần", max_length=200, blank=True)
    death_reported_by = _actor("người báo từ trần")
    death_reported_at = models.DateTimeField("báo từ trần lúc", null=True, blank=True)
    death_confirmed_by = _actor("người xác nhận từ trần")
    death_confirmed_at = models.DateTimeField("xác nhận từ trần lúc", null=True, blank=True)

    verification = models.CharField("xác minh", max_length=10, choices=Verification.choices, default=Verification.NEW)
    verified_on = models.DateField("xác minh ngày", null=True, blank=True)
    verified_by = _actor("người xác minh")
    finding = models.CharField("kết luận", max_length=12, choices=Finding.choices, blank=True, default=Finding.NONE)
    finding_reason = models.CharField("lý do của kết luận", max_length=500, blank=True)
    review_asked = models.CharField("đề nghị xem lại", max_length=500, blank=True)
    # Kept by the database, so that a work list is one range of an index however rows were written.
    waits_for = GeneratedField(
        expression=_waiting_level(), output_field=models.CharField(max_length=10), db_persist=True, editable=False
    )
    legal_basis = models.CharField("căn cứ lập hồ sơ", max_length=300, blank=True)

    needs_interpreter = models.BooleanField("cần người phiên dịch", default=False)
    needs_vehicle = models.BooleanField("cần xe đưa đón", default=False)

    removed_on = models.DateField("đưa khỏi danh sách ngày", null=True, blank=True)
    removed_by = _actor("người đưa khỏi danh sách")
    removal_reason = models.CharField("lý do đưa khỏi danh sách", max_length=500, blank=True)
    removal_contested = models.CharField("ý kiến khác về việc đưa khỏi danh sách", max_length=500, blank=True)

    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="absorbed",
        verbose_name="đã gộp vào",
    )
    erased_at = models.DateTimeField("xóa dữ liệu lúc", null=True, blank=True)

    created_by = _actor("người lập")
    created_at = models.DateTimeField("lập lúc")
    version = models.PositiveIntegerField("lần sửa", default=1)
    search_key = models.CharField(max_length=500, editable=False, default="")
    sort_key = models.CharField(max_length=400, editable=False, default="")

    # The keys follow from the name. What is sensitive stands in rows of its own, without history (the log names it).
    # History is read entry by entry, never by what stands in it.
    history = HistoricalRecords(
        excluded_fields=["search_key", "sort_key", "waits_for"],
        no_db_index=[
            *("residence", "merged_into", "created_by", "verified_by", "removed_by"),
            *("death_reported_by", "death_confirmed_by"),
        ],
    )
    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "người trong danh sách tri ân"
        verbose_name_plural = "danh sách tri ân"
        ordering = ["sort_key", "pk"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="person_sort"),
            models.Index(fields=["birth_year"], name="person_birth"),
            models.Index(fields=["residence", "sort_key", "id"], name="person_area_sort"),
            models.Index(
                fields=["living_state", "verification"],
                condition=Q(removed_on__isnull=True),
                name="person_listed_state",
            ),
            # Who has not been reached, oldest first; with the commune the figures need nothing else of an entry.
            models.Index(
                fields=["living_state", "verification", "finding", "birth_year", "id", "residence"],
                condition=Q(removed_on__isnull=True, merged_into__isnull=True, erased_at__isnull=True),
                name="person_oldest",
            ),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="person_absorbed"),
            models.Index(fields=["waits_for", "residence", "verified_on", "id"], name="person_waits"),
            models.Index(
                fields=["residence", "living_on", "id"],
                condition=Q(removed_on__isnull=True, living_state__in=["unknown", "living"]),
                name="person_living_news",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(full_name=""), name="person_has_name"),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=True) | Q(birth_year__range=YEARS_OF_BIRTH),
                name="person_birth_year_sane",
            ),
            models.CheckConstraint(
                condition=Q(birth_month__isnull=True) | Q(birth_month__range=(1, 12), birth_year__isnull=False),
                name="person_birth_month_sane",
            ),
            models.CheckConstraint(
                condition=Q(birth_day__isnull=True)
                | Q(birth_day__range=(1, 29), birth_month__isnull=False)
                | (Q(birth_day=30) & Q(birth_month__isnull=False) & ~Q(birth_month=2))
                | Q(birth_day=31, birth_month__in=LONG_MONTHS),
                name="person_birth_day_sane",
            ),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=True, birth_is_estimated__isnull=True)
                | Q(birth_year__isnull=False, birth_is_estimated__isnull=False),
                name="person_estimate_needs_year",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        living_state="deceased",
                        death_reported_by__isnull=False,
                        death_reported_at__isnull=False,
                        death_confirmed_by__isnull=False,
                        death_confirmed_at__isnull=False,
                    )
                    & ~Q(death_source="")
                )
                | (~Q(living_state="deceased") & Q(death_confirmed_by__isnull=True, death_confirmed_at__isnull=True)),
                name="person_death_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(death_confirmed_by__isnull=True) | ~Q(death_confirmed_by=F("death_reported_by")),
                name="person_death_two_people",
            ),
            models.CheckConstraint(
                condition=(
                    Q(death_reported_by__isnull=True, death_reported_at__isnull=True)
                    & Q(death_on__isnull=True, death_source="")
                )
                | (Q(death_reported_by__isnull=False, death_reported_at__isnull=False) & ~Q(death_source="")),
                name="person_death_has_source",
            ),
            models.CheckConstraint(
                condition=~Q(living_state__in=["living", "moved"])
                | (Q(living_on__isnull=False) & ~Q(living_source="")),
                name="person_living_has_source",
            ),
            models.CheckConstraint(
                condition=Q(verification="new", verified_on__isnull=True, verified_by__isnull=True)
                | (~Q(verification="new") & Q(verified_on__isnull=False, verified_by__isnull=False)),
                name="person_verified_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True, removed_by__isnull=True, removal_reason="")
                | (Q(removed_on__isnull=False, removed_by__isnull=False) & ~Q(removal_reason="")),
                name="person_removed_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(finding__in=["not_enough", "not_eligible"]) | ~Q(finding_reason=""),
                name="person_finding_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="person_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(other_name="", hamlet="", moved_to="", living_source="", death_source="", birth_year__isnull=True),
                name="person_erased_holds_nothing",
            ),
        ]

    def __str__(self) -> str:
        # The log, mails and error pages print this; a name has no place there.
        return f"Hồ sơ tri ân số {self.pk or 'mới'}"

    def save(self, *args, **kwargs):
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Names in their stored form with their keys; save() does it, writers of many ask (stored_names)."""
        for name, value in stored_names(self.full_name, self.other_name)._asdict().items():
            setattr(self, name, value)

    def clean(self):
        """Say in words what the database would refuse.

        Errors: ValidationError, by field.
        """
        problems = {}
        if self.full_name and not any(sign.isalpha() for sign in self.full_name):
            problems["full_name"] = "Hãy ghi họ và tên, ít nhất một chữ cái."
        problems |= self._birth_problems()
        if self.residence_id and self.residence.level != AreaLevel.COMMUNE:
            problems["residence"] = "Nơi cư trú phải là một xã, phường hoặc thị trấn."
        if self.living_state in (Living.LIVING, Living.MOVED):
            if not self.living_on:
                problems["living_on"] = "Hãy ghi ngày có tin về tình trạng này."
            if not self.living_source:
                problems["living_source"] = "Hãy ghi ai cho biết, ví dụ: trưởng thôn, gia đình."
        if problems:
            raise ValidationError(problems)

    def _birth_problems(self) -> dict[str, str]:
        """What is wrong with the date of birth, by field."""
        low, high = YEARS_OF_BIRTH
        if self.birth_year is None:
            if self.birth_month or self.birth_day:
                return {"birth_year": "Có ngày hoặc tháng sinh thì phải có năm sinh."}
            return {}
        if not low <= self.birth_year <= high:
            return {"birth_year": f"Năm sinh phải từ {low} đến {high}, viết đủ bốn chữ số."}
        if self.birth_day and not self.birth_month:
            return {"birth_month": "Có ngày sinh thì phải có tháng sinh."}
        try:
            date(self.birth_year, self.birth_month or 1, self.birth_day or 1)
        except ValueError:
            return {"birth_day": "Không có ngày này trong lịch."}
        return {}

    @property
    def is_deceased(self) -> bool:
        return self.living_state == Living.DECEASED

    @property
    def is_removed(self) -> bool:
        return self.removed_on is not None

    @property
    def is_listed(self) -> bool:
        """On the list: not taken off, not absorbed by another entry, not erased."""
        return not (self.is_removed or self.merged_into_id or self.erased_at)

    @property
    def death_waits(self) -> bool:
        """A death has been reported and waits for a second person."""
        return self.death_reported_by_id is not None and self.death_confirmed_by_id is None

    def living_is_fresh(self, today: date, days: int) -> bool:
        """Whether somebody said within the last `days` days that the person lives; before that nothing is scheduled."""
        return (
            self.living_state == Living.LIVING
            and not self.death_waits
            and self.living_on is not None
            and (today - self.living_on).days <= days
        )

    @property
    def waiting_since(self) -> date:
        """Since when the next level could have looked: the last finding, or the day the entry was made."""
        return self.verified_on or self.created_at.astimezone(vietnamese.ZONE).date()

    @property
    def names(self) -> list[str]:
        """All other names, one by one."""
        return _names_in(self.other_name)

    @property
    def birth_words(self) -> str:
        """The birth as far as it is known: "05/3/1932", "5/1932", "khoảng 1932", "chưa rõ"."""
        if self.birth_year is None:
            return "chưa rõ"
        parts = [str(part) for part in (self.birth_month, self.birth_year) if part]
        words = "/".join(parts)
        if self.birth_month and self.birth_day:
            words = vietnamese.vn_date(date(self.birth_year, self.birth_month, self.birth_day))
        return f"khoảng {words}" if self.birth_is_estimated else words


class PersonCategory(models.Model):
    """One group a person belongs to, with the paper that proves it (or who vouches for it)."""

    # person_category_once begins with it.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False, related_name="categories")
    category = models.CharField("đối tượng", max_length=20, choices=Category.choices)
    paper = models.CharField("giấy tờ hoặc người xác nhận", max_length=200, blank=True)
    number = models.CharField("số giấy tờ", max_length=60, blank=True)
    issuer = models.CharField("nơi cấp", max_length=200, blank=True)
    issued_on = models.DateField("ngày cấp", null=True, blank=True)
    witness = models.CharField("người làm chứng", max_length=200, blank=True)

    history = HistoricalRecords()

    objects = through("person")

    class Meta:
        verbose_name = "đối tượng của một người"
        verbose_name_plural = "đối tượng của từng người"
        ordering = ["person", "category"]
        constraints = [models.UniqueConstraint(fields=["person", "category"], name="person_category_once")]
        indexes = [models.Index(fields=["category", "person"], name="person_category_kind")]

    def __str__(self) -> str:
        return self.get_category_display()
