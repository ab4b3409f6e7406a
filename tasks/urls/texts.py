"""Addresses of the versions of a document's text."""

from django.urls import path

from tasks.views import texts

urlpatterns = [
    path("van-ban/<int:pk>/loi-van/", texts.text_versions, name="text_versions"),
    path("van-ban/<int:pk>/loi-van/moi/", texts.text_version_new, name="text_version_new"),
    path("nhiem-vu/<int:pk>/danh-dau-lai/", texts.task_mark_again, name="task_mark_again"),
]
