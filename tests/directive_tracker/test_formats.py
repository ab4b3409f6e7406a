"""Dates, numbers and template filters as people in Việt Nam read and write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import formats, translation


@pytest.fixture(autouse=True)
def vietnamese(settings):
    """Pages in Vietnamese with the project's formats."""
    with translation.override("vi"):
        yield


class DayForm(forms.Form):
    """A form as any page has it."""

    day = forms.DateField()


class MomentForm(forms.Form):
    """A form with a date and a time."""

    moment = forms.DateTimeField()


@pytest.mark.parametrize(
    "text", ["07/05/2024", "7/5/2024", "07/5/2024", "07-05-2024", "07.05.2024", "07/05/24", "2024-05-07"]
)
def test_a_typed_date_has_the_day_first(text):
    form = DayForm({"day": text})

    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2024, 5, 7)


def test_the_fifteenth_is_no_month():
    assert DayForm({"day": "15/03/2024"}).is_valid()
    assert DayForm({"day": "03/15/2024"}).errors == {
        "day": ["Hãy nhập ngày hợp lệ theo dạng ngày/tháng/năm, ví dụ 07/5/2024."]
    }


@pytest.mark.parametrize("text", ["07/05/2024 08:30", "08:30 07/5/2024", "2024-05-07T08:30"])
def test_a_typed_moment_has_the_day_first(text):
    form = MomentForm({"moment": text})

    assert form.is_valid()
    assert form.cleaned_data["moment"] == datetime(2024, 5, 7, 1, 30, tzinfo=UTC)


def test_a_stored_date_comes_back_into_the_form_as_it_is_typed():
    assert 'value="07/05/2024"' in str(DayForm(initial={"day": date(2024, 5, 7)})["day"])


def test_dates_and_numbers_of_django_itself_follow():
    assert formats.date_format(date(2024, 5, 7)) == "07/05/2024"
    assert formats.number_format(1234567.5, force_grouping=True) == "1.234.567,5"
    assert formats.get_format("FIRST_DAY_OF_WEEK") == 1


def test_a_key_in_a_template_gets_no_thousands_point():
    assert Template("{{ pk }}").render(Context({"pk": 12345})) == "12345"


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ value|vn_date }}", date(2024, 5, 7), "07/5/2024"),
        ("{{ value|vn_date }}", datetime(2024, 5, 6, 18, 0, tzinfo=UTC), "07/5/2024"),
        ("{{ value|vn_date }}", None, ""),
        ("{{ value|vn_date }}", "sớm", "sớm"),
        ("{{ value|vn_date }}", "<b>", "&lt;b&gt;"),
        ("{{ missing|vn_date }}", None, ""),
        ("{{ value|vn_datetime }}", datetime(2024, 5, 7, 1, 30, tzinfo=UTC), "08:30 07/5/2024"),
        ("{{ value|vn_datetime }}", None, ""),
        ("{{ value|vn_weekday }}", date(2024, 5, 6), "Thứ Hai"),
        ("{{ value|vn_weekday }}", datetime(2024, 5, 5, 18, 0, tzinfo=UTC), "Thứ Hai"),
        ("{{ value|vn_number }}", 1234567, "1.234.567"),
        ("{{ value|vn_number }}", Decimal("0.5"), "0,5"),
        ("{{ value|vn_number }}", 0, "0"),
        ("{{ value|vn_number }}", None, ""),
        ("{{ value|vn_number }}", "nhiều", "nhiều"),
        ("{{ value|days_words }}", 3, "còn 3 ngày"),
        ("{{ value|days_words }}", 0, "hôm nay"),
        ("{{ value|days_words }}", -2, "quá hạn 2 ngày"),
        ("{{ value|days_words }}", -1200, "quá hạn 1.200 ngày"),
        ("{{ value|days_words:'ngày làm việc' }}", 1, "còn 1 ngày làm việc"),
        ("{{ value|days_words }}", None, ""),
        ("{{ value|days_words }}", "?", "?"),
    ],
)
def test_filters_show_values_the_vietnamese_way(source, value, shown):
    template = Template("{% load vn %}" + source)

    assert template.render(Context({"value": value})) == shown
