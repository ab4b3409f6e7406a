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


# Those who took part themselves; the years of birth that make it possible are theirs alone.
PARTICIPANTS = frozenset({Category.SOLDIER, Category.YOUTH_VOLUNTEER, Category.LABOURER})


class GiftSource(models.TextChoices):
    CENTRAL = "central", "Trung ương"
    PROVINCE = "province", "Tỉnh"
    DISTRICT = "district", "Huyện, thành phố"
    COMMUNE = "commune", "Xã, phường, thị trấn"
    COMPANY = "company", "Doanh nghiệp, nhà hảo tâm"


class Purpose(models.TextChoices):
    """Why a sensitive field is opened. A fixed list, so that no personal detail gets into the log."""

    VISIT_CALL = "visit_call", "Hẹn trước khi đến thăm"
    CHECK = "check", "Kiểm tra thông tin của hồ sơ"
    FAMILY_NEWS = "family_news", "Báo tin cho gia đình"
    SUPPORT = "support", "Giải quyết đề nghị của gia đình"
