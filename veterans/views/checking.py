"""What is checked at the card, and the work lists of it: findings of a level, news that somebody lives."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from tasks.errors import Refused
from units.models import Area
from veterans import living, verification
from veterans.enums import VERIFICATION_STEPS, Finding, Verification
from veterans.forms import ReasonForm, grouped
from veterans.forms_checking import FindingForm, NewsForm
from veterans.models import Person
from veterans.permissions import can_ask_again, own_step, step_allowed, steps_of
from veterans.querysets import access_for
from veterans.views.actions import do, may_change
from veterans.views.base import card_action, registrar_page
from veterans.views.card_checking import STEP_WORDS

PAGE_SIZE = verification.MOST_AT_ONCE
# What the work list shows besides what waits.
RESTING = {"thieu": Finding.NOT_ENOUGH, "khong-thuoc-dien": Finding.NOT_ELIGIBLE}


@card_action
def person_verify(request, person):
    """What the level the entry waits for has found; without a word of it, "đủ căn cứ"."""
    wanted = request.POST.get("to", "")
    if wanted not in Verification.values:
        messages.error(request, "Không rõ bước xác minh nào được chọn; hãy bấm lại nút ở hồ sơ.")
        return redirect("veterans:person_detail", pk=person.pk)
    if step_allowed(request.user, person) is None and verification.waits_for(person) == wanted:
        raise PermissionDenied("Bước xác minh này thuộc cấp khác.")
    form = FindingForm(request.POST, prefix="finding") if "reasoned" in request.POST else None

    def verify():
        said = form.cleaned_data if form else {"finding": Finding.ENOUGH, "reason": ""}
        verification.verify(person, to=wanted, by=request.user, now=clock.now(), **said)

    done = f"Đã ghi kết luận: {Verification(wanted).label.lower()}."
    return do(request, person, form, "finding", verify, done)


@card_action
def person_ask_again(request, person):
    """Somebody of the area wants a finding looked at again."""
    if not can_ask_again(request.user, person) and person.is_removed:
        raise PermissionDenied("Người này đã được đưa khỏi danh sách; hãy đưa lại vào danh sách.")
    form = ReasonForm(request.POST, prefix="again")
    return do(
        request,
        person,
        form,
        "again",
        lambda: verification.ask_again(person, reason=form.cleaned_data["reason"], by=request.user, now=clock.now()),
        "Đã ghi đề nghị xem lại; hồ sơ vào lại danh sách việc của cấp đã kết luận.",
    )


@card_action
def person_living(request, person):
    """Somebody says that the person lives."""
    may_change(request, person)
    form = NewsForm(request.POST, prefix="news")
    return do(
        request,
        person,
        form,
        "news",
        lambda: living.confirm_living(person, source=form.cleaned_data["source"], by=request.user, now=clock.now()),
        "Đã ghi: còn sống, tin ngày hôm nay.",
    )


class _Places:
    """The registrar's communes: for the filter, and which of them belong to which step. One statement."""

    def __init__(self, user) -> None:
        self.all = list(
            Area.objects.communes()
            .filter(pk__in=access_for(user).area_ids)
            .select_related("parent")
            .order_by("parent__code", "sort_key", "pk")
        )

    def under(self, areas) -> list[int]:
        """The communes that are one of these areas or lie in one."""
        wanted = set(areas)
        return [
            commune.pk
            for commune in self.all
            if wanted & {commune.pk, commune.parent_id, commune.parent and commune.parent.parent_id}
        ]

    def chosen(self, typed: str, among: list[int]) -> tuple[list[int], int | None]:
        """The communes of one area that was chosen, and its number; all of them when it is none of these."""
        if not typed.isdecimal() or len(typed) > 15:
            return among, None
        found = [pk for pk in self.under([int(typed)]) if pk in set(among)]
        return (found, int(typed)) if found else (among, None)

    def choices(self, today) -> list:
        """For a <select>, districts as a whole included."""
        valid = [
            each for each in self.all if each.valid_from <= today and (not each.valid_to or each.valid_to >= today)
        ]
        return grouped(valid, whole_districts=True)


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def verify_list(request):
    """What waits for a level of verification; POST writes "đủ căn cứ" for the chosen ones."""
    steps = steps_of(request.user)
    places = _Places(request.user)
    wanted = request.GET.get("buoc", "")
    step = Verification(wanted) if wanted in steps else own_step(request.user)
    mine = places.under(steps[step]) if step else []
    if request.method == "POST":
        if step:
            _verify_chosen(request, step, mine)
        return redirect(request.get_full_path())
    people = Person.objects.visible_to(request.user)
    resting = RESTING.get(request.GET.get("loc", ""))
    # What rests is of every level's interest: those below bring the papers, those above asked for them.
    communes, area = places.chosen(request.GET.get("dia-ban", ""), _pks(places) if resting else mine)
    rows = people.found(resting) if resting else people.waiting_for(step or "-")
    rows = rows.filter(residence__in=communes)
    page = Paginator(
        rows.select_related("residence__parent", "verified_by").prefetch_related("categories"), PAGE_SIZE
    ).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "step": step,
        "step_words": STEP_WORDS.get(step, "") if step else "",
        "tabs": _tabs(people, steps, places),
        "resting": resting,
        "resting_tabs": [(key, finding.label, finding == resting) for key, finding in RESTING.items()],
        "area": area,
        "choices": places.choices(clock.today()),
        "kept": [("buoc", step or ""), ("loc", request.GET.get("loc", "") if resting else "")],
    }
    return render(request, "veterans/verify_list.html", context)


