"""A list names communes as they were, or as they are: where its people are written down, and what the row is told."""

import io
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from tests.factories import at, make_area, make_membership, make_user
from units.models import Area, AreaLevel, Role
from units.reference import load_reference
from veterans.area_rows import area_rows
from veterans.importing import applying, checking, taking, values
from veterans.lists.fields.place import settle
from veterans.lists.places import Places
from veterans.models import ImportedRow, Person

pytestmark = pytest.mark.django_db

BEFORE, AFTER = at("2025-06-30", "23:59"), at("2025-07-01", "00:00")
HEAD = ["STT", "Họ và tên", "Năm sinh", "Thôn", "Xã", "Huyện", "Đối tượng"]


@pytest.fixture
def change(land):
    """On 1 July 2025 two communes become one, one is divided, of one nobody knows; a name goes to another place."""
    Area.objects.update(valid_to=date(2025, 6, 30))
    ngoc = make_area("Xã Ngọk Wang", level=AreaLevel.COMMUNE, parent=land.near, valid_to=date(2025, 6, 30))
    since = {"valid_from": date(2025, 7, 1)}
    province = make_area("Tỉnh Quảng Ngãi", level=AreaLevel.PROVINCE, **since)
    new = {
        name: make_area(name, level=AreaLevel.COMMUNE, parent=province, **since)
        for name in ("Xã Đăk Hà", "Xã Mô Rai", "Xã Ia Tơi", "Xã Ngọk Wang", "Phường Kon Tum")
    }
    for old, names in (
        (land.hring, ["Xã Đăk Hà"]),
        (land.hamon, ["Xã Đăk Hà"]),
        (ngoc, ["Phường Kon Tum"]),
        (land.morai, ["Xã Mô Rai", "Xã Ia Tơi"]),
    ):
        old.successors.set([new[name] for name in names])
    of_new = make_user("quangngai")
    make_membership(of_new, role=Role.REGISTRAR, area=province)
    return SimpleNamespace(
        old=land.province,
        province=province,
        near=land.near,
        of_new=of_new,
        of_province=land.of_province,
        of_near=land.of_near,
    )


def read(*places, by, area, now, title="DANH SÁCH RÀ SOÁT", sender="UBND xã"):
    """A list of one person for each (commune, district), read on that day."""
    book = Workbook()
    sheet = book.active
    for row in ([title], HEAD, *([1, "A Thút", 1931, "Thôn 1", *place, "Dân công"] for place in places)):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    upload = taking.accept(SimpleUploadedFile("danh sach.xlsx", out.getvalue()))
    found = taking.begin(upload, sender=sender, area=area, by=by, now=now)
    checking.check(found, by=by, now=now)
    return found


def told(found) -> list[tuple]:
    """Of each row: where its person is written down, and the sentence, without sheet and row."""
    names = dict(Area.objects.values_list("pk", "name"))
    result = []
    for row in ImportedRow.objects.filter(person_import=found).order_by("number"):
        said = values.said_in(row.sealed, row.sheet, row.number, found)
        sentences = [sentence.partition(": ")[2] for sentence in (*said.errors, *said.warnings)]
        result.append((names[said.content.residence] if said.content else None, *sentences))
    return result


def test_since_the_change_a_former_commune_is_the_one_that_took_its_place(change):
    found = read(
        ("Xã Đăk Hring", ""),
        ("Hà Mòn", "Đăk Hà"),
        ("Xã Đăk Hà", ""),
        ("Kon Tum", ""),
        ("Xã Ngọk Wang", "Đăk Hà"),
        by=change.of_new,
        area=change.province,
        now=AFTER,
    )

    assert told(found) == [
        (
            "Xã Đăk Hà",
            "Xã Đăk Hring không còn từ ngày 01/7/2025, nay thuộc Xã Đăk Hà. Người này được ghi ở Xã Đăk Hà.",
        ),
        ("Xã Đăk Hà", "Xã Hà Mòn không còn từ ngày 01/7/2025, nay thuộc Xã Đăk Hà. Người này được ghi ở Xã Đăk Hà."),
        ("Xã Đăk Hà",),
        ("Phường Kon Tum",),
        (
            "Phường Kon Tum",
            "Xã Ngọk Wang không còn từ ngày 01/7/2025, nay thuộc Phường Kon Tum. Người này được ghi ở Phường Kon Tum.",
        ),
    ]
    assert found.summary["counts"]["create"] == 5


