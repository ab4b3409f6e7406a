"""The page of a draft without JavaScript: what it shows, what each button does, what it says when it is old."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tasks.checking import steps
from tasks.drafting import editing
from tasks.issuing import issue
from tasks.models import Directive, DraftChange
from tests.factories import at, make_office_user, make_reporter
from tests.tasks.checking.draft import about, address, messages, newest, place, press
from tests.tasks.drafting.draft import LETTER, NOW, by_code, codes, everything, record_letter, words_of

pytestmark = pytest.mark.django_db


def shown(client, directive) -> str:
    return client.get(address(directive)).content.decode()


# --- what it shows --------------------------------------------------------------------------------


def test_words_and_tasks_lead_to_each_other(desk, directive):
    page, task = shown(desk, directive), by_code(directive)["2a"]
    assert f'<mark class="ck-task" id="v-{task.pk}" data-t="{task.pk}">Tổ chức ngày hội tại địa bàn' in page
    assert f'href="#nv-{task.pk}" aria-label="Nhiệm vụ 2a">2a</a>' in page
    assert f'id="nv-{task.pk}"' in page
    assert f'<a class="dt-code" href="#v-{task.pk}"' in page


def test_an_open_sentence_has_its_two_buttons_and_what_is_set_aside_one(desk, directive):
    page = shown(desk, directive)
    open_ = place(directive, "Ngày hội là dịp để mọi người thêm yêu sách.")
    aside = place(directive, "Nơi nhận:")
    assert f'value="add:{open_}">Tạo nhiệm vụ</button>' in page
    assert f'value="dismiss:{open_}">Không phải nhiệm vụ</button>' in page
    assert f'value="reopen:{aside}">Mở lại</button>' in page


def test_a_card_says_who_until_when_and_why(desk, directive):
    page = shown(desk, directive)
    card = page[page.index(f'id="nv-{by_code(directive)["1"].pk}"') :]
    card = card[: card.index("</article>")]
    for words in (
        "Ban Tuyên giáo Tỉnh ủy",
        "chắc",
        "chậm nhất ngày 20/3/2026",
        "“trước ngày 20/3/2026”",
        "Vì sao: câu nêu tên cơ quan phải làm",
        "Đã soát",
    ):
        assert words in card


def test_what_asks_for_a_second_look_stands_above(desk, directive):
    page = shown(desk, directive)
    head = page[: page.index("ck-panes")]
    for words in (
        "4 nhiệm vụ do chương trình đề xuất chưa ai soát",
        "3 câu chưa xét: là nhiệm vụ hay không",
        "Có tên chưa rõ là đơn vị nào",
    ):
        assert words in head


@pytest.mark.parametrize("script", [False, True])
def test_a_sentence_about_a_step_is_said_once(desk, directive, script):
    headers = {"HX-Request": "true"} if script else {}
    asked = {"do": about(directive, "up", "1"), "seen": newest(directive)}
    page = desk.post(address(directive), asked, headers=headers, follow=True).content.decode()
    assert page.count("Nhiệm vụ này đã đứng đầu.") == 1


def test_letters_of_html_in_the_document_stay_letters(desk, bodies, office):
    strange = record_letter(
        text=LETTER.replace("41-CV/TU", "42-CV/TU").replace("yêu sách.", "<b onclick='x'>&amp; 𝒳."), name="la.txt"
    )
    page = shown(desk, strange)
    assert "&lt;b onclick=&#x27;x&#x27;&gt;&amp;amp;</span>" in page


LONG = """TỈNH ỦY SÔNG MÂY
Số 9-CV/TU

V/v hội thi

Kính gửi:
- Tỉnh đoàn,
- Các huyện ủy, thành ủy.

{open}

