from django.apps import AppConfig

from accounts.founders import register_founder


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = "Đơn vị, địa bàn, lịch làm việc"

    def ready(self) -> None:
        """The first account of an empty installation comes with the office and its roles."""
        register_founder("units.founding.found_office")
