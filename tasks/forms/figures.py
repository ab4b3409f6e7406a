"""The filter bar of the matrix."""

from django import forms

from tasks.models import Clause

WRONG_CHOICE = {"invalid_choice": "Không có lựa chọn này; đang hiện tất cả."}


class MatrixFilterForm(forms.Form):
    """What part of the matrix to show; choices come from the matrix itself."""

    don_doc = forms.BooleanField(label="Chỉ việc cần đôn đốc", required=False)
    dieu = forms.ChoiceField(label="Điểm", required=False, error_messages=WRONG_CHOICE)
    nhom = forms.ChoiceField(label="Nhóm đơn vị", required=False, error_messages=WRONG_CHOICE)
    xoay = forms.BooleanField(label="Đơn vị theo hàng", required=False)

    def __init__(self, *args, clauses: list[Clause], unit_groups: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dieu"].choices = [
            ("", "Tất cả"),
            *((str(clause.pk), f"Điểm {clause.code} {clause.title}".strip()) for clause in clauses),
        ]
        self.fields["nhom"].choices = [
            ("", "Tất cả"),
            *((str(pk), name) for pk, name in unit_groups),
        ]
