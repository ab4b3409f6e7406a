"""Nhiệm vụ × đơn vị and its side panel."""

import re
from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from directive_tracker import clock
from tasks import lifecycle
from tasks.matrix import Cell, Column, Group, Matrix, Row, build_matrix, column_name
from tasks.matrix_screen import screen_of
from tasks.models import Assignment, AssignmentProduct, Clause, Directive, TaskSpan
from tasks.passages import mark, paragraph_around, passages_of
from tests.factories import (
    make_area,
    make_assignment,
    make_clause,
    make_directive,
    make_membership,
    make_office,
    make_product,
    make_reporter,
    make_task,
    make_text,
    make_unit,
    make_user,
)
from tests.tasks.figures import NOW, TODAY, make_house
from tests.tasks.story import send
from units.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def words(matrix) -> list[list[str]]:
    return [[cell.words if cell else "–" for cell in row.cells] for row in matrix.rows]


CELLS = [
    # values of the assignment, of the task → words, wants a call
    ({"state": "assigned", "due": date(2024, 4, 19), "assigned_on": date(2024, 4, 12)}, {}, "Mới giao", False),
    ({"state": "assigned", "due": date(2024, 4, 19), "assigned_on": date(2024, 4, 11)}, {}, "Mới giao", True),
    ({"state": "in_progress", "due": date(2024, 4, 19)}, {}, "Đang làm", False),
    ({"state": "in_progress", "due": date(2024, 4, 12)}, {}, "Đang làm, quá hạn 3 ngày", True),
    ({"state": "awaiting_unit_head", "due": date(2024, 4, 12)}, {}, "Đang làm, quá hạn 3 ngày", True),
    ({"state": "submitted", "due": date(2024, 4, 12)}, {}, "Chờ xác nhận", False),
    ({"state": "submitted", "due": date(2024, 4, 9)}, {}, "Chờ xác nhận, gửi muộn 1 ngày", False),
    ({"state": "redo", "due": date(2024, 4, 19)}, {}, "Cần bổ sung", True),
    ({"state": "completed", "due": date(2024, 4, 12)}, {}, "Xong", False),
    ({"state": "completed", "due": date(2024, 4, 9)}, {}, "Xong, xong muộn 1 ngày", False),
    ({"state": "paused", "due": date(2024, 4, 9)}, {}, "Ngoài thống kê", False),
    ({"state": "cancelled", "due": date(2024, 4, 9)}, {}, "Ngoài thống kê", False),
    ({"state": "in_progress", "due": date(2024, 4, 9)}, {"strength": "encouraged"}, "Đang làm", False),
    ({"state": "in_progress", "due": date(2024, 4, 9)}, {"condition_state": "undecided"}, "Ngoài thống kê", False),
    ({"state": "in_progress", "due": date(2024, 4, 9), "role": "coordinating"}, {}, "Đang làm, phối hợp", False),
]


@pytest.mark.parametrize(("values", "task_values", "expected", "to_chase"), CELLS)
def test_a_cell_says_the_word_the_days_and_whether_to_call(values, task_values, expected, to_chase):
    house = make_house(units=0)
    task = make_task(house.directive, "1b.1", **task_values)
    make_assignment(task, make_unit("Huyện ủy Đắk Hà"), **values)

    matrix = build_matrix(house.directive, house.office, today=TODAY)
    (cell,) = next(row for row in matrix.rows if row.code == "1b.1").cells

    assert (cell.words, cell.to_chase) == (expected, to_chase)


def test_rows_follow_the_text_columns_the_official_order_and_gaps_are_marked():
    house = make_house(units=2, tasks=2)
    third = make_task(house.directive, "2")
    make_assignment(third, house.units[1], state="completed")

    matrix = build_matrix(house.directive, house.reader, today=TODAY)

    assert [column.name for column in matrix.columns] == ["HU Số 0", "HU Số 1"]
    assert [(row.code, row.done, row.total) for row in matrix.rows] == [
        ("", 0, 2),
        ("1a.1", 0, 2),
        ("1a.2", 0, 2),
        ("2", 1, 1),
    ]
    assert words(matrix) == [
        ["Đang làm, quá hạn 46 ngày"] * 2,
        ["Đang làm, quá hạn 3 ngày"] * 2,
        ["Đang làm, quá hạn 3 ngày"] * 2,
        ["–", "Xong"],
    ]


