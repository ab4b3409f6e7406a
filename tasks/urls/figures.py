"""Addresses of overview, matrix, panel and brief."""

from django.urls import path

from tasks.views import figures

urlpatterns = [
    path("tong-quan/", figures.overview_home, name="overview_home"),
    path("ma-tran/", figures.matrix_home, name="matrix_home"),
    path("ma-tran/<int:pk>/", figures.matrix, name="matrix"),
    path("ma-tran/<int:pk>/xuat/", figures.export_matrix, name="export_matrix"),
    path("trinh/", figures.brief_home, name="brief_home"),
    path("trinh/<int:pk>/", figures.brief, name="brief"),
    path("phan-viec/<int:pk>/khung/", figures.assignment_panel, name="assignment_panel"),
]
