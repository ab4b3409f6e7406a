"""Addresses of the occasions: opening, givers, ending, what is kept afterwards."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
