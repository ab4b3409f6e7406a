"""Addresses of the plans: people, money, approval."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
