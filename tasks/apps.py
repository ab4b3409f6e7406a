from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "Văn bản chỉ đạo và nhiệm vụ"
