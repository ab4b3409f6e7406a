"""Addresses beside the report form."""

from django.urls import path

from tasks.views import drafts

urlpatterns = [
    path("don-vi/bao-cao/<int:pk>/dang-mo/", drafts.report_presence, name="report_presence"),
    path("don-vi/bao-cao/<int:pk>/tep/", drafts.report_file, name="report_file"),
]
