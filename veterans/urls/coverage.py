"""Addresses of who has been reached and who has not."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
