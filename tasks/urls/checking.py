"""Addresses of checking a draft beside its document."""

from django.urls import path

from tasks.views import checking, checking_names, checking_tasks

urlpatterns = [
    path("van-ban/<int:pk>/soat/", checking.check, name="check"),
    path("van-ban/<int:pk>/soat/kinh-gui/<int:line>/", checking_names.check_line, name="check_line"),
    path("van-ban/<int:pk>/soat/<int:task>/", checking_tasks.check_task, name="check_task"),
    path("van-ban/<int:pk>/soat/<int:task>/tach/", checking.check_split, name="check_split"),
    path("van-ban/<int:pk>/soat/<int:task>/ten/<int:recipient>/", checking_names.check_name, name="check_name"),
    path("van-ban/<int:pk>/soat/<int:task>/san-pham/", checking_tasks.check_product, name="check_product_new"),
    path(
        "van-ban/<int:pk>/soat/<int:task>/san-pham/<int:product>/", checking_tasks.check_product, name="check_product"
    ),
]
