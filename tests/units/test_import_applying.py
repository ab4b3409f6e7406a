"""A workbook is imported whole or not at all, and the same one twice changes nothing."""

import time
from datetime import date
from io import BytesIO

import pytest
from django.db import IntegrityError, connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import User
from records.models import AuditEvent
from tests.factories import at, make_membership, make_office, make_unit, make_user
from tests.units.test_import_checking import deputy, person
from tests.units.workbooks import TODAY, check, lists, upload, xlsx
from units.errors import Refused
from units.importing import applying, service
from units.importing.snapshot import take_snapshot
from units.importing.workbook import errors_bytes, state_bytes, template_bytes
from units.models import Area, Deputation, ListImport, Membership, Role, Unit
from units.reference import load_reference

pytestmark = pytest.mark.django_db
NOW = at(TODAY)


@pytest.fixture
def admin() -> User:
    user = make_user("quantri", full_name="Lê Quản Trị")
    make_membership(user, make_office(), Role.ADMINISTRATOR)
    return user


FOUNDING = {
    "areas": [["62", "Tỉnh Kon Tum", "Tỉnh"], ["615", "Huyện Đắk Hà", "Huyện", "62"], ["23503", "Xã Đăk Long", "Xã", "615"]],
    "units": [
        ["du-dak-long", "Đảng ủy xã Đăk Long", "ĐU Đăk Long", "party_committee", "hu-dak-ha", "23503"],
        ["hu-dak-ha", "Huyện ủy Đắk Hà", "HU Đắk Hà", "party_committee", None, "615", "0260 3822 000"],
        [None, "Ban Không Mã", None, "other"],
    ],
    "people": [
        person("dakha", "Nguyễn Thị Hoa", "0905 123 456", "hoa@example.vn", "reporter", "hu-dak-ha", None, "x"),
        person(None, None, role="registrar", area="615", begins=date(2024, 1, 1), ends=date(2025, 12, 31)),
        person("dak.long", "A Pót", role="Lãnh đạo đơn vị", unit="Đảng ủy xã Đăk Long"),
        person("khach", "Chưa Có Vai Trò"),
    ],
    "deputies": [deputy("dakha", "dak.long")],
}  # fmt: skip


def bring(content: bytes, by: User | None, *, only_right: bool = False, now=NOW) -> ListImport:
    """Upload, check and import."""
    accepted = service.accept(upload(content))
    found = service.begin(accepted, by=by, now=now)
    service.run_check(found, accepted.book, now=now)
    service.run_import(found, accepted.book, by=by, now=now, only_right=only_right, digest=found.digest)
    return found


def sizes() -> dict[str, int]:
    models: list[type[Model]] = [Area, Unit, User, Membership, Deputation, AuditEvent, Unit.history.model]
    return {model.__name__: model.objects.count() for model in models}


def test_everything_of_the_file_is_made(admin):
    bring(lists(**FOUNDING), admin)

    below = Unit.objects.get(code="du-dak-long")
    hoa = User.objects.get(username="dakha")
    deputation = Deputation.objects.get()
    assert (below.parent.code, below.area.name, below.area.parent.name) == ("hu-dak-ha", "Xã Đăk Long", "Huyện Đắk Hà")
    assert Unit.objects.get(name="Ban Không Mã").code == "ban-khong-ma"
    assert (hoa.full_name, hoa.phone, hoa.email, hoa.has_usable_password(), hoa.is_active) == (
        "Nguyễn Thị Hoa",
        "0905 123 456",
        "hoa@example.vn",
        False,
        True,
    )
    rows = Membership.objects.exclude(user=admin).order_by("pk")
    assert [(str(row), row.is_contact, row.valid_from, row.valid_to) for row in rows] == [
        ("Nguyễn Thị Hoa – Cán bộ đầu mối (Huyện ủy Đắk Hà)", True, date(2024, 4, 15), None),
        ("Nguyễn Thị Hoa – Cán bộ sổ tri ân (Huyện Đắk Hà)", False, date(2024, 1, 1), date(2025, 12, 31)),
        ("A Pót – Lãnh đạo đơn vị (Đảng ủy xã Đăk Long)", False, date(2024, 4, 15), None),
    ]
    assert (str(deputation), deputation.made_by, deputation.reason) == (
        "Nguyễn Thị Hoa thay mặt A Pót",
        admin,
        "nghỉ phép",
    )


