"""Addresses of who has been reached and who has not."""

from django.urls import URLPattern, path

from veterans.views import coverage

urlpatterns: list[URLPattern] = [path("do-phu/", coverage.coverage_page, name="coverage")]
