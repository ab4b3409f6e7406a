"""A task's fields and products: what is saved, what is refused with a sentence, what can be taken back."""

from datetime import date

import pytest

from tasks.drafting import editing
from tasks.drafting.changes import last_step, undo
from tests.factories import at, make_office_user
from tests.tasks.checking.draft import address, newest
from tests.tasks.drafting.draft import NOW, by_code, everything

pytestmark = pytest.mark.django_db


def fields(directive, **changed):
    """What the form of task 3 sends when nothing is typed, but for what is changed."""
    values = {
        "code": "3",
        "title": "Vận động tặng sách",
        "short_title": "Tặng sách",
        "strength": "required",
        "condition_text": "",
        "condition_question": "",
        "condition_decider": "",
        "condition_decide_by": "",
        "reviewing_unit": "Văn phòng Tỉnh ủy",
        "monitors": "",
        "seen": newest(directive),
    }
    return values | changed


def send(client, directive, task="3", **changed):
    return client.post(f"{address(directive)}{by_code(directive)[task].pk}/", fields(directive, **changed))


def test_the_form_shows_what_is_stored(desk, directive, bodies):
    task = by_code(directive)["3"]
    task.monitors.add(bodies["board"], bodies["youth"])
    page = desk.get(f"{address(directive)}{task.pk}/").content.decode()
    assert 'name="monitors" value="Ban Tuyên giáo Tỉnh ủy; Tỉnh đoàn"' in page
    assert 'name="reviewing_unit" value="Văn phòng Tỉnh ủy"' in page
    assert '<option value="Tỉnh đoàn"></option>' in page


def test_every_field_is_saved_and_the_task_counts_as_looked_at(desk, directive, bodies, office):
    answer = send(
        desk,
        directive,
        code="3",
        title="  Vận động   tặng sách ",
        short_title="",
        strength="encouraged",
        words_and_counts_only="on",
        condition_text="nếu có kinh phí",
        condition_decider="tinh doan",
        condition_decide_by="15/3/2026",
        reviewing_unit="tuyen giao",
        monitors="Tỉnh đoàn; huyện ủy bắc mây",
    )
    task = by_code(directive)["3"]
    assert answer.url == f"{address(directive)}#nv-{task.pk}"
    assert (task.title, task.short_title, task.strength, task.words_and_counts_only) == (
        "Vận động tặng sách",
        "Vận động tặng sách",
        "encouraged",
        True,
    )
    assert (task.condition_text, task.condition_question, task.condition_state, task.condition_decide_by) == (
        "nếu có kinh phí",
        "“nếu có kinh phí” – có xảy ra không?",
        "undecided",
        date(2026, 3, 15),
    )
    assert (task.condition_decider, task.reviewing_unit) == (bodies["youth"], bodies["board"])
    assert set(task.monitors.all()) == {bodies["youth"], bodies["north"]}
    assert (task.checked_by, str(last_step(directive))) == (office, "Đã sửa nhiệm vụ 3")


def test_a_condition_without_words_is_none(desk, directive):
    send(desk, directive, condition_text="nếu có kinh phí", condition_decide_by="15/3/2026")
    send(desk, directive, condition_decide_by="15/3/2026", condition_question="Có không?")
    task = by_code(directive)["3"]
    assert (task.condition_text, task.condition_question, task.condition_state, task.condition_decide_by) == (
        "",
        "",
        "none",
        None,
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": ""}, "Xin ghi mã nhiệm vụ, ví dụ 1a.1."),
        ({"code": "2a"}, "Mã “2a” đã dùng cho nhiệm vụ khác của văn bản này. Hãy đặt mã khác."),
        ({"code": "3 a"}, "Mã không có khoảng trắng, ví dụ 1a.1."),
        ({"code": "x" * 41}, "40"),
        ({"title": " "}, "Xin ghi nội dung nhiệm vụ."),
        ({"strength": "perhaps"}, "perhaps"),
        ({"reviewing_unit": ""}, "Xin ghi đơn vị xem xét kết quả."),
        (
            {"reviewing_unit": "Sở Lạ"},
            "Không có đơn vị nào tên “Sở Lạ”. Hãy gõ vài chữ trong tên rồi chọn trong gợi ý.",
        ),
        ({"reviewing_unit": "mây"}, "Có nhiều đơn vị như “mây”: Huyện ủy Bắc Mây; Huyện ủy Nam Mây. Hãy ghi đủ tên."),
        ({"monitors": "Tỉnh đoàn; Sở Lạ"}, "Không có đơn vị nào tên “Sở Lạ”."),
        ({"condition_decide_by": "31/2/2026"}, "31/2/2026"),
        ({"condition_decide_by": "1/1/1954"}, "Năm 1954 không hợp lý. Xin ghi năm từ 2000 đến 2099."),
    ],
)
def test_what_cannot_stand_comes_back_with_a_sentence_and_what_was_typed(desk, directive, changed, sentence):
    before = everything(directive)
    answer = send(desk, directive, **{"short_title": "Đã gõ dở", **changed})
    page = answer.content.decode()
    assert (answer.status_code, everything(directive)) == (422, before)
    assert sentence in page
    assert 'value="Đã gõ dở"' in page


