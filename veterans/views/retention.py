"""How long the registry is kept: the rule for everybody concerned, what is due for the registrar of the province."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from tasks.errors import Refused
from veterans.forms_protection import RuleForm
from veterans.models import Person
from veterans.permissions import can_erase_due, can_keep_registry, can_set_rules
from veterans.protection import retention as keeping
from veterans.querysets import access_for

PAGE_SIZE = 25
LONGEST_NUMBER = 18


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request):
    """The rule and what is due; erasing is a decision of a person, all chosen entries or none."""
    if not (can_keep_registry(request.user) or access_for(request.user).is_office):
        raise PermissionDenied("Trang này dành cho Văn phòng và cán bộ sổ tri ân.")
    if request.method != "POST":
        return _show(request)
    if request.POST.get("do") == "erase":
        return _erase(request)
    return _set_rule(request)


def _set_rule(request):
    if not can_set_rules(request.user):
        raise PermissionDenied("Thời hạn lưu do Văn phòng hoặc cán bộ sổ tri ân cấp tỉnh đặt.")
    form = RuleForm(request.POST, prefix="rule")
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        keeping.set_rule(by=request.user, now=clock.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, form, status=422)
    messages.success(request, "Đã đặt thời hạn lưu.")
    return redirect("veterans:retention")


def _erase(request):
    if not can_erase_due(request.user):
        raise PermissionDenied("Việc xóa khi hết hạn lưu do cán bộ sổ tri ân cấp tỉnh quyết định.")
    typed = request.POST.getlist("number")
    numbers = [int(text) for text in typed if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER]
    try:
        if not request.POST.get("confirmed"):
            raise Refused("Hãy đánh dấu ô xác nhận: xóa rồi không lấy lại được.")
        people = Person.objects.visible_to(request.user)
        count = keeping.anonymise(people, numbers, by=request.user, now=clock.now())
    except Refused as refusal:
        return _show(request, refusal=str(refusal), chosen=set(numbers), status=422)
    messages.success(request, f"Đã xóa dữ liệu của {count} hồ sơ.")
    return redirect("veterans:retention")


def _show(request, form=None, *, refusal: str = "", chosen: set | None = None, status: int = 200):
    found, today = keeping.rule(), clock.today()
    # Names only for who may decide; the office sets the rule and reads a number.
    may_erase = can_erase_due(request.user)
    rows = keeping.due(Person.objects.visible_to(request.user), today=today)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")) if may_erase else None
    initial = {name: getattr(found, name) for name in ("purpose_ends_on", "keep_months", "living_days")}
    context = {
        "rule": found,
        "last": keeping.kept_until(found),
        "form": form or RuleForm(prefix="rule", initial=initial),
        "may_set": can_set_rules(request.user),
        "may_erase": may_erase,
        "page": page,
        "count": page.paginator.count if page else keeping.due_count(today),
        "refusal": refusal,
        "chosen": chosen or set(),
        "at_once": keeping.AT_ONCE,
    }
    return render(request, "veterans/data/retention.html", context, status=status)
