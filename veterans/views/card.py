"""The card of one person."""

from django.db.models import F
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from directive_tracker import clock, vietnamese
from records.audit import record
from records.models import AuditEvent
from veterans import sensitive
from veterans.enums import Living, SensitiveKind, Verification
from veterans.forms import DeathForm, PurposeForm, ReasonForm
from veterans.models import Gift, Person, PersonCategory
from veterans.permissions import can_confirm_death, can_read_sensitive
from veterans.planning import wishes
from veterans.verbs import DUPLICATES, READS, WORDS
from veterans.views.base import own_person, registrar_page
from veterans.views.card_checking import checking
from veterans.views.card_duplicates import card_part

HISTORY_LENGTH = 20


@registrar_page
@require_safe
def person_detail(request, pk: int):
    """What is known of a person; opening it is written into the log. An absorbed entry leads to the one it went into."""
    person = own_person(request, pk)
    if person.merged_into_id:
        return redirect("veterans:person_detail", pk=person.merged_into_id)
    return show_card(request, person)


def show_card(
    request, person: Person, *, opened: tuple[str, str] = ("", ""), open_part: str = "", status: int = 200, **forms
):
    """Render the card and log that it was read.

    Args:
        opened: a sensitive kind and its words, to be shown this once (the caller has logged the purpose).
        open_part: the part with a refused form, which stands open.
        forms: bound forms in place of empty ones: purpose, death, withdraw, take_off, put_back, finding, again, news.
    """
    now = clock.now()
    record("person.read", by=request.user, at=now, target=person)
    checked = checking(request.user, person, forms)
    context = {
        "person": person,
        "facts": facts(person),
        "categories": person.categories.order_by("category"),
        "thanks": thanks_of(person),
        "visits": person.visits.select_related("unit", "recorded_by").prefetch_related("gifts__source", "photos"),
        **checked,
        "can_confirm_death": can_confirm_death(request.user, person),
        "sensitive": sensitive_rows(person, *opened),
        "can_read_sensitive": can_read_sensitive(request.user, person),
        "events": history(person),
        "open_part": open_part,
        "duplicates": card_part(request.user, person),
        "forms": checked["forms"]
        | {
            "purpose": forms.get("purpose") or PurposeForm(prefix="purpose"),
            "death": forms.get("death") or DeathForm(prefix="death"),
            "withdraw": forms.get("withdraw") or ReasonForm(prefix="withdraw"),
            "take_off": forms.get("take_off") or ReasonForm(prefix="take_off"),
            "put_back": forms.get("put_back") or ReasonForm(prefix="put_back"),
        },
        "refused": list(forms.values()),
        "back_url": reverse("veterans:person_list"),
    }
    return render(request, "veterans/person_detail.html", context, status=status)


def thanks_of(person: Person) -> dict:
    """What is wished for, planned and promised. Three statements."""
    planned = person.plan_entries.planned().select_related("plan__area", "delegation").order_by("-pk")
    promised = person.gifts.filter(state=Gift.State.PROMISED).select_related("source", "unit")
    return {"wishes": list(person.wishes.all()), "planned": list(planned), "promised": list(promised)}


def facts(person: Person) -> list[tuple[str, str]]:
    """Names and values of what is known, without anything sensitive."""
    needs = [
        words
        for needed, words in (
            (person.needs_interpreter, "cần người phiên dịch"),
            (person.needs_vehicle, "cần xe đưa đón"),
        )
        if needed
    ]
    commune = person.residence
    places = (person.hamlet, commune.name, commune.parent.name if commune.parent else "")
    rows = [
        ("Giới tính", person.get_sex_display()),
        ("Năm sinh", person.birth_words),
        ("Nơi cư trú", ", ".join(place for place in places if place)),
        ("Tình trạng", living_words(person)),
        ("Căn cứ lập hồ sơ", person.legal_basis),
        ("Lập hồ sơ", f"{vietnamese.vn_date(person.created_at)}, {person.created_by}"),
    ]
    if needs:
        rows.insert(4, ("Khi đến thăm", ", ".join(needs)))
    return [("Tên gọi khác", ", ".join(person.names)), *rows] if person.names else rows


def sensitive_rows(person: Person, opened: str = "", words: str = "") -> list[dict]:
    """The sensitive kinds that are known, masked; the one that was opened with its words."""
    known = sensitive.known(person)
    return [
        {"kind": kind, "label": label, "mask": known[kind], "words": words if kind == opened else ""}
        for kind, label in SensitiveKind.choices
        if kind in known
    ]


def living_words(person: Person) -> str:
    """The state with its day and source: "Còn sống (tin ngày 12/3/2024, gia đình)"."""
    if person.is_deceased:
        day = vietnamese.vn_date(person.death_on) or "chưa rõ ngày"
        return f"Đã từ trần, {day} (nguồn: {person.death_source})"
    told = ", ".join(
        part
        for part in (
            f"đến {person.moved_to}" if person.living_state == Living.MOVED and person.moved_to else "",
            f"tin ngày {vietnamese.vn_date(person.living_on)}" if person.living_on else "",
            person.living_source,
        )
        if part
    )
    return f"{person.get_living_state_display()} ({told})" if told else person.get_living_state_display()


def history(person: Person) -> list[dict]:
    """What was done to the entry, newest first: fields by name, never what they held."""
    events = (
        AuditEvent.objects.about(person)
        .exclude(verb__in=READS)
        .select_related("actor")
        .order_by(F("pk").desc())[:HISTORY_LENGTH]
    )
    return [{"when": event.at, "who": event.actor, "what": event_words(event)} for event in events]


def event_words(event: AuditEvent) -> str:
    """One event in words: "Sửa: năm sinh, đối tượng"."""
    words = WORDS.get(event.verb, event.verb)
    if event.verb == "person.verified":
        return f"{words}: {Verification(event.data['step']).label.lower()}"
    if event.verb == "person.changed":
        return f"{words}: {', '.join(field_words(name) for name in event.data['fields'])}"
    if event.verb in DUPLICATES:
        return f"{words} (hồ sơ kia: số {event.data['entry']})"
    return words


def field_words(name: str) -> str:
    """A field's name on the screen."""
    if name == "categories":
        return str(PersonCategory._meta.get_field("category").verbose_name)
    if name == wishes.FIELD:
        return wishes.WORDS
    if name in SensitiveKind.values:
        label = str(SensitiveKind(name).label)
        return label[:1].lower() + label[1:]
    return str(Person._meta.get_field(name).verbose_name)
