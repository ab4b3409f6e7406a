"""Addresses of words beside the work."""

from django.urls import path

from tasks.views import talking

urlpatterns = [
    path("phan-viec/<int:pk>/trao-doi/", talking.assignment_talk, name="assignment_talk"),
    path("phan-viec/<int:pk>/trao-doi/nguoi/", talking.assignment_people, name="assignment_people"),
    path("trao-doi/<int:pk>/rut-lai/", talking.comment_take_back, name="comment_take_back"),
]
