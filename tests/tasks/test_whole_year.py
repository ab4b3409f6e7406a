"""The year: which documents belong to it, sums of the kept figures, 25 a page in a fixed number of statements."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directive_tracker import clock
from tasks import tallies
from tasks.models import Directive, Tally
from tasks.whole.year import build_year, followed_in
from tests.factories import make_assignment, make_directive, make_office_user, make_reporter, make_task, make_unit
from tests.tasks.whole import NOW, TODAY, numbers_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


DIRECTIVES = {
    "of the year": {"issued_on": date(2024, 1, 1)},
    "of its last day": {"issued_on": date(2024, 12, 31)},
    "of the next year": {"issued_on": date(2025, 1, 1)},
    "older and open": {"issued_on": date(2022, 3, 1)},
    "older, ended in the year": {"issued_on": date(2023, 3, 1), "state": "closed", "closed_on": date(2024, 1, 1)},
    "older, ended before": {"issued_on": date(2023, 3, 1), "state": "closed", "closed_on": date(2023, 12, 31)},
    "ended": {"issued_on": date(2024, 2, 1), "state": "closed", "closed_on": date(2024, 4, 1)},
    "draft": {"state": "draft"},
}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("", {"of the year", "of its last day", "older and open", "older, ended in the year", "ended"}),
        ("moi", {"of the year", "of its last day", "ended"}),
        ("cu", {"older and open", "older, ended in the year"}),
        ("dang", {"of the year", "of its last day", "older and open"}),
        ("het", {"older, ended in the year", "ended"}),
    ],
)
def test_which_documents_belong_to_a_year(kind, expected):
    for name, values in DIRECTIVES.items():
        make_directive(short_title=name, **values)

    found = followed_in(Directive.objects.all(), kind, date(2024, 1, 1), date(2024, 12, 31))

    assert {directive.short_title for directive in found} == expected


def a_directive(units, tasks: int = 1, **values) -> Directive:
    """A document whose units lead each of its tasks, overdue since 12/4/2024; counted."""
    directive = make_directive(**values)
    made = [make_task(directive, f"{number}") for number in range(tasks)]
    for task in made:
        for unit in units:
            make_assignment(task, unit, due=date(2024, 4, 12), state="in_progress")
    tallies.refresh(directive, unit_ids=[unit.pk for unit in units], task_ids=[task.pk for task in made], today=TODAY)
    return directive


def test_the_year_adds_up_documents_and_units(client):
    first, second = make_unit("Huyện ủy Đắk Hà"), make_unit("Huyện ủy <Đắk Tô> & khác")
    both = a_directive([first, second], tasks=2, short_title="Cả hai & <b>")
    ended = a_directive([second], short_title="Đã xong", state="closed", closed_on=TODAY)
    client.force_login(make_office_user())

    answer = client.get("/tong-quan/nam/2024/")
    by_unit = client.get("/tong-quan/nam/2024/?theo=don-vi")

    words = words_of(answer.content)
    assert "Năm 2024: 2 văn bản · 0 trên 5 việc hoàn thành · 5 việc quá hạn" in words
    assert "Cả hai &amp; &lt;b&gt; giao 15/02/2024 4 0 0 0 0 4 0 0 0 0/4 (0%)" in words
    assert [(directive.pk, figures.counted) for directive, figures in answer.context["shown"].rows] == [
        (ended.pk, 1),
        (both.pk, 4),
    ]
    assert [(line.name, line.figures.open_overdue) for line in by_unit.context["shown"].units] == [
        ("Huyện ủy Đắk Hà", 2),
        ("Huyện ủy <Đắk Tô> & khác", 3),
    ]
    assert by_unit.context["shown"].sentence == answer.context["shown"].sentence


@pytest.mark.parametrize("asked", ["", "?loai=dang", "?loai=dang&theo=don-vi", "?loai=het", "?loai=cu"])
def test_every_number_leads_to_a_list_of_as_many_works(client, asked):
    units = [make_unit("Huyện ủy Đắk Hà"), make_unit("Huyện ủy Đắk Tô")]
    a_directive(units, tasks=2)
    a_directive(units[:1], issued_on=date(2023, 5, 1))
    a_directive(units[1:], state="closed", closed_on=TODAY)
    client.force_login(make_office_user())

    numbers = numbers_of(client.get(f"/tong-quan/nam/2024/{asked}").content)

    assert numbers
    assert {address: client.get(address).context["count"] for address, _ in numbers} == dict(numbers)


def test_the_first_reader_of_a_day_rolls_what_is_followed_forward_and_leaves_what_has_ended():
    unit = make_unit()
    a_directive([unit])
    a_directive([unit], state="closed", closed_on=date(2024, 4, 10))
    Tally.objects.update(day=date(2024, 4, 10), open_overdue=0, open_in_time=1)

    shown = build_year(make_office_user(), 2024, kind="", by_unit=False, asked=None, today=TODAY)

    assert (shown.total.open_overdue, shown.total.open_in_time) == (1, 1)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/tong-quan/nam/0/", 404),
        ("/tong-quan/nam/1999/", 404),
        ("/tong-quan/nam/2100/", 404),
        ("/tong-quan/nam/99999/", 404),
        ("/tong-quan/nam/99999999999999999999/", 404),
        ("/tong-quan/nam/2024/?page=-1", 200),
        ("/tong-quan/nam/2024/?page=99999999", 200),
        ("/tong-quan/nam/2024/?page=%00&loai=x&theo=%3Cb%3E", 200),
    ],
)
def test_wrong_addresses_get_words(client, address, status):
    client.force_login(make_office_user())

    assert client.get(address).status_code == status


def test_a_choice_that_does_not_exist_is_said_and_left_out(client):
    client.force_login(make_office_user())

    words = words_of(client.get("/tong-quan/nam/2024/?loai=x&theo=y").content)

    assert "Không có lựa chọn đã ghi ở văn bản, xem theo; phần đó đang hiện tất cả." in words
    assert "Không có văn bản nào được theo dõi trong năm này" in words


def test_a_units_people_have_no_year(client):
    client.force_login(make_reporter(make_unit()))

    assert client.get("/tong-quan/nam/2024/").status_code == 403


@pytest.mark.parametrize("documents", [1, 30])
@pytest.mark.parametrize(("asked", "expected"), [("", 6), ("?theo=don-vi", 7)])
def test_the_year_takes_the_same_statements_for_one_document_and_for_thirty(client, documents, asked, expected):
    units = [make_unit(f"Đơn vị {number}") for number in range(documents)]
    for _ in range(documents):
        a_directive(units[:2])
    client.force_login(make_office_user())

    with CaptureQueriesContext(connection) as context:
        answer = client.get(f"/tong-quan/nam/2024/{asked}")

    assert (answer.status_code, len(context)) == (200, expected)
