"""The one door through which events are written down.

What `data` holds by custom: {"from": old, "to": new, "fields": [names], "count": number of rows of one act}; old and
new are words of the screen or ISO dates, for several fields {field: value}. For persons of the registry names of
fields only, never values. What else may stand there is named in records/sentences.py.
"""

from datetime import datetime

from django.db import models

from records import chain, origin
from records.models import AuditEvent


def record(
    verb: str,
    *,
    by,
    at: datetime,
    target: models.Model | None = None,
    data: dict | None = None,
    ip: str | None = None,
    reason: str = "",
) -> AuditEvent:
    """Append one event; one act is one event, however many rows it touches (`data["count"]`).

    Written in the transaction of what it tells of, sealed right after its commit.

    Args:
        verb: dotted English verb, e.g. "assignment.acknowledged" (labels: records/verbs.py).
        by: acting User, or None for the system; `by.acting_for` names whom the person stands in for, `by.via` the
            mailed link through which the person acts without having signed in (its number goes into the details),
            `by.api_token` the key with which a program acts for the person (its name goes there).
        at: aware moment of the pages' clock.
        target: the row it is about.
        data: small JSON-able details (see above).
        ip: address of the caller; by default the one of the present request.
        reason: why, in the person's words.
    """
    via = getattr(by, "via", None)
    if via is not None:
        data = {**(data or {}), "link": via.link_id}
    token = getattr(by, "api_token", None)
    if token is not None:
        data = {**(data or {}), "api": str(token)}
    event = AuditEvent.objects.create(
        verb=verb,
        actor=by,
        acting_for=getattr(by, "acting_for", None),
        at=at,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        target_label=str(target)[:200] if target is not None else "",
        data=data or {},
        reason=reason,
        # "fe80::1%eth0": the name of our own network card says nothing of the caller.
        ip=(ip or origin.current() or "").partition("%")[0] or None,
    )
    chain.seal_after_commit(event)
    return event