def test_the_first_line_says_who_has_delivered_the_document():
    house = make_house(units=5)
    values = [
        ({"submitted_on": date(2024, 2, 28), "delivered_on": date(2024, 2, 28)}, {}),
        ({"submitted_on": date(2024, 3, 4), "delivered_on": date(2024, 3, 4)}, {}),
        ({"submitted_on": date(2024, 3, 1)}, {}),
        ({"submitted_on": date(2024, 2, 20)}, {"state": "redo"}),
        ({}, {"state": "assigned", "acknowledged_on": None}),
    ]
    deliveries = AssignmentProduct.objects.order_by("assignment__unit__sort_order")
    for delivery, (papers, state) in zip(deliveries, values, strict=True):
        AssignmentProduct.objects.filter(pk=delivery.pk).update(**papers)
        if state:
            Assignment.objects.filter(pk=delivery.assignment_id).update(**state)

    row = build_matrix(house.directive, house.office, today=TODAY).deployment

    assert (row.done, row.total) == (2, 5)
    assert [cell.words for cell in row.cells] == [
        "Xong",
        "Xong, xong muộn 4 ngày",
        "Chờ xác nhận, gửi muộn 1 ngày",
        "Cần bổ sung",
        "Mới giao, quá hạn 46 ngày",
    ]


def test_only_what_wants_a_call_keeps_rows_and_columns():
    house = make_house(units=3, tasks=2)
    AssignmentProduct.objects.all().delete()
    Assignment.objects.exclude(task=house.tasks[1], unit=house.units[2]).update(due_current=date(2024, 5, 7))

    matrix = build_matrix(house.directive, house.office, today=TODAY, only_chase=True)

    assert [row.code for row in matrix.rows] == ["1a.2"]
    assert [column.name for column in matrix.columns] == ["HU Số 2"]
    assert matrix.to_chase == 1


def test_a_clause_and_a_group_of_units_narrow_the_table():
    house = make_house(units=2)
    other = make_task(house.directive, "2", clause=make_clause(house.directive, "2"))
    make_assignment(other, house.units[0])
    group = house.units[1].groups.create(code="nhom", name="Các huyện ủy")

    by_clause = build_matrix(house.directive, house.office, today=TODAY, clause_id=other.clause_id)
    by_group = build_matrix(house.directive, house.office, today=TODAY, group_id=group.pk)
    unknown = build_matrix(house.directive, house.office, today=TODAY, group_id=999999, clause_id=999999)

    assert [row.code for row in by_clause.rows] == ["2"]
    assert [column.name for column in by_group.columns] == ["HU Số 1"]
    assert (len(unknown.rows), len(unknown.columns)) == (3, 2)


def test_turned_round_the_document_is_the_first_column(client):
    house = make_house(units=2, tasks=2)
    client.force_login(house.office)

    page = client.get(f"/ma-tran/{house.directive.pk}/?xoay=on").content.decode()

    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page)
    assert [re.sub(r"<[^>]*>", "", head) for head in heads] == [
        "Đơn vị",
        "Văn bản triển khai0/2",
        "1a.1 Tuyên truyền0/2",
        "1a.2 Tuyên truyền0/2",
    ]


def test_a_units_people_see_their_own_column_only():
    house = make_house(units=2)
    reporter = make_reporter(house.units[1])

    matrix = build_matrix(house.directive, reporter, today=TODAY)

    assert [column.name for column in matrix.columns] == ["HU Số 1"]
    assert [len(row.cells) for row in matrix.rows] == [1, 1]


@pytest.mark.parametrize(
    ("short_name", "expected"),
    [
        ("Huyện ủy Đắk Hà", "HU Đắk Hà"),
        ("Thành ủy Kon Tum", "ThU Kon Tum"),
        ("Đảng ủy Quân sự", "ĐU Quân sự"),
        ("Liên đoàn Lao động", "LĐLĐ"),
        ("Tỉnh đoàn", "Tỉnh đoàn"),
    ],
)
def test_column_names_are_shortened_as_offices_write(short_name, expected):
    assert column_name(make_unit(short_name)) == expected


def test_bad_filters_show_everything_and_say_so(client):
    house = make_house(units=2)
    client.force_login(house.office)

    answer = client.get(f"/ma-tran/{house.directive.pk}/?dieu=abc&nhom={'9' * 40}")

    assert answer.status_code == 200
    assert answer.content.decode().count("Không có lựa chọn này; đang hiện tất cả.") == 2


def statements(client, address) -> int:
    with CaptureQueriesContext(connection) as context:
        assert client.get(address).status_code == 200
    return len(context)


