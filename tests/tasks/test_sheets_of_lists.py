"""Every list of the program can be taken along as an Excel file, or it is said here why not; each file holds what its page shows."""

from datetime import date, datetime

import pytest

from records import sheets
from tasks import tallies
from tasks.models import Instruction
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_membership,
    make_office_user,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from tests.matrix.policy import all_patterns
from tests.sheets import ask, columns, table
from tests.tasks.story import make_story, send
from units.models import Role, UnitKind

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
PERSONS = "holds persons: taken along through the registry's own export with its right, purpose and sealed file"

# Pages whose name says that they are lists → the list they hand over, or why none.
LISTS = {
    "tasks:assignment_list": "phan-viec",
    "tasks:directive_list": "van-ban",
    "tasks:incoming_list": "van-ban-den",
    "tasks:upward_list": "bao-cao-cap-tren",
    "tasks:release_list": "van-ban-duoc-gui",
    "tasks:instruction_list": "y-kien",
    "tasks:activity_list": "su-kien",
    "tasks:inspection_list": "kiem-tra",
    "tasks:finding_list": "kien-nghi",
    "tasks:chase_list": "don-doc",
    "tasks:digest_list": "cac-bao-cao-nhanh",
    "tasks:filter_list": "-: names of filters that lead to lists",
    "tasks:period_list": "-: a handful of dates that the office sets, on one screen",
    "tasks:ranking_list": "-: a ranking leaves the office on its own day and way, never as a file beside it",
    "tasks:summary_list": "-: drafts of the summary report, each a file already",
    "tasks:template_list": "-: an office's templates, each a file already",
    "tasks:feed_list": "-: secret addresses of calendars, which must not be spread",
    "veterans:person_list": f"-: {PERSONS}",
    "veterans:pair_list": f"-: {PERSONS}",
    "veterans:verify_list": f"-: {PERSONS}",
    "veterans:living_list": f"-: {PERSONS}",
    "veterans:condolence_list": f"-: {PERSONS}",
    "veterans:sent_list": f"-: {PERSONS}",
    "veterans:village_list": f"-: {PERSONS}",
    "veterans:delegation_list": f"-: {PERSONS}",
    "veterans:plan_list": f"-: {PERSONS}; a plan has papers and a list of its own",
    "veterans:copy_list": "-: which phones carry a sheet, to be revoked and not to be spread",
    "veterans:template_list": "-: five templates, each a file already",
}
# Pages that are lists without saying so by their name.
OTHERS = {
    "tasks:review_queue": "cho-xem-xet",
    "tasks:today": "xin-gia-han",
    "tasks:chase_letters": "cong-van-don-doc",
    "tasks:missing_scans": "thieu-ban-chup",
    "tasks:unit_home": "viec-cua-don-vi",
    "tasks:unit_reports": "bao-cao-don-vi",
    "tasks:idle_work": "viec-khong-ai-lam",
    "tasks:directive_figures": "so-lieu",
    "tasks:indicator_detail": "chi-tieu",
    "tasks:directive_detail": "nhiem-vu",
    "tasks:overview": "tong-quan-don-vi tong-quan-nhiem-vu",
    "tasks:digest": "bao-cao-nhanh bao-cao-nhanh-don-vi",
    "records:log": "nhat-ky",
}


@pytest.fixture(autouse=True)
def monday(monkeypatch, settings, tmp_path):
    """The pages' clock stands at Monday 15/4/2024, 08:00."""
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office(client):
    user = make_office_user()
    client.force_login(user)
    return user


def test_every_page_that_is_a_list_has_its_file_or_a_reason():
    there = {name for name in all_patterns() if name.endswith("_list") and not name.startswith("admin:")}

    assert there == set(LISTS)


def test_every_list_that_is_named_is_registered_and_every_registered_one_stands_on_a_page():
    named = {key for words in (*LISTS.values(), *OTHERS.values()) if not words.startswith("-") for key in words.split()}

    assert named == set(sheets.keys())
    assert set(OTHERS) <= set(all_patterns())


def test_a_name_stands_for_one_list_only():
    with pytest.raises(ValueError, match="twice"):
        sheets.register("phan-viec", lambda asked: None)


