"""What phones send: recorded at once where it can be, else it waits whole, for a reason; nothing is lost, nothing doubled."""

import json
import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from records.models import StoredFile
from tests.factories import at
from tests.veterans.conftest import NOW
from tests.veterans.village.conftest import Phone, photo
from units.models import Membership
from veterans import gratitude, living, moving, people
from veterans.duplicates.merging import merge
from veterans.gifts import Given
from veterans.models import Consent, Gift, SentPhoto, SentVisit, Visit, VisitPhoto
from veterans.money import typed_money
from veterans.protection import erasing
from veterans.village import content, copies, guard

YES = {"given": True, "said_by": "Con gái", "way": "spoken", "witness": "Trưởng thôn"}


def on_record() -> tuple[int, int]:
    """How many calls, and how many gifts that were given."""
    return Visit.objects.count(), Gift.objects.filter(state="given").count()


# --- recorded at once ----------------------------------------------------------------------------------------------------


def test_a_visit_is_recorded_at_once_with_its_gift_in_the_name_of_who_went(village, phone):
    visit = phone.visit(received_by="Y Hơ, con gái", note="Nhà ở cuối làng")

    answer = phone.send(visit).json()

    assert answer == {"key": visit["key"], "outcome": "recorded", "why": "", "heading": "Đã ghi", "words": ""}
    row = Visit.objects.get()
    assert (row.person, row.on, row.unit, row.recorded_by) == (
        village.first,
        date(2024, 4, 15),
        village.unit,
        village.of_near,
    )
    assert (row.received_by, row.note, row.delegation) == ("Y Hơ, con gái", "Nhà ở cuối làng", village.delegation)
    assert row.entry.person == village.first
    gift = Gift.objects.get(state="given")
    assert (gift.visit, gift.money, gift.source) == (row, 2_000_000, village.sources["province"])
    sent = SentVisit.objects.get()
    assert (sent.visit, sent.noted_at) == (row, at("2024-04-15", "08:30"))
    assert content.opened(sent)["received_by"] == "Y Hơ, con gái"
    assert b"con g" not in bytes(sent.sealed)


def test_the_same_key_again_answers_what_it_became_and_stores_nothing(phone):
    visit = phone.visit()
    first = phone.send(visit).json()
    again = phone.send(visit | {"note": "đã sửa"}).json()

    assert again == first
    assert SentVisit.objects.count() == 1
    assert on_record() == (1, 1)


def test_two_phones_that_say_the_same_are_one_visit(village, phone):
    other = Phone(village, village.of_province)
    assert phone.became(phone.visit(note="Nhà cuối làng")) == ("recorded", "")
    assert other.became(other.visit(note="  Nhà cuối   làng ")) == ("same", "")
    assert on_record() == (1, 1)
    assert SentVisit.objects.filter(visit=Visit.objects.get()).count() == 2


def test_two_phones_that_say_different_things_leave_the_second_waiting_with_what_differs(village, phone):
    other = Phone(village, village.of_province)
    phone.became(phone.visit(received_by="Con gái"))

    answer = other.send(other.visit(received_by="Con trai", gifts=[])).json()

    assert (answer["outcome"], answer["why"]) == ("waiting", "differs")
    assert answer["heading"] == "Chờ cán bộ xem: Máy khác đã ghi lần thăm này với nội dung khác"
    assert (
        answer["words"] == f"{village.of_near} đã ghi lần thăm này lúc 09:00 15/4/2024. Khác ở: người nhận thay, quà."
    )
    assert on_record() == (1, 1)


def test_a_gift_that_was_given_already_lets_the_visit_wait_whole(village, phone):
    given = [Given(village.sources["province"], money=2_000_000)]
    gratitude.record_visit(
        village.first, on=date(2024, 4, 12), unit=village.unit, gifts=given, by=village.of_province, now=NOW
    )

    answer = phone.send(phone.visit(note="Nhận đủ")).json()

    assert (answer["outcome"], answer["why"]) == ("waiting", "twice")
    assert answer["words"] == (
        f"Nguồn “Tỉnh” đã trao quà cho người này ngày 12/4/2024, do {village.unit.short_name} trao; "
        "mỗi nguồn trao một lần trong đợt."
    )
    assert on_record() == (1, 1)
    assert content.opened(SentVisit.objects.get())["note"] == "Nhận đủ"


