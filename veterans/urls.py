"""Addresses of the registry. A person's name never stands in one."""

from django.urls import path

from veterans.views import actions, card, data, data_requests, editing, exporting, listing, retention, reviews

app_name = "veterans"
urlpatterns = [
    path("", listing.person_list, name="person_list"),
    path("loc/", listing.person_filter, name="person_filter"),
    path("them/", editing.person_add, name="person_add"),
    path("ra-soat/", reviews.area_review, name="area_review"),
    path("<int:pk>/", card.person_detail, name="person_detail"),
    path("<int:pk>/sua/", editing.person_edit, name="person_edit"),
    path("<int:pk>/tham-hoi/", editing.visit_add, name="visit_add"),
    path("<int:pk>/xac-minh/", actions.person_verify, name="person_verify"),
    path("<int:pk>/mo/", actions.person_open, name="person_open"),
    path("<int:pk>/du-lieu/", data.person_data, name="person_data"),
    path("<int:pk>/du-lieu/y-kien/", data.consent_add, name="consent_add"),
    path("<int:pk>/du-lieu/giay-to/", data.scan_add, name="scan_add"),
    path("<int:pk>/du-lieu/giay-to/mo/", data.scan_open, name="scan_open"),
    path("<int:pk>/du-lieu/giay-to/bo/", data.scan_remove, name="scan_remove"),
    path("<int:pk>/du-lieu/yeu-cau/", data.request_add, name="request_add"),
    path("<int:pk>/phieu/", data.person_sheet, name="person_sheet"),
    path("<int:pk>/thong-bao/", data.person_notice, name="person_notice"),
    path("xuat/", exporting.export, name="export"),
    path("thoi-han-luu/", retention.retention, name="retention"),
    path("yeu-cau/", data_requests.data_requests, name="data_requests"),
    path("yeu-cau/<int:pk>/", data_requests.data_request, name="data_request"),
    path("yeu-cau/<int:pk>/lam/", data_requests.data_request_act, name="data_request_act"),
    path("<int:pk>/bao-tu-tran/", actions.death_report, name="death_report"),
    path("<int:pk>/xac-nhan-tu-tran/", actions.death_confirm, name="death_confirm"),
    path("<int:pk>/rut-tin-tu-tran/", actions.death_withdraw, name="death_withdraw"),
    path("<int:pk>/dua-khoi-danh-sach/", actions.person_take_off, name="person_take_off"),
    path("<int:pk>/dua-lai-danh-sach/", actions.person_put_back, name="person_put_back"),
]
