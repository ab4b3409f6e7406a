"""Phân công through its pages: who may, every action with and without a script, stale pages, bad input, statements."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directive_tracker import clock
from tasks.models import Directive, DraftChange, TaskRecipient
from tests.factories import make_membership, make_office, make_reporter, make_unit, make_user
from tests.tasks.assigning.draft import NOW, TODAY, make_draft, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def draft(client):
    made = make_draft()
    client.force_login(made.office)
    return made


def at(draft, rest: str = "") -> str:
    return f"/van-ban/{draft.directive.pk}/phan-cong/{rest}"


def key(unit) -> str:
    return f"u{unit.pk}"


def told(answer) -> list[str]:
    """The sentences at the top of the page one is led to."""
    return [str(message) for message in answer.context["messages"]]


def send(client, draft, tasks, bodies, role, **more):
    """One block as the script sends it."""
    shown = ",".join([f"g{draft.group.pk}", *(key(unit) for unit in draft.units)])
    data = {
        "tasks": ",".join(str(task.pk) for task in tasks),
        "bodies": ",".join(bodies),
        "role": role,
        "number": "0",
        "shown": shown,
    }
    return client.post(at(draft, "o/"), {**data, **more}, headers={"accept": "application/json"})


# --- who -------------------------------------------------------------------------------------------

# address → whether it can be asked, whether something can be sent to it
ADDRESSES = {
    "": (True, True),
    "o/": (False, True),
    "hoan-tac/": (False, True),
    "tach-nhom/": (False, True),
    "tim-don-vi/": (True, False),
    "nhiem-vu/{task}/": (True, True),
    "don-vi/{body}/": (True, True),
}


@pytest.mark.parametrize("rest", ADDRESSES)
@pytest.mark.parametrize(("who", "status"), [("reader", 403), ("reporter", 403), ("administrator", 403), ("", 302)])
def test_nobody_but_the_office_assigns(client, rest, who, status):
    draft = make_draft()
    people = {"reader": make_user("doc"), "reporter": make_reporter(draft.units[0]), "administrator": make_user("qt")}
    make_membership(people["reader"], make_unit("Thường trực"), "reader")
    make_membership(people["administrator"], make_office(), "administrator")
    if who:
        client.force_login(people[who])
    address = at(draft, rest.format(task=draft.tasks[0].pk, body=key(draft.units[0])))
    answers = (
        client.get(address).status_code,
        client.post(address, {"tasks": draft.tasks[0].pk, "bodies": key(draft.units[2]), "role": "lead"}).status_code,
    )
    assert answers == tuple(status if allowed else 405 for allowed in ADDRESSES[rest])
    assert TaskRecipient.objects.count() == 2


@pytest.mark.parametrize("rest", ["", "nhiem-vu/{task}/", "don-vi/{body}/", "tim-don-vi/"])
def test_what_was_issued_leads_back_to_the_document(client, draft, rest):
    Directive.objects.filter(pk=draft.directive.pk).update(state="issued", issued_on=TODAY)
    answer = client.get(at(draft, rest.format(task=draft.tasks[0].pk, body=key(draft.units[0]))), follow=True)
    assert answer.redirect_chain == [(f"/van-ban/{draft.directive.pk}/", 302)]
    assert told(answer) == ["Văn bản này không còn là dự thảo; việc đã giao được sửa ở từng phần việc."]


@pytest.mark.parametrize(
    "rest", ["nhiem-vu/987654321/", "don-vi/u987654321/", "don-vi/x5/", "don-vi/u/", f"don-vi/u{'9' * 40}/"]
)
def test_what_is_not_there_is_not_found(client, draft, rest):
    assert client.get(at(draft, rest)).status_code == 404


# --- the script ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "stored", "cell"),
    [
        ("lead", [("lead", "Huyện ủy Số 2")], ["c", "C", "chủ trì"]),
        ("coordinating", [("coordinating", "Huyện ủy Số 2")], ["p", "P", "phối hợp"]),
        ("informed", [("informed", "Huyện ủy Số 2")], ["b", "B", "để biết"]),
    ],
)
def test_a_cell_is_given_and_comes_back(client, draft, role, stored, cell):
    unit, task = draft.units[2], draft.tasks[0]
    answer = send(client, draft, [task], [key(unit)], role)
    said = answer.json()
    assert rows_of(task)[1:] == stored
    assert (answer.status_code, said["cells"], said["said"]) == (200, {str(task.pk): {key(unit): cell}}, "Đã đổi 1 ô.")
    assert (said["number"], said["undo"], said["reload"]) == (1, 1, False)


def test_a_cell_is_taken_away(client, draft):
    group, task = f"g{draft.group.pk}", draft.tasks[1]
    said = send(client, draft, [task], [group], "none").json()
    assert rows_of(task) == []
    nothing = ["", "", "không giao"]
    assert said["cells"] == {str(task.pk): {group: nothing, key(draft.units[0]): nothing, key(draft.units[1]): nothing}}
    assert "Nhiệm vụ chưa có đơn vị chủ trì (1)" in said["warnings"]


def test_a_member_taken_out_of_its_group_loads_the_page_again_with_the_new_columns(client, draft):
    said = send(client, draft, [draft.tasks[0]], [key(draft.units[0])], "none").json()
    assert (said["reload"], said["said"]) == (True, "Đã đổi 1 ô. Nhóm được tách thành từng đơn vị ở 1.1.")


def test_a_page_that_has_not_seen_the_last_step_is_told_who_did_what_and_gets_the_stored_row(client, draft):
    unit, task = draft.units[2], draft.tasks[0]
    send(client, draft, [task], [key(unit)], "informed")
    answer = send(client, draft, [task], [key(unit)], "lead")
    said = answer.json()
    assert answer.status_code == 409
    assert said["said"] == (
        "Dự thảo đã đổi từ khi anh/chị mở trang: Đã giao đơn vị 1.1: Huyện ủy Số 2 – để biết "
        "(Nguyễn Văn Vanphong, 09:00 02/3/2026). Xin xem lại rồi làm tiếp."
    )
    assert said["cells"][str(task.pk)][key(unit)] == ["b", "B", "để biết"]
    assert rows_of(task)[-1] == ("informed", "Huyện ủy Số 2")
    # Seen now, it goes through.
    assert send(client, draft, [task], [key(unit)], "lead", number=str(said["number"])).status_code == 200


def test_a_row_that_is_gone_loads_the_page_again(client, draft):
    task = draft.tasks[0]
    TaskRecipient.objects.filter(task=task).delete()
    task.products.all().delete()
    pk = task.pk
    task.delete()
    task.pk = pk
    answer = send(client, draft, [task], [key(draft.units[2])], "lead")
    assert (answer.status_code, answer.json()["reload"]) == (409, True)


@pytest.mark.parametrize(
    "values",
    [
        {"role": "part"},
        {"role": ""},
        {"tasks": "", "bodies": ""},
        {"tasks": "abc"},
        {"tasks": "9" * 40},
        {"bodies": "u1; drop table"},
        {"bodies": "x1"},
    ],
)
def test_nonsense_is_answered_with_a_sentence(client, draft, values):
    data = {"tasks": draft.tasks[0].pk, "bodies": key(draft.units[2]), "role": "lead", **values}
    answer = client.post(at(draft, "o/"), data)
    assert (answer.status_code, answer.json()["said"]) == (
        422,
        "Yêu cầu không đầy đủ. Hãy tải lại trang rồi làm lại.",
    )
    assert DraftChange.objects.count() == 0


def test_undo_by_the_script_brings_the_cells_back(client, draft):
    unit, task = draft.units[2], draft.tasks[0]
    send(client, draft, [task], [key(unit)], "informed")
    shown = {"number": "1", "shown": key(unit)}
    answer = client.post(at(draft, "hoan-tac/"), shown, headers={"accept": "application/json"})
    said = answer.json()
    assert said["cells"] == {str(task.pk): {key(unit): ["", "", "không giao"]}}
    assert (said["undo"], said["number"]) == (None, 2)
    assert said["said"] == "Đã hoàn tác: Đã giao đơn vị 1.1: Huyện ủy Số 2 – để biết."
    assert rows_of(task) == [("lead", "Các huyện ủy")]


def test_undo_of_a_step_that_is_not_the_last_any_more_is_refused(client, draft):
    unit = draft.units[2]
    send(client, draft, [draft.tasks[0]], [key(unit)], "informed")
    send(client, draft, [draft.tasks[1]], [key(unit)], "informed", number="1")
    answer = client.post(at(draft, "hoan-tac/"), {"number": "1"}, headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json()["said"].startswith("Đã có bước khác sau đó (Đã giao đơn vị 1.2")
    assert TaskRecipient.objects.filter(unit=unit).count() == 2


# --- without a script ------------------------------------------------------------------------------


def test_a_ticked_row_is_given_to_every_column_and_a_ticked_column_every_task(client, draft):
    page = client.get(at(draft))
    number = page.context["step"].number
    by_row = {"tasks": draft.tasks[0].pk, "role": "coordinating", "number": number}
    answer = client.post(at(draft), by_row, follow=True)
    assert told(answer) == ["Đã đổi 2 ô."]
    assert rows_of(draft.tasks[0]) == [("coordinating", "Các huyện ủy"), ("coordinating", "Huyện ủy Số 2")]
    by_column = {"bodies": key(draft.units[2]), "role": "informed", "number": answer.context["step"].number}
    client.post(at(draft), by_column)
    assert [rows_of(task)[-1] for task in draft.tasks] == [("informed", "Huyện ủy Số 2")] * 2


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"role": "lead"}, "Hãy đánh dấu ít nhất một nhiệm vụ (cả hàng) hoặc một đơn vị (cả cột)."),
        ({"role": "x", "bodies": "{unit}"}, "Xin chọn chủ trì, phối hợp, để biết hoặc không giao."),
        ({"bodies": "{unit}"}, "Xin chọn chủ trì, phối hợp, để biết hoặc không giao."),
        (
            {"role": "lead", "bodies": "u987654321"},
            "Có đơn vị không còn trong danh mục đơn vị hôm nay. Hãy tải lại trang.",
        ),
        ({"role": "lead", "tasks": "abc"}, "Yêu cầu không đầy đủ. Hãy tải lại trang rồi làm lại."),
    ],
)
def test_a_form_that_cannot_be_done_says_why(client, draft, values, sentence):
    data = {name: value.format(unit=key(draft.units[2])) for name, value in values.items()}
    assert told(client.post(at(draft), data, follow=True)) == [sentence]
    assert DraftChange.objects.count() == 0


def test_one_task_is_given_by_radio_buttons(client, draft):
    task, unit = draft.tasks[0], draft.units[2]
    page = client.get(at(draft, f"nhiem-vu/{task.pk}/"))
    assert [(line[0].label, line[1]) for line in page.context["lines"]] == [
        ("Các huyện ủy", "lead"),
        ("Huyện ủy Số 2", "none"),
    ]
    data = {"number": "0", f"g{draft.group.pk}": "informed", key(unit): "lead"}
    answer = client.post(at(draft, f"nhiem-vu/{task.pk}/"), data, follow=True)
    assert told(answer) == ["Đã đổi 2 ô."]
    assert rows_of(task) == [("informed", "Các huyện ủy"), ("lead", "Huyện ủy Số 2")]
    assert DraftChange.objects.count() == 1


def test_one_body_gets_its_tasks_by_radio_buttons(client, draft):
    unit = make_unit("Tỉnh đoàn")
    first, second = draft.tasks
    data = {"number": "0", f"t{first.pk}": "coordinating", f"t{second.pk}": "none"}
    client.post(at(draft, f"don-vi/{key(unit)}/"), data)
    assert rows_of(first) == [("lead", "Các huyện ủy"), ("coordinating", "Tỉnh đoàn")]
    assert rows_of(second) == [("lead", "Các huyện ủy")]


def test_radio_buttons_of_a_stale_page_are_kept_and_the_page_says_who_did_what(client, draft):
    task, unit = draft.tasks[0], draft.units[2]
    send(client, draft, [draft.tasks[1]], [key(unit)], "informed")
    data = {"number": "0", f"g{draft.group.pk}": "lead", key(unit): "coordinating"}
    answer = client.post(at(draft, f"nhiem-vu/{task.pk}/"), data)
    assert answer.status_code == 422
    assert (
        "Đã giao đơn vị 1.2: Huyện ủy Số 2 – để biết (Nguyễn Văn Vanphong, 09:00 02/3/2026)" in answer.content.decode()
    )
    assert [line[1] for line in answer.context["lines"]] == ["lead", "coordinating"]
    # The page has seen it now: sent again it goes through.
    data["number"] = answer.context["form"].data["number"]
    assert client.post(at(draft, f"nhiem-vu/{task.pk}/"), data).status_code == 302
    assert rows_of(task)[-1] == ("coordinating", "Huyện ủy Số 2")


@pytest.mark.parametrize("value", ["part", "", "x" * 500])
def test_a_role_that_does_not_exist_is_refused_beside_its_line(client, draft, value):
    data = {"number": "0", f"g{draft.group.pk}": "lead", key(draft.units[2]): value}
    answer = client.post(at(draft, f"nhiem-vu/{draft.tasks[0].pk}/"), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [key(draft.units[2])])


def test_a_group_is_unfolded_by_a_button_and_undone_by_another(client, draft):
    client.post(at(draft, "tach-nhom/"), {"group": draft.group.pk, "number": "0"})
    assert rows_of(draft.tasks[0]) == [("lead", "Huyện ủy Số 0"), ("lead", "Huyện ủy Số 1")]
    client.get(at(draft))
    answer = client.post(at(draft, "hoan-tac/"), {"number": "1"}, follow=True)
    assert told(answer) == ["Đã hoàn tác: Đã giao đơn vị Các huyện ủy: từng đơn vị."]
    assert rows_of(draft.tasks[0]) == [("lead", "Các huyện ủy")]


def test_members_are_folded_to_their_group_by_a_button(client, draft):
    client.post(at(draft, "tach-nhom/"), {"group": draft.group.pk, "number": "0"})
    client.get(at(draft))
    answer = client.post(at(draft, "tach-nhom/"), {"group": draft.group.pk, "number": "1", "gop": "1"}, follow=True)
    assert told(answer) == ["Đã gộp từng đơn vị thành nhóm “Các huyện ủy” ở 2 nhiệm vụ."]
    assert [rows_of(task) for task in draft.tasks] == [[("lead", "Các huyện ủy")]] * 2
    again = client.post(at(draft, "tach-nhom/"), {"group": draft.group.pk, "gop": "1"}, follow=True)
    assert told(again) == ["Không có nhiệm vụ nào mà mọi đơn vị của nhóm “Các huyện ủy” cùng một vai trò."]


@pytest.mark.parametrize(
    ("rest", "data"), [("tach-nhom/", {"group": "x"}), ("tach-nhom/", {}), ("tach-nhom/", {"group": "9" * 30})]
)
def test_a_group_that_is_none_is_not_found(client, draft, rest, data):
    assert client.post(at(draft, rest), data).status_code == 404


# --- more columns ----------------------------------------------------------------------------------


def test_units_and_groups_are_found_without_accents_and_added_by_a_link(client, draft):
    unit = make_unit("Tỉnh đoàn Thanh niên")
    make_unit("Tỉnh đoàn cũ", valid_to="2026-01-31")
    page = client.get(at(draft, f"tim-don-vi/?tim=tinh doan&mo=g{draft.group.pk}"))
    (row,) = page.context["rows"]
    assert row == (unit, False, at(draft, f"?mo=g{draft.group.pk}&them={key(unit)}#{key(unit)}"))
    columns = client.get(row[2]).context["grid"].columns
    assert [column.name for column in columns][-1] == "Tỉnh đoàn Thanh niên"


def test_the_search_answers_htmx_with_the_list_alone(client, draft):
    page = client.get(at(draft, "tim-don-vi/?tim=huyen"), headers={"hx-request": "true"}).content.decode()
    assert page.startswith('<ul class="dt-rows">')
    assert page.count("<li>") == 4


@pytest.mark.parametrize(
    "query", ["mo=x,,g1;2", "them=" + "u1," * 5000, "mo=" + "9" * 300, "them=%00", "tim=%00'\"<b>"]
)
def test_any_address_is_answered(client, draft, query):
    assert client.get(at(draft, f"?{query}")).status_code == 200
    assert client.get(at(draft, f"tim-don-vi/?{query}")).status_code == 200


# --- what is written down --------------------------------------------------------------------------


def test_names_are_escaped_and_open_words_lead_to_the_check_page(client, draft):
    draft.tasks[0].recipients.create(role="coordinating", written="<b>các đơn vị</b> liên quan")
    page = client.get(at(draft)).content.decode()
    assert "“&lt;b&gt;các đơn vị&lt;/b&gt; liên quan”" in page
    assert f'href="/van-ban/{draft.directive.pk}/soat/#nv-{draft.tasks[0].pk}"' in page
    assert "Tên chưa rõ đơn vị nào (1):" in page
    said = send(client, draft, draft.tasks[:1], [key(draft.units[2])], "informed").json()
    assert "Tên chưa rõ đơn vị nào (1):" in said["warnings"]


def test_the_page_says_what_is_wrong_with_a_link_to_the_place(client, draft):
    stranger = make_unit("Đảng ủy Khối")
    draft.tasks[1].recipients.all().delete()
    draft.tasks[0].recipients.create(role="lead", unit=stranger)
    type(draft.tasks[0]).objects.filter(pk=draft.tasks[0].pk).update(reviewing_unit=draft.units[0])
    warnings = client.get(at(draft)).context["warnings"]
    first, second = draft.tasks
    assert [(warning.title, warning.rows) for warning in warnings] == [
        ("Đơn vị tự xem xét việc của mình (1)", [("1.1 – Huyện ủy Số 0", f"#t{first.pk}")]),
        ("Nhiệm vụ chưa có đơn vị chủ trì (1)", [("1.2", f"#t{second.pk}")]),
        ("Được giao việc nhưng không có trong nơi kính gửi (1)", [("Đảng ủy Khối", f"#u{stranger.pk}")]),
        ("Có trong nơi kính gửi nhưng chưa được giao việc nào (1)", [("Huyện ủy Số 2", f"#u{draft.units[2].pk}")]),
    ]


# --- statements, weight ----------------------------------------------------------------------------


def statements(client, ask) -> int:
    with CaptureQueriesContext(connection) as context:
        assert ask().status_code == 200
    return len(context)


SIZES = pytest.mark.parametrize(("tasks", "units"), [(1, 3), (30, 40)])


@SIZES
@pytest.mark.parametrize(
    ("rest", "expected"), [("", 14), ("?mo=g{group}", 14), ("nhiem-vu/{task}/", 15), ("don-vi/{body}/", 16)]
)
def test_the_pages_take_the_same_statements_for_any_number_of_tasks_and_bodies(client, tasks, units, rest, expected):
    draft = make_draft(tasks=tasks, units=units)
    client.force_login(draft.office)
    address = at(draft, rest.format(task=draft.tasks[0].pk, body=key(draft.units[2]), group=draft.group.pk))
    assert statements(client, lambda: client.get(address)) == expected


@pytest.mark.parametrize(("tasks", "units"), [(1, 3), (10, 12)])
def test_giving_takes_the_same_statements_for_one_cell_and_for_a_block(client, tasks, units):
    draft = make_draft(tasks=tasks, units=units)
    client.force_login(draft.office)
    bodies = [key(unit) for unit in draft.units[2:]]
    assert statements(client, lambda: send(client, draft, draft.tasks, bodies, "coordinating")) == 47


def test_a_draft_of_30_tasks_and_40_units_stays_small(client):
    draft = make_draft(tasks=30, units=40)
    client.force_login(draft.office)
    send(client, draft, draft.tasks, [key(unit) for unit in draft.units[2:]], "coordinating")
    page = client.get(at(draft)).content
    assert page.count(b'<td class="p" aria-label="ph\xe1\xbb\x91i h\xe1\xbb\xa3p">P</td>') == 1140
    assert len(page) < 200_000


def test_the_answer_to_one_cell_names_that_cell_alone(client):
    draft = make_draft(tasks=30, units=40)
    client.force_login(draft.office)
    answer = send(client, draft, [draft.tasks[3]], [key(draft.units[9])], "coordinating")
    assert json.loads(answer.content)["cells"] == {
        str(draft.tasks[3].pk): {key(draft.units[9]): ["p", "P", "phối hợp"]}
    }
