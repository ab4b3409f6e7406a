"""Notices and messages as rows: the row is the truth, the queue only a bell."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from directive_tracker import clock
from notifications import kinds
from notifications.models_addresses import ChannelKind, DeliveryTry, UnitAddress
from units.access import access_of

__all__ = [
    "Anchor",
    "Audience",
    "ChannelKind",
    "DeliveryTry",
    "Message",
    "MessageState",
    "Notice",
    "NoticeRule",
    "NoticeState",
    "Pulse",
    "UnitAddress",
]


class NoticeState(models.TextChoices):
    PLANNED = "planned", "Sắp gửi"
    HELD = "held", "Giữ lại"
    SENT = "sent", "Đã gửi"
    SUPERSEDED = "superseded", "Không còn cần"
    LEFT = "left", "Người nhận đã rời đơn vị"
    DEAD = "dead", "Không gửi được"


class MessageState(models.TextChoices):
    PLANNED = "planned", "Sắp gửi"
    HELD = "held", "Giữ lại"
    SENDING = "sending", "Đang gửi"
    SENT = "sent", "Đã gửi"
    SUPERSEDED = "superseded", "Không còn cần"
    DEAD = "dead", "Không gửi được"


def _units_of(user) -> frozenset[int]:
    """The units in whose name the user is told something today."""
    return access_of(user, today=clock.today()).desk_unit_ids


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user) -> "NoticeQuerySet":
        """A person's own notices and those of the person's units, whoever of the unit they were addressed to."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(self._addressed(user) | Q(unit_id__in=_units_of(user)))

    def addressed_to(self, user) -> "NoticeQuerySet":
        """The notices of the person and, while acting, of whom the person acts for; without those that were told in
        the name of a unit which the recipient has left."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(self._addressed(user))

    def _addressed(self, user) -> Q:
        access, principal = access_of(user, today=clock.today()), user.acting_for
        own_units = access.interested_unit_ids if principal else access.desk_unit_ids
        found = Q(recipient=user) & (Q(unit_id__isnull=True) | Q(unit_id__in=own_units))
        if principal:
            theirs = Q(unit_id__isnull=True) | Q(unit_id__in=access.desk_unit_ids)
            found |= Q(recipient=principal) & theirs
        return found & ~Q(state=NoticeState.LEFT)

    def of_units_of(self, user) -> "NoticeQuerySet":
        """What the person's units were told, each obligation once, whoever of the unit it was addressed to."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        earlier = self.model._default_manager.filter(
            ~Q(state=NoticeState.SUPERSEDED),
            unit_id=OuterRef("unit_id"),
            obligation=OuterRef("obligation"),
            recipient__isnull=False,
            pk__lt=OuterRef("pk"),
        )
        return self.filter(~Exists(earlier), unit_id__in=_units_of(user), recipient__isnull=False)

    def shown_in_app(self, *, now) -> "NoticeQuerySet":
        """Notices whose moment has come and that were not withdrawn."""
        shown = self.filter(due_at__lte=now).exclude(state=NoticeState.SUPERSEDED)
        return shown.exclude(kind__in=kinds.mail_only_codes())

    def unread(self, *, now) -> "NoticeQuerySet":
        return self.shown_in_app(now=now).filter(read_at__isnull=True)

    def mark_read(self, *, now) -> int:
        """Keep the first moment at which each of them was read; how many were unread."""
        return self.order_by().filter(read_at__isnull=True).update(read_at=now)

    def about(self, target: models.Model) -> "NoticeQuerySet":
        """The notices about one row, newest first."""
        return self.filter(target_type=target._meta.label_lower, target_id=target.pk).order_by("-pk")


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user) -> "MessageQuerySet":
        """All mails for the office, one's own for everybody else."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if access_of(user, today=clock.today()).is_office:
            return self
        return self.filter(recipient=user)

    def waiting(self) -> "MessageQuerySet":
        """Not out yet and not given up, whatever they wait for."""
        return self.filter(state__in=[MessageState.PLANNED, MessageState.HELD, MessageState.SENDING])


class Message(models.Model):
    """One mail to one person on one day, carrying one or many notices; or the like to an address of a unit."""

    key = models.CharField("khóa", max_length=200, unique=True)
    kind = models.CharField("loại thư", max_length=40)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name="người nhận",
    )
    address = models.ForeignKey(
        UnitAddress,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name="địa chỉ của đơn vị",
    )
    day = models.DateField("ngày")
    due_at = models.DateTimeField("gửi từ lúc")
    state = models.CharField("trạng thái", max_length=12, choices=MessageState.choices, default=MessageState.PLANNED)
    attempts = models.PositiveIntegerField("số lần thử", default=0)
    suspect = models.PositiveIntegerField("lần gửi không rõ kết quả", default=0)
    next_try_at = models.DateTimeField("thử lại từ lúc", null=True, blank=True)
    lease_until = models.DateTimeField("đang giữ đến", null=True, blank=True)
    lease_by = models.CharField("bên đang giữ", max_length=60, blank=True)
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    last_error = models.CharField("lỗi gần nhất", max_length=500, blank=True)
    subject = models.CharField("tiêu đề", max_length=200, blank=True)
    body = models.TextField("nội dung", blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "thư"
        verbose_name_plural = "thư"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state__in=["planned", "sending"]),
                name="message_waiting",
            ),
            models.Index(
                fields=["address", "due_at", "id"],
                condition=Q(state__in=["planned", "sending"], address__isnull=False),
                name="message_waiting_place",
            ),
            models.Index(fields=["recipient", "-id"], name="message_recipient"),
            models.Index(fields=["day", "-id"], name="message_day"),
            models.Index(fields=["state", "-id"], name="message_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="message_sent_has_time"),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease_until__isnull=False),
                name="message_sending_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=True, address__isnull=False)
                | Q(recipient__isnull=False, address__isnull=True),
                name="message_to_person_or_address",
            ),
        ]

    def __str__(self) -> str:
        # The administration and the log print this; what a mail says is between its sender and its recipient.
        return f"Thư số {self.pk or 'mới'}"

    @property
    def channel(self) -> str:
        """By which way it goes."""
        return self.address.channel if self.address is not None else ChannelKind.MAIL

    @property
    def to(self) -> str:
        """Where it goes; "" for a person without a mail address."""
        return self.address.address if self.address is not None else self.recipient.email

    @property
    def whom(self) -> str:
        """Whom it is for, in words."""
        return str(self.address if self.address is not None else self.recipient)


class Notice(models.Model):
    """One obligation to tell one person one thing; unique by its key."""

    key = models.CharField("khóa", max_length=200, unique=True)
    kind = models.CharField("loại", max_length=40)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name="người nhận",
    )
    address = models.ForeignKey(
        UnitAddress,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name="địa chỉ của đơn vị",
    )
    unit_id = models.BigIntegerField("đơn vị", null=True, blank=True)
    # The key without the person: the same for everybody of the unit who is told the same.
    obligation = models.CharField("điều phải báo", max_length=200, blank=True, editable=False)
    target_type = models.CharField("loại đối tượng", max_length=60, blank=True)
    target_id = models.BigIntegerField("mã đối tượng", null=True, blank=True)
    target_version = models.PositiveIntegerField("lần đặt hạn", default=0)
    title = models.CharField("nội dung", max_length=250)
    detail = models.CharField("chi tiết", max_length=1000, blank=True)
    url = models.CharField("đường dẫn", max_length=200, blank=True)
    due_at = models.DateTimeField("nhắc từ lúc")
    state = models.CharField("trạng thái", max_length=12, choices=NoticeState.choices, default=NoticeState.PLANNED)
    message = models.ForeignKey(
        Message,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name="thư",
    )
    planned_at = models.DateTimeField("lập lúc")
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "nhắc việc"
        verbose_name_plural = "nhắc việc"
        ordering = ["-due_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-due_at", "-id"], name="notice_recipient"),
            models.Index(
                fields=["recipient", "due_at"],
                condition=Q(read_at__isnull=True) & ~Q(state="superseded"),
                name="notice_unread",
            ),
            models.Index(fields=["target_type", "target_id", "-due_at"], name="notice_target"),
            models.Index(fields=["unit_id", "-due_at", "-id"], condition=Q(unit_id__isnull=False), name="notice_unit"),
            models.Index(
                fields=["unit_id", "obligation", "id"], condition=Q(unit_id__isnull=False), name="notice_obligation"
            ),
            models.Index(fields=["due_at", "id"], condition=Q(state="planned"), name="notice_planned"),
            # Told by mail, but not yet part of one: only within a round of planning.
            models.Index(
                fields=["recipient", "id"],
                condition=Q(state="planned", message__isnull=True),
                name="notice_without_mail",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="notice_sent_has_time"),
            models.CheckConstraint(
                condition=Q(recipient__isnull=True, address__isnull=False)
                | Q(recipient__isnull=False, address__isnull=True),
                name="notice_to_person_or_address",
            ),
        ]

    def __str__(self) -> str:
        return f"Nhắc việc số {self.pk or 'mới'}"


class Anchor(models.TextChoices):
    DUE = "due", "hạn của việc"
    ASSIGNED = "assigned", "ngày giao, khi chưa tiếp nhận"
    DECISION = "decision", "hạn quyết định điều kiện"
    WEEK = "week", "ngày làm việc đầu tuần"
    OCCASION = "occasion", "ngày kỷ niệm của đợt tri ân"


class Audience(models.TextChoices):
    UNIT = "unit", "cán bộ đầu mối của đơn vị"
    ESCALATION = "escalation", "người nhận báo động do đơn vị chọn"
    OFFICE = "office", "Văn phòng"
    OCCASION = "occasion", "cán bộ sổ tri ân của địa bàn, đơn vị chủ trì, Văn phòng"


# Told in the application only: one mail a person and day is for those who have to do something, and of people who are
# thanked not even a number leaves by mail.
IN_APP_ONLY = (Audience.OFFICE, Audience.OCCASION)


class NoticeRuleQuerySet(models.QuerySet):
    def active(self) -> "NoticeRuleQuerySet":
        return self.filter(is_active=True)

    def general(self) -> "NoticeRuleQuerySet":
        """The rules for everything that has none of its own."""
        return self.filter(scope_type="", scope_id=0)

    def of(self, scope: models.Model) -> "NoticeRuleQuerySet":
        """The own rules of one row (a directive)."""
        return self.filter(scope_type=scope._meta.label_lower, scope_id=scope.pk)


class NoticeRule(models.Model):
    """One planned stage of reminding: what it hangs on, when, whom it tells, by mail or not.

    A rule with a scope stands in for the general rule of the same stage; one that is not in use there silences it.
    """

    LONGEST = 60

    scope_type = models.CharField("loại phạm vi", max_length=60, blank=True, default="", editable=False)
    scope_id = models.BigIntegerField("mã phạm vi", default=0, editable=False)
    stage = models.SlugField("mã", max_length=40)
    name = models.CharField("tên", max_length=120)
    anchor = models.CharField("tính từ", max_length=10, choices=Anchor.choices, default=Anchor.DUE)
    working_days_before = models.SmallIntegerField(
        "số ngày làm việc trước hạn", help_text="Số âm là sau hạn; 0 là đúng ngày hạn."
    )
    repeats_weekly = models.BooleanField("nhắc lại ngày làm việc đầu mỗi tuần", default=False)
    audience = models.CharField("báo cho", max_length=12, choices=Audience.choices, default=Audience.UNIT)
    by_mail = models.BooleanField("gửi thư", default=False)
    is_active = models.BooleanField("đang dùng", default=True)

    objects = NoticeRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "quy tắc nhắc việc"
        verbose_name_plural = "quy tắc nhắc việc"
        ordering = ["anchor", "-working_days_before", "stage"]
        constraints = [
            models.UniqueConstraint(fields=["scope_type", "scope_id", "stage"], name="rule_stage_once"),
            models.CheckConstraint(
                condition=Q(working_days_before__gte=-60, working_days_before__lte=60), name="rule_days_sensible"
            ),
            # Before it is given, or before it can be decided, nobody can be told; after the day of honour it is too late.
            models.CheckConstraint(
                condition=Q(anchor="due")
                | Q(anchor="occasion", working_days_before__gte=0)
                | (~Q(anchor="occasion") & Q(working_days_before__lte=0)),
                name="rule_only_due_has_before",
            ),
            models.CheckConstraint(
                condition=Q(anchor="occasion", audience="occasion", scope_type="")
                | (~Q(anchor="occasion") & ~Q(audience="occasion")),
                name="rule_occasion_has_its_audience",
            ),
            models.CheckConstraint(
                condition=Q(repeats_weekly=False) | Q(anchor="due", working_days_before__lt=0),
                name="rule_only_overdue_repeats",
            ),
            models.CheckConstraint(
                condition=Q(by_mail=False) | ~Q(audience__in=["office", "occasion"]), name="rule_office_in_app"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        """A rule written through the pages changes what is due: the next round plans everything anew."""
        super().save(*args, **kwargs)
        Pulse.objects.plan_anew()


class PulseManager(models.Manager):
    def plan_anew(self) -> None:
        """Rules, calendar or rows changed in a way that no assignment shows: the next tick plans everything."""
        self.filter(pk=1).update(planned_whole=None)


class Pulse(models.Model):
    """One row: when the minute's tick ran last, what it has planned for, and whether all sending is held."""

    last_tick = models.DateTimeField("nhịp gần nhất", null=True, blank=True)
    planned_day = models.DateField("đã lập cho ngày", null=True, blank=True)
    # By the pages' clock: what changed after it has not been looked at.
    planned_at = models.DateTimeField("đã lập lúc", null=True, blank=True)
    # By the real clock: how old the last look at everything is.
    planned_whole = models.DateTimeField("lập toàn bộ lúc", null=True, blank=True)
    held_since = models.DateTimeField("giữ mọi thư từ lúc", null=True, blank=True)
    held_reason = models.CharField("vì sao giữ", max_length=200, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    # After a restore, by the pages' clock: of when the data are, and when they were restored. What should have left between
    # the two may have left before; None: nothing is in doubt.
    data_until = models.DateTimeField("dữ liệu đến lúc", null=True, blank=True)
    restored_at = models.DateTimeField("khôi phục lúc", null=True, blank=True)

    objects = PulseManager()

    class Meta:
        verbose_name = "nhịp gửi"
        verbose_name_plural = "nhịp gửi"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="pulse_one_row"),
            models.CheckConstraint(
                condition=Q(held_since__isnull=True) | ~Q(held_reason=""), name="pulse_held_says_why"
            ),
            models.CheckConstraint(
                condition=Q(restored_at__isnull=True, data_until__isnull=True)
                | Q(restored_at__isnull=False, data_until__isnull=False),
                name="pulse_restored_from_when",
            ),
        ]

    def __str__(self) -> str:
        return "Nhịp gửi"