def test_one_line_of_the_audit_tells_of_the_import_in_figures_alone(admin):
    found = bring(lists(**FOUNDING), admin)

    event = AuditEvent.objects.get(verb="units.imported")
    assert (event.actor, event.target_label, event.target_id) == (admin, "danh-sach.xlsx", found.pk)
    assert event.data == {
        "count": 13,
        "Địa bàn": "tạo 3 · cập nhật 0 · giữ nguyên 0 · lỗi 0",
        "Đơn vị": "tạo 3 · cập nhật 0 · giữ nguyên 0 · lỗi 0",
        "Người": "tạo 3 · cập nhật 0 · giữ nguyên 0 · lỗi 0",
        "Vai trò": "tạo 3 · cập nhật 0 · giữ nguyên 0 · lỗi 0",
        "Thay mặt": "tạo 1 · cập nhật 0 · giữ nguyên 0 · lỗi 0",
    }


def test_the_same_file_twice_changes_nothing(admin):
    bring(lists(**FOUNDING), admin)
    before = sizes()

    with pytest.raises(Refused, match="Không có gì để nhập"):
        bring(lists(**FOUNDING), admin)

    assert sizes() == before


def test_a_day_later_the_same_file_still_changes_nothing(admin):
    bring(lists(**FOUNDING), admin)
    plan = check(lists(**FOUNDING), today=date(2024, 4, 16))
    assert (plan.items, plan.problems) == ([], [])


def test_the_current_state_brought_back_changes_nothing(admin):
    load_reference()
    bring(lists(people=FOUNDING["people"][:1], deputies=[deputy("dakha", "quantri")]), admin)
    Unit.objects.filter(code="quan-su").update(name="=1+1", phone="+84 260 3862 524", valid_to=date(2025, 6, 30))
    old = Area.objects.get(code="23512", valid_to__isnull=False)
    registrar = make_user("so", full_name="Hai  Dấu Cách")
    make_membership(registrar, role=Role.REGISTRAR, area=old, unit=Unit.objects.first(), valid_to=date(2024, 1, 31))

    for today in (TODAY, date(2025, 8, 1)):
        plan = check(state_bytes(take_snapshot(), demo=True), today=today)
        assert (plan.items, plan.problems, plan.remarks) == ([], [], [])
        assert {line: figures["same"] for line, figures in plan.figures().items()} == {
            "areas": Area.objects.count(),
            "units": Unit.objects.count(),
            "persons": 3,
            "roles": 3,
            "deputies": 1,
        }


