"""A unit's share of a task: its life-cycle with one door, its due date, its history."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

from directive_tracker.doors import through
from directive_tracker.reversing import row_url
from directive_tracker.transactions import joined
from directive_tracker.vietnamese import vn_datetime
from directive_tracker.writing import insert_row, update_rows
from tasks.enums import (
    AWAITED_STATES,
    OPEN_STATES,
    STATE_WORDS,
    AssignmentRole,
    AssignmentState,
    ConditionState,
    DueSource,
    Strength,
    UnitWord,
)
from tasks.errors import TransitionNotAllowed
from tasks.models.directive import Directive
from tasks.models.task import DirectiveTask, Product
from tasks.querysets import AssignmentQuerySet

S = AssignmentState
DUE_TAKEN = "Hạn vừa được người khác thay đổi. Xin xem lại rồi làm tiếp."
# A district may hand work on to its communes, a commune to whom it has below it, and that is far enough.
MOST_DEPTH = 3
# Ids of one statement; SQLite takes 32 766 parameters at most.
AT_ONCE = 500


class Assignment(models.Model):
    """One unit's part of one task. Timeliness is computed (tasks/timeliness.py), never stored."""

    directive = models.ForeignKey(
        Directive, on_delete=models.PROTECT, related_name="assignments", verbose_name="văn bản"
    )
    task = models.ForeignKey(
        DirectiveTask, on_delete=models.PROTECT, related_name="assignments", verbose_name="nhiệm vụ"
    )
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="assignments", verbose_name="đơn vị")
    role = models.CharField("vai trò", max_length=12, choices=AssignmentRole.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="thuộc phần việc",
    )
    # Of a part handed on: what it is about, and how many times the work was handed on before it reached this unit.
    part_words = models.CharField("nội dung giao lại", max_length=1000, blank=True, default="", db_default="")
    depth = models.PositiveSmallIntegerField("giao lại lần thứ", default=0, db_default=0)
    state = models.CharField("trạng thái", max_length=20, choices=AssignmentState.choices, default=S.ASSIGNED)
    paused_from = models.CharField("trạng thái trước khi dừng", max_length=20, blank=True)
    state_reason = models.CharField("lý do", max_length=500, blank=True)
    due_original = models.DateField("hạn ban đầu", null=True, blank=True)
    due_current = models.DateField("hạn hiện nay", null=True, blank=True)
    due_version = models.PositiveIntegerField("lần đặt hạn", default=1)
    due_source = models.CharField("nguồn của hạn", max_length=10, choices=DueSource.choices, default=DueSource.OFFICE)
    extended_times = models.PositiveSmallIntegerField("số lần gia hạn", default=0)
    assigned_on = models.DateField("giao ngày")
    acknowledged_on = models.DateField("tiếp nhận ngày", null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người tiếp nhận",
    )
    submitted_on = models.DateField("báo cáo đến ngày", null=True, blank=True)
    completed_on = models.DateField("hoàn thành ngày", null=True, blank=True)
    updated_at = models.DateTimeField("cập nhật lúc")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "phần việc của đơn vị"
        verbose_name_plural = "phần việc của đơn vị"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["task", "unit"], condition=~Q(role="part"), name="assignment_once"),
            models.CheckConstraint(
                condition=Q(state="completed", completed_on__isnull=False)
                | (~Q(state="completed") & Q(completed_on__isnull=True)),
                name="assignment_completed_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_on__isnull=False),
                name="assignment_submitted_has_day",
            ),
            models.CheckConstraint(
                condition=(Q(state="paused") & ~Q(paused_from="")) | (~Q(state="paused") & Q(paused_from="")),
                name="assignment_paused_remembers",
            ),
            models.CheckConstraint(
                condition=(Q(role="part") & Q(parent__isnull=False)) | ~Q(role="part"),
                name="assignment_part_has_parent",
            ),
            models.UniqueConstraint(fields=["parent", "unit"], condition=Q(role="part"), name="assignment_part_once"),
            # A part stands one step below what it is taken from, so a circle would be too deep (tasks/handing).
            models.CheckConstraint(
                condition=Q(role="part", depth__gte=1, depth__lte=MOST_DEPTH) | (~Q(role="part") & Q(depth=0)),
                name="assignment_part_depth",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="assignment_not_its_own_part"
            ),
        ]
        indexes = [
            # Lists: a unit's open work and the office's overdue list, both by due date.
            models.Index(
                fields=["unit", "due_current", "id"],
                condition=Q(state__in=[str(s) for s in OPEN_STATES]),
                name="assignment_unit_open_due",
            ),
            models.Index(
                fields=["due_current", "id"],
                condition=Q(state__in=[str(s) for s in OPEN_STATES]),
                name="assignment_open_due",
            ),
            # The whole list by its day, whatever the state.
            models.Index(fields=["due_current", "id"], name="assignment_due"),
            models.Index(fields=["directive", "unit", "id"], name="assignment_directive_unit"),
            # The overview of one document: what is newly late, what waits for somebody.
            models.Index(fields=["directive", "due_current", "id"], name="assignment_directive_due"),
            models.Index(
                fields=["directive", "state"],
                condition=Q(state__in=[str(s) for s in AWAITED_STATES]),
                name="assignment_waits",
            ),
            models.Index(fields=["state", "due_current", "id"], name="assignment_state_due"),
            # Each minute's question what was touched since the last one.
            models.Index(fields=["updated_at"], name="assignment_updated"),
            # Whether a lead has contributions to see, before its list is read; few rows among many.
            models.Index(
                fields=["task", "unit"],
                condition=Q(role__in=["coordinating", "part"]),
                name="assignment_contributions",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task.code} – {self.unit.short_name}"

    def get_absolute_url(self) -> str:
        return row_url("tasks:assignment_detail", self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_lead(self) -> bool:
        return self.role == AssignmentRole.LEAD

    @property
    def is_part(self) -> bool:
        """Handed on by another unit, which reviews it."""
        return self.role == AssignmentRole.PART

    @property
    def decider_words(self) -> str:
        """Who answers what its unit asks, for a sentence: the office, or who handed the part on."""
        return self.parent.unit.short_name if self.parent is not None and self.is_part else "Văn phòng"

    @property
    def is_acknowledged(self) -> bool:
        return self.acknowledged_on is not None

    @property
    def is_counted(self) -> bool:
        """Whether the four classes count it (design.md, section 4: timeliness)."""
        return (
            self.role == AssignmentRole.LEAD
            and self.state not in (S.PAUSED, S.NOT_APPLICABLE, S.CANCELLED)
            and self.task.condition_state != ConditionState.UNDECIDED
            and self.task.strength != Strength.ENCOURAGED
        )

    @property
    def word(self) -> UnitWord:
        """The one word a unit sees for it."""
        if self.task.condition_state == ConditionState.UNDECIDED and self.is_open:
            return UnitWord.OUTSIDE
        return UnitWord(STATE_WORDS[AssignmentState(self.state)])

    def note_taken(self, *, by, today: date, objects: bool) -> dict:
        """What is written when the unit takes note: who and when, and that a day the office proposed is agreed.

        Args:
            objects: an objection of the unit to that day waits for its answer, so nothing is agreed.
        """
        values = {"acknowledged_on": today, "acknowledged_by": by}
        if self.due_source == DueSource.OFFICE and self.due_current is not None and not objects:
            values["due_source"] = DueSource.AGREED
        return values

    @property
    def is_extended(self) -> bool:
        return self.due_source == DueSource.EXTENDED

    def last_step(self) -> str:
        """Who did what when, for somebody who comes after with an old page."""
        change = self.status_changes.select_related("by").order_by("-pk").first()
        if change is None or change.by is None:
            return "Người khác vừa thay đổi phần việc này. Xin xem lại rồi làm tiếp."
        return (
            f"{change.by} đã chuyển phần việc này sang “{change.get_new_state_display()}” lúc "
            f"{vn_datetime(change.at)}. Xin xem lại rồi làm tiếp."
        )

    # --- the one door -------------------------------------------------------------------

    def move_to(
        self,
        new: AssignmentState,
        *,
        from_: set[AssignmentState],
        by,
        now: datetime,
        note: str = "",
        **fields,
    ) -> None:
        """Change the state once, whoever else presses at the same moment.

        The filtered UPDATE lets one of two people win; the other one gets
        TransitionNotAllowed with a sentence for the screen. Callers are the verbs in
        tasks/lifecycle.py, which also keep tallies and notices.
        """
        old = AssignmentState(self.state)
        if old not in from_:
            raise TransitionNotAllowed(
                f"Phần việc đang ở trạng thái “{old.label}”, không chuyển sang “{new.label}” được."
            )
        values = {"state": new, "updated_at": now, **fields}
        with joined():
            if not update_rows(Assignment, {"id": self.pk, "state": old}, values):
                raise TransitionNotAllowed(self.last_step())
            insert_row(StatusChange(assignment=self, old_state=old, new_state=new, by=by, at=now, note=note[:1000]))
        for name, value in values.items():
            setattr(self, name, value)

    @transaction.atomic
    def set_due(self, new_due: date | None, *, source: DueSource, by, now: datetime, reason: str) -> None:
        """Move the current due date; the original stays for ever. A new version re-arms notices."""
        if new_due == self.due_current and source == self.due_source:
            return
        old_due, old_version = self.due_current, self.due_version
        updated = Assignment.objects.filter(pk=self.pk, due_version=old_version).update(
            due_current=new_due, due_source=source, due_version=old_version + 1, updated_at=now
        )
        if not updated:
            raise TransitionNotAllowed(DUE_TAKEN)
        self.due_current, self.due_source = new_due, source
        self.due_version, self.updated_at = old_version + 1, now
        DueChange.objects.create(
            assignment=self,
            version=self.due_version,
            old_due=old_due,
            new_due=new_due,
            source=source,
            reason=reason[:500],
            by=by,
            at=now,
        )

    @staticmethod
    @transaction.atomic
    def set_due_of_many(rows: Sequence[tuple["Assignment", date]], *, by, now: datetime, reason: str) -> None:
        """What `set_due` does, for many at once: new days, versions, history; each keeps the source of its day.

        Errors: TransitionNotAllowed when somebody else has moved one of them; then none is moved.
        """
        alike: dict[tuple, list[int]] = defaultdict(list)
        for row, new_due in rows:
            alike[new_due, row.due_version].append(row.pk)
        for (new_due, version), pks in alike.items():
            for start in range(0, len(pks), AT_ONCE):
                chunk = pks[start : start + AT_ONCE]
                updated = Assignment.objects.filter(pk__in=chunk, due_version=version).update(
                    due_current=new_due, due_version=version + 1, updated_at=now
                )
                if updated != len(chunk):
                    raise TransitionNotAllowed(DUE_TAKEN)
        changes = []
        for row, new_due in rows:
            old_due, row.due_current = row.due_current, new_due
            row.due_version, row.updated_at = row.due_version + 1, now
            changes.append(
                DueChange(
                    assignment=row,
                    version=row.due_version,
                    old_due=old_due,
                    new_due=new_due,
                    source=row.due_source,
                    reason=reason[:500],
                    by=by,
                    at=now,
                )
            )
        DueChange.objects.bulk_create(changes, batch_size=AT_ONCE)


class AssignmentProduct(models.Model):
    """One product owed by one unit: its due date and, once delivered, its paper identity."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="products")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="deliveries")
    due_date = models.DateField("hạn", null=True, blank=True)
    number = models.CharField("số", max_length=30, blank=True)
    symbol = models.CharField("ký hiệu", max_length=60, blank=True)
    paper_date = models.DateField("ngày văn bản", null=True, blank=True)
    signer = models.CharField("người ký", max_length=120, blank=True)
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_on = models.DateField("gửi ngày", null=True, blank=True)
    delivered_on = models.DateField("được chấp nhận, tính ngày", null=True, blank=True)

    objects = through("assignment")

    class Meta:
        verbose_name = "sản phẩm của đơn vị"
        verbose_name_plural = "sản phẩm của đơn vị"
        ordering = ["assignment", "product__order"]
        constraints = [models.UniqueConstraint(fields=["assignment", "product"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.product} – {self.assignment}"

    @property
    def paper_identity(self) -> str:
        """ "Số 12-KH/HU, ngày …" or "" while there is none."""
        return "-".join(part for part in (self.number, self.symbol) if part)


class StatusChange(models.Model):
    """One step of the workflow; append-only."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="status_changes")
    old_state = models.CharField("từ", max_length=20, choices=AssignmentState.choices, blank=True)
    new_state = models.CharField("sang", max_length=20, choices=AssignmentState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc")
    note = models.CharField("ghi chú", max_length=1000, blank=True)

    objects = through("assignment")

    class Meta:
        verbose_name = "lần chuyển trạng thái"
        verbose_name_plural = "lịch sử trạng thái"
        ordering = ["assignment", "pk"]

    def __str__(self) -> str:
        return f"{self.get_old_state_display()} → {self.get_new_state_display()}"


class DueChange(models.Model):
    """One change of a due date; append-only."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="due_changes")
    version = models.PositiveIntegerField("lần")
    old_due = models.DateField("hạn cũ", null=True)
    new_due = models.DateField("hạn mới", null=True)
    source = models.CharField("nguồn", max_length=10, choices=DueSource.choices)
    reason = models.CharField("lý do", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc")

    objects = through("assignment")

    class Meta:
        verbose_name = "lần đổi hạn"
        verbose_name_plural = "lịch sử hạn"
        ordering = ["assignment", "version"]
        constraints = [models.UniqueConstraint(fields=["assignment", "version"], name="due_version_once")]

    def __str__(self) -> str:
        return f"{self.old_due} → {self.new_due}"


class Nudge(models.Model):
    """A person of the office or a monitor chasing a unit (đôn đốc)."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="nudges")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người đôn đốc"
    )
    at = models.DateTimeField("lúc")
    message = models.CharField("lời đôn đốc", max_length=500)

    objects = through("assignment")

    class Meta:
        verbose_name = "lần đôn đốc"
        verbose_name_plural = "đôn đốc"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["assignment", "-id"], name="nudge_newest")]

    def __str__(self) -> str:
        return self.message
