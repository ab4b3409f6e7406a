"""Addresses of ending a document, and of its archive."""

from django.urls import path

from tasks.views import closing

urlpatterns = [
    path("van-ban/<int:pk>/ket-thuc/", closing.directive_end, name="directive_end"),
    path("van-ban/<int:pk>/theo-doi-lai/", closing.directive_follow_again, name="directive_follow_again"),
    path("van-ban/<int:pk>/ho-so-luu-tru/", closing.directive_archive, name="directive_archive"),
]