def test_nobody_reviews_what_is_theirs_also_as_a_member_of_a_group(desk, directive):
    answer = send(desk, directive, task="2a", code="2a", reviewing_unit="Huyện ủy Nam Mây")
    assert answer.status_code == 422
    assert "Huyện ủy Nam Mây chủ trì việc này nên không tự xem xét." in answer.content.decode()


def test_an_older_page_says_who_was_faster_and_keeps_what_was_typed(desk, directive):
    other = make_office_user("khac", full_name="Trần Văn Khác")
    editing.edit_task(by_code(directive)["3"], {"title": "Của người khác"}, by=other, now=at("2026-03-02", "08:55"))
    answer = send(desk, directive, title="Của tôi", seen=0)
    page = answer.content.decode()
    assert (answer.status_code, by_code(directive)["3"].title) == (422, "Của người khác")
    assert "Nhiệm vụ này vừa được sửa. Trần Văn Khác, 08:55 02/3/2026: Đã sửa nhiệm vụ 3." in page
    assert "Của tôi</textarea>" in page
    # The page that came back has seen it: saving once more is meant.
    assert 'name="seen" value="1"' in page


def test_an_edited_task_is_as_before_once_it_is_undone(desk, directive, office):
    before = everything(directive)
    send(desk, directive, code="3", monitors="Tỉnh đoàn")
    undo(directive, by=office, now=NOW)
    assert everything(directive) == before


# --- products -------------------------------------------------------------------------------------


def product_page(directive, code="3"):
    task = by_code(directive)[code]
    return f"{address(directive)}{task.pk}/san-pham/"


def rows(directive, code="3"):
    return list(
        by_code(directive)[code].products.order_by("order").values_list("kind", "name", "is_required", "has_paper")
    )


REPORT = ("report", "Báo cáo kết quả thực hiện", True, False)


def test_a_product_is_added_changed_and_taken_away_and_all_of_it_taken_back(desk, directive, office):
    before = everything(directive)
    desk.post(product_page(directive), {"kind": "plan", "name": " Kế hoạch  tặng sách", "has_paper": "on", "seen": "0"})
    assert rows(directive) == [REPORT, ("plan", "Kế hoạch tặng sách", False, True)]
    first, second = by_code(directive)["3"].products.order_by("order")
    desk.post(
        f"{product_page(directive)}{second.pk}/",
        {"kind": "list", "name": "Danh sách", "is_required": "on", "seen": newest(directive)},
    )
    assert rows(directive) == [REPORT, ("list", "Danh sách", True, False)]
    desk.post(f"{product_page(directive)}{first.pk}/", {"remove": "1", "seen": newest(directive)})
    assert rows(directive) == [("list", "Danh sách", True, False)]
    said = [str(change) for change in directive.draft_changes.order_by("number")]
    assert said == [
        "Đã sửa sản phẩm 3: thêm Kế hoạch tặng sách",
        "Đã sửa sản phẩm 3: Kế hoạch tặng sách",
        "Đã sửa sản phẩm 3: bỏ Báo cáo kết quả thực hiện",
    ]
    for _ in range(3):
        undo(directive, by=office, now=NOW)
    assert everything(directive) == before


def test_the_last_product_stays(desk, directive):
    product = by_code(directive)["3"].products.get()
    answer = desk.post(f"{product_page(directive)}{product.pk}/", {"remove": "1", "seen": "0"})
    assert (answer.status_code, rows(directive)) == (422, [REPORT])
    assert "Nhiệm vụ phải còn ít nhất một sản phẩm." in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"kind": "plan", "name": ""}, "Xin ghi tên sản phẩm"),
        ({"kind": "x", "name": "y"}, "x"),
        ({}, "Xin ghi tên sản phẩm"),
    ],
)
def test_a_product_without_a_name_or_kind_is_not_kept(desk, directive, sent, sentence):
    answer = desk.post(product_page(directive), {"seen": "0", **sent})
    assert (answer.status_code, rows(directive)) == (422, [REPORT])
    assert sentence in answer.content.decode()


def test_saving_a_product_as_it_is_makes_no_step(desk, directive):
    product = by_code(directive)["3"].products.get()
    sent = {"kind": "report", "name": product.name, "is_required": "on", "seen": "0"}
    desk.post(f"{product_page(directive)}{product.pk}/", sent)
    assert last_step(directive) is None


def test_a_product_that_is_gone_leads_back_to_the_task(desk, directive):
    answer = desk.get(f"{product_page(directive)}999999/")
    assert answer.url == f"{address(directive)}#nv-{by_code(directive)['3'].pk}"


def test_a_due_rule_is_set_from_here_leads_back_and_can_be_taken_back(desk, directive, office):
    before = everything(directive)
    task = by_code(directive)["3"]
    page = f"/nhiem-vu/{task.pk}/san-pham/{task.products.get().pk}/han/?ve=soat"
    assert f'href="{address(directive)}#nv-{task.pk}"' in desk.get(page).content.decode()
    answer = desk.post(
        page, {"due_kind": "fixed", "due_date": "20/4/2026", "due_source": "office", "due_on_day_off": "keep"}
    )
    assert answer.url == f"{address(directive)}#nv-{task.pk}"
    assert task.products.get().due_date == date(2026, 4, 20)
    assert str(last_step(directive)) == "Đã sửa sản phẩm 3: hạn của Báo cáo kết quả thực hiện"
    undo(directive, by=office, now=NOW)
    assert everything(directive) == before