def test_a_name_of_both_times_for_two_places_is_asked_about_unless_district_or_province_says_which(change):
    asked = read(("Xã Ngọk Wang", ""), by=change.of_new, area=change.province, now=AFTER)
    said = read(
        *[("Xã Ngọk Wang", "")],
        by=change.of_new,
        area=change.province,
        now=AFTER,
        title="DANH SÁCH TỈNH QUẢNG NGÃI",
        sender="Mặt trận",
    )

    assert told(asked) == [
        (
            None,
            "Có hơn một nơi tên “Xã Ngọk Wang”: Xã Ngọk Wang (Huyện Đăk Hà), Xã Ngọk Wang (Tỉnh Quảng Ngãi)."
            " Ghi thêm tên huyện, hoặc tên tỉnh.",
        )
    ]
    assert told(said) == [("Xã Ngọk Wang",)]


def test_a_divided_commune_and_one_nobody_knows_the_successor_of_are_told_in_words(change):
    found = read(("Mô Rai", "Sa Thầy"), ("Rờ Kơi", ""), by=change.of_new, area=change.province, now=AFTER)

    assert told(found) == [
        (
            None,
            "Xã Mô Rai không còn từ ngày 01/7/2025, nay thuộc các xã: Xã Mô Rai, Xã Ia Tơi."
            " Ghi tên một trong các xã này.",
        ),
        (
            None,
            "Xã Rờ Kơi không còn từ ngày 01/7/2025; danh mục địa bàn chưa ghi nối với xã nào."
            " Ghi tên xã của hiện nay, hoặc nhờ người quản trị ghi nơi kế thừa.",
        ),
    ]
    assert found.summary["codes"] == {"commune_divided": 1, "commune_ended": 1}


def test_a_registrar_whose_areas_were_not_changed_yet_keeps_the_old_names_and_is_told(change):
    found = read(("Đăk Hring", ""), ("Rờ Kơi", ""), by=change.of_near, area=change.near, now=AFTER)

    assert told(found) == [
        (
            "Xã Đăk Hring",
            "Xã Đăk Hring không còn từ ngày 01/7/2025, nay thuộc Xã Đăk Hà; địa bàn anh/chị phụ trách vẫn theo tên cũ."
            " Người này được ghi ở Xã Đăk Hring; xin báo người quản trị khi địa bàn phụ trách đã đổi.",
        ),
        (
            None,
            "Xã Rờ Kơi không còn từ ngày 01/7/2025; danh mục địa bàn chưa ghi nối với xã nào."
            " Ghi tên xã của hiện nay, hoặc nhờ người quản trị ghi nơi kế thừa.",
        ),
    ]


def test_until_the_change_a_coming_commune_is_the_one_it_takes_the_place_of(change):
    title = "DANH SÁCH TỈNH QUẢNG NGÃI"
    found = read(
        *[("Phường Kon Tum", ""), ("Xã Đăk Hà", ""), ("Xã Mô Rai", "")],
        by=change.of_province,
        area=change.old,
        now=BEFORE,
        title=title,
    )
    old = read(("Xã Đăk Hring", ""), ("Phường Kon Tum", ""), by=change.of_near, area=change.near, now=BEFORE)

    assert told(found) == [
        (
            "Xã Ngọk Wang",
            "Phường Kon Tum chỉ có từ ngày 01/7/2025, trước đó là Xã Ngọk Wang. Người này được ghi ở Xã Ngọk Wang.",
        ),
        (
            None,
            "Xã Đăk Hà chỉ có từ ngày 01/7/2025, gồm các xã trước đó: Xã Đăk Hring, Xã Hà Mòn."
            " Ghi tên một trong các xã này.",
        ),
        (
            "Xã Mô Rai",
            "Xã Mô Rai chỉ có từ ngày 01/7/2025, trước đó là Xã Mô Rai. Người này được ghi ở Xã Mô Rai.",
        ),
    ]
    assert told(old) == [
        ("Xã Đăk Hring",),
        (
            None,
            "Không có xã, phường, thị trấn nào tên “Phường Kon Tum” trong tỉnh."
            " Ghi đúng tên xã, phường, thị trấn của tỉnh.",
        ),
    ]


