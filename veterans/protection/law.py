"""The numbers of the rules about personal data, in one place with their source. Read again when a decree changes.

Nghị định 356/2025/NĐ-CP (31/12/2025, in force from 01/01/2026), on Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15: a request of the
person is answered within 2 working days; seeing and correcting are carried out within 10 days, withdrawing a consent and
objecting within 15, erasing within 20; one extension of the same length, with a reason that is told to the person.
"""

from dataclasses import dataclass

from veterans.enums import KeptKind
from veterans.models import DataRequest

SOURCE = "Nghị định 356/2025/NĐ-CP; Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15"
# Working days, by the application's calendar.
ANSWER_DAYS = 2
# Calendar days from the day of receipt, and as many again when extended.
DONE_DAYS: dict[str, int] = {
    DataRequest.Kind.SEE: 10,
    DataRequest.Kind.CORRECT: 10,
    DataRequest.Kind.WITHDRAW: 15,
    DataRequest.Kind.OBJECT: 15,
    DataRequest.Kind.ERASE: 20,
}


@dataclass(frozen=True)
class Kept:
    """How long one kind is kept after an occasion.

    basis: on what ground; months: after the end of the occasion, None without end; least: fewer months nobody may set;
    for_ever: whether it may be kept without end; then: what happens afterwards; can_be_set: the office or the province may set another time or ground.
    """

    basis: str
    months: int | None
    then: str
    least: int = 0
    can_be_set: bool = True
    for_ever: bool = True


# Accounts: Luật Kế toán 88/2015/QH13, Điều 41, and Nghị định 174/2016/NĐ-CP, Điều 13: papers that are booked, ten years.
# Papers of plans: Luật Lưu trữ 33/2024/QH15. The others are the purpose itself: no longer than it needs.
AFTER: dict[KeptKind, Kept] = {
    KeptKind.AGREED: Kept(
        "Sự đồng ý của chính người đó, ghi ở hồ sơ",
        None,
        "Có sẵn trong sổ cho đợt sau, đến khi rút đồng ý",
        can_be_set=False,
    ),
    KeptKind.OTHERS: Kept(
        "Mục đích của đợt; hết mục đích thì không còn căn cứ",
        24,
        "Cán bộ xem và quyết định xóa từng hồ sơ",
        can_be_set=False,
    ),
    KeptKind.ACCOUNTS: Kept(
        "Luật Kế toán 88/2015/QH13; biết ai đã được thăm, nguồn nào đã trao",
        None,
        "Khi hồ sơ bị xóa chỉ còn số, ngày, nguồn, tiền",
    ),
    KeptKind.SIGNED: Kept(
        "Nghị định 174/2016/NĐ-CP, Điều 13: chứng từ lưu ít nhất 10 năm", 120, "Hệ thống xóa ảnh", least=120
    ),
    KeptKind.PICTURES: Kept("Sự đồng ý cho chụp ảnh; chỉ cần cho tổng kết đợt", 12, "Hệ thống xóa ảnh", for_ever=False),
    KeptKind.DELEGATIONS: Kept(
        "Để quyết toán và tổng kết đợt",
        24,
        "Hệ thống xóa họ tên, chức vụ; đoàn, ngày đi ở lại",
        for_ever=False,
    ),
    KeptKind.PHONES: Kept(
        "Chỉ để cán bộ xem lại; lần thăm đã ghi vào sổ",
        None,
        "Hệ thống xóa sau 30 ngày kể từ khi được xem",
        can_be_set=False,
    ),
    KeptKind.APPROVALS: Kept(
        "Luật Lưu trữ 33/2024/QH15: hồ sơ công việc của cơ quan", None, "Lưu cùng hồ sơ công việc"
    ),
}
