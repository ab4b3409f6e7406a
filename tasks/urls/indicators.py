"""Addresses of figures, their rules, and the periods they are reported for."""

from django.urls import path

from tasks.views import indicator_rules, indicators, periods

urlpatterns = [
    path("van-ban/<int:pk>/ky-bao-cao/", periods.period_list, name="period_list"),
    path("ky-bao-cao/<int:pk>/", periods.period_edit, name="period_edit"),
    path("van-ban/<int:pk>/so-lieu/", indicators.directive_figures, name="directive_figures"),
    path("van-ban/<int:pk>/so-lieu/can-xem/", indicators.figure_doubts, name="figure_doubts"),
    path("chi-tieu/<int:pk>/", indicators.indicator_detail, name="indicator_detail"),
    path("chi-tieu/<int:pk>/sua/", indicator_rules.indicator_rules, name="indicator_rules"),
    path("chi-tieu/<int:pk>/muc-phan-dau/", indicator_rules.indicator_targets, name="indicator_targets"),
    path("nhiem-vu/<int:pk>/chi-tieu/moi/", indicator_rules.indicator_new, name="indicator_new"),
    path("so-lieu/<int:pk>/khong-tinh/", indicators.figure_leave_out, name="figure_leave_out"),
    path("so-lieu/<int:pk>/doi-chieu/", indicators.figure_reconcile, name="figure_reconcile"),
    path("so-lieu/<int:pk>/dung-ca-hai/<int:other>/", indicators.figures_keep_both, name="figures_keep_both"),
]
