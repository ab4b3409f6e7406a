from django.apps import AppConfig
from django.utils.module_loading import import_string


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "Văn bản chỉ đạo và nhiệm vụ"

    def ready(self) -> None:
        """Answer for the files of this room."""
        # By name: models cannot be imported while the applications are still being loaded.
        import_string("records.access.register")("tasks", import_string("tasks.fileaccess.may_see"))
