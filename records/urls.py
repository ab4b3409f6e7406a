"""Addresses of the log, of stored files and of long jobs."""

from django.urls import path

from records import views, views_log

app_name = "records"
urlpatterns = [
    path("nhat-ky/", views_log.log, name="log"),
    path("tep/<int:pk>/", views.file, name="file"),
    path("viec-nen/<int:pk>/", views.job, name="job"),
    path("viec-nen/<int:pk>/huy/", views.job_cancel, name="job_cancel"),
]
