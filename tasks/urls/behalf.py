"""Addresses of reports that the office enters, and of reports on paper."""

from django.urls import path

from tasks.views import behalf, report_papers

urlpatterns = [
    path("phan-viec/<int:pk>/nhap-thay/", behalf.report_behalf, name="report_behalf"),
    path("don-vi/bao-cao/<int:pk>/docx/", report_papers.report_docx, name="report_docx"),
    path("don-vi/bao-cao/<int:pk>/ban-ky/", report_papers.report_signed, name="report_signed"),
]
