from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string

from accounts import field_words
from records import verbs
from tasks.verbs import DETAILS, SILENT, WORDS

# For the page that gives a form back which came after its session had ended.
FIELDS = {
    "results": "Kết quả thực hiện",
    "difficulties": "Khó khăn, nguyên nhân",
    "proposals": "Kiến nghị",
    "general_note": "Đánh giá chung",
    "expected_on": "Dự kiến xong ngày",
    "reported_outside_on": "Đã báo cáo ngoài hệ thống, ngày",
    "no_change": "Không có thay đổi",
    "claims_completion": "Đã xong, đề nghị xác nhận",
    "indicator": "Số liệu",
    "comment": "Giải thích số liệu",
    "number": "Số",
    "symbol": "Ký hiệu",
    "signer": "Người ký",
    "paper": "Tệp văn bản",
    "paper_number": "Số",
    "paper_symbol": "Ký hiệu",
    "paper_date": "Ngày văn bản",
    "paper_signer": "Người ký",
    "new_due": "Xin gia hạn đến ngày",
    "granted_due": "Gia hạn đến ngày",
    "without_content": "Báo cáo không có nội dung",
    "text": "Nội dung",
    "summary": "Tóm tắt",
    "spoke_with": "Nói chuyện với",
    "called_on": "Gọi ngày",
    "cause": "Nguyên nhân",
    "said": "Nội dung trao đổi",
    "promised_until": "Hẹn xong ngày",
    "report_by": "Đề nghị báo cáo chậm nhất ngày",
    "sent_on": "Gửi ngày",
}


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "Văn bản chỉ đạo và nhiệm vụ"

    def ready(self) -> None:
        """Answer for the files of this room; name the fields of its forms and its notices; move due days with the calendar."""
        field_words.register(FIELDS)
        verbs.register(WORDS, details=DETAILS, silent=SILENT)
        # By name: models cannot be imported while the applications are still being loaded.
        import_string("records.access.register")("tasks", import_string("tasks.fileaccess.may_see"))
        import_module("tasks.notice_kinds")
        import_module("tasks.sheets")
        import_string("tasks.issuing.also_done").append(import_string("tasks.amending.applying.apply_amendments"))
        import_module("tasks.arriving.sources").register(
            "thu-muc", import_string("tasks.arriving.folder.folder_of_settings")
        )
        import_string("units.calendar_changes.movers").append(import_module("tasks.calendar_moves"))
