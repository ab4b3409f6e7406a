"""The people who sign in."""

import unicodedata

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import RegexValidator
from django.db import models

from directive_tracker import vietnamese


class PeopleManager(UserManager["User"]):
    def get_by_natural_key(self, username: str) -> "User":
        """The account of that name, however it was typed. Errors: User.DoesNotExist."""
        return self.get(username=self.model.normalize_username(username))


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
        validators=[RegexValidator(r"^[0-9 .+]{8,20}$", "Số điện thoại chỉ gồm chữ số, ví dụ 0260 3862 524.")],
    )
    language = models.CharField(
        "ngôn ngữ", max_length=5, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi"
    )
    search_key = models.CharField(max_length=300, editable=False, default="")
    sort_key = models.CharField(max_length=400, editable=False, default="")

    # Whom the person stands in for in this request (units/deputies.py); no column: rights never follow from this row.
    acting_for: "User | None" = None

    objects = PeopleManager()

    REQUIRED_FIELDS = ["full_name", "email"]

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"
        ordering = ["sort_key", "pk"]
        indexes = [models.Index(fields=["sort_key", "id"], name="user_sort")]

    def __str__(self) -> str:
        return self.full_name or self.username

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """The one spelling of a user name: no blanks, no capitals; phones add both."""
        return "".join(unicodedata.normalize("NFKC", username).split()).lower()

    def save(self, *args, **kwargs):
        self.username = self.normalize_username(self.username)
        self.full_name = vietnamese.nfc(self.full_name).strip()
        self.search_key = vietnamese.fold(f"{self.full_name} {self.username} {self.phone}")[:300]
        self.sort_key = vietnamese.name_key(self.full_name)[:400]
        update_fields = kwargs.get("update_fields")
        if update_fields is not None and "full_name" in update_fields:
            kwargs["update_fields"] = {*update_fields, "search_key", "sort_key"}
        super().save(*args, **kwargs)
        if not self.is_active:
            # Whoever locks an account, on whatever page: the person is signed out at the same moment.
            self.sessions.all().delete()

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


class SignInFailure(models.Model):
    """How often signing in went wrong lately, for one account, address or both (accounts/throttle.py).

    The subject is a keyed digest: names typed by mistake (often passwords) are never stored.
    """

    subject = models.CharField(max_length=80, unique=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    wait_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "lần đăng nhập sai"
        verbose_name_plural = "lần đăng nhập sai"

    def __str__(self) -> str:
        return self.subject.partition(":")[0]
