"""The page "Nhật ký": who did what, in sentences; everybody sees what records/seeing.py allows."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directive_tracker import vietnamese
from directive_tracker.vietnamese import ZONE
from records import seeing, sentences, verbs
from records.forms import LogFilterForm
from records.models import AuditEvent

PAGE = 50
# Of more people of one name than these nobody is looking for one.
MOST_PEOPLE = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@never_cache
@login_required
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The events the person may read, newest first; a page is found by where the one before ended, never by counting."""
    form, found = events_for(request.user, request.GET)
    after = _place(request.GET.get("sau", ""))
    if after is not None:
        moment, pk = after
        found = found.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=pk), at__lte=moment)
    events = list(found.select_related("actor", "acting_for").newest_first()[: PAGE + 1])
    rows = [(event, sentences.sentence(event)) for event in events[:PAGE]]
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    context = {
        "form": form,
        "rows": rows,
        "older": _word_of(events[PAGE - 1]) if len(events) > PAGE else "",
        "is_first": after is None,
        "filtered": bool(chosen),
        "about": rows[0][0] if "ma" in chosen and rows else None,
        "about_one": "loai" in chosen and "ma" in chosen,
        "own_only": not seeing.topics_for(request.user),
        "nav_current": "records:log",
    }
    return render(request, "records/log.html", context)


def events_for(user: Any, params: Mapping[str, str]) -> tuple[LogFilterForm, QuerySet]:
    """The filter of the page and the events that fit it, of what the person may read."""
    form = LogFilterForm(params, topics=seeing.topics_for(user))
    form.full_clean()
    shown = AuditEvent.objects.visible_to(user).exclude(verb__in=verbs.SILENT)
    return form, _filtered(shown, form.cleaned_data)


def _filtered(events: QuerySet, chosen: dict) -> QuerySet:
    """The events that fit what was chosen; what was refused is missing in it and filters nothing."""
    if chosen.get("nhom"):
        events = events.filter(topic=chosen["nhom"])
    if chosen.get("tu"):
        events = events.filter(at__gte=datetime.combine(chosen["tu"], time.min, ZONE))
    if chosen.get("den"):
        events = events.filter(at__lt=datetime.combine(chosen["den"] + timedelta(days=1), time.min, ZONE))
    if chosen.get("loai") and chosen.get("ma"):
        events = events.filter(target_type=chosen["loai"], target_id=chosen["ma"])
    words = vietnamese.fold(chosen.get("nguoi", "")).split()
    if words:
        people = get_user_model().objects.all()
        for word in words:
            people = people.filter(search_key__contains=word)
        found = list(people.order_by("pk").values_list("pk", flat=True)[:MOST_PEOPLE])
        events = events.filter(Q(actor__in=found) | Q(acting_for__in=found))
    return events


def _word_of(event: AuditEvent) -> str:
    """The place of an event in the list, for the address: "1713146400000000-4711"."""
    return f"{(event.at - _EPOCH) // _MICROSECOND}-{event.pk}"


def _place(word: str) -> tuple[datetime, int] | None:
    """The moment and id in an address; None for anything else."""
    moment, _, pk = word.partition("-")
    if not (moment.isascii() and moment.isdecimal() and pk.isascii() and pk.isdecimal()) or len(word) > 40:
        return None
    try:
        return _EPOCH + int(moment) * _MICROSECOND, min(int(pk), 2**63 - 1)
    except OverflowError:
        return None