def test_a_former_commune_of_somebody_elses_area_stays_outside(change):
    make_membership(other := make_user("iatoi"), role=Role.REGISTRAR, area=Area.objects.get(name="Xã Ia Tơi"))

    found = read(("Đăk Hring", ""), by=other, area=Area.objects.get(name="Xã Ia Tơi"), now=AFTER)

    assert told(found) == [
        (
            None,
            "Xã Đăk Hring không thuộc địa bàn của danh sách (Xã Ia Tơi)."
            " Gửi dòng này cho nơi phụ trách xã đó, hoặc kiểm tra lại tên xã.",
        )
    ]


def test_the_import_writes_the_commune_of_today(change):
    found = read(("Đăk Hring", ""), by=change.of_new, area=change.province, now=AFTER)

    applying.apply(found, by=change.of_new, now=AFTER)

    assert Person.objects.get().residence.name == "Xã Đăk Hà"


def test_a_line_brought_in_before_the_change_is_known_again_after_it(change):
    make_membership(change.of_new, role=Role.REGISTRAR, area=change.old)
    applying.apply(read(("Đăk Hring", ""), by=change.of_new, area=change.old, now=BEFORE), by=change.of_new, now=BEFORE)

    again = read(
        *[("Đăk Hring", ""), ("Hà Mòn", "")], by=change.of_new, area=change.province, now=AFTER, title="DANH SÁCH MỚI"
    )

    counts = {kind: again.summary["counts"].get(kind, 0) for kind in ("keep", "update", "create")}
    assert (counts, told(again)[0][0]) == ({"keep": 1, "update": 0, "create": 1}, "Xã Đăk Hà")


def test_of_the_real_communes_few_names_mean_another_place_since_the_change_and_a_district_settles_each(db):
    load_reference()
    before, after = (Places(area_rows(day)) for day in (date(2025, 6, 30), date(2025, 7, 1)))
    old = list(Area.objects.communes().filter(parent__level=AreaLevel.DISTRICT).select_related("parent").order_by("pk"))
    bare = [area.name.split(" ", 2 if area.name.startswith("Thị trấn") else 1)[-1] for area in old]

    asked = {
        name
        for name in (*(area.name for area in old), *bare)
        if before.communes(name, is_new=False) != after.communes(name, is_new=False)
    }
    settled = [
        settle(after.communes(area.name, is_new=False), area.name, [area.parent.name])[:2]
        == (area.name, area.parent.name)
        for area in old
    ]

    assert (asked, settled) == ({"Xã Đăk Hà", "Đăk Blà"}, [True] * 102)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Phường Kon Tum", ["Phường Kon Tum (Tỉnh Quảng Ngãi)"]),
        ("Phường Đăk Bla", ["Phường Đăk Bla (Tỉnh Quảng Ngãi)"]),
        ("Xã Đăk Blà", ["Xã Đăk Blà (Thành phố Kon Tum)"]),
        ("Thị trấn Đăk Hà", ["Thị trấn Đăk Hà (Huyện Đăk Hà)"]),
        ("Xã Đăk Hà", ["Xã Đăk Hà (Huyện Tu Mơ Rông)", "Xã Đăk Hà (Tỉnh Quảng Ngãi)"]),
        ("Bờ Y", ["Xã Pờ Y (Huyện Ngọc Hồi)"]),
        ("Xã Mường Lát", []),
    ],
)
def test_what_a_name_means_since_the_change(db, name, meant):
    load_reference()

    found = Places(area_rows(date(2025, 7, 1))).communes(name, is_new=False)

    assert [str(commune) for commune in found] == meant
