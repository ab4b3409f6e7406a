"""The parts every page is made of: pills, signs, error summaries, form rows."""

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string

from directive_tracker.templatetags import parts


class ReportForm(forms.Form):
    number = forms.CharField(label="Số, ký hiệu", help_text="Ví dụ: 123-CV/HU")
    kind = forms.ChoiceField(label="Nội dung", widget=forms.RadioSelect, choices=[("a", "Đang làm"), ("b", "Xong")])

    def clean(self):
        if self.data.get("clash"):
            raise forms.ValidationError("Mục này vừa được người khác gửi.")


def rendered(source, **values):
    return Template("{% load parts %}" + source).render(Context(values))


def test_a_pill_says_its_own_word_beside_its_colour():
    assert rendered('{% pill "waiting" %}') == '<span class="dt-pill dt-pill--waiting">Đã gửi, chờ xác nhận</span>'


def test_a_pill_escapes_what_it_is_given():
    assert rendered('{% pill "doing" word %}', word="<b>") == '<span class="dt-pill dt-pill--doing">&lt;b&gt;</span>'


def test_an_unknown_kind_of_pill_is_the_builders_mistake():
    with pytest.raises(TemplateSyntaxError):
        parts.pill("red")


def test_a_sign_is_read_aloud_with_its_word_and_its_delay():
    html = parts.sign("redo", 4, coordinating=True)

    assert '<span class="dt-sign" aria-hidden="true">↺</span>' in html
    assert '<span class="visually-hidden">Cần bổ sung, phối hợp</span>' in html
    assert ", quá hạn 4 ngày" in html


def test_the_error_summary_lists_each_fault_with_its_field():
    form = ReportForm({"clash": "1"}, auto_id="id_%s")

    assert parts.error_rows(form) == [
        {"target": "", "label": "", "message": "Mục này vừa được người khác gửi."},
        {"target": "id_number", "label": "Số, ký hiệu", "message": str(form.errors["number"][0])},
        {"target": "id_kind_0", "label": "Nội dung", "message": str(form.errors["kind"][0])},
    ]


def test_the_error_summary_names_the_row_of_a_formset():
    formset = forms.formset_factory(ReportForm)(
        {
            "form-TOTAL_FORMS": "2",
            "form-INITIAL_FORMS": "0",
            "form-0-number": "1",
            "form-0-kind": "a",
            "form-1-number": "2",
        }
    )

    assert [(row["target"], row["label"]) for row in parts.error_rows(formset)] == [
        ("id_form-1-kind_0", "Dòng 2 – Nội dung")
    ]


def test_the_error_summary_takes_a_list_of_forms():
    one = ReportForm({"kind": "a"}, prefix="m1")

    assert [row["target"] for row in parts.error_rows([one, ReportForm()], None)] == ["id_m1-number", "id_m1-kind_0"]


def test_a_form_without_faults_has_no_summary():
    html = render_to_string("parts/_error_summary.html", {"form": ReportForm()})

    assert html.strip() == ""


def test_the_summary_counts_what_has_to_be_mended():
    html = render_to_string("parts/_error_summary.html", {"form": ReportForm({})})

    assert "Có 2 chỗ cần sửa" in html
    assert 'href="#id_number"' in html


def test_a_form_row_ties_hint_and_error_to_the_field():
    form = ReportForm({})
    html = render_to_string("parts/_form_row.html", {"field": form["number"]})

    assert 'aria-describedby="id_number_helptext id_number_error"' in html
    assert 'id="id_number_helptext"' in html
    assert 'id="id_number_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_form_row_keeps_and_escapes_what_was_typed():
    html = render_to_string("parts/_form_row.html", {"field": ReportForm({"number": '"><script>'})["number"]})

    assert 'value="&quot;&gt;&lt;script&gt;"' in html


def test_a_bar_of_nothing_is_empty():
    assert '<rect class="dt-bar__fill" width="0" height="8"/>' in parts.bar(3, 0)


def test_no_template_of_ours_has_inline_script_or_style(settings):
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        if "email" in path.parts:
            continue
        text = path.read_text()
        assert (path.name, "<style" in text, " style=" in text, "<script>" in text) == (path.name, False, False, False)
