"""The registry alone, with its own address, so that these tests need no other room's pages."""

from django.urls import include, path

urlpatterns = [path("so-tri-an/", include("veterans.urls"))]
