"""Addresses of the log, of stored files and of long jobs."""

from django.urls import path

from records import views, views_log, views_own_files, views_partial

app_name = "records"
urlpatterns = [
    path("nhat-ky/", views_log.log, name="log"),
    path("tep/<int:pk>/", views.file, name="file"),
    path("tep/<int:pk>/nho/", views.thumbnail, name="thumbnail"),
    path("tep/tung-phan/", views_partial.partial_begin, name="partial_begin"),
    path("tep/tung-phan/<int:pk>/", views_partial.partial_part, name="partial_part"),
    path("tep-cua-toi/", views_own_files.own_files, name="own_files"),
    path("tep-cua-toi/<int:pk>/xoa/", views_own_files.own_file_remove, name="own_file_remove"),
    path("xuat-excel/<slug:key>/", views_own_files.sheet, name="sheet"),
    path("viec-nen/<int:pk>/", views.job, name="job"),
    path("viec-nen/<int:pk>/huy/", views.job_cancel, name="job_cancel"),
]