# --- each file holds what its page shows ------------------------------------------------------------------------------------


def late_world():
    """Two works that are late, one that is not."""
    directive = make_directive(short_title="Kế hoạch 70 năm")
    task = make_task(directive, "1a.1", title="Xây dựng kế hoạch")
    first, second = make_unit("Huyện ủy Đắk Hà"), make_unit("Tỉnh đoàn & <Đội>")
    make_assignment(task, first, due=date(2024, 4, 10), state="in_progress")
    make_assignment(task, second, due=date(2024, 4, 12), state="assigned")
    make_assignment(make_task(directive, "1b"), second, due=date(2024, 4, 30), state="in_progress")
    return directive, first, second


def test_late_work_is_handed_over_by_its_day_with_the_filters_of_the_address(client, office):
    directive, _, second = late_world()
    names = ("Mã việc", "Đơn vị", "Hạn", "Số ngày quá hạn")

    whole = ask(client, "don-doc")
    one = ask(client, "don-doc", f"don-vi={second.pk}&van-ban={directive.pk}&loc=chua-neu")

    assert columns(whole.content, *names) == [
        ("1a.1", "Huyện ủy Đắk Hà", datetime(2024, 4, 10), 5),
        ("1a.1", "Tỉnh đoàn & <Đội>", datetime(2024, 4, 12), 3),
    ]
    assert columns(one.content, *names) == [("1a.1", "Tỉnh đoàn & <Đội>", datetime(2024, 4, 12), 3)]
    assert table(one.content)[0][1].endswith(
        "Lọc theo: Danh sách: Chưa nêu lý do; Văn bản: Kế hoạch 70 năm; Đơn vị: Tỉnh đoàn & <Đội>"
    )


def test_late_work_of_a_document_that_is_not_there_does_not_exist(client, office):
    assert ask(client, "don-doc", "van-ban=99999999").status_code == 404


def test_documents_are_handed_over_with_their_four_classes(client, office):
    late_world()

    answer = ask(client, "van-ban")

    names = ("Văn bản", "Trạng thái", "Số nhiệm vụ", "Chưa xong, quá hạn", "Chưa xong, trong hạn")
    assert [row[1:3] for row in columns(answer.content, *names)] == [("Đã giao", 2)]


def test_a_units_people_get_documents_without_the_figures_of_all_units(client):
    _, first, _ = late_world()
    client.force_login(make_reporter(first))

    head = table(ask(client, "van-ban").content)[1][0]

    assert head == [
        "Văn bản",
        "Cơ quan ban hành",
        "Số, ký hiệu",
        "Ngày văn bản",
        "Trạng thái",
        "Giao ngày",
        "Số nhiệm vụ",
    ]


def test_tasks_of_a_document_are_handed_over_in_their_order(client, office):
    directive, _, _ = late_world()

    answer = ask(client, "nhiem-vu", f"so={directive.pk}")

    assert columns(answer.content, "Mã", "Nhiệm vụ", "Số đơn vị chủ trì") == [
        ("1a.1", "Xây dựng kế hoạch", 2),
        ("1b", "Tuyên truyền về Chiến thắng Điện Biên Phủ (1b)", 1),
    ]


def test_what_waits_for_a_review_is_handed_over_oldest_first(client):
    story = make_story(state="in_progress")
    send(story)
    client.force_login(story.office)

    shown = columns(ask(client, "cho-xem-xet").content, "Đơn vị", "Lần gửi", "Gửi lúc", "Chờ, ngày làm việc")
    nothing = columns(ask(client, "cho-xem-xet", "q=khong+co+gi").content, "Đơn vị")

    assert (shown, nothing) == ([(story.unit.name, 1, datetime(2024, 4, 10, 9, 0), 3)], [])


def test_a_units_work_is_handed_over_in_the_groups_of_its_page(client):
    _, _, second = late_world()
    client.force_login(make_reporter(second))

    whole = columns(ask(client, "viec-cua-don-vi").content, "Nhóm", "Mã việc")
    one = columns(ask(client, "viec-cua-don-vi", "nhom=doing").content, "Nhóm", "Mã việc")

    assert (whole, one) == ([("Việc mới giao", "1a.1"), ("Đang làm", "1b")], [("Đang làm", "1b")])


