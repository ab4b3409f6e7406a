"""The office's addresses."""

from django.urls import path, re_path

from tasks.views import decisions, office, told

urlpatterns = [
    path("hom-nay/", office.today, name="today"),
    path("phan-viec/", office.assignment_list, name="assignment_list"),
    path("phan-viec/<int:pk>/", office.assignment_detail, name="assignment_detail"),
    path("phan-viec/<int:pk>/nhac/", told.assignment_told, name="assignment_told"),
    re_path(
        rf"^phan-viec/(?P<pk>[0-9]{{1,18}})/(?P<verb>{'|'.join(office.ACTIONS)})/$",
        office.assignment_action,
        name="assignment_action",
    ),
    path("bao-cao/<int:pk>/xem-xet/", decisions.report_review, name="report_review"),
    path("gia-han/<int:pk>/quyet-dinh/", decisions.extension_decide, name="extension_decide"),
    path("nhiem-vu/<int:pk>/dieu-kien/dat/", decisions.condition_set, name="condition_set"),
    path("nhiem-vu/<int:pk>/dieu-kien/", decisions.condition_decide, name="condition_decide"),
]
