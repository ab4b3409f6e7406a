"""Addresses of the units room."""

from django.urls import path

from units import views, views_import, views_tokens

app_name = "units"
urlpatterns = [
    path("thay-mat/", views.own_deputies, name="deputies"),
    path("thay-mat/lam/", views.act, name="act"),
    path("thay-mat/thoi/", views.stop_acting, name="stop_acting"),
    path("thay-mat/<int:pk>/ket-thuc/", views.end_own_deputy, name="deputy_end"),
    path("ma-api/", views_tokens.own_tokens, name="tokens"),
    path("ma-api/<int:pk>/huy/", views_tokens.revoke, name="token_revoke"),
    path("ma-api/<int:pk>/nhan-giu/", views_tokens.take_over, name="token_take_over"),
    path("don-vi/nhap/", views_import.upload, name="import"),
    path("don-vi/nhap/mau.xlsx", views_import.template, name="import_template"),
    path("don-vi/nhap/hien-co.xlsx", views_import.export, name="import_export"),
    path("don-vi/nhap/<int:pk>/", views_import.check, name="import_check"),
    path("don-vi/nhap/<int:pk>/kiem-tra-lai/", views_import.check_again, name="import_check_again"),
    path("don-vi/nhap/<int:pk>/nhap/", views_import.apply, name="import_apply"),
]
