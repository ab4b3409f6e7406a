"""Invented names and phrases. They are put together from parts, so that any number of them differs."""

from random import Random

# As often as people have them: three in ten are Nguyễn, a third of the men Văn, most women Thị.
FAMILIES = (
    ["Nguyễn"] * 18 + ["Trần"] * 7 + ["Lê"] * 6 + ["Phạm"] * 4 + ["Hoàng", "Phan", "Vũ"] * 2
    + "Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Mai Trịnh Lương Cao Tạ".split()
)  # fmt: skip
MIDDLES = ["Văn"] * 12 + ["Thị"] * 12 + "Đức Thu Minh Quang Ngọc Thanh Xuân Hữu Kim Bá Công Thùy Mạnh Hải".split()
GIVENS = (
    "An Anh Bình Châu Chi Cường Dũng Dung Đạt Giang Hà Hải Hạnh Hiền Hoa Hòa Huệ Hùng Hương Khánh Lan Liên Linh Long "
    "Mai Minh Nam Nga Ngọc Nhung Phúc Phương Quân Quỳnh Sơn Tâm Thảo Thắng Thu Thủy Trang Trung Tuấn Vân Vinh Yến"
).split()

# Names of the highlands are put together of these: A or Y, and one or two syllables.
ONSETS = "B Bl Br Ch D Đ Gl H Hm J K Kl Kr L M Ml N Ng Nh P Pl R S T Th Tr V".split()
RHYMES = "ang ao âm ăn êk êng ia ip iu oan ôi ông ơi ơm uih ưn ưk".split()

FIRSTS = "An Bình Phú Tân Thanh Long Vĩnh Hòa Minh Đông Nam Bắc Kim Xuân Hồng".split()
SECONDS = "Hải Sơn Giang Lâm Phong Thịnh Lộc Khê Mỹ Xuyên Trạch Điền Hưng Phước Thạnh".split()
# kind of unit (units.models.UnitKind), words before the name, the same shortened
UNIT_KINDS = (
    ("party_committee", "Huyện ủy", "HU"),
    ("party_committee", "Đảng ủy cơ quan", "ĐU"),
    ("party_committee", "Đảng ủy xã", "ĐU xã"),
    ("state_body", "Sở", "Sở"),
    ("party_body", "Ban", "Ban"),
    ("mass_organisation", "Hội", "Hội"),
)

VERBS = (
    "Xây dựng kế hoạch",
    "Tổ chức quán triệt",
    "Rà soát, bổ sung quy định về",
    "Kiểm tra, giám sát",
    "Tổ chức hội nghị chuyên đề về",
    "Tuyên truyền, vận động về",
    "Lập danh sách, số liệu về",
    "Sơ kết, đánh giá",
    "Phân công người phụ trách",
    "Bố trí kinh phí cho",
)
SUBJECTS = (
    "cải cách hành chính",
    "chuyển đổi số trong cơ quan",
    "xây dựng nông thôn mới",
    "công tác dân vận",
    "công tác văn thư, lưu trữ",
    "phòng cháy, chữa cháy rừng",
    "tiếp công dân, giải quyết đơn thư",
    "giảm nghèo bền vững",
    "thực hành tiết kiệm, chống lãng phí",
    "sinh hoạt chi bộ",
    "đào tạo, bồi dưỡng cán bộ",
    "vệ sinh môi trường nông thôn",
    "an toàn giao thông",
    "chăm lo đời sống công nhân, lao động",
    "công tác khuyến học",
)
PLACES = (
    "tại địa phương, đơn vị",
    "trong toàn ngành",
    "ở cơ sở",
    "đối với cán bộ, đảng viên",
    "trong sáu tháng đầu năm",
    "theo phạm vi được giao",
)
RESULTS = (
    "Đã ban hành văn bản triển khai đến các đơn vị trực thuộc; phân công một đồng chí phụ trách.",
    "Đã tổ chức hội nghị quán triệt, các đơn vị trực thuộc đăng ký nội dung thực hiện.",
    "Đã hoàn thành bước rà soát; đang tổng hợp số liệu của cơ sở.",
    "Đã kiểm tra ba đơn vị trực thuộc, kết quả bảo đảm yêu cầu.",
    "Đã hoàn thành các nội dung được giao, gửi kèm văn bản.",
)
DIFFICULTIES = ("", "", "", "Một số cơ sở gửi số liệu chậm.", "Địa bàn rộng, đi lại khó khăn trong mùa mưa.")
RETURN_REASONS = (
    "Chưa nêu số liệu cụ thể, đề nghị bổ sung.",
    "Chưa gửi kèm văn bản triển khai.",
    "Nội dung báo cáo chưa đúng kỳ, đề nghị sửa lại.",
)
EXTENSION_REASONS = (
    "Chờ số liệu của các đơn vị trực thuộc.",
    "Trùng với đợt kiểm tra của cấp trên, đề nghị lùi thời gian.",
)
NUDGES = (
    "Đề nghị đơn vị khẩn trương thực hiện và báo cáo kết quả.",
    "Việc đã quá hạn, đề nghị đơn vị báo cáo lý do và ngày dự kiến xong.",
)
POSITIONS = ("Chuyên viên Văn phòng", "Cán bộ đầu mối", "Chuyên viên tổng hợp", "Chánh Văn phòng")


def person_name(random: Random) -> str:
    """A full name, e.g. of family, middle and given name."""
    return f"{random.choice(FAMILIES)} {random.choice(MIDDLES)} {random.choice(GIVENS)}"


def highland_name(female: bool, random: Random) -> str:
    """A name as of Xơ Đăng or Ba Na people: "A Krông", "Y Blơm Hâm"."""
    syllables = [random.choice(ONSETS) + random.choice(RHYMES) for _ in range(random.choice((1, 1, 2)))]
    return " ".join(("Y" if female else "A", *syllables))


def unit_name(number: int) -> tuple[str, str, str]:
    """Kind, full name and short name of the unit of that number (from 0); all differ."""
    kind, words, short = UNIT_KINDS[number % len(UNIT_KINDS)]
    place = number // len(UNIT_KINDS)
    first, second = FIRSTS[place % len(FIRSTS)], SECONDS[place // len(FIRSTS) % len(SECONDS)]
    again = place // (len(FIRSTS) * len(SECONDS))
    name = f"{first} {second}" + (f" {again + 1}" if again else "")
    return kind, f"{words} {name}", f"{short} {name}"


def task_words(number: int) -> tuple[str, str]:
    """What the task of that number (from 0) asks for, and the same in short."""
    subject, verb = SUBJECTS[number % len(SUBJECTS)], VERBS[(number // len(SUBJECTS) + number) % len(VERBS)]
    return f"{verb} {subject} {PLACES[(number // 7) % len(PLACES)]}", f"{verb} {subject}"


def phone(number: int) -> str:
    """An invented number in a block nobody is given."""
    return f"0950 {number // 1000 % 1000:03d} {number % 1000:03d}"
