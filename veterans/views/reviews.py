"""The table of the communes by source, and one cell of it."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from tasks.errors import Refused
from units.models import Area
from veterans import area_reviews
from veterans.enums import ReviewSource, ReviewState
from veterans.forms import own_communes
from veterans.forms_checking import ReviewCellForm
from veterans.models import AreaReview, Campaign
from veterans.permissions import can_review
from veterans.querysets import access_for
from veterans.views.base import registrar_page

SIGNS = {
    area_reviews.NOT_BEGUN: ("–", "none", area_reviews.NOT_BEGUN_WORDS),
    ReviewState.DOING: ("…", "doing", ReviewState.DOING.label),
    ReviewState.DONE: ("✓", "done", ReviewState.DONE.label),
    ReviewState.NOBODY: ("∅", "outside", ReviewState.NOBODY.label),
}


@dataclass
class Line:
    """One commune with a cell a source."""

    commune: Area
    reviews: dict[str, AreaReview]

    def __post_init__(self):
        self.reviewed = area_reviews.is_reviewed([row.state for row in self.reviews.values()])
        self.cells = [Cell(source, self.reviews.get(source)) for source in ReviewSource]


@dataclass
class Cell:
    """One source of one commune."""

    source: ReviewSource
    row: AreaReview | None

    def __post_init__(self):
        self.state = self.row.state if self.row else area_reviews.NOT_BEGUN
        self.sign, self.look, self.words = SIGNS[self.state]


@dataclass
class District:
    """A district's communes."""

    name: str
    lines: list[Line] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(line.reviewed for line in self.lines)


@registrar_page
@require_safe
def area_review(request):
    """All communes of the registrar by source, with the sums; it prints on one sheet."""
    communes = own_communes(access_for(request.user).area_ids, clock.today())
    seen = (
        AreaReview.objects.visible_to(request.user)
        .filter(campaign=Campaign.objects.visible_to(request.user).present())
        .select_related("by")
    )
    rows = communes.prefetch_related(Prefetch("reviews", seen, to_attr="campaign_reviews")).annotate(
        people_count=Count("people", filter=_LISTED)
    )
    lines = [Line(commune, {row.source: row for row in commune.campaign_reviews}) for commune in rows]
    districts = [
        District(name, list(group))
        for name, group in groupby(lines, key=lambda line: (line.commune.parent or line.commune).name)
    ]
    context = {
        "districts": districts,
        "sources": ReviewSource.choices,
        "total": len(lines),
        "done": sum(line.reviewed for line in lines),
        "sums": _sums(lines),
        "signs": list(SIGNS.values()),
        "campaign": Campaign.objects.visible_to(request.user).present_one(),
    }
    return render(request, "veterans/area_review.html", context)


_LISTED = Q(people__removed_on__isnull=True, people__merged_into__isnull=True, people__erased_at__isnull=True)


def _sums(lines: list[Line]) -> list[dict]:
    """A row a state: how many communes of each source; then the people the finished lists name."""
    counted = [Counter(line.cells[place].state for line in lines) for place, _ in enumerate(ReviewSource)]
    people = [
        sum((line.cells[place].row.people or 0) if line.cells[place].row else 0 for line in lines)
        for place, _ in enumerate(ReviewSource)
    ]
    return [
        *(
            {"words": words, "sign": sign, "numbers": [count[state] for count in counted]}
            for state, (sign, _, words) in SIGNS.items()
        ),
        {"words": "Số người trong các danh sách", "sign": "", "numbers": people},
    ]


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def area_review_cell(request, area: int, source: str):
    """One source of one commune: how far, who signed, when."""
    if source not in ReviewSource.values:
        raise Http404
    today = clock.today()
    commune = get_object_or_404(Area.objects.communes().valid_on(today).select_related("parent"), pk=area)
    if not can_review(request.user, commune.pk):
        raise PermissionDenied("Xã này không thuộc địa bàn của anh/chị.")
    row = (
        AreaReview.objects.visible_to(request.user)
        .filter(area=commune, campaign=Campaign.objects.visible_to(request.user).present(), source=source)
        .select_related("by")
        .first()
    )
    form = ReviewCellForm(request.POST or None, row=row, people=area_reviews.people_found(commune), today=today)
    if request.method == "POST" and form.is_valid():
        try:
            area_reviews.write(commune, source, by=request.user, now=clock.now(), **form.cleaned_data)
        except (Refused, ValidationError) as error:
            form.add_error(None, error.messages if isinstance(error, ValidationError) else str(error))
        else:
            words = SIGNS[form.cleaned_data["state"]][2].lower()
            messages.success(request, f"Đã ghi: {commune.name}, {ReviewSource(source).label}: {words}.")
            return redirect(f"{reverse('veterans:area_review')}#xa-{commune.pk}")
    context = {"form": form, "commune": commune, "source": ReviewSource(source), "row": row}
    return render(request, "veterans/area_review_cell.html", context, status=422 if form.errors else 200)
