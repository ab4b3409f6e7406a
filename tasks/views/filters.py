"""Filters of lists that are kept under a name: the row above the list, keeping one, renaming, removing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from records.audit import record
from tasks.forms.talking import SavedFilterForm
from tasks.models import FilteredPage, SavedFilter
from tasks.views.access import allowed

MOST = 50
LONGEST = 1000


def _page(text: str) -> FilteredPage:
    """The list of that name. Errors: Http404 for any other."""
    if text not in FilteredPage.values:
        raise Http404("Địa chỉ không đúng.")
    return FilteredPage(text)


@require_safe
@login_required
def filter_list(request: HttpRequest) -> HttpResponse:
    """Bộ lọc đã lưu: the own ones and those the office shares; asked by a list, only its row of links."""
    filters = SavedFilter.objects.visible_to(request.user).select_related("owner")
    wanted = request.GET.get("trang", "")
    if wanted:
        filters = filters.of_page(_page(wanted))
    template = "tasks/desk/_filter_row.html" if request.htmx else "tasks/desk/filters.html"
    return render(request, template, {"filters": list(filters[: MOST * 2]), "page": wanted})


def _kept_query(text: str) -> str:
    """The conditions of an address, without the number of the page and what is empty."""
    kept = QueryDict(text, mutable=True)
    for name in list(kept):
        if name == "page" or not any(kept.getlist(name)):
            del kept[name]
    return kept.urlencode()


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def filter_new(request: HttpRequest) -> HttpResponse:
    """Keep the conditions of a list under a name."""
    page = _page(request.GET.get("trang", ""))
    query = _kept_query(request.GET.get("loc", "")[: LONGEST * 2])
    row = SavedFilter(owner=request.user, page=page, query=query, saved_at=clock.now())
    form = SavedFilterForm(request.POST or None, may_share=request.access.is_office, instance=row)
    if request.method == "POST" and form.is_valid():
        mine = SavedFilter.objects.visible_to(request.user).filter(owner=request.user, page=page)
        if len(query) > LONGEST:
            form.add_error(None, "Bộ lọc có quá nhiều điều kiện để lưu. Xin bỏ bớt.")
        elif mine.count() >= MOST:
            form.add_error(None, f"Mỗi trang lưu nhiều nhất {MOST} bộ lọc. Xin bỏ bớt bộ lọc cũ.")
        else:
            kept = form.save()
            if kept.shared:
                record("filter.saved", by=request.user, at=clock.now(), target=kept)
            messages.success(request, f"Đã lưu bộ lọc “{kept.name}”.")
            return redirect(kept.get_absolute_url())
    context = {"form": form, "row": row, "is_new": True}
    return render(request, "tasks/desk/filter_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def filter_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a filter, share it or no longer, or remove it: its owner alone."""
    row = get_object_or_404(SavedFilter.objects.visible_to(request.user).select_related("owner"), pk=pk)
    allowed(row.owner_id == request.user.pk)
    if request.method == "POST" and request.POST.get("do") == "remove":
        return _remove(request, row)
    was_shared = row.shared
    form = SavedFilterForm(request.POST or None, may_share=request.access.is_office, instance=row)
    if request.method == "POST" and form.is_valid():
        kept = form.save()
        if kept.shared or was_shared:
            record("filter.changed", by=request.user, at=clock.now(), target=kept)
        messages.success(request, f"Đã sửa bộ lọc “{kept.name}”.")
        return redirect("tasks:filter_list")
    context = {"form": form, "row": row, "is_new": False}
    return render(request, "tasks/desk/filter_form.html", context, status=422 if form.errors else 200)


def _remove(request: HttpRequest, row: SavedFilter) -> HttpResponseRedirect:
    if row.shared:
        record("filter.removed", by=request.user, at=clock.now(), target=row)
    row.delete()
    messages.success(request, f"Đã bỏ bộ lọc “{row.name}”.")
    return redirect("tasks:filter_list")
