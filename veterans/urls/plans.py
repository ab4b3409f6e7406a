"""Addresses of the plans: people, money, approval."""

from django.urls import path

from veterans.views import plan_people, plan_steps, plans

urlpatterns = [
    path("ke-hoach/", plans.plan_list, name="plan_list"),
    path("ke-hoach/lap/", plans.plan_add, name="plan_add"),
    path("ke-hoach/<int:pk>/", plans.plan_detail, name="plan_detail"),
    path("ke-hoach/<int:pk>/sua/", plans.plan_edit, name="plan_edit"),
    path("ke-hoach/<int:pk>/kinh-phi/", plan_steps.plan_money, name="plan_money"),
    path("ke-hoach/<int:pk>/nguoi/", plan_people.plan_people, name="plan_people"),
    path("ke-hoach/<int:pk>/dua-vao/", plan_people.plan_choose, name="plan_choose"),
    path("ke-hoach/<int:pk>/da-chuyen/", plan_people.plan_moved_away, name="plan_moved_away"),
    path("ke-hoach/<int:pk>/trinh/", plan_steps.plan_submit, name="plan_submit"),
    path("ke-hoach/<int:pk>/sua-lai/", plan_steps.plan_return, name="plan_return"),
    path("ke-hoach/<int:pk>/phe-duyet/", plan_steps.plan_approve, name="plan_approve"),
    path("ke-hoach/<int:pk>/van-ban/", plan_steps.plan_paper, name="plan_paper"),
    path("ke-hoach/<int:pk>/danh-sach/", plan_steps.plan_names, name="plan_names"),
    path("ke-hoach/<int:pk>/bao-cao/", plan_steps.plan_report, name="plan_report"),
    path("muc-ke-hoach/<int:pk>/", plan_people.plan_entry, name="plan_entry"),
]
