"""What the buttons of the card do. Each POST ends at the card; a refused form keeps what was typed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from directive_tracker import clock, crypto
from records.audit import record
from tasks.errors import Refused
from veterans import living, people, sensitive
from veterans.enums import SensitiveKind
from veterans.forms import DeathForm, PurposeForm, ReasonForm
from veterans.permissions import can_change, can_confirm_death, can_read_sensitive
from veterans.sensitive_words import shown
from veterans.views.base import card_action
from veterans.views.card import show_card


def do(request, person, form, part: str, action, done: str):
    """Check the form, act, and go back to the card with a sentence."""
    if form is not None and not form.is_valid():
        return show_card(request, person, open_part=part, status=422, **{part: form})
    try:
        action()
    except Refused as refusal:
        if form is None:
            messages.error(request, str(refusal))
            return redirect("veterans:person_detail", pk=person.pk)
        form.add_error(None, str(refusal))
        return show_card(request, person, open_part=part, status=422, **{part: form})
    messages.success(request, done)
    return redirect("veterans:person_detail", pk=person.pk)


@card_action
def person_open(request, person):
    """Show one sensitive thing once, for a purpose; the log names the field and the purpose, in one row."""
    if not can_read_sensitive(request.user, person):
        raise PermissionDenied("Anh/chị không được xem phần này.")
    form = PurposeForm(request.POST, prefix="purpose")
    kind = request.POST.get("kind", "")
    if kind not in SensitiveKind.values:
        messages.error(request, "Không rõ mục nào được chọn; hãy bấm lại nút ở hồ sơ.")
        return redirect("veterans:person_detail", pk=person.pk)
    if not form.is_valid():
        return show_card(request, person, open_part="purpose", status=422, purpose=form)
    try:
        found = sensitive.read(person, [kind])
    except crypto.Unreadable:
        form.add_error(None, "Không mở được nội dung này: máy chủ thiếu khóa mã hóa. Hãy báo quản trị viên.")
        return show_card(request, person, open_part="purpose", status=422, purpose=form)
    if kind not in found:
        messages.error(request, "Mục này vừa được xóa khỏi hồ sơ.")
        return redirect("veterans:person_detail", pk=person.pk)
    record(
        "person.sensitive_read",
        by=request.user,
        at=clock.now(),
        target=person,
        data={"fields": [kind], "purpose": form.cleaned_data["purpose"]},
    )
    return show_card(request, person, opened=(kind, shown(kind, found[kind])), purpose=form)


@card_action
def death_report(request, person):
    """A death is reported and waits for a second person."""
    may_change(request, person)
    form = DeathForm(request.POST, prefix="death")
    return do(
        request,
        person,
        form,
        "death",
        lambda: living.report_death(
            person,
            source=form.cleaned_data["source"],
            died_on=form.cleaned_data["died_on"],
            by=request.user,
            now=clock.now(),
        ),
        "Đã ghi tin từ trần. Tin này chờ một cán bộ khác xác nhận.",
    )


@card_action
def death_confirm(request, person):
    """The second person confirms."""
    if person.death_waits and not can_confirm_death(request.user, person):
        raise PermissionDenied("Người báo tin không tự xác nhận được; cần một cán bộ khác xác nhận.")
    return do(
        request,
        person,
        None,
        "",
        lambda: living.confirm_death(person, by=request.user, now=clock.now()),
        "Đã xác nhận tin từ trần.",
    )


@card_action
def death_withdraw(request, person):
    """A wrong report is taken back, before or after its confirmation."""
    may_change(request, person)
    form = ReasonForm(request.POST, prefix="withdraw")
    return do(
        request,
        person,
        form,
        "withdraw",
        lambda: living.withdraw_death(person, reason=form.cleaned_data["reason"], by=request.user, now=clock.now()),
        "Đã rút tin từ trần. Hãy ghi lại tình trạng của người này.",
    )


@card_action
def person_take_off(request, person):
    """Off the list, with a reason others can contest."""
    may_change(request, person)
    form = ReasonForm(request.POST, prefix="take_off")
    return do(
        request,
        person,
        form,
        "take_off",
        lambda: people.take_off(person, reason=form.cleaned_data["reason"], by=request.user, now=clock.now()),
        "Đã đưa khỏi danh sách. Hồ sơ và lý do vẫn được giữ.",
    )


@card_action
def person_put_back(request, person):
    """The removal is contested; the entry is checked again from the beginning."""
    may_change(request, person)
    form = ReasonForm(request.POST, prefix="put_back")
    return do(
        request,
        person,
        form,
        "put_back",
        lambda: people.put_back(person, objection=form.cleaned_data["reason"], by=request.user, now=clock.now()),
        "Đã đưa lại vào danh sách; hồ sơ được xác minh lại từ đầu.",
    )


def may_change(request, person) -> None:
    """Errors: PermissionDenied."""
    if not can_change(request.user, person):
        raise PermissionDenied("Anh/chị không sửa được hồ sơ này.")
