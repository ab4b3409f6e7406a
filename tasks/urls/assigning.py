"""Addresses of the assignment matrix of a draft."""

from django.urls import path

from tasks.views import assigning

urlpatterns = [
    path("van-ban/<int:pk>/phan-cong/", assigning.matrix, name="assigning"),
    path("van-ban/<int:pk>/phan-cong/o/", assigning.cells, name="assigning_cells"),
    path("van-ban/<int:pk>/phan-cong/hoan-tac/", assigning.undo, name="assigning_undo"),
    path("van-ban/<int:pk>/phan-cong/tach-nhom/", assigning.unfold, name="assigning_unfold"),
    path("van-ban/<int:pk>/phan-cong/tim-don-vi/", assigning.find, name="assigning_find"),
    path("van-ban/<int:pk>/phan-cong/nhiem-vu/<int:task>/", assigning.of_task, name="assigning_task"),
    path("van-ban/<int:pk>/phan-cong/don-vi/<slug:body>/", assigning.of_body, name="assigning_body"),
]