# --- it waits ------------------------------------------------------------------------------------------------------------


def dead(village):
    living.report_death(village.first, source="Gia đình", by=village.of_near, now=NOW)
    living.confirm_death(village.first, by=village.of_province, now=NOW)


def moved_out_of_the_area(village):
    moving.move(
        village.first, to=village.rokoi, words="", on=NOW.date(), source="Gia đình", version=village.first.version,
        by=village.of_province, now=NOW,
    )  # fmt: skip


def moved_away(village):
    moving.move(
        village.first, to=None, words="Gia Lai", on=NOW.date(), source="Gia đình", version=village.first.version,
        by=village.of_province, now=NOW,
    )  # fmt: skip


def off_the_list(village):
    people.take_off(village.first, reason="Ghi nhầm", by=village.of_province, now=NOW)


def account_closed(village):
    village.of_near.is_active = False
    village.of_near.save()


def role_gone(village):
    Membership.objects.filter(user=village.of_near).update(valid_to=date(2024, 4, 14))


def called_back(village):
    copies.revoke(village.delegation.copies.get(), by=village.of_province, now=NOW)


def week_over(village):
    village.delegation.copies.update(expires_at=NOW, taken_at=NOW - timedelta(days=7))


def campaign_over(village):
    village.campaign.state, village.campaign.closed_by, village.campaign.closed_at = "closed", village.of_province, NOW
    village.campaign.save()


def nothing(village):
    pass


@pytest.mark.parametrize(
    ("before", "changes", "why", "words"),
    [
        (dead, {}, "deceased", "Người này đã từ trần."),
        (moved_out_of_the_area, {}, "moved", "Hồ sơ nay ở Xã Rờ Kơi."),
        (moved_away, {}, "moved", "Hồ sơ nay ở Xã Đăk Hring, đến Gia Lai."),
        (off_the_list, {}, "gone", "Đã đưa khỏi danh sách ngày 15/4/2024: Ghi nhầm"),
        (account_closed, {}, "account", "đã ngừng."),
        (role_gone, {}, "account", "không còn phụ trách sổ ở địa bàn của đoàn."),
        (called_back, {}, "late", "Bản mang theo: đã thu hồi lúc 09:00 15/4/2024."),
        (week_over, {}, "late", "Bản mang theo: hết hạn lúc 09:00 15/4/2024."),
        (campaign_over, {}, "refused", "Đợt “Kỷ niệm 70 năm” đã kết thúc."),
        (nothing, {"on": "2024-03-31"}, "refused", "Ngày thăm 31/3/2024 đứng trước ngày lập kế hoạch (01/4/2024)."),
        (nothing, {"on": "2024-04-16"}, "refused", "Ngày thăm không được sau hôm nay."),
        (nothing, {"on": "hôm qua"}, "refused", "Ngày thăm không đọc được; hãy ghi ngày dạng 15/4/2024."),
        (nothing, {"form": "bay"}, "refused", "Hình thức thăm không có trong danh sách."),
        (nothing, {"to_family": True}, "refused", "Chỉ ghi “thăm gia đình” khi tin từ trần đã được xác nhận."),
        (nothing, {"note": "x" * 501}, "refused", "Ghi chú chỉ ghi được 500 ký tự; đang có 501."),
        (nothing, {"received_by": "x" * 121}, "refused", "Người nhận thay chỉ ghi được 120 ký tự; đang có 121."),
        (
            nothing,
            {"gifts": [{"source": "999999", "money": "1", "goods": ""}]},
            "refused",
            "Có suất quà của một nguồn không thuộc đợt này.",
        ),
        (
            nothing,
            {"consent": {"given": True, "said_by": "Con gái", "way": "spoken", "witness": ""}},
            "refused",
            "Trả lời bằng lời thì cần ghi người làm chứng.",
        ),
    ],
)
def test_what_cannot_be_recorded_waits_whole_and_says_why(village, phone, before, changes, why, words):
    visit = phone.visit(**{"note": "Nguyên văn", **changes})
    before(village)

    answer = phone.send(visit).json()

    assert (answer["outcome"], answer["why"]) == ("waiting", why)
    assert words in answer["words"]
    assert on_record() == (0, 0)
    kept = content.opened(SentVisit.objects.get())
    for name in ("on", "form", "received_by", "note", "to_family", "gifts", "consent"):
        assert kept[name] == visit[name]


