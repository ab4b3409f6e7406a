"""Addresses of tasks/summary."""

from django.urls import path

from tasks.views import summary

urlpatterns = [
    path("van-ban/<int:pk>/bao-cao-tong-hop/", summary.summary_list, name="summary_list"),
    path("bao-cao-tong-hop/<int:pk>/", summary.summary, name="summary"),
    path("bao-cao-tong-hop/<int:pk>/so/<str:name>/", summary.summary_trace, name="summary_trace"),
]
