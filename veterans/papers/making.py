"""Making a paper of a plan or of a delegation: which, what for, and the line in the log."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.conf import settings

from records.audit import record
from veterans.enums import Paper, PaperPurpose
from veterans.models import Delegation, GratitudePlan
from veterans.papers import frame, letters, press, sheet, signatures

FILE_NAMES = {
    Paper.SHEET: "phieu-doan-tham",
    Paper.SIGNATURES: "danh-sach-ky-nhan",
    Paper.INVITATIONS: "thu-moi",
    Paper.ENVELOPES: "phong-bi",
    Paper.PRESS: "danh-sach-bao-chi",
}


def mark_of(user, purpose: str, now: datetime) -> frame.Mark:
    """Whose copy it is."""
    words = frame.lower_first(str(PaperPurpose(purpose).label))
    return frame.Mark(by=str(user), at=now, purpose=words, demo=settings.DEMO)


def for_delegation(user, delegation: Delegation, *, paper: str, purpose: str, now: datetime) -> bytes:
    """The sheet or the lists for signature of a delegation; a line in the log says who took which along for what."""
    make = {Paper.SHEET: sheet.sheet, Paper.SIGNATURES: signatures.of_delegation}[Paper(paper)]
    content, count = make(user, delegation, mark_of(user, purpose, now))
    data = {"paper": paper, "count": count, "purpose": purpose}
    record("registry.paper_made", by=user, at=now, target=delegation, data=data)
    return content


def for_plan(
    user,
    plan: GratitudePlan,
    *,
    paper: str,
    purpose: str,
    words: Mapping[str, str],
    now: datetime,
    step: Callable[[int, int], None],
) -> bytes:
    """A paper of the whole plan. words: what was typed for a letter. plan.campaign and plan.unit are loaded."""
    mark = mark_of(user, purpose, now)
    if paper == Paper.SIGNATURES:
        content, count = signatures.of_plan(user, plan, mark, step)
    elif paper in (Paper.INVITATIONS, Paper.ENVELOPES):
        content, count = letters.of_plan(user, plan, paper=paper, words=words, now=now, demo=mark.demo, step=step)
    else:
        content, count = press.of_plan(user, plan, mark)
    data = {"paper": paper, "count": count, "purpose": purpose}
    record("registry.paper_made", by=user, at=now, target=plan, data=data)
    return content
