"""Addresses of a unit's own pages."""

from django.urls import path

from tasks.views import reports, unit

urlpatterns = [
    path("don-vi/", unit.unit_home, name="unit_home"),
    path("don-vi/tiep-nhan-tat-ca/", unit.acknowledge_all, name="acknowledge_all"),
    path("don-vi/viec/<int:pk>/tiep-nhan/", unit.acknowledge, name="acknowledge"),
    path("don-vi/viec/<int:pk>/tra-lai/", unit.give_back, name="give_back"),
    path("don-vi/viec/<int:pk>/gia-han/", unit.extension_request, name="extension_request"),
    path("don-vi/phoi-hop/<int:pk>/", unit.contribution_review, name="contribution_review"),
    path("don-vi/bao-cao/", reports.unit_reports, name="unit_reports"),
    path("don-vi/bao-cao/mo/<int:directive_pk>/<int:unit_pk>/", reports.report_open, name="report_open"),
    path("don-vi/bao-cao/<int:pk>/", reports.report_detail, name="report_detail"),
    path("don-vi/bao-cao/<int:pk>/soan/", reports.report_edit, name="report_edit"),
    path("don-vi/bao-cao/<int:pk>/duyet/", reports.report_head, name="report_head"),
]
