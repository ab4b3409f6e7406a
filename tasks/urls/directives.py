"""Addresses of the documents."""

from django.urls import path

from tasks.views import directives, duerules, issuing, rules, waiting

urlpatterns = [
    path("van-ban/", directives.directive_list, name="directive_list"),
    path("van-ban/moi/", directives.directive_new, name="directive_new"),
    path("van-ban/<int:pk>/", directives.directive_detail, name="directive_detail"),
    path("van-ban/<int:pk>/phan-dau/", directives.directive_header, name="directive_header"),
    path("van-ban/<int:pk>/giao/", issuing.directive_issue, name="directive_issue"),
    path("van-ban/<int:pk>/khong-phai-nhiem-vu/", directives.sentence_dismiss, name="sentence_dismiss"),
    path("van-ban/<int:pk>/quy-tac-nhac/", rules.directive_rules, name="directive_rules"),
    path("nhiem-vu/<int:pk>/", directives.task_detail, name="task_detail"),
    path("nhiem-vu/<int:pk>/san-pham/<int:product>/han/", duerules.product_due, name="product_due"),
    path("nhiem-vu/<int:pk>/cho/", waiting.task_waits, name="task_waits"),
    path("nhiem-vu/<int:pk>/phoi-hop/", directives.task_coordinating, name="task_coordinating"),
]
