"""Addresses of the delegations and their papers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
