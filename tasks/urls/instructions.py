"""Addresses of leaders' instructions."""

from django.urls import path

from tasks.views import instructions

urlpatterns = [
    path("y-kien-chi-dao/", instructions.instruction_list, name="instruction_list"),
    path("y-kien-chi-dao/<int:pk>/", instructions.instruction, name="instruction"),
    path("van-ban/<int:directive_pk>/y-kien-chi-dao/moi/", instructions.instruction_new, name="instruction_new"),
]
