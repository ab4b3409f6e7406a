"""Addresses of tasks/closing."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