def test_what_goes_out_is_text_or_a_real_day(admin):
    make_unit("=HYPERLINK(1)", code="xau", valid_to=date(2025, 6, 30))
    book = load_workbook(filename=BytesIO(state_bytes(take_snapshot(), demo=True)))
    sheet = book["Đơn vị"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "xau")
    assert sheet["A1"].value == "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH"
    assert (row[1].value, row[1].data_type, row[1].quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert (row[12].value.date(), row[12].number_format, row[11].value) == (date(2025, 6, 30), "dd/mm/yyyy", "Từ trước")


def test_the_template_has_nothing_to_import():
    content = template_bytes(demo=False)
    plan = check(content)
    assert (plan.items, plan.problems, plan.remarks) == ([], [], [])
    assert set(plan.figures()) == {"areas", "units", "persons", "roles", "deputies"}


def test_keys_are_those_that_save_makes(admin):
    bring(lists(**FOUNDING), admin)
    for model in (Area, Unit, User):
        for row in model.objects.all():
            written = (row.search_key, getattr(row, "sort_key", ""))
            row.save()
            assert (row.search_key, getattr(row, "sort_key", "")) == written


def test_changes_are_written_with_their_history(admin):
    bring(lists(**FOUNDING), admin)
    head = ["Mã", "Tên đầy đủ", "Loại", "Trực thuộc", "Điện thoại"]
    content = xlsx(
        {
            "Đơn vị": [head, ["hu-dak-ha", "Huyện uỷ Đắk Hà mới", None, None, "0260 3999 999"], ["ban-khong-ma", None, None, "hu-dak-ha", None]],
            "Người và vai trò": [
                ["Tên đăng nhập", "Họ và tên", "Vai trò", "Đơn vị", "Đến ngày"],
                ["dakha", "Nguyễn Thị Hoa Mới", "reporter", "hu-dak-ha", "30/4/2024"],
            ],
        }
    )  # fmt: skip
    bring(content, admin, now=at("2024-04-16"))

    unit, hoa = Unit.objects.get(code="hu-dak-ha"), User.objects.get(username="dakha")
    newest = unit.history.first()
    assert (unit.name, unit.phone, unit.search_key) == (
        "Huyện uỷ Đắk Hà mới",
        "0260 3999 999",
        "huyen uy dak ha moi hu dak ha",
    )
    assert (newest.history_type, newest.history_user, newest.history_date, newest.name) == (
        "~",
        admin,
        at("2024-04-16"),
        unit.name,
    )
    assert (unit.area.name, Unit.objects.get(code="ban-khong-ma").parent) == ("Huyện Đắk Hà", unit)
    assert (hoa.full_name, hoa.email) == ("Nguyễn Thị Hoa Mới", "hoa@example.vn")
    assert hoa.memberships.get(role=Role.REPORTER).valid_to == date(2024, 4, 30)


def test_two_units_may_change_places(admin):
    above = make_unit("Ban A", code="a")
    make_unit("Ban B", code="b", parent=above)
    head = ["Mã", "Tên đầy đủ", "Loại", "Trực thuộc"]
    bring(xlsx({"Đơn vị": [head, ["a", None, None, "b"], ["b", None, None, "-"]]}), admin)
    assert {unit.code: unit.parent and unit.parent.code for unit in Unit.objects.filter(code__in="ab")} == {
        "a": "b",
        "b": None,
    }


def test_a_role_is_ended_and_given_to_the_next_one_in_one_file(admin):
    unit, hoa = make_unit(code="hu-dak-ha"), make_user("dakha")
    make_membership(hoa, unit, Role.REPORTER, valid_from=date(2024, 1, 1))
    bring(
        lists(
            people=[
                person(
                    "dakha", None, role="reporter", unit="hu-dak-ha", begins=date(2024, 1, 1), ends=date(2024, 4, 20)
                ),
                person("dakha", None, role="reporter", unit="hu-dak-ha", begins=date(2024, 4, 21)),
            ]
        ),
        admin,
    )
    assert list(hoa.memberships.order_by("valid_from").values_list("valid_from", "valid_to")) == [
        (date(2024, 1, 1), date(2024, 4, 20)),
        (date(2024, 4, 21), None),
    ]


def test_a_file_with_an_error_is_refused_whole(admin):
    content = lists(**{**FOUNDING, "people": [*FOUNDING["people"], person("x", "X", role="reporter", unit="không có")]})
    before = sizes()
    with pytest.raises(Refused, match="Tệp còn lỗi nên chưa nhập gì"):
        bring(content, admin)
    assert sizes() == before


def test_the_right_rows_alone_are_imported_when_that_is_asked_for(admin):
    content = lists(**{**FOUNDING, "people": [*FOUNDING["people"], person("x", "X", role="reporter", unit="không có")]})
    found = bring(content, admin, only_right=True)
    assert User.objects.filter(username="x").exists() is False
    assert found.outcome["figures"]["roles"] == {"create": 3, "update": 0, "same": 0, "error": 1}
    assert AuditEvent.objects.get(verb="units.imported").data["Vai trò"] == "tạo 3 · cập nhật 0 · giữ nguyên 0 · lỗi 1"


def test_nothing_is_kept_when_the_database_fails_at_the_last_row(admin, monkeypatch):
    before = sizes()

    def fail(*args, **kwargs):
        raise IntegrityError("units_deputation")

    monkeypatch.setattr(applying.Deputation.objects, "bulk_create", fail)
    with pytest.raises(Refused, match="dữ liệu vừa được người khác sửa cùng lúc"):
        bring(lists(**FOUNDING), admin)

    found = ListImport.objects.get()
    assert (sizes(), found.state, found.applied_at) == (before, "checked", None)


def test_what_was_shown_is_imported_or_nothing(admin):
    accepted = service.accept(upload(lists(units=[["hu-dak-ha", "Huyện ủy Đắk Hà", None, "party_committee"]])))
    found = service.begin(accepted, by=admin, now=NOW)
    service.run_check(found, accepted.book, now=NOW)
    make_unit("Huyện ủy Đăk Ha", code="hu-dak-ha")

    with pytest.raises(service.Stale):
        service.run_import(found, accepted.book, by=admin, now=NOW, digest=found.digest)

    found.refresh_from_db()
    assert found.outcome["figures"]["units"] == {"create": 0, "update": 1, "same": 0, "error": 0}
    assert found.outcome["changes"][0]["fields"] == [
        {"name": "Tên đầy đủ", "old": "Huyện ủy Đăk Ha", "new": "Huyện ủy Đắk Hà"}
    ]


def test_one_upload_is_imported_once(admin):
    found = bring(lists(**FOUNDING), admin)
    with pytest.raises(Refused, match="đã nhập rồi"):
        service.run_import(found, service.book_of(found), by=admin, now=NOW)


def test_the_command_line_makes_no_deputies(admin):
    with pytest.raises(Refused, match="cần biết ai lập"):
        bring(lists(**FOUNDING), None)


def test_the_file_of_errors_marks_cells_and_comes_back_readable(admin):
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha")
    content = lists(people=[person(role="reporter", unit="Huyện ủy Đăk Hà"), person("y", "Người Đúng")])
    book = service.accept(upload(content)).book
    plan = check(content)

    out = errors_bytes(book, plan, demo=False)

    sheets = load_workbook(filename=BytesIO(out))
    errors, marked = sheets["Lỗi"], sheets["Người và vai trò"]
    assert [cell.value for cell in errors[2]] == [
        "Người và vai trò",
        2,
        "F (Đơn vị)",
        "Huyện ủy Đăk Hà",
        "Không có đơn vị “Huyện ủy Đăk Hà”.",
        "Có phải “Huyện ủy Đắk Hà” (mã hu-dak-ha)?",
    ]
    assert (marked["G2"].value, marked["G2"].fill.fgColor.rgb, marked["A2"].fill.fgColor.rgb) == (
        "Huyện ủy Đăk Hà",
        "00F9D7D3",
        "00000000",
    )
    assert marked["L1"].value == "Lỗi cần sửa"
    again = check(out)
    assert [one.row for one in again.problems] == [2]
    assert again.remarks[-1].text == "“y” chưa có địa chỉ thư nên không gửi thư mời được."


@pytest.mark.parametrize("rows", [3, 300])
def test_a_check_costs_the_same_statements_at_any_length(admin, rows):
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha")
    people = [person(f"n{n}", "A", role="reporter", unit="hu-dak-ha") for n in range(rows)]
    units = [[f"u{n}", f"Đơn vị {n}", None, "other", "hu-dak-ha"] for n in range(rows)]
    content = lists(units=units, people=people, deputies=[deputy("n0", "n1")])
    with CaptureQueriesContext(
        connection,
    ) as statements:
        check(content)
    assert len(statements) == 6
    assert [one["sql"][:6] for one in statements] == ["SELECT"] * 6


def test_five_thousand_people_are_checked_and_imported_in_seconds(admin):
    codes = [make_unit(f"Đơn vị {n}").code for n in range(40)]
    content = lists(
        people=[
            person(f"nguoi{n}", f"Nguyễn Thị Số {n}", "0905 123 456", f"n{n}@example.vn", "reporter", codes[n % 40], None, None, date(2024, 1, 1))
            for n in range(5000)
        ]
    )  # fmt: skip
    start = time.process_time()

    found = bring(content, admin)

    # Measured 5 s of processor time on a busy core; far more means that something grows with the square of the rows.
    assert time.process_time() - start < 20
    assert found.outcome["figures"]["roles"]["create"] == 5000
    assert (User.objects.count(), Membership.objects.count()) == (5001, 5001)
