"""One page of each kind."""

from django.urls import path

from tests.bench.floor import views

urlpatterns = [
    path("healthz", views.healthz),
    path("list/", views.listing),
    path("overdue/", views.overdue),
    path("detail/<int:pk>/", views.detail),
    path("search/", views.search),
    path("summary/<int:directive>/", views.summary),
    path("write/<int:pk>/", views.write),
]
