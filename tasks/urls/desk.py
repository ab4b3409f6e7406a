"""Addresses of the desk."""

from django.urls import path

from tasks.views import desk, filters

urlpatterns = [
    path("tim/", desk.go, name="go"),
    path("cho-xem-xet/", desk.review_queue, name="review_queue"),
    path("bo-loc/", filters.filter_list, name="filter_list"),
    path("bo-loc/moi/", filters.filter_new, name="filter_new"),
    path("bo-loc/<int:pk>/", filters.filter_change, name="filter_change"),
]
