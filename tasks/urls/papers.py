"""Addresses of signed papers."""

from django.urls import path

from tasks.views import papers

urlpatterns = [
    path("bao-cao/thieu-ban-chup/", papers.missing_scan_list, name="missing_scans"),
    path("bao-cao/thieu-ban-chup/nhac/", papers.missing_scan_remind, name="missing_scans_remind"),
    path("bao-cao/thieu-ban-chup/xuat/", papers.missing_scan_sheet, name="missing_scans_sheet"),
]
