"""Addresses of tasks/whole."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
