"""Addresses of events, inspections and the month."""

from django.urls import path, re_path

from tasks.views import events, inspections, month

urlpatterns = [
    path("lich/", month.month, name="month"),
    path("lich/thang.ics", month.month_file, name="month_file"),
    path("su-kien/", events.activity_list, name="activity_list"),
    path("phan-viec/<int:pk>/su-kien/moi/", events.activity_new, name="activity_new"),
    path("su-kien/<int:pk>/", events.activity_detail, name="activity_detail"),
    path("su-kien/<int:pk>/sua/", events.activity_edit, name="activity_edit"),
    re_path(
        r"^su-kien/(?P<pk>[0-9]{1,18})/(?P<verb>da-to-chuc|lui-ngay|huy)/\Z", events.activity_step, name="activity_step"
    ),
    path("kiem-tra/", inspections.inspection_list, name="inspection_list"),
    path("kiem-tra/kien-nghi/", inspections.finding_list, name="finding_list"),
    path("kiem-tra/kien-nghi/<int:pk>/", inspections.finding_detail, name="finding_detail"),
    path("nhiem-vu/<int:pk>/kiem-tra/moi/", inspections.inspection_new, name="inspection_new"),
    path("kiem-tra/<int:pk>/", inspections.inspection_detail, name="inspection_detail"),
    path("kiem-tra/<int:pk>/them-noi/", inspections.place_new, name="place_new"),
    path("kiem-tra/<int:pk>/gui/", inspections.inspection_send, name="inspection_send"),
    path("kiem-tra/noi/<int:pk>/bo/", inspections.place_remove, name="place_remove"),
    path("kiem-tra/noi/<int:pk>/kien-nghi/", inspections.finding_new, name="finding_new"),
]
