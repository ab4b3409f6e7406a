"""One task of a draft that is being checked: its fields, its products."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from tasks.drafting import editing, products
from tasks.drafting.changes import last_number
from tasks.errors import Refused
from tasks.forms.checking import ProductForm, TaskForm, offered_names
from tasks.models import Directive
from tasks.views.checking import check_address, on_draft, stale_words, task_of


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def check_task(request: HttpRequest, directive: Directive, task: int) -> HttpResponse:
    """Edit a task; what a person saved counts as looked at."""
    row = task_of(request, directive, task, keeps_typed=True)
    if row is None:
        return redirect(check_address(directive))
    form = TaskForm(request.POST if request.method == "POST" else None, task=row, today=clock.today())
    if form.is_bound and (words := stale_words(request, directive, task)):
        form.add_error(None, words)
    if request.method == "POST" and form.is_valid():
        try:
            editing.edit_task(row, form.values(), by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(check_address(directive, f"nv-{row.pk}"))
    context = {
        "directive": directive,
        "task": row,
        "form": form,
        "units": offered_names(form.names.units),
        "products": row.products.order_by("order"),
        "seen": last_number(directive),
        "back_url": check_address(directive, f"nv-{row.pk}"),
    }
    return render(request, "tasks/checking/task.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def check_product(request: HttpRequest, directive: Directive, task: int, product: int | None = None) -> HttpResponse:
    """Add a product, or change one or take it away (`remove`)."""
    row = task_of(request, directive, task, keeps_typed=True)
    if row is None:
        return redirect(check_address(directive))
    back = check_address(directive, f"nv-{row.pk}")
    found = row.products.select_related("task__directive").filter(pk=product).first() if product else None
    if product and found is None:
        messages.info(request, f"Sản phẩm này không còn trong nhiệm vụ {row.code}.")
        return redirect(back)
    posted = request.method == "POST"
    form = ProductForm(request.POST if posted else None, product=found)
    who = {"by": request.user, "now": clock.now()}
    refusal = stale_words(request, directive, task) if posted else ""
    try:
        if refusal:
            form.full_clean()
        elif posted and found and "remove" in request.POST:
            products.remove_product(found, **who)
            return redirect(back)
        elif posted and form.is_valid():
            if found is None:
                products.add_product(row, form.cleaned_data, **who)
            elif not products.edit_product(found, form.cleaned_data, **who):
                messages.info(request, "Sản phẩm không thay đổi.")
            return redirect(back)
    except Refused as problem:
        refusal = str(problem)
    context = {
        "directive": directive,
        "task": row,
        "product": found,
        "form": form,
        "refusal": refusal,
        "seen": last_number(directive),
        "back_url": back,
    }
    return render(request, "tasks/checking/product.html", context, status=422 if posted else 200)
