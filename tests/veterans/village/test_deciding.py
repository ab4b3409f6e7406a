"""The inbox: what waits, what stands beside it, and the four things a registrar does with it; who came second is told."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records.models import AuditEvent, StoredFile
from tasks.errors import Refused
from tests.veterans.conftest import NOW, logged_words
from tests.veterans.village.conftest import Phone, photo
from veterans.models import Gift, SentPhoto, SentVisit, Visit, VisitPhoto
from veterans.village import deciding, keeping

LIST = reverse("veterans:sent_list")


def waiting(phone, *pictures, **changes) -> SentVisit:
    """Something that waits: a day before the plan was made, unless it is about something else."""
    phone.send(phone.visit(**{"on": "2024-03-20", **changes}), *pictures)
    return SentVisit.objects.latest("pk")


def detail(sent) -> str:
    return reverse("veterans:sent_detail", args=[sent.pk])


def typed(village, **changes) -> dict:
    """The form as the page fills it in, with the day mended."""
    source = village.sources["province"].pk
    return {
        "do": "record", "on": "15/04/2024", "unit": village.unit.pk, "form": "home", "received_by": "", "note": "",
        f"money_{source}": "2.000.000",
    } | changes  # fmt: skip


def test_the_inbox_shows_what_waits_why_and_from_whom(village, phone, client):
    waiting(phone)
    client.force_login(village.of_province)
    page = client.get(LIST).content.decode()
    assert "A Thút" in page
    assert "Có nội dung chưa ghi được" in page
    assert "Ngày thăm 20/3/2024 đứng trước ngày lập kế hoạch (01/4/2024)." in page


def test_the_page_shows_what_was_typed_beside_what_is_on_record_and_is_logged(village, phone, client):
    other = Phone(village, village.of_province)
    phone.send(phone.visit(received_by="Con gái"))
    sent = waiting(other, on="2024-04-15", received_by="Con trai")
    client.force_login(village.of_near)

    page = client.get(detail(sent)).content.decode()

    assert "Con trai" in page
    assert "Con gái" in page
    assert page.count("Tỉnh: 2.000.000 đồng") == 2
    assert page.count("15/4/2024") >= 2
    assert AuditEvent.objects.filter(verb="person.sent_read", actor=village.of_near).count() == 1
    assert "Con trai" not in logged_words()


def test_the_form_begins_with_what_was_typed_amounts_in_letters_too(village, phone, client):
    source = str(village.sources["province"].pk)
    sent = waiting(phone, on="2024-04-15", gifts=[{"source": source, "money": "hai triệu", "goods": "Sữa"}])
    client.force_login(village.of_near)
    page = client.get(detail(sent)).content.decode()
    assert 'value="hai triệu"' in page
    assert 'value="Sữa"' in page


def test_a_promise_the_phone_did_not_speak_of_is_shown_and_not_filled_in(village, phone, client):
    sent = waiting(phone, on="2024-04-16", gifts=[])
    client.force_login(village.of_near)
    page = client.get(detail(sent)).content.decode()
    assert "sẽ trao" in page
    assert 'value="2.000.000"' not in page


def test_recorded_with_changes_it_is_a_visit_with_its_photo(village, phone, client, media):
    sent = waiting(phone, ("signed_list", photo()))
    client.force_login(village.of_province)

    answer = client.post(detail(sent), typed(village, note="Ngày đúng là 15/4"))

    assert answer.status_code == 302
    sent.refresh_from_db()
    visit = Visit.objects.get()
    assert (sent.outcome, sent.visit, sent.decided_by) == ("recorded", visit, village.of_province)
    assert (visit.on, visit.note, visit.delegation) == (date(2024, 4, 15), "Ngày đúng là 15/4", village.delegation)
    assert Gift.objects.get(state="given").money == 2_000_000
    assert (VisitPhoto.objects.get().visit, SentPhoto.objects.count()) == (visit, 0)
    assert AuditEvent.objects.get(verb="person.sent_recorded").data == {"sent": sent.pk, "visit": visit.pk}


def test_what_is_still_wrong_stays_typed_and_waits_on(village, phone, client):
    sent = waiting(phone)
    client.force_login(village.of_near)
    answer = client.post(detail(sent), typed(village, on="20/03/2024", note="đã hỏi lại"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "đứng trước ngày lập kế hoạch" in page
    assert "đã hỏi lại" in page
    sent.refresh_from_db()
    assert (sent.outcome, Visit.objects.count()) == ("waiting", 0)


def test_missing_gifts_and_photos_are_taken_over_into_the_visit_on_record(village, phone, client, media):
    district = str(village.sources["district"].pk)
    phone.send(phone.visit(received_by="Con gái"))
    other = Phone(village, village.of_province)
    both = [*other.visit()["gifts"], {"source": district, "money": "", "goods": "Chăn ấm"}]
    sent = waiting(other, ("signed_list", photo()), on="2024-04-15", gifts=both)
    client.force_login(village.of_near)

    client.post(detail(sent), {"do": "take_over"})

    sent.refresh_from_db()
    visit = Visit.objects.get()
    assert (sent.outcome, sent.visit) == ("recorded", visit)
    assert sorted(visit.gifts.values_list("source__level", "goods")) == [("district", "Chăn ấm"), ("province", "")]
    assert (visit.received_by, visit.photos.count()) == ("Con gái", 1)


def test_nothing_is_taken_over_where_no_visit_is_on_record(village, phone, client):
    sent = waiting(phone)
    client.force_login(village.of_near)
    answer = client.post(detail(sent), {"do": "take_over"})
    assert answer.status_code == 422
    assert "Trong sổ chưa có lần thăm nào của đơn vị này" in answer.content.decode()


def test_set_aside_with_a_reason_keeps_everything(village, phone, client, media):
    sent = waiting(phone, ("signed_list", photo()))
    client.force_login(village.of_near)

    client.post(detail(sent), {"do": "aside", "aside-reason": "Ghi nhầm người"})

    sent.refresh_from_db()
    assert (sent.outcome, sent.decision, sent.decided_by) == ("set_aside", "Ghi nhầm người", village.of_near)
    assert (bool(sent.sealed), sent.photos.count(), Visit.objects.count()) == (True, 1, 0)


def test_setting_aside_needs_a_reason(village, phone, client):
    sent = waiting(phone)
    client.force_login(village.of_near)
    assert client.post(detail(sent), {"do": "aside", "aside-reason": "  "}).status_code == 422
    with pytest.raises(Refused) as refusal:
        deciding.set_aside(sent, reason=" ", by=village.of_near, now=NOW)
    assert str(refusal.value) == "Hãy ghi vì sao không ghi lần thăm này vào sổ."


@pytest.mark.parametrize("data", [{"do": "aside", "aside-reason": "Trùng"}, {"do": "take_over"}, {"do": "record"}])
def test_who_comes_second_is_told_who_did_what_when(village, phone, client, data):
    sent = waiting(phone)
    deciding.set_aside(sent, reason="Ghi nhầm người", by=village.of_province, now=NOW)
    client.force_login(village.of_near)

    answer = client.post(detail(sent), typed(village) | data if data["do"] == "record" else data)

    assert answer.status_code == 422
    told = f"{village.of_province} đã xử lý mục này lúc 09:00 15/4/2024: đã xem, không ghi."
    assert told in answer.content.decode()
    assert Visit.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "status"),
    [("of_near", 200), ("of_province", 200), ("of_far", 404), ("office", 403), ("reader", 403), ("reporter", 403)],
)
@pytest.mark.parametrize("do", ["", "record", "aside", "take_over"])
def test_only_registrars_of_the_area_see_and_decide(village, phone, client, name, status, do):
    sent = waiting(phone)
    client.force_login(getattr(village, name))
    hidden = 404 if name not in ("of_near", "of_province") else status
    if do:
        data = {"record": typed(village), "aside": {"do": "aside", "aside-reason": "Trùng"}}.get(do, {"do": do})
        answer = client.post(detail(sent), data)
        done = {"record": 302, "aside": 302, "take_over": 422}[do]
        assert answer.status_code == (done if hidden == 200 else hidden)
    else:
        assert client.get(detail(sent)).status_code == hidden
        assert client.get(LIST).status_code == (200 if name.startswith("of_") else status)


def test_the_inbox_takes_as_many_statements_for_twenty_five_as_for_one(village, phone, client):
    waiting(phone)
    client.force_login(village.of_near)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(24):
        waiting(phone)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(one)
    assert len(one) == 5


def test_thirty_days_after_it_was_decided_the_content_is_emptied_and_the_row_stays(village, phone, media):
    recorded = SentVisit.objects.get(key=phone.send(phone.visit()).json()["key"])
    aside, open_one = (waiting(phone, ("signed_list", photo())) for _ in range(2))
    deciding.set_aside(aside, reason="Trùng", by=village.of_near, now=NOW)
    month = timedelta(days=30)

    assert keeping.empty_old(now=NOW + month) == 0
    assert keeping.empty_old(now=NOW + month + timedelta(seconds=1)) == 2

    for row, kept in ((recorded, False), (aside, False), (open_one, True)):
        row.refresh_from_db()
        assert bool(row.sealed) is kept
    assert (SentPhoto.objects.get().sent, StoredFile.objects.count()) == (open_one, 1)
    assert keeping.empty_old(now=NOW + month + timedelta(seconds=1)) == 0


# --- pictures at a desk ---------------------------------------------------------------------------------------------------


@pytest.fixture
def pictured(village, phone, media) -> VisitPhoto:
    phone.send(phone.visit(), ("signed_list", photo()))
    return VisitPhoto.objects.get()


def address(village, name) -> str:
    return reverse(f"veterans:{name}", args=[village.first.pk])


def test_a_picture_is_opened_for_a_purpose_and_logged(village, pictured, client):
    client.force_login(village.of_near)

    without = client.post(address(village, "photo_open"), {"photo": pictured.pk})
    answer = client.post(address(village, "photo_open"), {"photo": pictured.pk, "photo_purpose-purpose": "check"})

    assert (without.status_code, answer.status_code) == (422, 200)
    assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"
    event = AuditEvent.objects.get(verb="person.photo_read")
    assert event.data == {"step": "photo_signed_list", "purpose": "check"}


def test_without_the_further_right_no_picture_opens(village, pictured, client):
    village.of_near.memberships.update(may_read_sensitive=False)
    client.force_login(village.of_near)
    answer = client.post(address(village, "photo_open"), {"photo": pictured.pk, "photo_purpose-purpose": "check"})
    assert answer.status_code == 403


def test_a_picture_is_removed_with_its_file(village, pictured, client, django_capture_on_commit_callbacks):
    name, storage = pictured.file.file.name, pictured.file.file.storage
    client.force_login(village.of_near)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address(village, "photo_remove"), {"photo": pictured.pk})
    assert (VisitPhoto.objects.count(), StoredFile.objects.count(), storage.exists(name)) == (0, 0, False)


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30, "-1"])
def test_a_picture_that_is_none_is_not_found(village, pictured, client, number):
    client.force_login(village.of_near)
    for name in ("photo_open", "photo_remove"):
        assert client.post(address(village, name), {"photo": number}).status_code == 404


def test_a_photo_of_the_person_is_added_at_a_desk_only_with_consent(village, pictured, client):
    client.force_login(village.of_near)
    data = {"photo-visit": pictured.visit_id, "photo-kind": "person", "photo-file": photo(colour="red")}

    answer = client.post(address(village, "photo_add"), data)

    assert answer.status_code == 422
    assert "chưa có đồng ý cho chụp ảnh" in answer.content.decode()
    data |= {"photo-kind": "signed_list", "photo-file": photo(colour="blue")}
    assert client.post(address(village, "photo_add"), data).status_code == 302
    assert VisitPhoto.objects.count() == 2


def test_the_card_says_how_many_pictures_a_visit_has(village, pictured, client):
    client.force_login(village.of_near)
    assert "1 ảnh</a>" in client.get(reverse("veterans:person_detail", args=[village.first.pk])).content.decode()
