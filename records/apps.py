from django.apps import AppConfig
from django.utils.module_loading import import_string


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "Nhật ký và tệp lưu"

    def ready(self) -> None:
        """Name the log as a list that can be taken along as an Excel file."""
        # By name: models cannot be imported while the applications are still being loaded.
        import_string("records.sheets.register")("nhat-ky", import_string("records.sheet_log.log_list"))
