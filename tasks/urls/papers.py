"""Addresses of signed papers."""

from django.urls import path

from tasks.views import papers

urlpatterns = [
    path("bao-cao/thieu-ban-chup/", papers.missing_scan_list, name="missing_scans"),
    path("bao-cao/thieu-ban-chup/nhac/", papers.missing_scan_remind, name="missing_scans_remind"),
]
