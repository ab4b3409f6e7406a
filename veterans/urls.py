"""Addresses of the registry. A person's name never stands in one."""

from django.urls import path

from veterans.views import actions, card, editing, listing, reviews

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
    path("<int:pk>/bao-tu-tran/", actions.death_report, name="death_report"),
    path("<int:pk>/xac-nhan-tu-tran/", actions.death_confirm, name="death_confirm"),
    path("<int:pk>/rut-tin-tu-tran/", actions.death_withdraw, name="death_withdraw"),
    path("<int:pk>/dua-khoi-danh-sach/", actions.person_take_off, name="person_take_off"),
    path("<int:pk>/dua-lai-danh-sach/", actions.person_put_back, name="person_put_back"),
]