@pytest.mark.parametrize(
    ("money", "words"),
    [
        ("hai triệu", "Nguồn “Tỉnh”: Số tiền chỉ gồm chữ số, ví dụ 2.000.000."),
        ("-5", "Nguồn “Tỉnh”: Số tiền chỉ gồm chữ số, ví dụ 2.000.000."),
        ("20.000.000.000", "Nguồn “Tỉnh”: Số tiền lớn hơn 10 tỷ đồng; hãy kiểm tra lại."),
        ("9" * 5000, "Nguồn “Tỉnh”: Số tiền lớn hơn 10 tỷ đồng; hãy kiểm tra lại."),
    ],
)
def test_an_amount_that_is_none_waits_as_it_was_typed(village, phone, money, words):
    source = str(village.sources["province"].pk)
    answer = phone.send(phone.visit(gifts=[{"source": source, "money": money, "goods": ""}])).json()

    assert (answer["why"], answer["words"]) == ("refused", words)
    assert content.opened(SentVisit.objects.get())["gifts"][0]["money"] == money
    assert on_record() == (0, 0)


def test_the_phone_says_the_same_sentences_as_the_server():
    said = Path("static/js/village/page.js").read_text()
    for money in ("hai triệu", "20.000.000.000"):
        with pytest.raises(ValidationError) as refusal:
            typed_money(money)
        assert refusal.value.messages[0] in said


@pytest.mark.parametrize("money", ["2.000.000", "2 000 000", "2000000 đồng", 2_000_000])
def test_an_amount_is_read_as_people_type_it(village, phone, money):
    source = str(village.sources["province"].pk)
    phone.became(phone.visit(gifts=[{"source": source, "money": money, "goods": ""}]))
    assert Gift.objects.get(state="given").money == 2_000_000


def test_the_family_of_somebody_who_died_is_called_on(village, phone):
    dead(village)
    assert phone.became(phone.visit(to_family=True)) == ("recorded", "")
    assert Visit.objects.get().to_family is True
    assert on_record() == (1, 1)


def test_a_visit_to_a_merged_entry_is_recorded_on_the_kept_one(add, village, phone):
    kept = add("A Thút", birth_year=1931)
    visit = phone.visit()
    merge(
        kept, village.first, taken=(), versions=(kept.version, village.first.version), by=village.of_province, now=NOW
    )

    assert phone.became(visit) == ("recorded", "")
    assert Visit.objects.get().person == kept


def test_of_an_erased_person_nothing_that_was_sent_is_kept(village, phone, media):
    erasing.erase(village.first, kind="request", basis="Theo yêu cầu", by=village.of_province, now=NOW)

    assert phone.became(phone.visit(), ("signed_list", photo())) == ("waiting", "gone")

    sent = SentVisit.objects.get()
    assert (sent.sealed, sent.photos.count(), StoredFile.objects.count()) == (None, 0, 0)


# --- whose ticket, whose session ---------------------------------------------------------------------------------------------


def test_without_a_session_the_ticket_hands_over_and_what_came_waits_until_its_owner_signs_in(village, phone):
    visit = phone.visit()
    phone.client = Client()
    assert phone.became(visit) == ("waiting", "account")
    assert phone.became(visit) == ("waiting", "account")
    assert on_record() == (0, 0)

    phone.client.force_login(village.of_near)

    assert phone.became({name: visit[name] for name in ("key", "copy", "ticket", "person")}) == ("recorded", "")
    assert on_record() == (1, 1)
    assert Gift.objects.get(state="given").money == 2_000_000


def test_in_somebody_elses_session_it_waits(village, phone):
    phone.client.force_login(village.of_province)
    assert phone.became(phone.visit()) == ("waiting", "account")
    assert on_record() == (0, 0)


def test_needs_no_token_of_a_page_and_no_cookie(phone):
    phone.client = Client(enforce_csrf_checks=True)
    assert phone.became(phone.visit()) == ("waiting", "account")


