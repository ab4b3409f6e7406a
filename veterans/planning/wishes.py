"""How somebody would like to be thanked, as it was told; what nobody told is not known and not guessed."""

from collections.abc import Collection, Iterable
from datetime import datetime

from veterans.enums import Honour
from veterans.models import Person, Wish

FIELD = "wishes"
WORDS = "nguyện vọng"
# What a plan proposes of several wishes: the call at home first, for it is what the others can be joined to.
_FIRST = (Honour.HOME, Honour.MEETING, Honour.HOUSE, Honour.GIFT)


def write(person: Person, forms: Collection[str], *, by, now: datetime) -> bool:
    """Make the person's wishes the given ones, inside the caller's transaction; whether anything changed.

    Errors: ValueError for what is no form.
    """
    wanted = {Honour(form).value for form in forms}
    known = set(Wish.objects.filter(person=person).values_list("form", flat=True))
    if known == wanted:
        return False
    Wish.objects.filter(person=person, form__in=known - wanted).delete()
    Wish.objects.bulk_create(
        Wish(person=person, form=form, noted_by=by, noted_at=now) for form in sorted(wanted - known)
    )
    return True


def proposed(forms: Iterable[str]) -> Honour:
    """The form a plan begins with for somebody who wishes for these; a gift where no wish is known."""
    wished = set(forms)
    return next((form for form in _FIRST if form in wished), Honour.GIFT)
