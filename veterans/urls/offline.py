"""Addresses of what is taken along into a village and what phones send."""

from django.urls import URLPattern, path

from veterans.views import data, village, village_inbox

urlpatterns: list[URLPattern] = [
    path("di-tham/", village.village_list, name="village_list"),
    path("di-tham/gui/", village.send, name="village_send"),
    path("di-tham/tinh-trang/", village.state, name="village_state"),
    path("di-tham/vo/", village.village_shell, name="village_shell"),
    path("di-tham/sw.js", village.worker, name="village_worker"),
    path("di-tham/cho-xem/", village_inbox.sent_list, name="sent_list"),
    path("di-tham/cho-xem/<int:pk>/", village_inbox.sent_detail, name="sent_detail"),
    path("di-tham/mang-theo/", village_inbox.copy_list, name="copy_list"),
    path("di-tham/mang-theo/<int:copy>/thu-hoi/", village_inbox.copy_revoke, name="copy_revoke"),
    path("di-tham/<int:delegation>/", village.village_page, name="village_page"),
    path("di-tham/<int:delegation>/mang-theo/", village.take_along, name="take_along"),
    path("<int:pk>/anh/them/", data.photo_add, name="photo_add"),
    path("<int:pk>/anh/mo/", data.photo_open, name="photo_open"),
    path("<int:pk>/anh/bo/", data.photo_remove, name="photo_remove"),
]
