"""Addresses of tasks/summary."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
