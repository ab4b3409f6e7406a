"""Addresses of the charts that are pages of their own."""

from django.urls import path

from tasks.views import trend

urlpatterns = [
    path("tong-quan/<int:pk>/dien-bien/", trend.overview_trend, name="overview_trend"),
]
