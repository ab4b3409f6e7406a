from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Nhắc việc và thư"

    def ready(self) -> None:
        """Let every room name its kinds of notices, its planners and what it does when somebody leaves: importing
        its modules `reminders` and `leaving` does it."""
        autodiscover_modules("reminders", "leaving")
