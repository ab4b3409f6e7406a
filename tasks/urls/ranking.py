"""Addresses of tasks/ranking."""

from django.urls import path

from tasks.views import ranking

urlpatterns = [
    path("xep-hang/", ranking.ranking_list, name="ranking_list"),
    path("xep-hang/lap/", ranking.ranking_new, name="ranking_new"),
    path("xep-hang/<int:pk>/", ranking.ranking, name="ranking"),
    path("xep-hang/<int:pk>/cho-xem/", ranking.ranking_show, name="ranking_show"),
    path("xep-hang/<int:pk>/gui/", ranking.ranking_release, name="ranking_release"),
    path("xep-hang/<int:pk>/rut/", ranking.ranking_withdraw, name="ranking_withdraw"),
    path("xep-hang/<int:pk>/don-vi/<int:unit_pk>/", ranking.ranking_unit, name="ranking_unit"),
    path("xep-hang/<int:pk>/don-vi/<int:unit_pk>/y-kien/", ranking.ranking_answer, name="ranking_answer"),
    path("xep-hang/<int:pk>/don-vi/<int:unit_pk>/tra-loi/", ranking.ranking_reply, name="ranking_reply"),
]
