"""All addresses; each room keeps its own."""

from django.contrib import admin
from django.urls import include, path

from directive_tracker import health, views, views_parts

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("tasks.urls")),
    path("accounts/", include("accounts.urls")),
    path("thong-bao/", include("notifications.urls")),
    path("", include("units.urls")),
    path("so-tri-an/", include("veterans.urls")),
    path("", include("records.urls")),
    path("mau-giao-dien/", views_parts.gallery, name="parts_gallery"),
    path("thu/", include("directive_tracker.demo_urls")),
    path("quan-tri/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
