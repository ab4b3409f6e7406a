"""The project's own application and the admin site it puts in place of Django's."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin_apps

from directive_tracker.watching import errors
from records.verbs import register

SETUP_VERBS = {
    "setup.office_changed": "Sửa thông tin của Văn phòng",
    "setup.reference_loaded": "Nạp danh mục mẫu đơn vị, địa bàn",
    "setup.mail_tried": "Gửi thư thử",
}
# What other systems are told of a row: how the API calls it, and its address there (docs/webhooks.md).
API_PLACES = {
    "tasks.directive": ("directive", "/api/v1/directives/{}"),
    "tasks.directivetask": ("task", "/api/v1/tasks/{}"),
    "tasks.assignment": ("assignment", "/api/v1/assignments/{}"),
    "tasks.unitreport": ("report", "/api/v1/reports/{}"),
    "units.unit": ("unit", "/api/v1/units/{}"),
}


class TrackerConfig(AppConfig):
    """The small layers, the commands that span rooms, and what composes the rooms."""

    name = "directive_tracker"
    verbose_name = "Theo dõi văn bản chỉ đạo"
    default = True

    def ready(self) -> None:
        """Name what is written down about the first run; report errors where somebody wants them."""
        register(SETUP_VERBS)
        if settings.SENTRY_DSN:
            errors.start(settings.SENTRY_DSN)


class TrackerAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site class; `admin.site.register` keeps working."""

    default = False
    default_site = "directive_tracker.admin_site.TrackerAdminSite"
