"""The invented people of the demo. Nobody here exists; no name, number or address is a real person's."""

from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from units.models import Area, AreaLevel, Membership, Role, Unit


class Person(NamedTuple):
    """One account: role in which unit; a registrar's further scope is an area's code."""

    username: str
    full_name: str
    position: str
    unit: str
    role: str = Role.REPORTER
    registrar_of: str = ""
    is_staff: bool = False


PROVINCE, DAK_HA = "62", "615"
HEAD_SUFFIX = ".lanhdao"

STAFF = (
    Person("vanphong", "Nguyễn Thị Hạnh", "Chuyên viên Phòng Tổng hợp", "van-phong", Role.OFFICE, is_staff=True),
    Person("thuongtruc", "Trần Quốc Vinh", "Thư ký Thường trực Tỉnh ủy", "thuong-truc", Role.READER),
    Person("quantri", "Lê Minh Khôi", "Cán bộ công nghệ thông tin", "van-phong", Role.ADMINISTRATOR, is_staff=True),
)

# unit, username, reporter, the reporter's position, head, the head's position
RECIPIENTS = (
    ("bcsd-ubnd", "ubnd", "Phạm Thu Trang", "Chuyên viên Văn phòng", "Đỗ Hữu Thành", "Thư ký Ban cán sự đảng"),
    (
        "ban-tuyen-giao",
        "tuyengiao",
        "Võ Thị Mai Anh",
        "Chuyên viên Phòng Tuyên truyền",
        "Bùi Đức Long",
        "Phó Trưởng ban",
    ),
    ("mttq", "mttq", "Y Hương", "Chuyên viên Ban Phong trào", "Hoàng Văn Tấn", "Chánh Văn phòng"),
    ("ldld", "ldld", "Ngô Thị Bích", "Chuyên viên Ban Tuyên giáo", "Trịnh Văn Hùng", "Chánh Văn phòng"),
    ("hoi-nong-dan", "nongdan", "A Thiên", "Chuyên viên Ban Tuyên huấn", "Phan Đình Cường", "Chánh Văn phòng"),
    ("hoi-phu-nu", "phunu", "Y Sương", "Chuyên viên Ban Tuyên giáo", "Lương Thị Hòa", "Chánh Văn phòng"),
    ("hoi-ccb", "ccb", "Đinh Văn Lợi", "Cán bộ Ban Tuyên giáo", "Nguyễn Xuân Bảy", "Chánh Văn phòng"),
    ("tinh-doan", "tinhdoan", "Nguyễn Hoàng Yến", "Chuyên viên Ban Tuyên giáo", "A Vượng", "Chánh Văn phòng"),
    ("tu-kon-tum", "kontum", "Trương Thị Ngọc", "Chuyên viên Ban Tuyên giáo", "Đặng Văn Sơn", "Chánh Văn phòng"),
    ("hu-dak-glei", "dakglei", "Y Thảo", "Chuyên viên Văn phòng", "A Hùng", "Chánh Văn phòng"),
    ("hu-ngoc-hoi", "ngochoi", "A Khoa", "Chuyên viên Ban Tuyên giáo", "Vũ Thị Lan", "Chánh Văn phòng"),
    ("hu-dak-to", "dakto", "Nguyễn Đức Thịnh", "Chuyên viên Văn phòng", "Y Bình", "Chánh Văn phòng"),
    ("hu-kon-plong", "konplong", "Y Mai", "Chuyên viên Ban Tuyên giáo", "Hồ Văn Dũng", "Chánh Văn phòng"),
    ("hu-kon-ray", "konray", "Lê Thị Thúy", "Chuyên viên Văn phòng", "A Dương", "Chánh Văn phòng"),
    ("hu-dak-ha", "dakha", "Y Linh", "Chuyên viên Ban Tuyên giáo", "Nguyễn Văn Tiến", "Chánh Văn phòng"),
    ("hu-sa-thay", "sathay", "Phan Thị Quỳnh", "Chuyên viên Văn phòng", "A Ngọc", "Chánh Văn phòng"),
    ("hu-tu-mo-rong", "tumorong", "A Bảo", "Chuyên viên Ban Tuyên giáo", "Trần Văn Phúc", "Chánh Văn phòng"),
    ("hu-ia-hdrai", "iahdrai", "Hà Thị Nga", "Chuyên viên Văn phòng", "Lê Văn Quân", "Chánh Văn phòng"),
    ("quan-su", "quansu", "Nguyễn Trung Kiên", "Trợ lý Phòng Chính trị", "Phạm Bá Lâm", "Phó Chủ nhiệm Chính trị"),
    ("dang-uy-khoi", "dangkhoi", "Tạ Thị Hiền", "Chuyên viên Ban Tuyên giáo", "Mai Văn Đạt", "Chánh Văn phòng"),
    ("cong-an", "congan", "Đoàn Mạnh Hà", "Cán bộ Phòng Công tác đảng", "Cao Xuân Tùng", "Phó Trưởng phòng"),
    ("bien-phong", "bienphong", "Lý Văn Nam", "Trợ lý Phòng Chính trị", "Nguyễn Đình Hải", "Phó Chủ nhiệm Chính trị"),
    # Coordinates 3a.3 without being addressed.
    ("dai-ptth", "ptth", "Bùi Thị Vân", "Biên tập viên Phòng Thời sự", "Kiều Anh Tuấn", "Trưởng phòng Thời sự"),
)

