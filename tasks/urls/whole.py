"""Addresses of tasks/whole."""

from django.urls import path

from tasks.views import whole

urlpatterns = [
    path("tong-quan/<int:pk>/", whole.overview, name="overview"),
]
