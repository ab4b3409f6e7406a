"""Addresses of working together: who works on it, handing on, released papers, work that waits on nobody."""

from django.urls import path

from tasks.views import releases, together

urlpatterns = [
    path("phan-viec/<int:pk>/cung-lam/", together.who_works, name="together"),
    path("phan-viec/<int:pk>/giao-lai/", together.hand_on, name="hand_on"),
    path("phan-viec/<int:pk>/phan-con-mo/", together.parts_left, name="parts_left"),
    path("phan-viec/<int:pk>/co-quan-cung-lam/", together.partners, name="partners"),
    path("viec-khong-ai-dang-lam/", together.idle_work, name="idle_work"),
    path("san-pham/<int:pk>/phat-hanh/", releases.release_new, name="release_new"),
    path("van-ban-duoc-gui/", releases.release_list, name="release_list"),
    path("van-ban-duoc-gui/<int:pk>/", releases.release_detail, name="release"),
]
