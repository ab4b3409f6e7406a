"""Addresses of the Standing Committee's digests."""

from django.urls import path

from tasks.views import digests

urlpatterns = [
    path("bao-cao-nhanh/", digests.digest_list, name="digest_list"),
    path("bao-cao-nhanh/chot/", digests.digest_new, name="digest_new"),
    path("bao-cao-nhanh/<int:pk>/", digests.digest, name="digest"),
]
