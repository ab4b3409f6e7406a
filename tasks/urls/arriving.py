"""Addresses of documents on their way in."""

from django.urls import path

from tasks.views import arriving

urlpatterns = [
    path("van-ban/den/", arriving.incoming_list, name="incoming_list"),
    path("van-ban/den/<int:pk>/ghi/", arriving.incoming_record, name="incoming_record"),
    path("van-ban/den/<int:pk>/bo-qua/", arriving.incoming_ignore, name="incoming_ignore"),
    path("van-ban/den/<int:pk>/dua-lai/", arriving.incoming_bring_back, name="incoming_bring_back"),
    path("van-ban/ban-quet/<int:pk>/", arriving.scan, name="scan"),
    path("van-ban/ban-quet/<int:pk>/dung/", arriving.scan_stop, name="scan_stop"),
]
