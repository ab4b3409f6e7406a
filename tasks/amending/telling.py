"""Telling the units what a later document changed for them: each unit once, in the mail of issuing where it gets one."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_date
from notifications import outbox
from notifications.outbox import Telling
from tasks.amending.effects import Effect
from tasks.models import Amendment, Directive
from units.models import Unit
from units.people import reporters_of

KIND = "amended"
# So many changes are named; the page has all.
NAMED = 4


def tell_amended(
    document: Directive, amendments: list[Amendment], effects: list[Effect], *, told: frozenset[int], now: datetime
) -> int:
    """Tell the reporters of each unit what changed; how many notices are new.

    Arguments: told, ids of the units that were written to about the document itself; theirs joins that mail.
    """
    by_unit: dict[int, list[Effect]] = defaultdict(list)
    for effect in effects:
        by_unit[effect.unit.pk].append(effect)
    people = reporters_of(by_unit, today=timezone.localdate(now, ZONE))
    earlier = ", ".join(dict.fromkeys(str(amendment.amended) for amendment in amendments))
    tellings = []
    for unit_id, changes in by_unit.items():
        title = f"{earlier}: {_named(changes)} (theo {document})"
        for user in people.get(unit_id, []):
            tellings.append(
                Telling(
                    key=f"{KIND}:{document.pk}:{unit_id}:{user.pk}",
                    kind=KIND,
                    recipient=user,
                    title=title,
                    detail="\n".join(dict.fromkeys(e.amendment.words for e in changes if e.amendment.words)),
                    url=f"{reverse('tasks:unit_home')}?don-vi={unit_id}",
                    target_type=Unit._meta.label_lower,
                    target_id=unit_id,
                    unit_id=unit_id,
                    mail="own",
                    joins=f"issued:{document.pk}:{unit_id}:{user.pk}" if unit_id in told else "",
                )
            )
    return outbox.tell_many(tellings, now=now)


def _named(changes: list[Effect]) -> str:
    """ "1a.2 không phải làm nữa; 1a.3 hạn mới 20/4/2024"."""
    said = [f"{effect.task.code} {_said(effect)}" for effect in changes[:NAMED]]
    more = len(changes) - NAMED
    return "; ".join(said) + (f"; và {more} việc khác" if more > 0 else "")


def _said(effect: Effect) -> str:
    due = f", hạn {vn_date(effect.due_then)}" if effect.assignment is None and effect.due_then else ""
    return f"{effect.what}{due}"


def register(kinds: Any) -> None:
    """Make the kind known (tasks/notice_kinds.py)."""
    kinds.register(KIND, "Sửa đổi, bổ sung")