def _pks(places: _Places) -> list[int]:
    return [commune.pk for commune in places.all]


def _tabs(people, steps: dict, places: _Places) -> list[dict]:
    """The user's own steps with how many entries wait for each; one statement for all of them."""
    counted: dict[tuple[str, int], int] = {
        (row["waits_for"], row["residence"]): row["number"]
        for row in people.filter(waits_for__in=list(steps))
        .order_by()
        .values("waits_for", "residence")
        .annotate(number=Count("pk"))
    }
    return [
        {
            "key": step,
            "words": step.label,
            "number": sum(counted.get((step.value, pk), 0) for pk in places.under(steps[step])),
        }
        for step in VERIFICATION_STEPS
        if step in steps
    ]


def picked(request) -> dict[int, int]:
    """What was ticked: pk → the version that was read. What is no such pair is left out."""
    found = {}
    for value in request.POST.getlist("pick")[:PAGE_SIZE]:
        pk, _, version = value.partition(":")
        if pk.isdecimal() and version.isdecimal() and len(pk) < 16 and len(version) < 10:
            found[int(pk)] = int(version)
    return found


def _verify_chosen(request, step: Verification, communes: list[int]) -> None:
    """Write the finding of one level for the ticked entries of the user's own communes, and leave a sentence."""
    versions = picked(request)
    people = Person.objects.visible_to(request.user).waiting_for(step).filter(pk__in=versions, residence__in=communes)
    done = verification.verify_together(people, versions=versions, to=step, by=request.user, now=clock.now())
    _say(request, done, len(versions), f"{step.label.lower()}, đủ căn cứ")


def _say(request, done: int, wanted: int, what: str) -> None:
    if not wanted:
        messages.error(request, "Chưa chọn người nào. Hãy đánh dấu ở đầu dòng rồi bấm lại.")
    if done:
        messages.success(request, f"Đã ghi {done} người: {what}.")
    if done < wanted:
        messages.warning(
            request, f"{wanted - done} người không ghi được: người khác vừa sửa hoặc vừa ghi hồ sơ đó. Hãy xem lại."
        )


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def living_list(request):
    """Of whom news is wanted before anything is scheduled; POST writes it for one or several, with its source."""
    places = _Places(request.user)
    days, today = living.living_days(), clock.today()
    communes, area = places.chosen(request.GET.get("dia-ban", ""), _pks(places))
    wanted = Person.objects.visible_to(request.user).without_fresh_news(today, days).filter(residence__in=communes)
    form = NewsForm(request.POST or None, prefix="news")
    ticked: dict[int, int] = {}
    if request.method == "POST":
        ticked = picked(request)
        if form.is_valid() and ticked:
            done = _confirm_chosen(request, wanted, ticked, form.cleaned_data["source"])
            _say(request, done, len(ticked), "còn sống, tin ngày hôm nay")
            return redirect(request.get_full_path())
        if not ticked:
            form.add_error(None, "Chưa chọn người nào. Hãy bấm “Còn sống” ở dòng, hoặc đánh dấu nhiều dòng.")
    page = Paginator(wanted.select_related("residence__parent"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "days": days,
        "area": area,
        "choices": places.choices(today),
        "ticked": ticked,
    }
    return render(request, "veterans/living_list.html", context, status=422 if form.errors else 200)


def _confirm_chosen(request, wanted, versions: dict[int, int], source: str) -> int:
    """How many of the ticked entries were written; who was changed meanwhile is left as it is."""
    done = 0
    for person in wanted.filter(pk__in=versions):
        try:
            living.confirm_living(person, source=source, version=versions[person.pk], by=request.user, now=clock.now())
        except Refused:
            continue
        done += 1
    return done