@pytest.mark.parametrize(
    "changes", [{"ticket": "x"}, {"ticket": ""}, {"ticket": None}, {"copy": 999_999}, {"copy": "a"}, {"copy": 10**30}]
)
def test_a_wrong_ticket_stores_nothing(phone, changes):
    answer = phone.send(phone.visit(**changes))
    assert answer.status_code == 403
    assert answer.json()["words"].startswith("Máy không còn quyền gửi bằng phiếu này.")
    assert SentVisit.objects.count() == 0


def test_who_guesses_tickets_has_to_wait(phone):
    answers = [phone.send(phone.visit(ticket="x")).status_code for _ in range(guard.WRONG + 1)]
    assert answers == [403] * guard.WRONG + [429]


def test_a_ticket_hands_over_visits_of_its_own_plan_only(add, village, phone):
    stranger = add("A Lạ", village.hring)
    answer = phone.send(phone.visit(stranger))
    assert (answer.status_code, SentVisit.objects.count()) == (422, 0)
    assert "Nội dung vẫn còn trên máy" in answer.json()["words"]


def test_the_key_of_another_sheet_tells_nothing(village, phone):
    visit = phone.visit()
    phone.send(visit)
    other = Phone(village)
    answer = other.send(other.visit(key=visit["key"]))
    assert (answer.status_code, "outcome" in answer.json()) == (422, False)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        "null",
        '"x"',
        "[" * 100_000,
        '{"key": 1e999}',
        "x" * 60_000,
    ],
)
def test_what_is_no_visit_is_refused_in_words(phone, body):
    answer = phone.client.post(reverse("veterans:village_send"), body, content_type="application/json")
    assert answer.status_code in (403, 422)
    assert answer.json()["words"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"key": "x"}, 422),
        ({"key": None}, 422),
        ({"person": "x"}, 422),
        ({"person": -1}, 422),
        ({"person": 10**40}, 422),
        ({"person": True}, 422),
        ({"noted_at": "32/13"}, 200),
        ({"noted_at": "2024-02-31T25:61:00"}, 200),
        ({"noted_at": {"a": 1}}, 200),
        ({"noted_at": "0001-01-01T00:00:00+23:59"}, 200),
        ({"note": "\x00 một nửa \ud83d chữ"}, 200),
        ({"gifts": "x"}, 200),
        ({"gifts": [1, None, {"source": [], "money": {}, "goods": 1}]}, 200),
        ({"consent": "có"}, 200),
        ({"consent": {"given": "yes"}}, 200),
        ({"pictures": "x"}, 200),
        ({"on": "9999-99-99"}, 200),
        ({"on": ["2024-04-15"]}, 200),
        ({"form": None}, 200),
    ],
)
def test_odd_values_are_told_and_never_an_error_of_the_server(phone, changes, status):
    answer = phone.send(phone.visit() | changes)
    assert answer.status_code == status
    assert SentVisit.objects.count() == (1 if status == 200 else 0)


def test_what_no_database_takes_is_left_out_of_the_words(phone):
    phone.send(phone.visit(note="một\x00 nửa \ud83d chữ"))
    assert Visit.objects.get().note == "một nửa chữ"


# --- pictures -----------------------------------------------------------------------------------------------------------------


def test_the_signed_list_becomes_the_visits_sealed_without_place_and_camera(village, phone, media):
    details = Image.Exif()
    details[0x010F] = "Máy ảnh của ai đó"

    assert phone.became(phone.visit(), ("signed_list", photo("cu-thut.jpg", exif=details))) == ("recorded", "")

    row = VisitPhoto.objects.get()
    assert (row.kind, row.visit, row.consent, row.added_by) == (
        "signed_list",
        Visit.objects.get(),
        None,
        village.of_near,
    )
    assert (row.file.is_sealed, row.file.original_name) == (True, "anh-1.jpg")
    assert SentPhoto.objects.count() == 0
    with row.file.open_plain() as plain, Image.open(plain) as picture:
        assert dict(picture.getexif()) == {}
    assert row.file.file.open("rb").read(7) == b"DTSEAL1"


