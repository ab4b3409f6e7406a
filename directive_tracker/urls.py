"""All addresses; each room keeps its own."""

from django.contrib import admin
from django.urls import include, path

from directive_tracker import health, views, views_guide, views_parts, views_setup
from directive_tracker.api.app import api
from directive_tracker.api.docs import page as api_docs
from directive_tracker.watching.views import metrics

handler500 = "directive_tracker.middleware_busy.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("bat-dau/", views_setup.setup, name="setup"),
    path("bat-dau/van-phong/", views_setup.setup_office, name="setup_office"),
    path("bat-dau/danh-muc/", views_setup.setup_reference, name="setup_reference"),
    path("bat-dau/loi-moi/", views_setup.setup_invite, name="setup_invite"),
    path("bat-dau/thu-thu/", views_setup.setup_mail, name="setup_mail"),
    path("", include("tasks.urls")),
    path("accounts/", include("accounts.urls")),
    path("thong-bao/", include("notifications.urls")),
    path("", include("units.urls")),
    path("so-tri-an/", include("veterans.urls")),
    path("", include("records.urls")),
    path("tro-giup/", views_guide.home, name="guide"),
    path("tro-giup/<slug:slug>/", views_guide.page, name="guide_page"),
    path("mau-giao-dien/", views_parts.gallery, name="parts_gallery"),
    path("thu/", include("directive_tracker.demo_urls")),
    path("quan-tri/", admin.site.urls),
    path("api/v1/docs", api_docs, name="api_docs"),
    path("api/v1/", api.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
