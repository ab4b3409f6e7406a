"""What the log calls the registry's events, on the card and in the system's log."""

READS = {
    "person.read": "Mở hồ sơ tri ân",
    "person.contact_read": "Xem người thân liên hệ",
    "person.sensitive_read": "Mở thông tin nhạy cảm",
    "person.scan_read": "Mở bản chụp giấy tờ",
    "person.sheet_read": "Lập phiếu thông tin",
    "person.photo_read": "Mở ảnh của lần thăm",
    "person.sent_read": "Xem lần thăm gửi từ máy",
}
CHANGES = {
    "person.added": "Lập hồ sơ",
    "person.changed": "Sửa hồ sơ",
    "person.verified": "Xác minh",
    "person.review_asked": "Đề nghị xem lại",
    "person.moved": "Ghi chuyển đi",
    "person.living_confirmed": "Xác nhận còn sống",
    "person.condolence_done": "Ghi đã thăm viếng",
    "person.condolence_declined": "Ghi không thăm viếng",
    "person.taken_off": "Đưa khỏi danh sách",
    "person.put_back": "Đưa lại vào danh sách",
    "person.death_reported": "Báo tin từ trần",
    "person.death_confirmed": "Xác nhận từ trần",
    "person.death_withdrawn": "Rút tin từ trần",
    "person.visited": "Ghi lần thăm hỏi",
    "person.photo_added": "Thêm ảnh của lần thăm",
    "person.photo_removed": "Bỏ ảnh của lần thăm",
    "person.sent_recorded": "Ghi lần thăm gửi từ máy",
    "person.sent_set_aside": "Không ghi lần thăm gửi từ máy",
    "person.erased": "Xóa dữ liệu của hồ sơ",
    "person.consent": "Ghi ý kiến về dữ liệu",
    "person.scan_added": "Thêm bản chụp giấy tờ",
    "person.scan_removed": "Bỏ bản chụp giấy tờ",
    "person.data_asked": "Nhận yêu cầu về dữ liệu",
    "person.data_answered": "Trả lời yêu cầu về dữ liệu",
    "person.data_extended": "Gia hạn yêu cầu về dữ liệu",
    "person.data_done": "Thực hiện yêu cầu về dữ liệu",
    "person.data_refused": "Không thực hiện được yêu cầu về dữ liệu",
}
# Two entries of one person: "entry" is the number of the other entry.
DUPLICATES = {
    "person.merged": "Gộp một hồ sơ khác vào hồ sơ này",
    "person.absorbed": "Gộp hồ sơ này vào hồ sơ khác",
    "person.taken_apart": "Tách lại hai hồ sơ đã gộp",
    "person.told_apart": "Ghi hai hồ sơ không phải một người",
}
AREAS = {
    "area.reviewed": "Ghi việc rà soát xã",
    "area.review_reopened": "Mở lại việc rà soát xã",
}
REGISTRY = {
    "registry.exported": "Xuất danh sách tri ân",
    "registry.rule_set": "Đặt thời hạn lưu của sổ tri ân",
}
CAMPAIGNS = {
    "registry.keeping_set": "Đặt thời hạn lưu sau đợt",
    "registry.keeping_ended": "Xóa những gì hết hạn lưu sau đợt",
    "registry.campaign_opened": "Mở đợt tri ân",
    "registry.campaign_changed": "Sửa đợt tri ân",
    "registry.campaign_closed": "Kết thúc đợt tri ân",
    "registry.campaign_reopened": "Mở lại đợt tri ân",
    "registry.source_added": "Thêm nguồn quà",
}
VILLAGE = {
    "registry.sheet_taken": "Mang danh sách của đoàn theo máy",
    "registry.sheet_revoked": "Thu hồi danh sách mang theo máy",
}
DELEGATIONS = {
    "registry.delegation_made": "Lập đoàn thăm",
    "registry.delegation_changed": "Sửa đoàn thăm",
    "registry.delegation_people_taken": "Xếp người vào đoàn thăm",
    "registry.delegation_people_put_off": "Bỏ người khỏi đoàn thăm",
    "registry.delegation_route_changed": "Đổi thứ tự đường đi của đoàn thăm",
    "registry.delegation_done": "Ghi đoàn thăm đã đi",
    "registry.delegation_reopened": "Ghi lại đoàn thăm là chưa đi",
    "registry.delegation_cancelled": "Ghi đoàn thăm không đi",
    "registry.paper_made": "Lập giấy tờ tri ân",
    "registry.template_kept": "Thay mẫu giấy tờ",
    "registry.template_reset": "Dùng lại mẫu chung của giấy tờ",
}
PLANS = {
    "registry.plan_made": "Lập kế hoạch tri ân",
    "registry.plan_changed": "Sửa kế hoạch tri ân",
    "registry.plan_people_added": "Đưa người vào kế hoạch tri ân",
    "registry.plan_people_dropped": "Đưa người ra khỏi kế hoạch tri ân",
    "registry.plan_gifts_changed": "Sửa quà đã hứa trong kế hoạch tri ân",
    "registry.plan_money_set": "Ghi kinh phí của kế hoạch tri ân",
    "registry.plan_submitted": "Trình kế hoạch tri ân",
    "registry.plan_returned": "Ghi kế hoạch tri ân phải sửa lại",
    "registry.plan_approved": "Ghi phê duyệt kế hoạch tri ân",
}
LISTS = {
    "import.brought": "Gửi danh sách để nhập",
    "import.rows_read": "Xem các dòng của danh sách nhập",
    "import.errors_taken": "Tải các dòng lỗi của danh sách nhập",
    "import.applied": "Nhập danh sách vào sổ tri ân",
    "import.reverted": "Gỡ danh sách đã nhập",
    "import.left": "Bỏ danh sách chưa nhập",
}
WORDS = READS | CHANGES | DUPLICATES | AREAS | REGISTRY | CAMPAIGNS | PLANS | VILLAGE | DELEGATIONS | LISTS
DETAILS = {
    "paper": "giấy tờ",
    "copy": "bản mang theo số",
    "sent": "lần gửi số",
    "request": "yêu cầu số",
    "entry": "hồ sơ kia số",
    "kept_kind": "loại",
    "review_source": "nguồn",
    "review_state": "tình trạng",
}
