"""Communes of the registrar's areas: which are done."""

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from tasks.errors import Refused
from veterans import gratitude
from veterans.forms import ReviewForm, own_communes
from veterans.models import AreaReview
from veterans.models.gratitude import CAMPAIGN
from veterans.permissions import can_review
from veterans.querysets import access_for
from veterans.views.base import registrar_page


@dataclass
class District:
    """A district's communes; it stands open while one of them is left."""

    name: str
    communes: list

    def __post_init__(self):
        for commune in self.communes:
            commune.review = commune.campaign_reviews[0] if commune.campaign_reviews else None
        self.done = sum(commune.review is not None for commune in self.communes)
        self.open = self.done < len(self.communes)


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def area_review(request):
    """The communes with their state; POST marks one as reviewed or opens it again."""
    today = clock.today()
    area_ids = access_for(request.user).area_ids
    if request.method == "POST":
        form = ReviewForm(request.POST, area_ids=area_ids, today=today)
        if not form.is_valid():
            messages.error(request, _why(form))
        else:
            _mark(request, form)
        return redirect("veterans:area_review")
    seen = AreaReview.objects.visible_to(request.user).filter(campaign=CAMPAIGN).select_related("by")
    reviews = Prefetch("reviews", seen, to_attr="campaign_reviews")
    communes = list(
        own_communes(area_ids, today)
        .prefetch_related(reviews)
        .annotate(people_count=Count("people", filter=Q(people__removed_on__isnull=True)))
    )
    districts = [
        District(name, list(rows)) for name, rows in groupby(communes, key=lambda row: (row.parent or row).name)
    ]
    context = {
        "communes": communes,
        "districts": districts,
        "done": sum(district.done for district in districts),
        "campaign": CAMPAIGN,
    }
    return render(request, "veterans/area_review.html", context)


def _mark(request, form: ReviewForm) -> None:
    """Do what the button says and leave a sentence."""
    area = form.cleaned_data["area"]
    if not can_review(request.user, area.pk):
        raise PermissionDenied("Xã này không thuộc địa bàn của anh/chị.")
    now = clock.now()
    try:
        if request.POST.get("do") == "reopen":
            gratitude.reopen_area(area, by=request.user, now=now)
            messages.success(request, f"{area.name} được mở lại để rà soát tiếp.")
        else:
            gratitude.review_area(area, by=request.user, now=now, note=form.cleaned_data["note"])
            messages.success(request, f"Đã ghi: {area.name} rà soát xong.")
    except Refused as refusal:
        messages.error(request, str(refusal))


def _why(form: ReviewForm) -> str:
    """One sentence for a refused mark."""
    if "note" in form.errors:
        return f"Ghi chú: {form.errors['note'][0]}"
    return "Không tìm thấy xã này trong địa bàn của anh/chị."
