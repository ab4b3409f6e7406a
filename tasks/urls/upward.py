"""Addresses of reports to the bodies above and of cited documents."""

from django.urls import path

from tasks.views import citing, upward

urlpatterns = [
    path("bao-cao-cap-tren/", upward.upward_list, name="upward_list"),
    path("bao-cao-cap-tren/<int:pk>/", upward.upward_detail, name="upward_detail"),
    path("bao-cao-cap-tren/<int:pk>/sua/", upward.upward_edit, name="upward_edit"),
    path("bao-cao-cap-tren/<int:pk>/da-gui/", upward.upward_sent, name="upward_sent"),
    path("bao-cao-cap-tren/<int:pk>/mo-lai/", upward.upward_step, {"verb": "reopen"}, name="upward_reopen"),
    path("bao-cao-cap-tren/<int:pk>/thoi/", upward.upward_step, {"verb": "drop"}, name="upward_drop"),
    path("van-ban/<int:pk>/bao-cao-cap-tren/moi/", upward.upward_new, name="upward_new"),
    path("van-ban/<int:pk>/vien-dan/<int:document>/sua/", citing.cited_edit, name="cited_edit"),
    path("van-ban/<int:pk>/vien-dan/<int:document>/", citing.cited_file, name="cited_file"),
]
