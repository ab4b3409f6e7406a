"""The communes by source: one cell, the table, and when a commune counts as reviewed."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from records.models import AuditEvent
from tasks.errors import Refused
from tests.veterans.conftest import NOW, TODAY
from units.models import Area
from veterans import area_reviews
from veterans.figures import registry_figures
from veterans.models import AreaReview

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.veterans.urls")]


def write(land, source="commune", state="done", *, area=None, **values):
    values.setdefault("people", 3 if state == "done" else None)
    return area_reviews.write(area or land.hring, source, state=state, by=land.of_near, now=NOW, **values)


# The states of a commune's sources → whether it counts.
RULE = [
    ({}, False),
    ({"commune": "doing"}, False),
    ({"commune": "done"}, True),
    ({"commune": "nobody"}, True),
    ({"hamlet": "done"}, True),
    ({"commune": "done", "hamlet": "doing"}, False),
    ({"commune": "nobody", "veterans": "doing"}, False),
    ({"commune": "done", "veterans": "nobody", "volunteers": "done", "hamlet": "done"}, True),
]


@pytest.mark.parametrize(("states", "counts"), RULE)
def test_a_commune_is_reviewed_when_one_source_has_finished_and_none_is_under_way(land, states, counts):
    for source, state in states.items():
        write(land, source, state)
    found = list(area_reviews.reviewed(Area.objects.filter(pk=land.hring.pk), TODAY))
    assert found == ([land.hring] if counts else [])
    assert area_reviews.is_reviewed(list(states.values())) is counts
    assert registry_figures(TODAY).communes_reviewed == int(counts)


def test_what_was_finished_later_does_not_count_before(land):
    write(land, on=date(2024, 4, 12))
    assert [registry_figures(date(2024, 4, day)).communes_reviewed for day in (11, 12)] == [0, 1]


@pytest.mark.parametrize(
    ("state", "values", "stored"),
    [
        ("doing", {}, (None, None, "doing")),
        ("done", {"people": 5}, (5, date(2024, 4, 15), "done")),
        ("done", {"people": 5, "on": date(2024, 4, 3)}, (5, date(2024, 4, 3), "done")),
        ("nobody", {}, (0, date(2024, 4, 15), "nobody")),
    ],
)
def test_what_a_cell_holds(land, state, values, stored):
    row = write(land, state=state, signed_by="  A  Khiên ", **values)
    row.refresh_from_db()
    assert (row.people, row.reviewed_on, row.state) == stored
    assert (row.signed_by, row.by) == ("A Khiên", land.of_near)


@pytest.mark.parametrize(
    ("state", "values", "sentence"),
    [
        ("done", {"people": 0}, "Không có ai thì chọn"),
        ("nobody", {"people": 2}, "số người để trống"),
        ("done", {"on": date(2024, 4, 16)}, "không được sau hôm nay"),
    ],
)
def test_what_a_cell_does_not_hold(land, state, values, sentence):
    with pytest.raises(Refused, match=sentence):
        write(land, state=state, **values)


def test_a_district_has_no_cell(land):
    with pytest.raises(ValidationError, match="Chỉ ghi rà soát cho xã"):
        write(land, area=land.near)


def test_the_second_of_two_writers_is_told_who_wrote_what(land):
    write(land, state="doing")
    with pytest.raises(Refused, match="Nguyễn Văn Dakha đã ghi “đang rà soát” ngày 15/4/2024"):
        write(land, was="")
    write(land, was="doing")
    with pytest.raises(Refused, match="đã ghi “xong, có danh sách”"):
        write(land, state="", was="doing")


def test_a_cell_goes_back_to_not_begun_and_its_history_stays(land):
    write(land)
    assert write(land, state="") is None
    assert AreaReview.objects.count() == 0
    rows = AreaReview.history.order_by("history_id")
    assert [(row.history_type, row.state, row.history_user) for row in rows] == [
        ("+", "done", land.of_near),
        ("-", "done", land.of_near),
    ]
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "registry.campaign_opened",
        "area.reviewed",
        "area.review_reopened",
    ]


# --- pages ----------------------------------------------------------------------------------------


def cell(area, source="commune"):
    return reverse("veterans:area_review_cell", args=[area.pk, source])


def test_a_cell_is_written_through_its_page_and_stands_in_the_table(client, land):
    client.force_login(land.of_near)
    data = {"state": "done", "people": "7", "signed_by": "Chủ tịch Hội", "on": "03/4/2024", "was": ""}
    answer = client.post(cell(land.hring, "veterans"), data)
    assert answer.headers["Location"] == f"/so-tri-an/ra-soat/#xa-{land.hring.pk}"
    page = client.get(reverse("veterans:area_review"))
    lines = [line for district in page.context["districts"] for line in district.lines]
    states = {line.commune.name: [cell.state for cell in line.cells] for line in lines}
    assert states == {"Xã Đăk Hring": ["", "done", "", ""], "Xã Hà Mòn": ["", "", "", ""]}
    assert (page.context["done"], page.context["total"]) == (1, 2)
    assert [(row["words"], row["numbers"]) for row in page.context["sums"]] == [
        ("Chưa rà soát", [2, 1, 2, 2]),
        ("Đang rà soát", [0, 0, 0, 0]),
        ("Xong, có danh sách", [0, 1, 0, 0]),
        ("Xong, không có ai", [0, 0, 0, 0]),
        ("Số người trong các danh sách", [0, 7, 0, 0]),
    ]
    assert "ký: Chủ tịch Hội" in page.content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"people": ""}, "Hãy ghi số người"),
        ({"people": "0"}, "nếu không có ai thì chọn"),
        ({"people": "nhiều"}, "số"),
        ({"on": "16/4/2024"}, "không được sau hôm nay"),
        ({"on": "31/02/2024"}, "ngày"),
        ({"state": "perhaps"}, "lựa chọn"),
        ({"was": "doing"}, "về “chưa rà soát”"),
    ],
)
def test_a_refused_cell_says_what_to_mend_and_keeps_what_was_typed(client, land, wrong, sentence):
    client.force_login(land.of_near)
    data = {"state": "done", "people": "7", "note": "giữ lại", "was": "", **wrong}
    answer = client.post(cell(land.hring), data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "giữ lại" in answer.content.decode()
    assert AreaReview.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "area", "status"),
    [
        ("of_near", "hring", 200),
        ("of_near", "rokoi", 403),
        ("of_near", "near", 404),
        ("of_province", "rokoi", 200),
        ("reader", "hring", 403),
        ("office", "hring", 403),
        ("administrator", "hring", 403),
        ("reporter", "hring", 403),
    ],
)
def test_whose_cells(client, land, who, area, status):
    client.force_login(getattr(land, who))
    address = cell(getattr(land, area))
    assert client.get(address).status_code == status
    assert client.post(address, {"state": "doing", "was": ""}).status_code == (302 if status == 200 else status)
    assert AreaReview.objects.count() == (1 if status == 200 else 0)


def test_there_is_no_other_source(client, land):
    client.force_login(land.of_near)
    assert client.get(cell(land.hring, "police")).status_code == 404


def test_the_table_costs_the_same_whatever_is_reviewed(client, land, django_assert_num_queries):
    client.force_login(land.of_near)
    client.get(reverse("veterans:area_review"))
    with django_assert_num_queries(5):
        client.get(reverse("veterans:area_review"))
    for commune in (land.hring, land.hamon):
        for source in ("commune", "veterans", "volunteers", "hamlet"):
            write(land, source, area=commune)
    with django_assert_num_queries(5):
        client.get(reverse("veterans:area_review"))
