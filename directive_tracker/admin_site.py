"""The administration pages as the office knows them."""

from django.contrib import admin
from django.http import HttpRequest


class TrackerAdminSite(admin.AdminSite):
    """The admin site: Vietnamese titles, open to active staff accounts."""

    site_header = "Quản trị hệ thống theo dõi văn bản chỉ đạo"
    site_title = "Quản trị"
    index_title = "Đơn vị, người dùng, lịch và quy tắc"

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether this account may open the administration pages at all."""
        return bool(request.user.is_active and request.user.is_staff)
