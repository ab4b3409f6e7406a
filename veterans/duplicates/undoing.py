"""Taking a merge apart: both entries are again what they were, as long as nothing was built on the merged one."""

from datetime import datetime

from django.db import transaction

from directive_tracker import crypto, vietnamese
from records.audit import record
from tasks.errors import Refused
from veterans.duplicates import snapshot, thanks
from veterans.duplicates.merging import MOVED, last_change
from veterans.models import DuplicatePair, Merge, Person
from veterans.people import keep


def why_not(merge: Merge, kept: Person, absorbed: Person) -> str:
    """Why a merge cannot be undone any more, in words; "" when it can."""
    if merge.undone_at:
        return f"{merge.undone_by} đã tách lại hai hồ sơ này ngày {vietnamese.vn_date(merge.undone_at)}."
    if kept.erased_at or absorbed.erased_at:
        return "Dữ liệu của hồ sơ đã được xóa theo yêu cầu, không tách lại được."
    if kept.merged_into_id:
        return f"Hồ sơ giữ lại đã gộp tiếp vào hồ sơ số {kept.merged_into_id}. Hãy tách lần gộp đó trước."
    try:
        content = snapshot.opened(merge)
    except crypto.Unreadable:
        return "Bản lưu hai hồ sơ trước khi gộp không mở được bằng khóa hiện có."
    if [kept.version, absorbed.version] != content["versions"]:
        changed = kept if kept.version != content["versions"][0] else absorbed
        return f"{last_change(changed)} Tách lại sẽ làm mất thay đổi đó."
    for name, ids in content["moved"].items():
        if MOVED[name]._default_manager.filter(pk__in=ids, person=kept).count() != len(ids):
            return "Một phần đã chuyển sang hồ sơ giữ lại không còn ở đó nữa."
    return ""


@transaction.atomic
def undo(merge: Merge, *, by, now: datetime) -> Merge:
    """Put both entries back. Errors: Refused, with the reason, when that is no longer possible."""
    merge = Merge.objects.select_for_update(of=("self",)).select_related("undone_by").get(pk=merge.pk)
    rows = Person.objects.select_for_update().filter(pk__in=(merge.kept_id, merge.absorbed_id)).order_by("pk")
    people = {row.pk: row for row in rows}
    kept, absorbed = people[merge.kept_id], people[merge.absorbed_id]
    reason = why_not(merge, kept, absorbed)
    if reason:
        raise Refused(reason)
    content = snapshot.opened(merge)
    for name, ids in content["moved"].items():
        MOVED[name]._default_manager.filter(pk__in=ids).update(person=absorbed)
    thanks.take_back(kept, absorbed, content.get("thanks") or thanks.NOTHING)
    for person, name in ((absorbed, "absorbed"), (kept, "kept")):
        snapshot.put_back(person, content[name], by=by, now=now)
        keep(person, by=by, now=now)
    merge.undone_by, merge.undone_at = by, now
    # It has done its work; what it held stands in the two entries again.
    merge.sealed, merge.key_id = b"", ""
    merge.save()
    DuplicatePair.objects.filter(first=min(people), second=max(people)).update(
        state=DuplicatePair.State.PROPOSED, decided_by=None, decided_at=None
    )
    for person, other in ((kept, absorbed), (absorbed, kept)):
        record("person.taken_apart", by=by, at=now, target=person, data={"entry": other.pk})
    return merge
