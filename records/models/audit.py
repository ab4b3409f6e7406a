"""Who did what, when: append-only, signed and chained (records/canonical.py, records/chain.py)."""

import json
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from directive_tracker.writing import insert_row
from records import seeing
from records.canonical import COLUMNS, Keys, canonical
from records.topics import Topic, topic_of

APPEND_ONLY = "Nhật ký chỉ được ghi thêm."


def audit_keys() -> Keys:
    """The keys under which events of this installation are signed."""
    return Keys.of(settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS)


class AuditEventQuerySet(models.QuerySet):
    def about(self, target: models.Model) -> "AuditEventQuerySet":
        """The events about one row, newest first."""
        return self.filter(target_type=target._meta.label_lower, target_id=target.pk)

    def visible_to(self, user) -> "AuditEventQuerySet":
        """The events the user may read: the own ones, and what the rooms say (records/seeing.py)."""
        return seeing.narrow(self, user)

    def newest_first(self) -> "AuditEventQuerySet":
        """By the moment of the event; of one moment, the last written first."""
        return self.order_by("-at", "-pk")

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for event in objs:
            event.complete()
        return super().bulk_create(objs, *args, **kwargs)

    def update(self, **kwargs):
        raise TypeError(APPEND_ONLY)

    def delete(self):
        raise TypeError(APPEND_ONLY)


class AuditEvent(models.Model):
    """One thing somebody did. Rows about persons name fields, never values.

    `number`, `prev_hash` and `hash` are empty until the row is sealed, right after the commit of what it tells of.
    """

    at = models.DateTimeField("thời điểm")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người thực hiện",
        db_index=False,  # audit_actor begins with it
    )
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="thay mặt",
        db_index=False,  # audit_acting_for begins with it
    )
    verb = models.CharField("việc", max_length=60)
    topic = models.CharField("nhóm việc", max_length=12, choices=Topic.choices)
    target_type = models.CharField("loại đối tượng", max_length=60, blank=True)
    target_id = models.BigIntegerField("mã đối tượng", null=True, blank=True)
    target_label = models.CharField("đối tượng", max_length=200, blank=True)
    data = models.JSONField("chi tiết", default=dict, blank=True)
    reason = models.TextField("lý do", blank=True)
    ip = models.GenericIPAddressField("địa chỉ máy", null=True, blank=True)
    uid = models.UUIDField("mã riêng", unique=True, default=uuid.uuid4, editable=False)
    token = models.CharField("dấu của hệ thống", max_length=64, editable=False)
    number = models.BigIntegerField("số trong chuỗi", unique=True, null=True, blank=True, editable=False)
    prev_hash = models.CharField("mã của dòng trước", max_length=64, blank=True, editable=False)
    hash = models.CharField("mã của dòng", max_length=64, blank=True, editable=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng nhật ký"
        verbose_name_plural = "nhật ký hệ thống"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "-id"], name="audit_target"),
            models.Index(fields=["at", "id"], name="audit_moment"),
            models.Index(fields=["actor", "at", "id"], name="audit_actor"),
            models.Index(
                fields=["acting_for", "at", "id"], name="audit_acting_for", condition=Q(acting_for__isnull=False)
            ),
            models.Index(fields=["topic", "at", "id"], name="audit_topic"),
            models.Index(fields=["verb", "id"], name="audit_verb"),
            models.Index(fields=["id"], name="audit_unsealed", condition=Q(number__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_label}"

    def save(self, *args, **kwargs):
        if self.pk and not self._state.adding:
            raise TypeError(APPEND_ONLY)
        self.complete()
        insert_row(self)

    def delete(self, *args, **kwargs):
        raise TypeError(APPEND_ONLY)

    def complete(self) -> None:
        """Fill in what follows from the rest: the topic and, last, the token. Errors: ValueError, TypeError."""
        self.at = self._meta.get_field("at").to_python(self.at)
        self.ip = self.ip or None
        # As it will be read back: lists for tuples, text for the keys of objects.
        self.data = json.loads(json.dumps(self.data, allow_nan=False))
        self.topic = self.topic or topic_of(self.verb, self.target_type, self.data)
        self.token = audit_keys().sign(self.canonical_text())

    def canonical_text(self) -> str:
        """What is signed and chained of this row. Errors: ValueError, TypeError."""
        return canonical([getattr(self, name) for name in COLUMNS])
