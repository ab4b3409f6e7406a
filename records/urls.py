"""Addresses of the log, of stored files and of long jobs."""

from django.urls import path

from records import views, views_log, views_partial

app_name = "records"
urlpatterns = [
    path("nhat-ky/", views_log.log, name="log"),
    path("tep/<int:pk>/", views.file, name="file"),
    path("tep/<int:pk>/nho/", views.thumbnail, name="thumbnail"),
    path("tep/tung-phan/", views_partial.partial_begin, name="partial_begin"),
    path("tep/tung-phan/<int:pk>/", views_partial.partial_part, name="partial_part"),
    path("viec-nen/<int:pk>/", views.job, name="job"),
    path("viec-nen/<int:pk>/huy/", views.job_cancel, name="job_cancel"),
]
