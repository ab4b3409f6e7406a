"""Events of a unit: what may be recorded, moved, held, cancelled, by whom in which state; pictures; the pages."""

import io
from datetime import date, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from directive_tracker import clock
from records.models import AuditEvent, StoredFile
from records.sentences import sentence
from tasks.enums import AssignmentState
from tasks.errors import Refused
from tasks.events import activities as services
from tasks.events import rules
from tasks.events.activities import ActivityInput
from tasks.models import Activity, Assignment, DirectiveTask, Indicator
from tests.factories import at, make_assignment, make_directive, make_membership, make_task, make_user
from tests.tasks.events import NOW, TODAY, make_field
from units.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch, settings, tmp_path):
    """The pages' clock stands at Monday 15/4/2024, 09:00; files go into a folder of the test."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    settings.MEDIA_ROOT = tmp_path


def photo(name: str = "hoi-nghi.jpg") -> SimpleUploadedFile:
    """A small picture that says where it was taken."""
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (14.0, 35.0, 0.0)}
    written = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(written, "JPEG", exif=exif)
    return SimpleUploadedFile(name, written.getvalue(), content_type="image/jpeg")


def note(field, *, held: bool = False, now=NOW, **typed) -> Activity:
    values = {"kind": "meeting", "title": "Hội nghị quán triệt", "starts_on": TODAY} | typed
    return services.record_activity(
        field.assignment, ActivityInput(**values), by=field.story.reporter, now=now, held=held
    )


# --- days and hours ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ({}, "15/4/2024"),
        ({"starts_at": time(7, 30)}, "07:30 15/4/2024"),
        ({"starts_at": time(7, 30), "ends_at": time(11)}, "07:30–11:00 15/4/2024"),
        ({"starts_on": date(2024, 4, 26), "ends_on": date(2024, 5, 8)}, "26/4/2024 – 08/5/2024"),
        (
            {"starts_at": time(19), "ends_on": date(2024, 4, 16), "ends_at": time(1)},
            "19:00 15/4/2024 – 01:00 16/4/2024",
        ),
    ],
)
def test_an_event_takes_hours_a_day_or_several_days(typed, when):
    assert note(make_field(), **typed).when == when


@pytest.mark.parametrize(
    ("typed", "held", "sentence_"),
    [
        (
            {"starts_on": date(2024, 4, 16)},
            True,
            "Ngày 16/4/2024 chưa đến; sự kiện đã tổ chức thì ghi hôm nay (15/4/2024) hoặc trước.",
        ),
        ({"starts_on": date(2042, 4, 15)}, False, "Ngày 15/4/2042 cách hôm nay hơn một năm; xin xem lại năm."),
        ({"ends_on": date(2024, 4, 14)}, False, "Ngày cuối 14/4/2024 đứng trước ngày đầu 15/4/2024."),
        ({"ends_on": date(2025, 5, 1)}, False, "Sự kiện kéo dài đến 01/5/2025, hơn một năm; xin xem lại ngày cuối."),
    ],
)
def test_a_day_that_cannot_be_is_refused(typed, held, sentence_):
    with pytest.raises(Refused) as refusal:
        note(make_field(), held=held, **typed)

    assert str(refusal.value) == sentence_


@pytest.mark.parametrize(
    "values",
    [
        {"ends_on": date(2024, 4, 14)},
        {"ends_at": time(9)},
        {"starts_at": time(9), "ends_at": time(9)},
        {"attendance": 100_000_001},
    ],
)
def test_the_database_refuses_days_and_hours_out_of_order(values):
    activity = note(make_field())

    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(**values)


@pytest.mark.parametrize(("moment", "waits"), [(("2024-04-15", "23:59"), False), (("2024-04-16", "00:00"), True)])
def test_the_day_is_over_at_midnight_in_viet_nam(moment, waits):
    activity = note(make_field())

    assert activity.waits_for_word(today=at(*moment).date()) is waits


# --- what becomes of it -------------------------------------------------------------------------------


def test_moved_to_another_day_held_and_on_record():
    field = make_field()
    activity = note(field, starts_on=date(2024, 4, 12), ends_on=date(2024, 4, 13))

    services.postpone(activity, new_day=TODAY, note="Mưa lũ", by=field.story.reporter, now=NOW)
    services.hold(activity, attendance=120, by=field.story.reporter, now=NOW)

    activity.refresh_from_db()
    assert (activity.state, activity.starts_on, activity.ends_on, activity.attendance) == (
        "held",
        TODAY,
        date(2024, 4, 16),
        120,
    )
    assert [(step.what, step.note) for step in activity.steps.order_by("pk")] == [
        ("Ghi sự kiện, ngày 12/4/2024", ""),
        ("Lùi ngày: 12/4/2024 → 15/4/2024", "Mưa lũ"),
        ("Đã tổ chức", ""),
    ]
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["activity.recorded", "activity.postponed", "activity.held"]


def test_the_log_says_the_kind_and_the_day_and_nothing_that_was_typed():
    note(make_field(), title="Tên đã gõ", place="Nơi đã gõ")

    words = str(sentence(AuditEvent.objects.get()))

    assert "ghi sự kiện: Hội nghị, sinh hoạt 15/4/2024, 1a.1 – Huyện ủy Đắk Hà" in words
    assert "đã gõ" not in words


STATES = ("planned", "held", "postponed", "cancelled")


@pytest.mark.parametrize(
    ("state", "held", "postponed", "cancelled"),
    [
        ("planned", True, True, True),
        ("held", False, False, True),
        ("postponed", True, True, True),
        ("cancelled", False, False, False),
    ],
)
def test_what_may_become_of_an_event_in_each_state(state, held, postponed, cancelled):
    field = make_field()
    activity = note(field)
    Activity.objects.filter(pk=activity.pk).update(state=state)
    by = {"by": field.story.reporter, "now": NOW}
    acts = (
        lambda row: services.hold(row, attendance=None, **by),
        lambda row: services.postpone(row, new_day=date(2024, 4, 19), note="", **by),
        lambda row: services.cancel(row, note="Trùng lịch", **by),
    )

    done = []
    for act in acts:
        try:
            with transaction.atomic():
                act(Activity.objects.get(pk=activity.pk))
                transaction.set_rollback(True)
            done.append(True)
        except Refused:
            done.append(False)

    assert done == [held, postponed, cancelled]


def test_of_two_who_save_at_once_the_second_is_told_who_and_when():
    field = make_field()
    activity = note(field)
    stale = Activity.objects.get(pk=activity.pk)
    services.cancel(activity, note="Trùng lịch", by=field.story.reporter, now=NOW)

    with pytest.raises(Refused, match="Nguyễn Văn Dakha vừa sửa sự kiện này lúc 09:00 15/4/2024"):
        services.hold(stale, attendance=None, by=field.story.reporter, now=NOW)


# --- who ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "may"),
    [(str(state), str(state) not in ("cancelled", "not_applicable")) for state in AssignmentState],
)
def test_the_units_people_record_whatever_the_state_of_open_and_finished_work(state, may):
    field = make_field()
    assignment = Assignment.objects.select_related("task", "directive").get(pk=field.assignment.pk)
    assignment.state = state
    head = make_user("lanhdao")
    make_membership(head, field.story.unit, Role.UNIT_HEAD)
    people = (field.story.reporter, head, field.story.office, field.monitor, field.story.stranger)

    assert [rules.can_record_activity(user, assignment) for user in people] == [may, may, False, False, False]


@pytest.mark.parametrize("values", [{"role": "informed"}, {"directive": "closed"}, {"words_and_counts_only": True}])
def test_work_that_is_not_done_or_takes_words_only_has_no_events(values):
    field = make_field()
    directive = make_directive(state="closed") if "directive" in values else field.story.directive
    task = make_task(directive, "9z", words_and_counts_only=values.get("words_and_counts_only", False))
    assignment = make_assignment(task, field.story.unit, role=values.get("role", "lead"), state="in_progress")

    assert rules.can_record_activity(field.story.reporter, assignment) is False


# --- pages ------------------------------------------------------------------------------------------------

TYPED = {
    "kind": "gathering",
    "title": "Gặp mặt cựu chiến binh",
    "starts_on": "12/4/2024",
    "held": "on",
    "attendance": "1.200",
}


def test_written_down_in_one_page_with_pictures_that_lose_their_place(client):
    field = make_field()
    client.force_login(field.story.reporter)

    answer = client.post(
        f"/phan-viec/{field.assignment.pk}/su-kien/moi/",
        {**TYPED, "starts_at": "7h30", "photos": [photo(), photo("2.jpg")], "caption": "Quang cảnh hội trường"},
        follow=True,
    )

    activity = Activity.objects.get()
    assert (activity.state, activity.attendance, activity.when) == ("held", 1200, "07:30 12/4/2024")
    assert [item.caption for item in activity.photos.all()] == ["Quang cảnh hội trường"] * 2
    with Image.open(StoredFile.objects.first().file) as stored:
        assert dict(stored.getexif()) == {}
    assert "Gặp mặt cựu chiến binh" in answer.content.decode()


def test_a_file_that_is_no_picture_is_told_and_the_event_is_kept(client):
    field = make_field()
    client.force_login(field.story.reporter)
    files = [SimpleUploadedFile("a.pdf", b"%PDF-1.4"), photo()]

    answer = client.post(f"/phan-viec/{field.assignment.pk}/su-kien/moi/", {**TYPED, "photos": files}, follow=True)

    assert "Không nhận ảnh: Không nhận tệp “a.pdf”. Chỉ nhận các loại tệp: jpeg, jpg, png." in answer.content.decode()
    assert Activity.objects.get().photos.count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence_"),
    [
        ({"title": ""}, "Hãy ghi tên sự kiện."),
        ({"starts_on": ""}, "Hãy ghi ngày tổ chức."),
        ({"starts_on": "30/2/2024"}, "Không có ngày “30/2/2024” trong lịch."),
        (
            {"starts_on": "20/4/2024"},
            "Ngày 20/4/2024 chưa đến; sự kiện đã tổ chức thì ghi hôm nay (15/4/2024) hoặc trước.",
        ),
        ({"starts_at": "25h"}, "“25h” không phải giờ. Ví dụ viết 7h30 hoặc 14:00."),
        ({"ends_at": "9h"}, "Đã ghi giờ kết thúc thì xin ghi cả giờ bắt đầu."),
        ({"starts_at": "9h", "ends_at": "8h"}, "Giờ kết thúc phải sau giờ bắt đầu (09:00)."),
        ({"ends_on": "11/4/2024"}, "Ngày cuối 11/4/2024 đứng trước ngày đầu 12/4/2024."),
        ({"attendance": "12,5"}, "“12,5” có phần lẻ, mục này chỉ ghi số nguyên. Xin ghi 12 hoặc 13."),
        ({"attendance": "-3"}, "“-3” là số âm: số liệu chỉ từ 0 trở lên."),
        ({"attendance": "999999999"}, "Số lượt người lớn quá mức có thể; xin xem lại."),
        ({"caption": "Bà Nguyễn Thị Hoa nhận quà"}, "Chú thích ảnh chỉ ghi trụ sở cơ quan và nơi công cộng"),
        ({"area": "987654321"}, "Hãy chọn một lựa chọn hợp lệ"),
    ],
)
def test_an_event_typed_wrongly_is_told_in_words_and_nothing_typed_is_lost(client, typed, sentence_):
    field = make_field()
    client.force_login(field.story.reporter)

    answer = client.post(f"/phan-viec/{field.assignment.pk}/su-kien/moi/", {**TYPED, "place": "Hội trường", **typed})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence_ in page or "area" in typed
    assert "Hội trường" in page
    assert Activity.objects.count() == 0


def test_a_stale_page_is_told_who_saved_and_keeps_what_was_typed(client):
    field = make_field()
    activity = note(field)
    colleague = make_user("dongnghiep")
    make_membership(colleague, field.story.unit)
    typed = ActivityInput(kind="meeting", title="Bản của đồng nghiệp", starts_on=TODAY)
    services.change_activity(activity, typed, version=1, by=colleague, now=NOW)
    client.force_login(field.story.reporter)

    first = client.post(
        f"/su-kien/{activity.pk}/sua/",
        {"kind": "sport", "title": "Bản của tôi", "starts_on": "15/4/2024", "version": "1"},
    )
    second = client.post(
        f"/su-kien/{activity.pk}/sua/",
        {"kind": "sport", "title": "Bản của tôi", "starts_on": "15/4/2024", "version": "2"},
    )

    page = first.content.decode()
    assert "Nguyễn Văn Dongnghiep vừa sửa sự kiện này lúc 09:00 15/4/2024." in page
    assert ('value="Bản của tôi"' in page, 'name="version" value="2"' in page) == (True, True)
    assert (second.status_code, Activity.objects.get().title) == (302, "Bản của tôi")


def test_a_picture_taken_off_is_read_by_nobody(client):
    field = make_field()
    client.force_login(field.story.reporter)
    client.post(f"/phan-viec/{field.assignment.pk}/su-kien/moi/", {**TYPED, "photos": [photo()]})
    activity, stored = Activity.objects.get(), StoredFile.objects.get()
    shown = client.get(f"/tep/{stored.pk}/").status_code
    gone = {"kind": "sport", "title": "Tên khác", "starts_on": "12/4/2024", "version": "1"}
    client.post(f"/su-kien/{activity.pk}/sua/", {**gone, "bo-anh": activity.photos.get().pk})

    assert (shown, client.get(f"/tep/{stored.pk}/").status_code) == (200, 404)


def test_words_only_work_offers_no_event_and_no_inspection_on_its_page(client):
    field = make_field()
    DirectiveTask.objects.filter(pk=field.task.pk).update(words_and_counts_only=True)
    client.force_login(field.story.reporter)

    work = client.get(f"/phan-viec/{field.assignment.pk}/").content.decode()
    new = client.get(f"/phan-viec/{field.assignment.pk}/su-kien/moi/").status_code

    assert ("Ghi sự kiện" in work, new) == (False, 403)


@pytest.mark.parametrize("count", [1, 300])
@pytest.mark.parametrize(("path", "statements"), [("/su-kien/", 4), ("/su-kien/{pk}/", 6), ("/phan-viec/{work}/", 7)])
def test_a_page_costs_the_same_for_one_event_and_for_three_hundred(
    client, django_assert_num_queries, path, statements, count
):
    field = make_field()
    activity = note(field)
    values = {"kind": "meeting", "title": "Hội nghị", "starts_on": TODAY, "ends_on": TODAY, "saved_at": NOW}
    Activity.objects.bulk_create(
        Activity(assignment=field.assignment, saved_by=field.story.reporter, **values) for _ in range(count - 1)
    )
    client.force_login(field.story.office)

    with django_assert_num_queries(statements):
        answer = client.get(path.format(pk=activity.pk, work=field.assignment.pk))

    assert answer.status_code == 200


def test_figures_of_an_event_are_asked_for_unless_they_are_counted_and_an_emptied_one_is_gone(client):
    field = make_field()
    counted = Indicator.objects.create(
        task=field.task, code="A", name="Buổi", measure="buổi", counted_from="activities"
    )
    asked = Indicator.objects.create(task=field.task, code="B", name="Suất quà", measure="suất")
    client.force_login(field.story.reporter)
    page = client.get(f"/phan-viec/{field.assignment.pk}/su-kien/moi/").content.decode()
    client.post(f"/phan-viec/{field.assignment.pk}/su-kien/moi/", {**TYPED, f"figure_{asked.pk}": "1.250"})
    activity = Activity.objects.get()
    first = list(activity.figures.values_list("indicator", "value"))
    client.post(f"/su-kien/{activity.pk}/sua/", {**TYPED, "version": "1", f"figure_{asked.pk}": ""})

    assert (f"figure_{counted.pk}" in page, f"figure_{asked.pk}" in page) == (False, True)
    assert (first, activity.figures.count()) == ([(asked.pk, 1250)], 0)
