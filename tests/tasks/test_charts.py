"""Charts: what is drawn, what is read aloud, and that they stand the worst names and numbers."""

import re
from xml.etree import ElementTree

import pytest

from tasks.tallies import Figures
from tasks.templatetags.charts import mail_bar
from tasks.whole.charts import Stack, bar_cells, class_bar, columns, legend, scale_of, stack_of, unit_bars

SVG = "{http://www.w3.org/2000/svg}"
DEMO = Stack("Bốn nhóm thống kê", 18, 3, 65, 3)


def read(markup: str) -> ElementTree.Element:
    """The drawing as a program reads it; broken markup fails here."""
    return ElementTree.fromstring(markup.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def widths(drawing: ElementTree.Element) -> dict[str, str]:
    """Class → width of the rectangles that are drawn (those of the patterns left out)."""
    return {rect.get("class"): rect.get("width") for rect in drawing.findall(f"{SVG}rect")}


def test_a_bar_is_divided_by_the_classes_and_says_them():
    drawing = read(class_bar(DEMO, key="all"))

    assert widths(drawing) == {
        "c-done_on_time": "20.22%",
        "c-done_late": "3.37%",
        "c-open_in_time": "73.03%",
        "c-open_overdue": "3.37%",
    }
    assert (drawing.get("role"), drawing.get("aria-labelledby")) == ("img", "all-title all-desc")
    assert drawing.find(f"{SVG}desc").text == (
        "Bốn nhóm thống kê: 18 hoàn thành đúng hạn, 3 hoàn thành quá hạn, "
        "65 chưa hoàn thành, trong hạn, 3 chưa hoàn thành, quá hạn."
    )


def test_classes_are_told_apart_without_colour():
    drawing = read(class_bar(DEMO, key="all"))

    fills = [rect.get("fill") for rect in drawing.findall(f"{SVG}rect")]
    patterns = [pattern.get("id") for pattern in drawing.iter(f"{SVG}pattern")]

    assert fills == [None, "url(#all-done_late)", "url(#all-open_in_time)", "url(#all-open_overdue)"]
    assert patterns == ["all-done_late", "all-open_in_time", "all-open_overdue"]


def test_nothing_counted_is_an_empty_bar_with_words():
    drawing = read(class_bar(Stack("Cả văn bản"), key="all"))

    assert widths(drawing) == {"c-empty": "100%"}
    assert drawing.find(f"{SVG}desc").text == "Cả văn bản: không có việc nào trong thống kê."


def test_the_legend_has_the_numbers_in_words():
    lines = re.sub(r"<[^>]*>", "", legend(Stack("", 1234, 0, 5, 1), key="all").replace("</li>", "|"))

    assert [line.strip() for line in lines.split("|")[:-1]] == [
        "Hoàn thành đúng hạn: 1.234",
        "Hoàn thành quá hạn: 0",
        "Chưa hoàn thành, trong hạn: 5",
        "Chưa hoàn thành, quá hạn: 1",
    ]


@pytest.mark.parametrize(
    ("most", "numbers"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (11, [0, 5, 10, 15]),
        (89, [0, 20, 40, 60, 80, 100]),
        (251, [0, 100, 200, 300]),
        (200_000, [0, 50_000, 100_000, 150_000, 200_000]),
    ],
)
def test_the_axis_counts_in_round_steps(most, numbers):
    assert scale_of(most) == numbers


def test_columns_stand_on_each_other_and_a_gap_stays_a_gap():
    drawing = read(columns([Stack("18/2", 0, 0, 10, 0), None, Stack("3/3", 4, 1, 4, 1)], key="t", title="Theo tuần"))

    places = [
        [(rect.get("y"), rect.get("height")) for rect in column.findall(f"{SVG}rect")]
        for column in drawing.findall(f"{SVG}g")
    ]
    assert places == [
        [("10.0", "190.0")],
        [("124.0", "76.0"), ("105.0", "19.0"), ("29.0", "76.0"), ("10.0", "19.0")],
    ]
    assert [text.text for text in drawing.findall(f"{SVG}text[@class='c-date']")] == ["18/2", "3/3"]


def test_sixty_weeks_have_eight_dates_and_the_newest_is_one_of_them():
    drawing = read(columns([Stack(f"tuần {n}", 1) for n in range(60)], key="t", title="Theo tuần"))

    dates = [text.text for text in drawing.findall(f"{SVG}text[@class='c-date']")]
    assert dates == [f"tuần {n}" for n in (3, 11, 19, 27, 35, 43, 51, 59)]


def test_no_column_at_all_is_a_chart_with_words():
    assert read(columns([None], key="t", title="Theo tuần")).find(f"{SVG}desc").text == "Chưa có số liệu."


def test_names_are_escaped_and_cut_at_a_blank():
    name = "Ban <Tuyên giáo> & Dân vận của Đảng ủy rất dài tên"

    drawing = read(unit_bars([Stack(name, 1, 0, 1, 0)], key="u", title="A & B"))

    texts = [text.text for text in drawing.iter(f"{SVG}text")]
    assert texts == ["Ban <Tuyên giáo> & Dân vận của…", "1/2"]
    assert drawing.find(f"{SVG}g/{SVG}title").text == (
        "Ban <Tuyên giáo> & Dân vận của Đảng ủy rất dài tên: 1 hoàn thành đúng hạn, 1 chưa hoàn thành, trong hạn"
    )


def test_units_share_one_scale():
    drawing = read(unit_bars([Stack("A", 4), Stack("B", 1)], key="u", title="Theo đơn vị"))

    assert [rect.get("width") for rect in drawing.findall(f"{SVG}g/{SVG}rect")] == ["100.00%", "25.00%"]


@pytest.mark.parametrize("drawn", [class_bar(DEMO, key="a"), columns([DEMO], key="a", title="b"), legend(key="a")])
def test_the_content_policy_has_nothing_to_refuse(drawn):
    assert re.findall(r"style|script|\son\w+=|href", drawn) == []


@pytest.mark.parametrize(
    ("values", "width", "cells"),
    [
        ([18, 3, 65, 3], 40, [8, 2, 29, 1]),
        ([1, 0, 999, 0], 40, [1, 0, 39, 0]),
        ([1, 1, 1], 40, [14, 13, 13]),
        ([0, 0, 0, 0], 40, [0, 0, 0, 0]),
        ([1, 1, 1, 100_000], 4, [1, 1, 1, 1]),
        ([5], 40, [40]),
        ([], 40, []),
    ],
)
def test_a_bar_of_cells_has_every_step_and_forgets_no_value(values, width, cells):
    assert bar_cells(values, width) == cells


@pytest.mark.parametrize(("values", "width"), [([1, 1, 1], 2), ([-1, 3], 40)])
def test_a_bar_of_cells_that_cannot_be_is_refused(values, width):
    with pytest.raises(ValueError, match="a step for each"):
        bar_cells(values, width)


def test_kept_figures_become_a_stack():
    assert stack_of("Cả văn bản", Figures(done_on_time=1, done_late=2, open_in_time=3, open_overdue=4)).values == (
        1,
        2,
        3,
        4,
    )


def test_the_bar_of_a_mail_is_a_table_without_pictures():
    bar = ElementTree.fromstring(mail_bar(Figures(done_on_time=18, done_late=3, open_in_time=65, open_overdue=3)))

    assert [(cell.get("width"), cell.get("bgcolor"), cell.text) for cell in bar.iter("td")] == [
        ("20%", "#1d5e35", "18"),
        ("4%", "#bfe3cb", None),
        ("73%", "#e3edf9", "65"),
        ("3%", "#9b1c1c", None),
    ]
    assert bar.get("aria-label") == (
        "Bốn nhóm thống kê: 18 hoàn thành đúng hạn, 3 hoàn thành quá hạn, "
        "65 chưa hoàn thành, trong hạn, 3 chưa hoàn thành, quá hạn"
    )


def test_a_mail_about_nothing_has_no_bar():
    assert mail_bar(Figures()) == ""
