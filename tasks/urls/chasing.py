"""Addresses of chasing."""

from django.urls import path

from tasks.views import chasing

urlpatterns = [
    path("don-doc/", chasing.chase_list, name="chase_list"),
    path("don-doc/xem-truoc/", chasing.nudge_preview, name="nudge_preview"),
    path("don-doc/cong-van/", chasing.chase_letters, name="chase_letters"),
    path("don-doc/cong-van/moi/", chasing.chase_letter_new, name="chase_letter_new"),
    path("don-doc/cong-van/<int:pk>/", chasing.chase_letter, name="chase_letter"),
    path("phan-viec/<int:pk>/cuoc-goi/", chasing.call_note, name="call_note"),
    path("don-vi/viec/<int:pk>/ly-do-cham/", chasing.delay_note, name="delay_note"),
]
