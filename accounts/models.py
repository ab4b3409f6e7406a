"""The people who sign in."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import RegexValidator
from django.db import models

from directive_tracker import vietnamese


class User(AbstractUser):
    """A person with an account. Rights come from memberships (units), never from this row."""

    first_name = None
    last_name = None
    full_name = models.CharField("họ và tên", max_length=120)
    position = models.CharField("chức vụ", max_length=120, blank=True)
    phone = models.CharField(
        "điện thoại",
        max_length=20,
        blank=True,
        validators=[
            RegexValidator(r"^[0-9 .+]{8,20}$", "Số điện thoại chỉ gồm chữ số, ví dụ 0260 3862 524.")
        ],
    )
    language = models.CharField(
        "ngôn ngữ", max_length=5, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi"
    )
    search_key = models.CharField(max_length=300, editable=False, default="")
    sort_key = models.CharField(max_length=400, editable=False, default="")

    objects = UserManager()

    REQUIRED_FIELDS = ["full_name", "email"]

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"
        ordering = ["sort_key", "pk"]
        indexes = [models.Index(fields=["sort_key", "id"], name="user_sort")]

    def __str__(self) -> str:
        return self.full_name or self.username

    def save(self, *args, **kwargs):
        self.full_name = vietnamese.nfc(self.full_name).strip()
        self.search_key = vietnamese.fold(f"{self.full_name} {self.username} {self.phone}")[:300]
        self.sort_key = vietnamese.name_key(self.full_name)[:400]
        update_fields = kwargs.get("update_fields")
        if update_fields is not None and "full_name" in update_fields:
            kwargs["update_fields"] = {*update_fields, "search_key", "sort_key"}
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name
