"""The gallery: one page that shows every part of the look with invented text."""

from datetime import timedelta

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directive_tracker import clock
from directive_tracker.form_look import PlainHelper

UNITS = (
    "VP Tỉnh ủy",
    "Ban Tổ chức",
    "UBKT",
    "Ban Tuyên giáo",
    "Ban Dân vận",
    "Ban Nội chính",
    "MTTQ",
    "Đắk Hà",
    "Đắk Tô",
)
TASKS = (
    ("1a.1", "Văn bản triển khai, quán triệt", "done done done waiting done redo doing done new"),
    (
        "1a.2",
        "Tuyên truyền kỷ niệm 70 năm Chiến thắng Điện Biên Phủ",
        "doing done waiting doing done new doing redo doing",
    ),
    ("1a.3", "Rà soát, lập danh sách chiến sĩ, dân công hỏa tuyến", "none none none none none none doing doing new"),
    ("1c.2", "Gặp mặt, tri ân chiến sĩ Điện Biên", "none none none none none none waiting outside outside"),
)


class SampleFilter(forms.Form):
    """A filter bar as lists have it."""

    q = forms.CharField(label="Tìm", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    unit = forms.ChoiceField(label="Đơn vị", required=False, choices=[("", "Tất cả"), ("dakha", "Huyện ủy Đắk Hà")])
    state = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", "Tất cả"), ("late", "Quá hạn")])
    mine = forms.BooleanField(label="Chỉ việc cần đôn đốc", required=False)


class SampleForm(forms.Form):
    """One field of every kind."""

    number = forms.CharField(label="Số, ký hiệu", max_length=30, help_text="Ví dụ: 123-CV/HU")
    signed_on = forms.CharField(
        label="Ngày ký", widget=forms.TextInput(attrs={"class": "dt-w-short"}), help_text="dd/mm/yyyy"
    )
    unit = forms.ChoiceField(
        label="Đơn vị chủ trì", choices=[("", "– Chọn –"), ("a", "Huyện ủy Đắk Hà")], required=False
    )
    content = forms.CharField(label="Kết quả thực hiện", widget=forms.Textarea(attrs={"rows": 3}))
    kind = forms.ChoiceField(
        label="Nội dung báo cáo",
        widget=forms.RadioSelect,
        choices=[
            ("more", "Đang thực hiện"),
            ("done", "Đã xong, đề nghị xác nhận"),
            ("none", "Trong kỳ không phát sinh"),
        ],
    )
    file = forms.FileField(label="Văn bản kèm theo", required=False, help_text="PDF, DOCX, ảnh; không quá 10 MB")
    sure = forms.BooleanField(label="Tôi xác nhận văn bản không thuộc danh mục bí mật nhà nước")


class CrispyForm(forms.Form):
    """The same look through crispy."""

    days = forms.IntegerField(label="Số ngày làm việc xin thêm", help_text="Tính từ hạn hiện nay")
    reason = forms.CharField(label="Lý do", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = PlainHelper()


def _matrix():
    """Return rows (code, title, cells) with a few late and coordinating cells."""
    rows = []
    for code, title, kinds in TASKS:
        cells = [
            {"kind": kind, "late": 0, "coordinating": False, "unit": UNITS[i]} for i, kind in enumerate(kinds.split())
        ]
        rows.append({"code": code, "title": title, "cells": cells})
    rows[0]["cells"][8]["late"] = 31
    rows[1]["cells"][7]["late"] = 4
    rows[3]["cells"][6]["coordinating"] = True
    return rows


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every part of the look; `?panel=1` with the side panel open."""
    now = clock.now()
    context = {
        "filter_form": SampleFilter(request.GET),
        "form": SampleForm({"number": "45-CV/HU", "signed_on": "31/02/2024"}, auto_id="mau_%s"),
        "clean_form": SampleForm(auto_id="sach_%s"),
        "crispy_form": CrispyForm({"days": "x", "reason": ""}, auto_id="crispy_%s"),
        "page": Paginator(range(1234), 50).get_page(request.GET.get("page", 3)),
        "units": UNITS,
        "matrix": _matrix(),
        "details": [
            ("Số, ký hiệu", "45-CV/HU"),
            ("Người ký", "Nguyễn Thị Phượng"),
            ("Hạn", "29/02/2024"),
            ("Ngày ban hành", ""),
        ],
        "events": [
            {
                "when": now,
                "what": "Trả lại để bổ sung",
                "who": "Văn phòng Tỉnh ủy",
                "note": "Thiếu số, ký hiệu của kế hoạch.",
            },
            {"when": now - timedelta(days=3), "what": "Gửi báo cáo", "who": "Y Hương (Huyện ủy Đắk Hà)"},
            {"when": now - timedelta(days=40), "what": "Giao việc", "who": "Văn phòng Tỉnh ủy"},
        ],
        "now": now,
        "panel_open": "panel" in request.GET,
    }
    template = "parts/gallery_panel.html" if request.headers.get("HX-Request") else "parts/gallery.html"
    return render(request, template, context)
