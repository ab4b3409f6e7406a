"""Addresses of what is taken along into a village and what phones send."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
