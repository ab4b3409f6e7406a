"""Addresses of checking a draft beside its document."""

from django.urls import path

from tasks.views import checking

urlpatterns = [
    path("van-ban/<int:pk>/soat/", checking.check, name="check"),
    path("van-ban/<int:pk>/soat/<int:task>/tach/", checking.check_split, name="check_split"),
]
