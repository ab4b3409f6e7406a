"""Addresses of the desk."""

from django.urls import path

from tasks.views import desk

urlpatterns = [
    path("tim/", desk.go, name="go"),
    path("cho-xem-xet/", desk.review_queue, name="review_queue"),
]
