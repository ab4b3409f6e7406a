"""Addresses of taking back what was sent."""

from django.urls import path

from tasks.views import rounds

urlpatterns = [
    path("don-vi/bao-cao/<int:pk>/rut-ve/", rounds.report_recall, name="report_recall"),
    path("don-vi/bao-cao/<int:pk>/lay-lai/", rounds.report_take_back, name="report_take_back"),
]
