"""A list from the file to the registry and back: what is read, matched, written, taken back, and who may."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.models import User
from records.models import AuditEvent, StoredFile
from tasks.errors import Refused
from tests.veterans.conftest import NOW
from units.models import Area
from veterans import people, sensitive
from veterans.importing import applying, checking, keeping, reverting, taking
from veterans.importing.access import may_see
from veterans.importing.errorfile import error_file
from veterans.models import ColumnMemory, ImportedRow, Person, PersonCategory, PersonImport, SensitiveValue

pytestmark = pytest.mark.django_db

HEAD = ["STT", "Họ và tên", "Giới tính", "Năm sinh", "Dân tộc", "Thôn", "Xã", "Đối tượng", "Số CCCD", "Còn sống"]
HOA = [1, "NGUYỄN VĂN HOÀ", "Nam", 1932, "Kinh", "Thôn 4", "Đăk Hring", "TNXP", "062032000017", "còn sống"]
BLO = [2, "Y Blô", "Nữ", "khoảng 1930", "Xê Đăng", "Thôn 2", "Hà Mòn", "Dân công", "", ""]
WRONG = [3, "A Khum", "Nam", "19x4", "Xơ Đăng", "Thôn 1", "Hà Mòn", "Dân công", "", ""]


_BOOKS: dict[str, bytes] = {}


def book(*rows, head=HEAD, title="DANH SÁCH RÀ SOÁT NĂM 2024") -> bytes:
    """The same bytes for the same rows: a workbook holds the second in which it was made."""
    key = repr((rows, head, title))
    if key not in _BOOKS:
        _BOOKS[key] = _book(*rows, head=head, title=title)
    return _BOOKS[key]


def _book(*rows, head: list, title: str) -> bytes:
    made = Workbook()
    sheet = made.active
    sheet.title = "Danh sách"
    for row in ([title], head, *rows):
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.fixture
def bring(land):
    def brought(content: bytes, *, by=None, area=None, sender="UBND xã Hà Mòn", name="danh sach.xlsx", now=NOW):
        by = by or land.of_near
        checked = taking.accept(SimpleUploadedFile(name, content))
        found = taking.begin(checked, sender=sender, area=area or land.near, by=by, now=now)
        if found.state == PersonImport.State.READING:
            checking.check(found, by=by, now=now)
        return found

    return brought


def counts(found) -> dict[str, int]:
    return {kind: found.summary["counts"].get(kind, 0) for kind in ("create", "update", "keep", "error", "skip")}


def test_a_list_is_read_and_nothing_is_in_the_registry_before_it_is_imported(bring):
    found = bring(book(HOA, BLO, WRONG))

    assert counts(found) == {"create": 2, "update": 0, "keep": 0, "error": 1, "skip": 1}
    assert found.summary["codes"] == {"birth_unreadable": 1}
    assert Person.objects.count() == 0
    assert found.file.is_sealed


def test_what_was_read_lies_sealed_and_no_name_stands_in_the_tables(bring):
    found = bring(book(HOA, BLO, WRONG))

    rows = str(list(ImportedRow.objects.values())) + str(PersonImport.objects.values().get())
    words = ("HOÀ", "Hoà", "Blô", "Khum", "062032000017", "19x4", "Xơ Đăng")
    assert [word for word in words if word in rows] == []
    with found.file.file.open("rb") as stored:
        assert stored.read(8) == b"DTSEAL1\n"


def test_the_import_makes_entries_with_group_state_and_sealed_values(bring, land):
    found = bring(book(HOA, BLO, WRONG))

    made = applying.apply(found, by=land.of_near, now=NOW)

    assert made == {"created": 2, "updated": 0}
    hoa, blo = Person.objects.order_by("pk")
    assert (hoa.full_name, hoa.sex, hoa.birth_year, hoa.residence.name, hoa.hamlet) == (
        "Nguyễn Văn Hoà", "male", 1932, "Xã Đăk Hring", "Thôn 4",
    )  # fmt: skip
    assert (hoa.living_state, hoa.living_on.isoformat(), hoa.living_source) == (
        "living", "2024-04-15", "Danh sách của UBND xã Hà Mòn",
    )  # fmt: skip
    assert (blo.birth_year, blo.birth_is_estimated, blo.living_state) == (1930, True, "unknown")
    assert list(PersonCategory.objects.order_by("pk").values_list("person", "category")) == [
        (hoa.pk, "youth_volunteer"),
        (blo.pk, "frontline_labourer"),
    ]
    assert sensitive.read(hoa, ["id_number", "ethnicity"]) == {"id_number": "062032000017", "ethnicity": "Kinh"}
    assert list(Person.objects.named("nguyen van hoa")) == [hoa]
    assert hoa.history.count() == 1
    found.refresh_from_db()
    assert (found.state, found.applied_by) == ("applied", land.of_near)
    event = AuditEvent.objects.get(verb="import.applied")
    assert event.data == {"created": 2, "updated": 0}


def test_the_same_file_again_changes_nothing(bring, land):
    content = book(HOA, BLO, BLO)
    applying.apply(bring(content), by=land.of_near, now=NOW)

    again = bring(content, sender="Mặt trận huyện")

    assert counts(again) == {"create": 0, "update": 0, "keep": 3, "error": 0, "skip": 1}
    with pytest.raises(Refused):
        applying.apply(again, by=land.of_near, now=NOW)
    assert Person.objects.count() == 3


def test_a_later_list_of_the_same_sender_updates_its_lines(bring, land):
    applying.apply(bring(book(HOA, BLO)), by=land.of_near, now=NOW)
    newer = [9, "Y Blô", "Nữ", "khoảng 1930", "Xê Đăng", "Thôn 5", "Hà Mòn", "Dân công", "062130000018", "còn sống"]

    found = bring(book(HOA, newer))

    assert counts(found) == {"create": 0, "update": 1, "keep": 1, "error": 0, "skip": 1}
    assert applying.apply(found, by=land.of_near, now=NOW) == {"created": 0, "updated": 1}
    blo = Person.objects.get(full_name="Y Blô")
    assert (blo.hamlet, blo.living_state) == ("Thôn 5", "living")
    assert sensitive.read(blo, ["id_number"]) == {"id_number": "062130000018"}


def test_a_name_alone_makes_nobody_the_same(bring, land):
    applying.apply(bring(book(BLO)), by=land.of_near, now=NOW)

    other = bring(book(BLO, HOA), sender="Hội Cựu TNXP")

    assert counts(other) == {"create": 2, "update": 0, "keep": 0, "error": 0, "skip": 1}


def test_an_equal_number_with_an_equal_name_is_the_same_and_with_another_name_is_not(bring, land):
    applying.apply(bring(book(HOA)), by=land.of_near, now=NOW)
    same = [1, "Nguyen Van Hoa", "", 1932, "", "", "Đăk Hring", "CCB", "062032000017", ""]
    other = [2, "Trần Văn Bảy", "", 1932, "", "", "Đăk Hring", "CCB", "062032000017", ""]

    found = bring(book(same), sender="Hội Cựu chiến binh")
    strange = bring(book(other), sender="Hội Người cao tuổi")

    assert counts(found)["update"] == 1
    assert counts(strange)["create"] == 1
    applying.apply(found, by=land.of_near, now=NOW)
    assert set(Person.objects.get().categories.values_list("category", flat=True)) == {
        "youth_volunteer",
        "dien_bien_soldier",
    }
    assert Person.objects.get().full_name == "Nguyễn Văn Hoà"


def test_a_death_of_a_list_is_reported_and_waits_for_a_second_person(bring, land):
    dead = [*HOA[:9], "đã mất 2019"]

    applying.apply(bring(book(dead)), by=land.of_near, now=NOW)

    person = Person.objects.get()
    assert person.death_waits
    assert person.living_state == "unknown"
    assert person.death_source == "Danh sách của UBND xã Hà Mòn, ghi mất năm 2019"


def test_rows_of_other_areas_are_errors_and_not_imported(bring, land):
    far = [1, "A Thút", "Nam", 1931, "", "", "Rờ Kơi", "Dân công", "", ""]

    found = bring(book(far, HOA))
    of_commune = bring(book(far, HOA, BLO), area=Area.objects.get(name="Xã Hà Mòn"))

    assert (found.summary["codes"], counts(found)["create"]) == ({"outside_area": 1}, 1)
    assert (of_commune.summary["codes"], counts(of_commune)["create"]) == ({"outside_area": 2}, 1)


def test_two_imports_of_the_same_moment_do_not_both_write(bring, land):
    first, second = bring(book(HOA)), bring(book(HOA, BLO))
    applying.apply(first, by=land.of_near, now=NOW)

    with pytest.raises(applying.Stale):
        applying.apply(second, by=land.of_near, now=NOW)

    second.refresh_from_db()
    assert counts(second) == {"create": 1, "update": 0, "keep": 1, "error": 0, "skip": 1}
    assert Person.objects.count() == 1


def test_a_list_is_taken_back_as_a_whole(bring, land):
    applying.apply(bring(book(BLO)), by=land.of_near, now=NOW)
    newer = [9, "Y Blô", "Nữ", "khoảng 1930", "Xê Đăng", "Thôn 5", "Hà Mòn", "CCB", "062130000018", "còn sống"]
    found = bring(book(HOA, newer))
    applying.apply(found, by=land.of_near, now=NOW)

    gone = reverting.revert(found, by=land.of_near, now=NOW + timedelta(days=6))

    assert gone == {"removed": 1, "put_back": 1}
    blo = Person.objects.get()
    assert (blo.full_name, blo.hamlet, blo.living_state) == ("Y Blô", "Thôn 2", "unknown")
    assert sensitive.read(blo, ["id_number", "ethnicity"]) == {"ethnicity": "Xơ Đăng"}
    assert list(blo.categories.values_list("category", flat=True)) == ["frontline_labourer"]
    assert Person.history.exclude(id=blo.pk).count() == 0
    assert SensitiveValue.objects.exclude(person=blo).count() == 0
    found.refresh_from_db()
    assert found.state == "reverted"


def test_a_list_on_which_somebody_worked_since_is_not_taken_back_and_the_rows_are_named(bring, land):
    found = bring(book(HOA, BLO))
    applying.apply(found, by=land.of_near, now=NOW)
    blo = Person.objects.get(full_name="Y Blô")
    people.take_off(blo, reason="Không thuộc diện", by=land.of_near, now=NOW)

    with pytest.raises(Refused) as refusal:
        reverting.revert(found, by=land.of_near, now=NOW)

    assert "dòng 4 trang “Danh sách”." in str(refusal.value)
    assert Person.objects.count() == 2


def test_after_seven_days_a_list_stays_and_its_sealed_rows_are_emptied(bring, land):
    found = bring(book(HOA))
    applying.apply(found, by=land.of_near, now=NOW)
    later = NOW + timedelta(days=7, seconds=1)

    assert keeping.empty_old(NOW + timedelta(days=7)) == 0
    assert keeping.empty_old(later) == 1
    with pytest.raises(Refused):
        reverting.revert(found, by=land.of_near, now=later)
    assert ImportedRow.objects.filter(sealed__isnull=False).count() == 0
    assert Person.objects.count() == 1


def test_a_list_nobody_imported_is_forgotten_after_thirty_days_with_its_file(bring):
    found = bring(book(HOA))

    assert keeping.empty_old(NOW + timedelta(days=30, seconds=1)) == 1

    found.refresh_from_db()
    assert (found.state, found.rows.count(), found.file.size) == ("cancelled", 0, 0)


def test_a_file_nothing_could_be_read_in_is_emptied_after_seven_days_and_its_page_still_says_why(
    client, bring, land, django_capture_on_commit_callbacks
):
    found = bring(book())
    PersonImport.objects.update(state="refused", refusal="Tệp “danh sach.xlsx” có mật khẩu nên không đọc được.")
    path = found.file.file.path

    assert keeping.empty_old(NOW + timedelta(days=7)) == 0
    assert Path(path).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert keeping.empty_old(NOW + timedelta(days=7, seconds=1)) == 1
    assert keeping.empty_old(NOW + timedelta(days=31)) == 0

    found = PersonImport.objects.select_related("file").get()
    assert (found.state, found.file.size, found.file.original_name) == ("refused", 0, "da-xoa.xlsx")
    assert not Path(path).exists()
    client.force_login(land.of_near)
    assert "có mật khẩu nên không đọc được" in client.get(reverse("veterans:import", args=[found.pk])).content.decode()
    page = client.post(reverse("veterans:import_read_again", args=[found.pk]), follow=True)
    assert "Không còn đọc được tệp này. Hãy gửi lại tệp." in page.content.decode()


@pytest.mark.parametrize("state", ["checked", "refused", "reading"])
def test_the_file_of_a_list_that_is_left_goes_at_once(bring, land, state, django_capture_on_commit_callbacks):
    found = bring(book(HOA))
    PersonImport.objects.update(state=state)
    path = found.file.file.path

    with django_capture_on_commit_callbacks(execute=True):
        checking.leave(found, by=land.of_near, now=NOW)

    found = PersonImport.objects.select_related("file").get()
    assert (found.state, found.file.size, found.rows.count(), found.emptied_at) == ("cancelled", 0, 0, NOW)
    assert not Path(path).exists()


def test_the_rows_with_errors_come_back_as_typed_and_can_be_sent_again_when_mended(bring, land):
    found = bring(book(HOA, WRONG, ["Cộng", 2]))
    returned = load_workbook(io.BytesIO(error_file(found)))
    lines = [list(row) for row in returned["Danh sách"].values]

    assert lines[1][:2] + lines[1][-1:] == ["STT", "Họ và tên", "Lỗi"]
    assert lines[2][1:4] == ["A Khum", "Nam", "19x4"]
    assert lines[2][-1].startswith("Trang “Danh sách”, dòng 4, cột D “Năm sinh”: Không đọc được năm sinh “19x4”.")
    sheet = returned["Danh sách"]
    sheet["D3"] = 1934
    out = io.BytesIO()
    returned.save(out)
    mended = bring(out.getvalue())
    assert counts(mended) == {"create": 1, "update": 0, "keep": 0, "error": 0, "skip": 2}
    applying.apply(mended, by=land.of_near, now=NOW)
    assert sensitive.read(Person.objects.get(), ["note", "ethnicity"]) == {"ethnicity": "Xơ Đăng"}


def test_the_rows_with_errors_that_are_sent_again_unmended_have_one_column_for_it(bring):
    once = error_file(bring(book(WRONG)))

    twice = load_workbook(io.BytesIO(error_file(bring(once, sender="Mặt trận huyện"))))

    lines = [list(row) for row in twice["Danh sách"].values]
    assert lines[1] == [*HEAD, "Lỗi"]
    assert lines[2][-1].startswith("Trang “Danh sách”, dòng 3, cột D “Năm sinh”: Không đọc được năm sinh “19x4”.")


def test_a_column_put_right_is_remembered_for_the_sender_and_for_nobody_else(client, bring, land):
    strange = [*HEAD[:8], "Mã thẻ lạ", "Còn sống"]
    found = bring(book(HOA, head=strange))
    client.force_login(land.of_near)
    page = client.get(reverse("veterans:import_columns", args=[found.pk]))
    assert page.status_code == 200

    client.post(reverse("veterans:import_columns", args=[found.pk]), {"cot-0-I": "id_number"})

    found.refresh_from_db()
    assert found.corrections == {"Danh sách": {"I": "id_number"}}
    assert found.columns[0]["columns"]["I"] == "id_number"
    assert ColumnMemory.objects.values_list("sender_key", "heading_key", "role").get() == (
        "ubnd xa ha mon",
        "ma the la",
        "id_number",
    )
    applying.apply(found, by=land.of_near, now=NOW)
    assert sensitive.read(Person.objects.get(), ["id_number"]) == {"id_number": "062032000017"}
    other = bring(book(BLO, head=strange), sender="Hội Cựu TNXP")
    same = bring(book(BLO, head=strange))
    assert other.columns[0]["columns"].get("I") != "id_number"
    assert same.columns[0]["columns"]["I"] == "id_number"


def test_the_pages_lead_from_the_file_to_the_registry_and_back(client, land):
    client.force_login(land.of_near)
    page = client.post(
        reverse("veterans:imports"),
        {"file": SimpleUploadedFile("ds.xlsx", book(HOA, WRONG)), "sender": "UBND xã Hà Mòn", "area": land.near.pk},
    )
    found = PersonImport.objects.get()
    shown = client.get(page.url).content.decode()
    assert page.url == reverse("veterans:import", args=[found.pk])
    assert [words in shown for words in ("tạo 1", "cập nhật 0", "giữ nguyên 0", "lỗi 1", "19x4")] == [True] * 5
    assert "062032000017" not in client.get(f"{page.url}?xem=create").content.decode()

    client.post(reverse("veterans:import_apply", args=[found.pk]))
    assert Person.objects.count() == 1
    client.post(reverse("veterans:import_revert", args=[found.pk]))
    assert Person.objects.count() == 0


@pytest.mark.parametrize("name", ["import", "import_columns"])
def test_nobody_of_another_area_sees_a_list(client, bring, land, name):
    found = bring(book(HOA))
    client.force_login(land.of_far)

    assert client.get(reverse(f"veterans:{name}", args=[found.pk])).status_code == 404


@pytest.mark.parametrize(
    "name", ["import_apply", "import_revert", "import_read_again", "import_leave", "import_errors"]
)
def test_nobody_of_another_area_does_anything_with_a_list(client, bring, land, name):
    found = bring(book(HOA))
    client.force_login(land.of_far)

    assert client.post(reverse(f"veterans:{name}", args=[found.pk])).status_code == 404
    assert (PersonImport.objects.get().state, Person.objects.count()) == ("checked", 0)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("ds.xlsx", b"khong phai Excel", "ds.xlsx"),
        ("ds.xlsx", b"", "trống"),
        ("ds.exe", b"MZ", ".xlsx"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words_and_nothing_is_stored(client, land, name, content, words):
    client.force_login(land.of_near)

    page = client.post(
        reverse("veterans:imports"),
        {"file": SimpleUploadedFile(name, content), "sender": "UBND xã", "area": land.near.pk},
    )

    assert page.status_code == 422
    assert words in page.content.decode()
    assert (PersonImport.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_the_file_is_its_sender_s_as_long_as_the_area_is(land):
    stored = StoredFile.objects.create(
        file="aa/ds.xlsx", original_name="ds.xlsx", extension=".xlsx", size=9, sha256="0" * 64, uploaded_at=NOW
    )
    PersonImport.objects.create(
        file=stored, sender="Xã", sender_key="xa", area=land.near, uploaded_by=land.of_near, uploaded_at=NOW
    )
    at_first = [may_see(user, stored) for user in (land.of_near, land.of_province, land.of_far, land.office)]
    land.of_near.memberships.update(area=land.far)

    moved = User.objects.get(pk=land.of_near.pk)

    assert (at_first, may_see(moved, stored)) == ([True, False, False, False], False)
