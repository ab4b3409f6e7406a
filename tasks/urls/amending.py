"""Addresses of what a document does to earlier ones."""

from django.urls import path

from tasks.views import amending

urlpatterns = [
    path("van-ban/<int:pk>/sua-doi/", amending.amendments, name="amendments"),
    path("van-ban/<int:pk>/sua-doi/<int:amendment>/bo/", amending.amendment_remove, name="amendment_remove"),
]
