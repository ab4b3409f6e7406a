"""Going anywhere by words: what is found, by whom, at what cost, and that the words follow what they are words of."""

from datetime import date

import pytest
from django.db import connection

from directive_tracker.scale.build import Size, build
from tasks.desk.finding import find
from tasks.desk.words import typed_words, words_of
from tasks.models import Directive, DirectiveTask, SearchWord
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
from tests.tasks.story import make_story

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
GO = "/tim/"


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 08:00."""
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)


def named(groups) -> dict[str, list[str]]:
    """Heading → the lines as they are read."""
    return {group.heading: [f"{target.code} {target.name}".strip() for target in group.targets] for group in groups}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Huyện ủy Đắk Hà", {"huyen", "uy", "dak", "ha"}),
        ("1a.2", {"1a.2", "1a"}),
        ("Số 05-CV/TU", {"so", "05-cv/tu", "05", "cv", "tu"}),
        ("(70 năm)…", {"70", "nam"}),
        ("", set()),
        ("?!", set()),
    ],
)
def test_words_are_whole_and_without_accents(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  ĐẮK   ha ", ["dak", "ha"]),
        ("1A.2 1a.2", ["1a.2"]),
        ("một hai ba bốn năm sáu bảy tám", ["mot", "hai", "ba", "bon", "nam", "sau"]),
        ("%_'\\", []),
    ],
)
def test_what_is_typed_is_read_as_beginnings_of_words(text, words):
    assert typed_words(text) == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "dak ha",
            {"Đơn vị": ["Huyện ủy Đắk Hà"]},
        ),
        ("1a.1", {"Nhiệm vụ": ["1a.1 Tuyên truyền"]}),
        ("1A.1 dak ha", {"Phần việc": ["1a.1 Huyện ủy Đắk Hà – Tuyên truyền"]}),
        ("DIEN BIEN", {"Nhiệm vụ": ["1a.1 Tuyên truyền"], "Văn bản": ["70 năm Điện Biên Phủ"]}),
        ("dien bien 1a", {"Nhiệm vụ": ["1a.1 Tuyên truyền"]}),
        ("ien bien", {}),
        ("khong co gi", {}),
    ],
)
def test_the_office_finds_everything_by_beginnings_of_words(text, found):
    story = make_story()

    assert named(find(story.office, text)) == found


def test_a_task_whose_code_was_typed_stands_before_those_that_begin_with_it():
    directive, office = make_directive(), make_office_user()
    for code in ("1a.10", "1a.1", "1a.12"):
        make_task(directive, code)

    assert named(find(office, "1a.1")) == {
        "Nhiệm vụ": ["1a.1 Tuyên truyền", "1a.10 Tuyên truyền", "1a.12 Tuyên truyền"]
    }


def test_words_side_by_side_in_a_name_mean_that_unit_first():
    directive, office = make_directive(), make_office_user()
    task = make_task(directive, "1a.2")
    for name in ("Huyện ủy Đắk Glei", "Huyện ủy Đắk Hà"):
        make_assignment(task, make_unit(name))

    found = named(find(office, "1a.2 dak h"))

    assert found == {"Phần việc": ["1a.2 Huyện ủy Đắk Hà – Tuyên truyền", "1a.2 Huyện ủy Đắk Glei – Tuyên truyền"]}
    assert named(find(office, "dak h")) == {"Đơn vị": ["Huyện ủy Đắk Hà", "Huyện ủy Đắk Glei"]}


def test_a_units_people_find_their_own_unit_and_work_and_nobody_elses():
    story = make_story()

    mine, other = (named(find(story.reporter, text)) for text in ("1a.1", "1a.1 ngoc hoi"))

    assert mine == {"Nhiệm vụ": ["1a.1 Tuyên truyền"], "Phần việc": ["1a.1 Huyện ủy Đắk Hà – Tuyên truyền"]}
    assert other == {}
    assert named(find(story.reporter, "huyen uy")) == {"Đơn vị": ["Huyện ủy Đắk Hà"]}


def test_drafts_are_found_by_the_office_alone():
    office, unit = make_office_user(), make_unit()
    reporter = make_reporter(unit)
    make_task(make_directive(state="draft", short_title="Dự thảo mật thiết", title="Dự thảo"), "9z")

    assert (list(named(find(office, "9z"))), named(find(reporter, "9z")), named(find(reporter, "du thao"))) == (
        ["Nhiệm vụ"],
        {},
        {},
    )


@pytest.mark.parametrize("role", ["administrator", "registrar"])
def test_who_sees_no_work_finds_none(role):
    story = make_story()
    user = make_user()
    if role == "administrator":
        make_membership(user, make_unit(), role)

    assert named(find(user, "1a.1 dak ha")) == named(find(user, "dien bien")) == named(find(user, "dak ha")) == {}
    assert story.task.search_words.count() > 0


def test_a_unit_that_ended_is_not_offered():
    story = make_story()
    story.unit.valid_to = date(2024, 4, 1)
    story.unit.save()

    assert named(find(story.office, "dak ha")) == {}


# --- the words follow ------------------------------------------------------------------------------


def kept(row) -> set[str]:
    return set(SearchWord.objects.filter(**row.words_kept()).values_list("word", flat=True))


def test_new_titles_bring_new_words_and_take_the_old_ones_away():
    task = make_task(make_directive(short_title="Sự kiện"), "2b", title="Phát động thi đua", short_title="Thi đua")

    task.title = "Trồng cây"
    task.short_title = "Trồng cây"
    task.save()

    assert kept(task) == {"2b", "trong", "cay", "su", "kien"}


def test_a_document_that_is_renamed_takes_its_tasks_along():
    directive = make_directive(short_title="Sự kiện", title="Tên cũ", issuer="Tỉnh ủy")
    task = make_task(directive, "2b", title="Trồng cây", short_title="Cây")

    directive.short_title = "Tết trồng cây"
    directive.save()

    assert kept(directive) == {"ten", "cu", "tet", "trong", "cay", "tinh", "uy"}
    assert kept(task) == {"2b", "trong", "cay", "tet"}


def test_a_save_that_changes_no_title_costs_no_more(django_assert_num_queries):
    make_task(make_directive(), "2b")
    task = DirectiveTask.objects.get(code="2b")

    with django_assert_num_queries(1):
        task.save()


def test_what_is_loaded_in_bulk_has_its_words():
    build(Size(assignments=20, units=4, users=4), today=TODAY, seed=1, say=lambda words: None)

    for row in (*Directive.objects.all(), *DirectiveTask.objects.select_related("directive")):
        assert kept(row) == words_of(row.searched_text())
    assert DirectiveTask.objects.count() == 5


# --- the page --------------------------------------------------------------------------------------


def test_the_page_works_without_scripts_and_finds_pages_too(client):
    story = make_story()
    client.force_login(story.office)

    page = client.get(GO, {"q": "hom nay"}).content.decode()

    assert '<a href="/hom-nay/" data-dt-target="Trang">Hôm nay</a>' in page


def test_while_typing_only_the_part_comes_back(client):
    story = make_story()
    client.force_login(story.office)

    answer = client.get(GO, {"q": "dak ha"}, headers={"HX-Request": "true"}).content.decode()

    assert ("Huyện ủy Đắk Hà" in answer, "<html" in answer) == (True, False)


@pytest.mark.parametrize("text", ["", " ", "x" * 500, "%", "\x00", "'; DROP TABLE", "<script>alert(1)</script>", "đ"])
def test_no_words_and_nonsense_are_answered_calmly(client, text):
    story = make_story()
    client.force_login(story.office)

    answer = client.get(GO, {"q": text})

    assert (answer.status_code, "<script>alert" in answer.content.decode()) == (200, False)


def test_at_most_twenty_lines_whatever_was_typed(client):
    directive, office = make_directive(), make_office_user()
    units = [make_unit(f"Huyện ủy số {number}") for number in range(30)]
    for number in range(30):
        task = make_task(directive, f"h{number}", title="Huyện ủy làm")
        make_assignment(task, units[number])

    groups = find(office, "h")

    assert sum(len(group.targets) for group in groups) == 16


# --- cost ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 25, 300])
@pytest.mark.parametrize(("who", "statements"), [("office", 6), ("reporter", 6)])
def test_it_costs_the_same_at_one_and_at_three_hundred(client, django_assert_num_queries, count, who, statements):
    story = make_story()
    units = [story.unit, *(make_unit(f"Huyện ủy Đắk số {number}") for number in range(9))]
    for number in range(-(-count // 10)):
        task = make_task(story.directive, f"1a.{number + 2}")
        for unit in units:
            make_assignment(task, unit)
    client.force_login(getattr(story, who))

    # Session with person, rights with unread notices, then units, tasks, parts of the work, documents.
    with django_assert_num_queries(statements):
        answer = client.get(GO, {"q": "1a. dak"})

    assert answer.status_code == 200


def test_an_index_leads_to_the_words_on_either_database():
    story = make_story()
    words = [f"tu{number}" for number in range(5000)]
    SearchWord.objects.bulk_create(SearchWord(task=story.task, directive=story.directive, word=word) for word in words)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE tasks_searchword")

    plan = SearchWord.objects.filter(word__from_start="dien", task__isnull=False).values("task").explain()

    assert "word_from_start" in plan
