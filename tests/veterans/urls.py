"""The registry and the sign-in alone, so that these tests need no other room's pages."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("accounts.urls")),
    path("so-tri-an/", include("veterans.urls")),
]