def test_a_units_work_is_not_handed_to_another_unit(client):
    _, first, second = late_world()
    client.force_login(make_reporter(second))

    assert ask(client, "viec-cua-don-vi", f"don-vi={first.pk}").status_code == 404


def test_instructions_are_handed_over_open_ones_first(client, office):
    directive, first, _ = late_world()
    for words, state in (("Đã xong", "done"), ("=Còn mở", "open")):
        row = Instruction.objects.create(
            directive=directive, words=words, said_by="Bí thư", said_on=TODAY, source="briefing",
            state=state, written_by=office, written_at=at(TODAY),
        )  # fmt: skip
        row.units.add(first)

    answer = ask(client, "y-kien", f"van-ban={directive.pk}")

    assert columns(answer.content, "Ý kiến", "Ngày", "Đơn vị") == [
        ("=Còn mở", datetime(2024, 4, 15), "Huyện ủy Đắk Hà"),
        ("Đã xong", datetime(2024, 4, 15), "Huyện ủy Đắk Hà"),
    ]


def test_the_lines_above_a_list_name_nothing_of_a_draft_that_the_person_may_not_know(client):
    draft = make_directive(title="Văn bản chưa ban hành", short_title="Bí mật đến ngày ban hành", state="draft")
    task = make_task(draft, "9z.9")
    reader = make_user("nguoidoc")
    make_membership(reader, make_unit("Thường trực", kind=UnitKind.STANDING_COMMITTEE), Role.READER)
    client.force_login(reader)

    answers = [ask(client, "y-kien", f"van-ban={draft.pk}"), ask(client, "phan-viec", f"task={task.pk}")]

    lines = [line for answer in answers for line in table(answer.content)[0]]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [line for line in lines if "Bí mật" in line or "chưa ban hành" in line or "9z.9" in line] == []


def test_the_overview_is_handed_over_by_unit_and_by_task(client, office):
    directive, first, second = late_world()
    tasks = directive.tasks.values_list("pk", flat=True)
    tallies.refresh(directive, unit_ids=[first.pk, second.pk], task_ids=list(tasks), today=TODAY)

    units = columns(ask(client, "tong-quan-don-vi", f"so={directive.pk}").content, "Đơn vị", "Chưa xong, quá hạn")
    tasks = columns(ask(client, "tong-quan-nhiem-vu", f"so={directive.pk}").content, "Mã", "Tính thống kê")

    assert sorted(units) == [("Huyện ủy Đắk Hà", 1), ("Tỉnh đoàn & <Đội>", 1)]
    assert sorted(tasks) == [("1a.1", 2), ("1b", 1)]


def test_the_log_is_handed_over_with_the_words_of_its_page(client, office):
    client.get("/nhat-ky/")
    ask(client, "van-ban")

    answer = ask(client, "nhat-ky", "nguoi=vanphong&tu=15/4/2024")

    assert columns(answer.content, "Người làm", "Việc") == [("Nguyễn Văn Vanphong", "xuất Excel một danh sách")]
    assert table(answer.content)[0][-1].endswith("Lọc theo: Người làm: vanphong; Từ ngày: 15/4/2024")


HOSTILE = (
    "",
    "so=-1",
    "so=abc&page=-1",
    "van-ban=%00&don-vi=x&loc=%FF&xem=1&nhom=2&q=%00",
    "so=99999999999999999999",
    "&&&==",
)


@pytest.mark.parametrize("key", sorted(sheets.keys()))
def test_no_address_whatever_it_says_breaks_a_list(client, office, key):
    late_world()

    assert {ask(client, key, loc).status_code for loc in HOSTILE} <= {200, 403, 404}


def test_a_reader_gets_what_readers_see(client):
    late_world()
    reader = make_user("thuongtruc")
    make_membership(reader, make_unit(kind=UnitKind.STANDING_COMMITTEE), Role.READER)
    client.force_login(reader)

    assert len(columns(ask(client, "phan-viec").content, "Mã việc")) == 3
    assert ask(client, "thieu-ban-chup").status_code == 403
