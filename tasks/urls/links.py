"""Addresses of mailed links to a unit's report (their first part is a secret: directive_tracker/logs.py), and of their list."""

from django.urls import path

from tasks.views import links

urlpatterns = [
    path("bc/<str:token>/", links.report_link, name="report_link"),
    path("bc/<str:token>/bao-cao/<int:pk>/", links.report_link_form, name="report_link_form"),
    path("bc/<str:token>/bao-cao/<int:pk>/tep/", links.report_link_attach, name="report_link_attach"),
    path("bc/<str:token>/tep/tung-phan/", links.report_link_parts, name="report_link_parts"),
    path("bc/<str:token>/tep/tung-phan/<int:pk>/", links.report_link_part, name="report_link_part"),
    path("bc/<str:token>/tep/<int:pk>/", links.report_link_file, name="report_link_file"),
    path("don-vi/duong-dan/", links.report_links, name="report_links"),
    path("don-vi/duong-dan/<int:pk>/thu-hoi/", links.report_link_revoke, name="report_link_revoke"),
]
