"""Addresses beside the report form."""

from django.urls import path

from tasks.views import drafts, figure_sheets

urlpatterns = [
    path("don-vi/bao-cao/<int:pk>/dang-mo/", drafts.report_presence, name="report_presence"),
    path("don-vi/bao-cao/<int:pk>/tep/", drafts.report_file, name="report_file"),
    path("don-vi/bao-cao/<int:pk>/so-lieu/mau/", figure_sheets.report_figures_form, name="report_figures_form"),
    path("don-vi/bao-cao/<int:pk>/so-lieu/", figure_sheets.report_figures_fill, name="report_figures_fill"),
]