COMMUNES = (
    ("du-tt-dak-ha", "ttdakha", "Nguyễn Thị Thơm"),
    ("du-xa-dak-pxi", "dakpxi", "A Hiền"),
    ("du-xa-dak-long", "daklong", "Y Phượng"),
    ("du-xa-dak-hring", "dakhring", "A Nhân"),
    ("du-xa-dak-ui", "dakui", "Y Trinh"),
    ("du-xa-dak-ngok", "dakngok", "Phạm Văn Toàn"),
    ("du-xa-dak-mar", "dakmar", "Đỗ Thị Liên"),
    ("du-xa-ngok-wang", "ngokwang", "A Thái"),
    ("du-xa-ngok-reo", "ngokreo", "Y Nhung"),
    ("du-xa-ha-mon", "hamon", "Trần Thị Hoài"),
    ("du-xa-dak-la", "dakla", "Lê Văn Trọng"),
)

REGISTRARS = {"mttq": PROVINCE, "dakha": DAK_HA}
UNITS_WITH_APPROVAL = ("hu-dak-ha", "bien-phong")


def people() -> list[Person]:
    """Everybody of the demo, in the order of the units."""
    found = list(STAFF)
    for unit, username, reporter, position, head, head_position in RECIPIENTS:
        found.append(Person(username, reporter, position, unit, registrar_of=REGISTRARS.get(username, "")))
        found.append(Person(username + HEAD_SUFFIX, head, head_position, unit, Role.UNIT_HEAD))
    found += [Person(username, name, "Cán bộ Văn phòng Đảng ủy", unit) for unit, username, name in COMMUNES]
    return found


@transaction.atomic
def create_demo_people(password: str, now: datetime) -> dict[str, User]:
    """Create the people that are missing, with their roles; the units must be loaded already.

    Arguments: password, one for all, hashed once because hashing is slow on purpose; now, the
    moment the accounts are dated. Returns the users by username. Nobody is superuser.
    Errors: KeyError when a unit is missing.
    """
    hashed = make_password(password)
    units = {unit.code: unit for unit in Unit.objects.all()}
    users = {user.username: user for user in User.objects.filter(username__in=[p.username for p in people()])}
    for number, person in enumerate(people(), start=1):
        if person.username not in users:
            users[person.username] = _create(person, number, units[person.unit], hashed, now)
    for code in UNITS_WITH_APPROVAL:
        if not units[code].needs_head_approval:
            units[code].needs_head_approval = True
            units[code].save(update_fields=["needs_head_approval"])
    return users


def _create(person: Person, number: int, unit: Unit, hashed: str, now: datetime) -> User:
    """One account with its roles."""
    user = User(
        username=person.username,
        full_name=person.full_name,
        position=person.position,
        phone=_phone(number),
        email=f"{person.username}@example.vn",
        password=hashed,
        is_staff=person.is_staff,
        date_joined=now,
    )
    user.save()
    Membership.objects.create(user=user, unit=unit, role=person.role, is_contact=person.role == Role.REPORTER)
    if person.registrar_of:
        area = Area.objects.exclude(level=AreaLevel.COMMUNE).get(code=person.registrar_of)
        # Who keeps the whole province's registry also reads whom to call; the district asks there.
        reads = area.level == AreaLevel.PROVINCE
        rights = {"may_read_sensitive": reads, "may_export_sensitive": reads}
        Membership.objects.create(user=user, area=area, role=Role.REGISTRAR, **rights)
    return user


def _phone(number: int) -> str:
    """An invented number: landline and mobile by turns, in blocks nobody is given."""
    block = "0260 0" if number % 2 else "0950 0"
    return f"{block}{number:02d} {number * 137 % 1000:03d}"