@pytest.mark.parametrize(("units", "tasks"), [(1, 1), (30, 10)])
@pytest.mark.parametrize(("query", "expected"), [("", 9), ("?don_doc=on", 9), ("?xoay=on", 9)])
def test_the_matrix_takes_the_same_statements_at_1_and_at_300_parts(client, units, tasks, query, expected):
    house = make_house(units=units, tasks=tasks)
    client.force_login(house.office)

    assert statements(client, f"/ma-tran/{house.directive.pk}/{query}") == expected


def test_a_matrix_of_60_tasks_and_200_units_is_read_screen_by_screen(client):
    house = make_house(units=200, tasks=60)
    client.force_login(house.office)

    first = client.get(f"/ma-tran/{house.directive.pk}/").content
    last = client.get(f"/ma-tran/{house.directive.pk}/?viec=2&cot=8").content

    # 40 tasks and the line of the documents over 25 units; 20 tasks and that line over the last 25.
    assert (first.count(b'<td class="dt-cell'), last.count(b'<td class="dt-cell')) == (1025, 525)
    assert len(first) < 250_000
    assert statements(client, f"/ma-tran/{house.directive.pk}/?viec=2&cot=8") == 9


# asked → the words of where one is, the first row that is no document, the first column
SCREENS = [
    ("", ["Nhiệm vụ 1–40 trên 45", "Đơn vị 1–25 trên 30"], "1a.1", "HU Số 0"),
    ("viec=2", ["Nhiệm vụ 41–45 trên 45", "Đơn vị 1–25 trên 30"], "1a.41", "HU Số 0"),
    ("cot=2", ["Nhiệm vụ 1–40 trên 45", "Đơn vị 26–30 trên 30"], "1a.1", "HU Số 25"),
    ("viec=99&cot=99", ["Nhiệm vụ 41–45 trên 45", "Đơn vị 26–30 trên 30"], "1a.41", "HU Số 25"),
    ("viec=-1&cot=x", ["Nhiệm vụ 1–40 trên 45", "Đơn vị 1–25 trên 30"], "1a.1", "HU Số 0"),
    (f"viec={'9' * 60}", ["Nhiệm vụ 1–40 trên 45", "Đơn vị 1–25 trên 30"], "1a.1", "HU Số 0"),
]


@pytest.fixture
def large() -> Matrix:
    return Matrix(
        directive=Directive(pk=7),
        columns=[Column(Unit(pk=number), f"HU Số {number}") for number in range(30)],
        deployment=Row("", "Văn bản triển khai", tuple(Cell(n, "done") for n in range(30)), 30, 30),
        groups=[
            Group(Clause(pk=1, code="1a"), [row_of(number) for number in range(1, 43)]),
            Group(Clause(pk=2, code="2"), [row_of(number) for number in range(43, 46)]),
        ],
        clauses=[],
        unit_groups=[],
    )


def row_of(number: int) -> Row:
    return Row(f"1a.{number}", "Tuyên truyền", tuple(Cell(n, "doing") for n in range(30)), 3, 30)


@pytest.mark.parametrize(("query", "words_of_place", "row", "column"), SCREENS)
def test_a_screen_says_where_it_is_and_any_number_is_one(large, query, words_of_place, row, column):
    screen = screen_of(large, QueryDict(query).dict(), turned=False)

    assert [way.words for way in screen.ways] == words_of_place
    assert (screen.matrix.rows[1].code, screen.matrix.columns[0].name) == (row, column)
    assert {len(line.cells) for line in screen.matrix.rows} == {len(screen.matrix.columns)}


def test_the_ways_to_the_other_screens_keep_the_filter(large):
    first = screen_of(large, {"nhom": "3"}, turned=False)
    second = screen_of(large, {"nhom": "3", "viec": "2"}, turned=False)

    assert [(way.before, way.behind) for way in first.ways] == [("", "nhom=3&viec=2"), ("", "nhom=3&cot=2")]
    assert [(way.before, way.behind) for way in second.ways] == [
        ("nhom=3&viec=1", ""),
        ("", "nhom=3&viec=2&cot=2"),
    ]


def test_turned_round_the_longer_side_is_the_units(large):
    screen = screen_of(large, {}, turned=True)

    assert [way.words for way in screen.ways] == ["Nhiệm vụ 1–25 trên 45"]
    assert (len(screen.matrix.rows), len(screen.matrix.columns)) == (26, 30)


