"""The one door through which events are written down."""

from datetime import datetime

from django.db import models

from records.models import AuditEvent


def record(
    verb: str,
    *,
    by,
    at: datetime,
    target: models.Model | None = None,
    data: dict | None = None,
    ip: str | None = None,
) -> AuditEvent:
    """Append one event.

    Args:
        verb: dotted English verb, e.g. "assignment.acknowledged" (labels: records/verbs.py).
        by: acting User, or None for the system.
        at: aware moment of the pages' clock.
        target: the row it is about.
        data: small JSON-able details; for persons the names of fields only, never values.
        ip: address of the caller, where there is one.
    """
    return AuditEvent.objects.create(
        verb=verb,
        actor=by,
        at=at,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        target_label=str(target)[:200] if target is not None else "",
        data=data or {},
        ip=ip,
    )
