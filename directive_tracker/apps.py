"""The project's own application and the admin site it puts in place of Django's."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class TrackerConfig(AppConfig):
    """The small layers, the commands that span rooms, and what composes the rooms."""

    name = "directive_tracker"
    verbose_name = "Theo dõi văn bản chỉ đạo"
    default = True


class TrackerAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site class; `admin.site.register` keeps working."""

    default = False
    default_site = "directive_tracker.admin_site.TrackerAdminSite"