1. Hội Người cao tuổi tỉnh vận động hội viên; Tỉnh đoàn phối hợp.
2. Các huyện ủy, thành ủy:
{tasks}
"""


def long_letter(tasks: int, waiting: int):
    return record_letter(
        text=LONG.format(
            tasks="\n".join(f"- Tổ chức hội thi đọc sách số {n} trước ngày 20/3/2026." for n in range(tasks)),
            open="\n".join(f"Ngày hội thứ {n} là dịp vui." for n in range(waiting)),
        ),
        name=f"dai-{tasks}.txt",
    )


@pytest.mark.parametrize(("tasks", "waiting"), [(1, 3), (200, 600)])
def test_the_page_costs_the_same_statements_for_any_number_of_tasks(
    desk, bodies, office, django_assert_num_queries, tasks, waiting
):
    directive = long_letter(tasks, waiting)
    assert directive.tasks.count() == tasks + 1
    press(desk, directive, "checkall")
    with django_assert_num_queries(24):
        page = shown(desk, directive)
    assert f"<strong>{tasks + 1}/{tasks + 1}</strong> nhiệm vụ đã soát" in page
    assert f">{waiting + 1} câu chưa xét</a>" in page


# --- buttons --------------------------------------------------------------------------------------


def test_checking_one_off_leads_to_the_next_that_waits(desk, directive, office):
    answer = press(desk, directive, about(directive, "check", "1"))
    task, following = by_code(directive)["1"], by_code(directive)["2a"]
    assert (task.checked_by, task.checked_at) == (office, NOW)
    assert (answer.status_code, answer.url) == (302, f"{address(directive)}#nv-{following.pk}")
    assert "✓ Đã soát: Nguyễn Thị Soát, 09:00 02/3/2026".replace("02/3/2026", "02/3/2026") in shown(desk, directive)


def test_all_that_wait_are_checked_off_at_once(desk, directive):
    press(desk, directive, "checkall")
    assert directive.tasks.unchecked().count() == 0
    assert "Hoàn tác: Đã soát nhiệm vụ 1, 2a, 2b, 3" in shown(desk, directive)


def test_splitting_shows_its_parts_first_and_then_splits(desk, directive):
    task = by_code(directive)["1"]
    page = desk.get(f"{address(directive)}{task.pk}/tach/").content.decode()
    for words in (
        "Xây dựng nội dung tuyên truyền về ngày hội",
        "Hướng dẫn các địa phương trang trí thư viện",
        "Tách thành 2",
    ):
        assert words in page
    assert codes(directive) == ["1", "2a", "2b", "3"]
    answer = desk.post(f"{address(directive)}{task.pk}/tach/", {"seen": "0"})
    assert (answer.url, codes(directive)) == (f"{address(directive)}#nv-{task.pk}", ["1.1", "1.2", "2a", "2b", "3"])


def test_a_task_is_cut_at_the_places_that_were_ticked(desk, directive):
    task = by_code(directive)["1"]
    start = place(directive, "hướng dẫn các địa phương").partition("-")[0]
    desk.post(f"{address(directive)}{task.pk}/tach/", {"seen": "0", "places": "1", "place": [start]})
    assert [words_of(by_code(directive)[code])[0][:24] for code in ("1.1", "1.2")] == [
        "Ban Tuyên giáo Tỉnh ủy c",
        "hướng dẫn các địa phương",
    ]


def test_cutting_nowhere_is_refused_on_the_page_itself(desk, directive):
    task = by_code(directive)["1"]
    answer = desk.post(f"{address(directive)}{task.pk}/tach/", {"seen": "0", "places": "1", "place": ["x", "7"]})
    assert answer.status_code == 422
    assert "Chỗ tách không nằm trong đoạn của nhiệm vụ" in answer.content.decode()


def test_a_task_is_cut_where_the_marked_words_begin(desk, directive):
    start = place(directive, "hướng dẫn các địa phương").partition("-")[0]
    press(desk, directive, f"{about(directive, 'cut', '1')}-{start}")
    assert codes(directive) == ["1.1", "1.2", "2a", "2b", "3"]


def test_ticked_tasks_become_one(desk, directive):
    tasks = by_code(directive)
    press(desk, directive, "merge", chon=[tasks["2a"].pk, tasks["2b"].pk])
    assert codes(directive) == ["1", "2a", "3"]


def test_a_merge_that_is_refused_keeps_the_ticks(desk, directive):
    task = by_code(directive)["2a"]
    answer = press(desk, directive, "merge", chon=[task.pk])
    assert answer.status_code == 422
    assert "Hãy chọn ít nhất hai nhiệm vụ để gộp." in answer.content.decode()
    assert 'aria-label="Đánh dấu 2a để gộp" checked>' in answer.content.decode()


@pytest.mark.parametrize(("verb", "waiting"), [("notask", 3), ("remove", 4)])
def test_a_task_is_no_task_or_its_words_stand_open(desk, directive, verb, waiting):
    press(desk, directive, about(directive, verb, "2a"))
    assert codes(directive) == ["1", "2b", "3"]
    assert len(steps.waiting_in(directive.current_text)) == waiting


@pytest.mark.parametrize(
    ("verb", "code", "order"),
    [
        ("up", "2b", ["1", "2b", "2a", "3"]),
        ("down", "2a", ["1", "2b", "2a", "3"]),
        ("down", "2b", ["1", "2a", "3", "2b"]),
        ("up", "1", ["1", "2a", "2b", "3"]),
        ("down", "3", ["1", "2a", "2b", "3"]),
    ],
)
def test_a_task_moves_up_and_down(desk, directive, verb, code, order):
    press(desk, directive, about(directive, verb, code))
    assert codes(directive) == order


def test_marked_words_become_a_task(desk, directive):
    press(desk, directive, f"add:{place(directive, 'Ngày hội là dịp')}")
    assert words_of(by_code(directive)["3.2"]) == ["Ngày hội là dịp"]


def test_a_sentence_is_no_task_and_stands_open_again(desk, directive):
    where = place(directive, "Ngày hội là dịp để mọi người thêm yêu sách.")
    press(desk, directive, f"dismiss:{where}")
    assert len(steps.waiting_in(directive.current_text)) == 2
    answer = press(desk, directive, f"reopen:{where}")
    assert answer.url == f"{address(directive)}#o-{where.partition('-')[0]}"
    assert len(steps.waiting_in(directive.current_text)) == 3


def test_a_whole_section_is_no_task(desk, directive):
    start, end = place(directive, "2. Các huyện ủy").partition("-")[0], len(directive.current_text.body)
    press(desk, directive, f"section:{start}-{end}")
    body = directive.current_text.body
    assert [body[a : a + 8] for a, _ in steps.waiting_in(directive.current_text)] == ["Thực hiệ"]


def test_all_that_is_still_open_is_no_task_if_it_is_as_much_as_was_said(desk, directive):
    answer = press(desk, directive, "rest:9")
    assert (answer.status_code, len(steps.waiting_in(directive.current_text))) == (422, 3)
    assert "Lúc này còn 3 câu chưa xét, không phải 9." in answer.content.decode()
    press(desk, directive, "rest:3")
    assert steps.waiting_in(directive.current_text) == []


def test_the_last_step_is_named_and_taken_back(desk, directive, office):
    before = everything(directive)
    press(desk, directive, about(directive, "notask", "3"))
    page = shown(desk, directive)
    assert 'value="undo:1" data-ck="undo">Hoàn tác: Đã bỏ nhiệm vụ 3' in page
    assert "– Nguyễn Thị Soát, 09:00" in page
    press(desk, directive, "undo:1")
    assert everything(directive) == before


# --- nothing that can be sent breaks it -----------------------------------------------------------

STRANGE = [
    "", "nothing", "check:", "check:x", "check:999999", "check:-1", "check:1' OR 1=1", "check:٣", "add:5-3", "add:0-999999",
    "add:x-y", "add:5", "dismiss:99999999999-999999999999", "section:7-7", "rest:", "rest:x", "undo:", "undo:5", "undo:x",
    "cut:1", "cut:1-x", "merge:9", "reopen:1-2-3", "up:0", "check:" + "9" * 400, "\x00", "add:1-2\x00",
]  # fmt: skip


@pytest.mark.parametrize("do", STRANGE)
@pytest.mark.parametrize("seen", ["0", "", "x", "9" * 30])
def test_whatever_is_sent_gets_a_sentence_and_changes_nothing(desk, directive, do, seen):
    before = everything(directive)
    answer = desk.post(address(directive), {"do": do, "seen": seen, "chon": ["x", "-1", "7777777"]})
    assert answer.status_code in (302, 422)
    assert everything(directive) == before
    assert DraftChange.objects.count() == 0


# --- two people at once ---------------------------------------------------------------------------


@pytest.fixture
def other(directive):
    return make_office_user("khac", full_name="Trần Văn Khác")


def test_who_comes_second_is_told_who_did_what_when(desk, directive, office, other):
    do = about(directive, "check", "1")
    editing.split_by_verbs(by_code(directive)["1"], by=other, now=at("2026-03-02", "08:55"))
    answer = press(desk, directive, do, seen=0)
    assert (answer.status_code, codes(directive)) == (422, ["1.1", "1.2", "2a", "2b", "3"])
    assert (
        "Nhiệm vụ này vừa được sửa. Trần Văn Khác, 08:55 02/3/2026: Đã tách nhiệm vụ 1 thành 1.1, 1.2. "
        "Hãy xem lại rồi làm tiếp nếu vẫn cần."
    ) in answer.content.decode()


def test_a_task_that_is_gone_is_explained(desk, directive, other):
    do, task = about(directive, "check", "3"), by_code(directive)["3"]
    editing.remove(task, dismiss=False, by=other, now=at("2026-03-02", "08:55"))
    answer = press(desk, directive, do)
    assert "không còn nữa. Trần Văn Khác, 08:55 02/3/2026: Đã bỏ nhiệm vụ 3" in answer.content.decode()


def test_the_page_of_a_task_that_is_gone_leads_back_with_the_same_words(desk, directive, other):
    task = by_code(directive)["3"]
    where = f"{address(directive)}{task.pk}/tach/"
    editing.remove(task, dismiss=False, by=other, now=at("2026-03-02", "08:55"))
    answer = desk.get(where)
    assert answer.url == address(directive)
    assert "Trần Văn Khác, 08:55 02/3/2026: Đã bỏ nhiệm vụ 3" in messages(answer)[0]


def test_splitting_an_older_page_is_refused(desk, directive, other):
    task = by_code(directive)["1"]
    editing.edit_task(task, {"title": "Khác"}, by=other, now=NOW)
    answer = desk.post(f"{address(directive)}{task.pk}/tach/", {"seen": "0"})
    assert (answer.url, codes(directive)) == (address(directive), ["1", "2a", "2b", "3"])


def test_the_same_sentence_is_not_made_a_task_twice(desk, directive, office, other):
    where = place(directive, "Ngày hội là dịp để mọi người thêm yêu sách.")
    start, end = map(int, where.split("-"))
    editing.add_task(directive.current_text, (start, end), by=other, now=NOW, today=NOW.date())
    answer = press(desk, directive, f"add:{where}", seen=0)
    assert "Đoạn này vừa có nhiệm vụ. Trần Văn Khác" in answer.content.decode()
    assert directive.tasks.count() == 5


def test_what_others_do_elsewhere_stops_nobody(desk, directive, other):
    editing.remove(by_code(directive)["3"], dismiss=False, by=other, now=NOW)
    assert press(desk, directive, about(directive, "check", "1"), seen=0).status_code == 302
    assert by_code(directive)["1"].is_unchecked is False


def test_after_it_was_issued_one_is_led_to_the_document(desk, directive, office):
    editing.check_off(directive, directive.tasks.all(), by=office, now=NOW)
    issue(directive, by=office, now=NOW)
    for answer in (desk.get(address(directive)), press(desk, directive, "undo:1")):
        assert answer.url == f"/van-ban/{directive.pk}/"
    assert messages(answer)[-1] == (
        "Văn bản này đã được giao ngày 02/3/2026 (Nguyễn Thị Soát), không còn là dự thảo để soát."
    )
    assert newest(directive) == 1


# --- who ------------------------------------------------------------------------------------------


def test_a_units_person_may_not_look_at_drafts(client, directive, bodies):
    client.force_login(make_reporter(bodies["youth"], "tinhdoan"))
    assert client.get(address(directive)).status_code == 403
    assert press(client, directive, "checkall").status_code == 403
    assert directive.tasks.unchecked().count() == 4


# --- the ways there -------------------------------------------------------------------------------


def upload(client, text: str, name: str):
    return client.post("/van-ban/moi/", {"file": SimpleUploadedFile(name, text.encode()), "not_secret": "on"})


def test_a_recorded_document_lands_where_its_proposals_wait(desk, bodies):
    answer = upload(desk, LETTER.replace("41-CV", "51-CV"), "moi.txt")
    assert answer.url == address(Directive.objects.get(number="51-CV/TU"))


def test_a_document_without_proposals_lands_on_its_own_page(desk, bodies):
    answer = upload(desk, "Thơ mừng xuân.\n\nHoa mai nở vàng trước ngõ.\n", "tho.txt")
    assert answer.url == Directive.objects.get(title="tho").get_absolute_url()


def test_the_same_document_from_another_file_leads_to_the_one_that_is_there(desk, directive):
    answer = upload(desk, LETTER + "\n\n", "khac.txt")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "đã được ghi từ một tệp khác" in page
    assert f'<a href="/van-ban/{directive.pk}/">Mở văn bản đó</a>' in page


def test_the_document_of_a_draft_leads_to_where_it_is_checked(desk, directive):
    page = desk.get(f"/van-ban/{directive.pk}/").content.decode()
    assert f'href="{address(directive)}">Soát văn bản (4 nhiệm vụ chờ soát)</a>' in page
    assert "Câu chưa xét" not in page
