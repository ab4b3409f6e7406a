"""The parts of the card about checking: the five steps with what was found, and news that the person lives."""

from django.db.models import F

from directive_tracker import clock
from veterans.enums import VERIFICATION_STEPS, Finding, Living, Verification
from veterans.forms import ReasonForm
from veterans.forms_checking import FindingForm, NewsForm
from veterans.living import living_days
from veterans.models import Condolence, Person, VerificationStep
from veterans.permissions import can_ask_again, can_change, step_allowed

STEP_WORDS = {
    Verification.HAMLET: "ghi kết quả của thôn",
    Verification.COMMUNE: "xác nhận cấp xã",
    Verification.DISTRICT: "tổng hợp cấp huyện",
    Verification.PROVINCE: "duyệt cấp tỉnh",
}


def checking(user, person: Person, forms: dict) -> dict:
    """What the card shows of it, and the forms the user may send."""
    step = step_allowed(user, person)
    days = living_days()
    lives = person.is_listed and person.living_state in (Living.UNKNOWN, Living.LIVING) and not person.death_waits
    return {
        "steps": steps(person),
        "asked": list(_said(person).filter(kind=VerificationStep.Kind.ASKED).order_by(F("pk").desc())[:1])
        if person.review_asked
        else [],
        "step": step,
        "step_words": STEP_WORDS.get(step, "") if step else "",
        "can_ask_again": can_ask_again(user, person),
        "living_days": days,
        "news_wanted": lives and not person.living_is_fresh(clock.today(), days),
        "can_confirm_living": lives and can_change(user, person),
        "condolence": person.condolences.exclude(state=Condolence.State.WITHDRAWN).select_related("decided_by").first()
        if person.is_deceased
        else None,
        "forms": {
            "finding": forms.get("finding") or FindingForm(prefix="finding"),
            "again": forms.get("again") or ReasonForm(prefix="again"),
            "news": forms.get("news") or NewsForm(prefix="news"),
        },
    }


def _said(person: Person):
    return person.verification_steps.select_related("by")


def steps(person: Person) -> list[dict]:
    """The steps of verification: the reached ones ticked, each with the last finding of its level since the beginning."""
    reached = VERIFICATION_STEPS.index(Verification(person.verification))
    found: dict[str, VerificationStep] = {}
    for row in _said(person).order_by("pk"):
        if row.kind == VerificationStep.Kind.RESET:
            found.clear()
        elif row.kind == VerificationStep.Kind.FOUND:
            found[row.level] = row
    shown = []
    for place, step in enumerate(VERIFICATION_STEPS):
        last = place == reached and step != Verification.NEW
        row = found.get(step) if place <= reached else None
        finding = person.finding if last else (row.finding if row else "")
        shown.append(
            {
                "words": step.label,
                "done": place < reached or (place == reached and finding in (Finding.NONE, Finding.ENOUGH)),
                "when": person.verified_on if last else (row.at if row else None),
                "who": person.verified_by if last else (row.by if row else None),
                "finding": Finding(finding).label if finding and finding != Finding.ENOUGH else "",
                "reason": person.finding_reason if last else (row.reason if row else ""),
            }
        )
    return shown
