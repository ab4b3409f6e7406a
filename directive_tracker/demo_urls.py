"""Addresses of the demo only; the views answer 404 elsewhere."""

from django.urls import path

from directive_tracker import views_demo

urlpatterns = [
    path("", views_demo.tour, name="demo_tour"),
    path("ngay-tiep/", views_demo.next_day, name="demo_next_day"),
]
