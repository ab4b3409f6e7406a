"""Addresses of notices and mails."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("doc-het/", views.mark_all_read, name="mark_all_read"),
    path("<int:pk>/doc/", views.mark_read, name="mark_read"),
    path("<int:pk>/mo/", views.open_notice, name="open"),
    path("thu/<int:pk>/", views.message_detail, name="message_detail"),
    path("thu/<int:pk>/gui-lai/", views.resend, name="resend"),
    path("so-gui/", views.ledger, name="ledger"),
]
