"""Addresses of tasks/whole."""

from django.urls import path

from tasks.views import whole

urlpatterns = [
    path("tong-quan/nam/<int:year>/", whole.year, name="overview_year"),
    path("tong-quan/<int:pk>/", whole.overview, name="overview"),
    path("tong-quan/<int:pk>/man-hinh/", whole.wall, name="overview_wall"),
]