def test_a_screen_that_holds_all_has_no_ways():
    house = make_house(units=2, tasks=2)
    matrix = build_matrix(house.directive, house.office, today=TODAY)

    screen = screen_of(matrix, {"viec": "5"}, turned=False)

    assert (screen.matrix, screen.ways, screen.is_whole) == (matrix, [], True)


def test_htmx_gets_the_table_alone_with_its_look_and_steps_within_it(client):
    house = make_house(units=26, tasks=1)
    client.force_login(house.office)

    answer = client.get(f"/ma-tran/{house.directive.pk}/", headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert (answer.status_code, "HX-Request" in answer.headers["Vary"]) == (200, True)
    assert ("<html" in page, "css/matrix" in page, "js/grid" in page) == (False, True, True)
    assert f'hx-get="/ma-tran/{house.directive.pk}/?cot=2"' in page


def test_names_of_units_and_tasks_are_escaped(client):
    house = make_house(units=1, tasks=1)
    Unit.objects.filter(pk=house.units[0].pk).update(name='A "<b>" & B', short_name="A <i> & B")
    house.tasks[0].short_title = house.tasks[0].title = '<script>alert("1")</script>'
    house.tasks[0].save()
    client.force_login(house.office)

    for query in ("", "?xoay=on"):
        page = client.get(f"/ma-tran/{house.directive.pk}/{query}").content.decode()
        assert ("<script>alert" in page, "A <i>" in page, '"<b>"' in page) == (False, False, False)
        assert page.count("A &lt;i&gt; &amp; B") >= 2


# ---- who ---------------------------------------------------------------------------------------


@pytest.fixture
def house_with_people():
    house = make_house(units=2)
    admin, registrar = make_user("quantri"), make_user("sotrian")
    make_membership(admin, make_office(), "administrator")
    make_membership(registrar, role="registrar", area=make_area())
    people = {
        "office": house.office,
        "reader": house.reader,
        "own": make_reporter(house.units[0], "dakha"),
        "foreign": make_reporter(make_unit("Đơn vị ngoài"), "ngoai"),
        "administrator": admin,
        "registrar": registrar,
        "anonymous": None,
    }
    return house, people


@pytest.mark.parametrize(
    ("who", "matrix", "overview", "brief", "panel", "export"),
    [
        ("office", 200, 200, 200, 200, 302),
        ("reader", 200, 200, 200, 200, 302),
        ("own", 200, 200, 403, 200, 302),
        ("foreign", 200, 200, 403, 404, 302),
        ("administrator", 403, 403, 403, 404, 403),
        ("registrar", 403, 403, 403, 404, 403),
        ("anonymous", 302, 302, 302, 302, 302),
    ],
)
def test_who_gets_which_page(client, house_with_people, who, matrix, overview, brief, panel, export):
    house, people = house_with_people
    if people[who]:
        client.force_login(people[who])
    pk = house.directive.pk
    part = Assignment.objects.get(unit=house.units[0])

    answers = [
        client.get(f"/ma-tran/{pk}/").status_code,
        client.get(f"/tong-quan/{pk}/").status_code,
        client.get(f"/trinh/{pk}/").status_code,
        client.get(f"/phan-viec/{part.pk}/khung/").status_code,
        client.post(f"/ma-tran/{pk}/xuat/").status_code,
    ]

    assert answers == [matrix, overview, brief, panel, export]


@pytest.mark.parametrize("address", ["/ma-tran/{}/", "/tong-quan/{}/", "/trinh/{}/"])
def test_a_draft_has_no_figures(client, address):
    house = make_house()
    draft = make_directive(state="draft")
    client.force_login(house.office)

    assert client.get(address.format(draft.pk)).status_code == 404


@pytest.mark.parametrize("address", ["/ma-tran/", "/tong-quan/", "/trinh/"])
def test_home_leads_to_the_newest_directive_or_says_there_is_none(client, address):
    reader = make_user("thuongtruc")
    make_membership(reader, make_unit("Thường trực"), "reader")
    client.force_login(reader)

    assert "Chưa có văn bản nào được giao" in client.get(address).content.decode()

    newest = make_directive(issued_on=date(2024, 4, 1))
    make_directive(issued_on=date(2024, 3, 1))
    assert client.get(address).headers["Location"] == f"{address}{newest.pk}/"


# ---- the side panel ----------------------------------------------------------------------------


def test_the_panel_shows_sentence_due_report_history_and_telephone(client):
    house = make_house()
    story_unit = house.units[0]
    directive = make_directive()
    text = make_text(directive, "1. Mở đầu.\n- Phát động thi đua. Khuyến khích dự thi.\n2. Hết.")
    task = make_task(directive, "1a.3", clause=make_clause(directive, "1a"), short_title="Phát động thi đua")
    TaskSpan.objects.create(task=task, text=text, start=13, end=31)
    make_product(task, due_kind="before_event", due_days=5, name="Kế hoạch phát động")
    part = make_assignment(task, story_unit, state="in_progress", due=date(2024, 4, 12))
    part.products.create(product=task.products.get(), due_date=date(2024, 4, 26))
    make_assignment(task, make_unit("Đài PT-TH"), role="coordinating", due=None)
    contact = make_user("ylinh", full_name="Y Linh", phone="0260 3862 524", position="Chuyên viên")
    make_membership(contact, story_unit, "reporter", is_contact=True)
    lifecycle.nudge(part, by=house.office, now=NOW, message="Đề nghị gửi báo cáo")
    client.force_login(house.reader)

    page = client.get(f"/phan-viec/{part.pk}/khung/").content.decode()

    assert "- <mark>Phát động thi đua.</mark> Khuyến khích dự thi." in page
    for expected in (
        "quá hạn 3 ngày",
        "07/5/2024 − 5 ngày làm việc = 26/4/2024",
        "Đơn vị chưa gửi báo cáo nào về việc này.",
        "Đài PT-TH: Mới giao",
        '<a href="tel:02603862524">0260 3862 524</a>',
        "Đề nghị gửi báo cáo",
        f'href="/phan-viec/{part.pk}/"',
    ):
        assert expected in page, expected


def test_the_panel_shows_the_sent_report_not_what_is_being_typed(client):
    house = make_house()
    reporter = make_reporter(house.units[0], "dakha")
    part = Assignment.objects.get()

    class AsStory:
        unit, directive, assignment = house.units[0], house.directive, part

    AsStory.reporter = reporter
    section = send(AsStory, results="Đã tổ chức 12 buổi.")
    section.results = "Đang gõ lại"
    section.save()
    client.force_login(house.office)

    page = client.get(f"/phan-viec/{part.pk}/khung/").content.decode()

    assert ("Đã tổ chức 12 buổi." in page, "Đang gõ lại" in page) == (True, False)


def test_htmx_gets_the_panel_alone(client):
    house = make_house()
    client.force_login(house.office)

    answer = client.get(f"/phan-viec/{Assignment.objects.get().pk}/khung/", headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert ("<html" in page, "data-dt-panel-close" in page) == (False, True)
    assert (answer.headers["HX-Push-Url"], "HX-Request" in answer.headers["Vary"]) == ("false", True)


def test_a_unit_sees_no_telephone_of_its_own(client):
    house = make_house()
    client.force_login(make_reporter(house.units[0], "dakha"))

    page = client.get(f"/phan-viec/{Assignment.objects.get().pk}/khung/").content.decode()

    assert "Liên hệ" not in page


def test_two_tasks_of_one_sentence_mark_their_own_stretch():
    directive = make_directive()
    text = make_text(directive, "Đầu.\n  Một hai ba bốn.\nCuối.")
    task = make_task(directive)
    TaskSpan.objects.create(task=task, text=text, start=7, end=10)
    TaskSpan.objects.create(task=task, text=text, start=15, end=17)

    (passage,) = passages_of(task)

    assert [(s.text, s.marked) for s in passage.segments] == [
        ("Một", True),
        (" hai ", False),
        ("ba", True),
        (" bốn.", False),
    ]


def test_a_span_over_two_lines_takes_both_and_overlaps_are_marked_once():
    body = "Một.\nHai ba.\nBốn.\nNăm."

    assert paragraph_around(body, 9, 14) == (5, 17)
    assert [(s.text, s.marked) for s in mark(body, 5, 17, [(9, 14), (12, 16)])] == [
        ("Hai ", False),
        ("ba.\nBốn", True),
        (".", False),
    ]


def test_a_foreign_part_is_not_there(client):
    house = make_house(units=2)
    client.force_login(make_reporter(house.units[1]))
    foreign = Assignment.objects.get(unit=house.units[0])

    assert client.get(f"/phan-viec/{foreign.pk}/khung/").status_code == 404
    assert client.get("/phan-viec/999999999999999999999/khung/").status_code == 404
