"""Addresses of what a unit asks about its work, and of the answers."""

from django.urls import path

from tasks.views import asking

urlpatterns = [
    path("don-vi/viec/<int:pk>/hoi/", asking.question_ask, name="question_ask"),
    path("don-vi/viec/<int:pk>/de-nghi-han/", asking.question_due, name="question_due"),
    path("cau-hoi/<int:pk>/", asking.question, name="question"),
    path("cau-hoi/<int:pk>/rut/", asking.question_withdraw, name="question_withdraw"),
    path("gia-han/<int:pk>/rut/", asking.extension_withdraw, name="extension_withdraw"),
    path("phan-viec/<int:pk>/cho-phep-gia-han/", asking.extension_permit, name="extension_permit"),
]