def test_a_photo_of_thirty_megabytes_is_told_in_words_and_the_rest_is_recorded(phone, media):
    large = SimpleUploadedFile("cu.jpg", b"\xff\xd8\xff" + bytes(30 * 1024 * 1024), "image/jpeg")

    answer = phone.send(phone.visit(note="Nhận đủ"), ("signed_list", large), ("signed_list", photo())).json()

    assert answer["outcome"] == "recorded"
    assert answer["words"] == (
        "Tệp “anh-1.jpg” nặng 30 MB, vượt giới hạn 20 MB cho một tệp. Phần còn lại của lần thăm vẫn được giữ."
    )
    assert VisitPhoto.objects.count() == 1
    assert on_record() == (1, 1)


def test_what_is_no_picture_is_told_and_the_rest_is_recorded(phone, media):
    text = SimpleUploadedFile("cu.jpg", b"khong phai anh", "image/jpeg")
    answer = phone.send(phone.visit(), ("signed_list", text)).json()
    assert answer["outcome"] == "recorded"
    assert "Phần còn lại của lần thăm vẫn được giữ." in answer["words"]
    assert VisitPhoto.objects.count() == 0


@pytest.mark.parametrize(
    ("consent", "known", "kept"),
    [
        (YES, None, 1),
        (None, True, 1),
        (None, False, 0),
        (None, None, 0),
        ({**YES, "given": False}, True, 0),
        ({"given": False, "said_by": "", "way": "", "witness": ""}, None, 0),
    ],
)
def test_a_photo_of_the_person_is_kept_only_with_the_newest_yes(village, phone, media, consent, known, kept):
    if known is not None:
        Consent.objects.create(
            person=village.first, purpose="photo", given=known, said_by="Bà", way="phone", on=NOW.date(),
            recorded_by=village.of_near, recorded_at=NOW,
        )  # fmt: skip

    answer = phone.send(phone.visit(consent=consent), ("person", photo())).json()

    assert answer["outcome"] == "recorded"
    assert VisitPhoto.objects.filter(kind="person", consent__given=True).count() == kept
    assert StoredFile.objects.count() == kept
    assert answer["words"] == ("" if kept else "Ảnh người được thăm không được giữ: chưa có đồng ý cho chụp ảnh.")


def test_a_second_phone_adds_its_photo_to_the_same_visit_and_the_same_photo_only_once(village, phone, media):
    other = Phone(village, village.of_province)
    phone.became(phone.visit(), ("signed_list", photo()))
    assert other.became(
        other.visit(), ("signed_list", photo("1.jpg", colour="red")), ("signed_list", photo("2.jpg"))
    ) == ("same", "")
    assert VisitPhoto.objects.count() == 2
    assert StoredFile.objects.count() == 2


def test_pictures_wait_sealed_with_the_visit(village, phone, media):
    dead(village)
    assert phone.became(phone.visit(), ("signed_list", photo())) == ("waiting", "deceased")
    row = SentPhoto.objects.get()
    assert (row.file.is_sealed, row.kind) == (True, "signed_list")


def test_more_pictures_than_six_are_told(phone, media):
    many = [("signed_list", photo(f"{number}.jpg", side=8 + number)) for number in range(8)]
    answer = phone.send(phone.visit(), *many).json()
    assert VisitPhoto.objects.count() == 6
    assert answer["words"] == (
        "Ảnh 7 không được giữ: mỗi lần thăm nhiều nhất 6 ảnh. Ảnh 8 không được giữ: mỗi lần thăm nhiều nhất 6 ảnh."
    )


def test_a_sent_visit_takes_as_many_statements_whatever_the_number_of_stops(village, phone, django_assert_num_queries):
    phone.send(phone.visit(village.second))
    with django_assert_num_queries(40):
        phone.send(phone.visit())


def test_keys_of_other_writings_are_one_key(phone):
    key = uuid.uuid4()
    phone.send(phone.visit(key=str(key)))
    phone.send(phone.visit(key=str(key).upper()))
    phone.send(phone.visit(key=key.hex))
    assert SentVisit.objects.count() == 1


def test_the_phone_learns_what_a_registrar_decided(village, phone):
    visit = phone.visit(on="2024-03-01")
    phone.send(visit)
    SentVisit.objects.update(outcome="set_aside", decision="Ghi nhầm người", decided_by=village.of_near, decided_at=NOW)
    answer = phone.client.post(reverse("veterans:village_send"), json.dumps(visit), content_type="application/json")
    assert (answer.json()["heading"], answer.json()["words"]) == ("Đã xem, không ghi", "Ghi nhầm người")
