"""The choices of the registry, with their words on the screen."""

from django.db import models


class Sex(models.TextChoices):
    UNKNOWN = "unknown", "Chưa rõ"
    MALE = "male", "Nam"
    FEMALE = "female", "Nữ"


class Living(models.TextChoices):
    UNKNOWN = "unknown", "Chưa rõ"
    LIVING = "living", "Còn sống"
    MOVED = "moved", "Chuyển đi"
    DECEASED = "deceased", "Đã từ trần"


class Verification(models.TextChoices):
    """How far the entry has been checked; each step is made by that level or one above it."""

    NEW = "new", "Mới lập"
    HAMLET = "hamlet", "Thôn rà soát"
    COMMUNE = "commune", "Xã xác nhận"
    DISTRICT = "district", "Huyện tổng hợp"
    PROVINCE = "province", "Tỉnh duyệt"


VERIFICATION_STEPS = tuple(Verification)


class Category(models.TextChoices):
    """Groups are counted apart: a relative of a fallen soldier is no veteran."""

    SOLDIER = "dien_bien_soldier", "Chiến sĩ Điện Biên"
    YOUTH_VOLUNTEER = "youth_volunteer", "Thanh niên xung phong"
    LABOURER = "frontline_labourer", "Dân công hỏa tuyến"
    MARTYR_RELATIVE = "martyr_relative", "Thân nhân liệt sĩ"
    OTHER = "other", "Đối tượng khác"


# Those who took part themselves; the years of birth that make it possible are theirs alone.
PARTICIPANTS = frozenset({Category.SOLDIER, Category.YOUTH_VOLUNTEER, Category.LABOURER})


class SourceLevel(models.TextChoices):
    CENTRAL = "central", "Trung ương"
    PROVINCE = "province", "Tỉnh"
    DISTRICT = "district", "Huyện, thành phố"
    COMMUNE = "commune", "Xã, phường, thị trấn"
    COMPANY = "company", "Doanh nghiệp, nhà hảo tâm"


class Honour(models.TextChoices):
    """How somebody is thanked: what is wished for, planned and done."""

    MEETING = "meeting", "Gặp mặt"
    HOME = "home", "Thăm tận nhà"
    GIFT = "gift", "Tặng quà"
    HOUSE = "house", "Hỗ trợ nhà ở"


class Finding(models.TextChoices):
    """What checking an entry came to; nobody leaves the list by it alone."""

    NONE = "", "Chưa kết luận"
    ENOUGH = "enough", "Đủ căn cứ"
    NOT_ENOUGH = "not_enough", "Chưa đủ căn cứ"
    NOT_ELIGIBLE = "not_eligible", "Không thuộc diện"


class SensitiveKind(models.TextChoices):
    """What is sealed, masked, and opened one person at a time (NĐ 356/2025, Điều 4; contacts of a family likewise)."""

    ID_NUMBER = "id_number", "Số định danh, CCCD, CMND"
    ETHNICITY = "ethnicity", "Dân tộc"
    HEALTH = "health", "Sức khỏe"
    CIRCUMSTANCES = "circumstances", "Hoàn cảnh"
    PHONE = "phone", "Điện thoại"
    RELATIVE_CONTACT = "relative_contact", "Người thân liên hệ"
    RELATIVE_PHONE = "relative_phone", "Điện thoại người thân"
    NOTE = "note", "Ghi chú của danh sách"


class Health(models.TextChoices):
    """Short codes, no diagnosis: what somebody who comes for a visit has to know."""

    WALKS = "walks", "Tự đi lại được"
    LIMITED = "limited", "Đi lại hạn chế"
    BEDRIDDEN = "bedridden", "Nằm một chỗ"
    CONFUSED = "confused", "Không còn minh mẫn"


class Circumstance(models.TextChoices):
    """How somebody lives; several may hold."""

    WITH_CHILDREN = "with_children", "Sống cùng con cháu"
    ALONE = "alone", "Sống một mình"
    POOR = "poor", "Hộ nghèo"
    NEAR_POOR = "near_poor", "Hộ cận nghèo"
    HOUSING = "housing", "Khó khăn về nhà ở"


class ReviewSource(models.TextChoices):
    """Whose list of a commune was reviewed."""

    COMMUNE = "commune", "UBND, Mặt trận xã"
    VETERANS = "veterans", "Hội Cựu chiến binh"
    VOLUNTEERS = "volunteers", "Hội Cựu thanh niên xung phong"
    HAMLET = "hamlet", "Thôn, làng, tổ dân phố"


class ReviewState(models.TextChoices):
    """How far the review is; a commune without a row has not begun."""

    DOING = "doing", "Đang rà soát"
    DONE = "done", "Xong, có danh sách"
    NOBODY = "nobody", "Xong, không có ai"


class ExportPurpose(models.TextChoices):
    """Why a list leaves the application; it stands in the log and on every sheet of the file."""

    PLAN = "plan_visits", "Lập kế hoạch thăm hỏi"
    COMPARE = "compare_lists", "Đối chiếu danh sách với xã, huyện"
    REPORT = "report_up", "Báo cáo cấp có thẩm quyền"
    PRESENT = "prepare_gifts", "Chuẩn bị quà"


class Paper(models.TextChoices):
    """What is made of a plan or a delegation, with names on it; in the log by these words."""

    SHEET = "paper_sheet", "Phiếu của đoàn"
    SIGNATURES = "paper_signatures", "Danh sách ký nhận quà"
    INVITATIONS = "paper_invitations", "Thư mời gặp mặt"
    ENVELOPES = "paper_envelopes", "Phong bì thư mời"
    PRESS = "paper_press", "Danh sách cung cấp cho báo chí"


class PaperPurpose(models.TextChoices):
    """Why such a paper is made; it stands in the log and at the end of the paper."""

    GO = "paper_for_going", "Đoàn đi thăm"
    HAND_OVER = "paper_for_gifts", "Trao quà, lấy chữ ký"
    ACCOUNT = "paper_for_accounts", "Quyết toán"
    INVITE = "paper_for_meeting", "Mời gặp mặt"
    NEWS = "paper_for_news", "Thông tin cho báo chí"
    CHECK = "paper_for_checking", "Kiểm tra, đối chiếu"


class Purpose(models.TextChoices):
    """Why a sensitive field is opened. A fixed list, so that no personal detail gets into the log."""

    VISIT_CALL = "visit_call", "Hẹn trước khi đến thăm"
    CHECK = "check", "Kiểm tra thông tin của hồ sơ"
    FAMILY_NEWS = "family_news", "Báo tin cho gia đình"
    SUPPORT = "support", "Giải quyết đề nghị của gia đình"
    ASKED = "asked", "Trả lời yêu cầu của chính người được ghi"


class KeptKind(models.TextChoices):
    """What an occasion leaves behind, each kept on a ground and for a time of its own."""

    AGREED = "agreed", "Người đồng ý lưu cho dịp sau"
    OTHERS = "others", "Người chưa trả lời hoặc không đồng ý"
    ACCOUNTS = "accounts", "Lần thăm, suất quà"
    SIGNED = "signed", "Ảnh danh sách ký nhận"
    PICTURES = "pictures", "Ảnh người được thăm"
    DELEGATIONS = "delegations", "Họ tên trưởng đoàn, thành viên đoàn"
    PHONES = "phones", "Nội dung gửi từ điện thoại"
    APPROVALS = "approvals", "Các lần phê duyệt kế hoạch"
