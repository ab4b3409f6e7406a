"""What the log calls the registry's events, on the card and in the system's log."""

READS = {
    "person.read": "Mở hồ sơ tri ân",
    "person.contact_read": "Xem người thân liên hệ",
    "person.sensitive_read": "Mở thông tin nhạy cảm",
}
CHANGES = {
    "person.added": "Lập hồ sơ",
    "person.changed": "Sửa hồ sơ",
    "person.verified": "Xác minh",
    "person.taken_off": "Đưa khỏi danh sách",
    "person.put_back": "Đưa lại vào danh sách",
    "person.death_reported": "Báo tin từ trần",
    "person.death_confirmed": "Xác nhận từ trần",
    "person.death_withdrawn": "Rút tin từ trần",
    "person.visited": "Ghi lần thăm hỏi",
    "person.erased": "Xóa dữ liệu của hồ sơ",
}
AREAS = {
    "area.reviewed": "Ghi xã đã rà soát",
    "area.review_reopened": "Mở lại việc rà soát xã",
}
WORDS = READS | CHANGES | AREAS
