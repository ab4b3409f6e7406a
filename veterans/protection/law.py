"""The numbers of the rules about personal data, in one place with their source. Read again when a decree changes.

Nghị định 356/2025/NĐ-CP (31/12/2025, in force from 01/01/2026), on Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15: a request of the
person is answered within 2 working days; seeing and correcting are carried out within 10 days, withdrawing a consent and
objecting within 15, erasing within 20; one extension of the same length, with a reason that is told to the person.
"""

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
