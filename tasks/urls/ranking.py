"""Addresses of tasks/ranking."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
