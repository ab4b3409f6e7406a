"""Addresses of the delegations and their papers."""

from django.urls import URLPattern, path

from veterans.views import delegations, paper_templates, papers

urlpatterns: list[URLPattern] = [
    path("doan/", delegations.delegation_list, name="delegation_list"),
    path("doan/lap/", delegations.delegation_add, name="delegation_add"),
    path("doan/<int:pk>/", delegations.delegation_detail, name="delegation"),
    path("doan/<int:pk>/sua/", delegations.delegation_edit, name="delegation_edit"),
    path("doan/<int:pk>/nguoi/", delegations.delegation_pick, name="delegation_pick"),
    path("doan/<int:pk>/duong-di/", delegations.delegation_route, name="delegation_route"),
    path("doan/<int:pk>/tinh-trang/", delegations.delegation_state, name="delegation_state"),
    path("doan/<int:pk>/giay-to/", papers.delegation_paper, name="delegation_paper"),
    path("doan/giay-to/", papers.plan_papers, name="plan_papers"),
    path("mau-giay-to/", paper_templates.template_list, name="template_list"),
    path("mau-giay-to/<slug:kind>/", paper_templates.template, name="template"),
]
