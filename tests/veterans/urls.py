"""The registry, the sign-in, and what the head of every page leads to."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("accounts.urls")),
    # The head of every page leads there.
    path("", include("tasks.urls")),
    path("so-tri-an/", include("veterans.urls")),
]
