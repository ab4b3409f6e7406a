from django.apps import AppConfig
from django.utils.module_loading import import_string

from accounts.founders import register_founder
from records import seeing, verbs


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = "Đơn vị, địa bàn, lịch làm việc"

    def ready(self) -> None:
        """The first account of an empty installation comes with the office and its roles."""
        register_founder("units.founding.found_office")
        # By name: models cannot be imported while the applications are still being loaded.
        import_string("records.access.register")("units.import", import_string("units.importing.access.may_see"))
        seeing.register("units", import_string("units.readers.sight_of"))
        verbs.register(
            {
                "deputation.made": "Giao người thay mặt",
                "deputation.changed": "Sửa việc thay mặt",
                "deputation.ended": "Kết thúc việc thay mặt",
                "deputation.acting_began": "Bắt đầu làm việc thay mặt",
                "deputation.acting_ended": "Thôi làm việc thay mặt",
                "account.left": "Thôi việc hoặc chuyển đi",
                "units.imported": "Nhập đơn vị, người và vai trò từ bảng tính",
                "units.exported": "Kết xuất đơn vị, người và vai trò ra bảng tính",
                "calendar.changed": "Sửa lịch làm việc",
                "api_token.made": "Tạo mã truy cập API",
                "api_token.taken_over": "Nhận giữ mã truy cập API",
                "api_token.revoked": "Hủy mã truy cập API",
                "api_token.refused": "Từ chối mã truy cập API",
            },
            details={
                "entries_before": "trước đó",
                "entries": "nay",
                "due_days_moved": "số hạn chuyển theo",
                "scopes": "được làm",
                "expires_on": "hết hạn ngày",
            },
        )
