"""Addresses of notices and mails."""

from django.urls import path

from notifications import views, views_addresses, views_rules, views_sending

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("doc-het/", views.mark_all_read, name="mark_all_read"),
    path("<int:pk>/doc/", views.mark_read, name="mark_read"),
    path("<int:pk>/mo/", views.open_notice, name="open"),
    path("thu/<int:pk>/", views.message_detail, name="message_detail"),
    path("thu/<int:pk>/gui-lai/", views.resend, name="resend"),
    path("so-gui/", views.ledger, name="ledger"),
    path("dia-chi/", views_addresses.addresses, name="addresses"),
    path("dia-chi/<int:pk>/", views_addresses.address, name="address"),
    path("dia-chi/<int:pk>/gui-thu/", views_addresses.try_out, name="try_out"),
    path("dia-chi/<int:pk>/gui-lai/", views_addresses.send_again, name="send_again"),
    path("quy-tac/", views_rules.general, name="rules"),
    path("sap-gui/", views_sending.next_mails, name="next_mails"),
    path("sap-gui/giu/", views_sending.hold, name="hold"),
    path("sap-gui/giu-tat-ca/", views_sending.hold_all, name="hold_all"),
    path("sap-gui/gui-tiep/", views_sending.release_all, name="release_all"),
]
