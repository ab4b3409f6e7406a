"""The 48 people of the demo's registry. Nobody here exists: names, papers and numbers are invented.

Telephone numbers begin with 0950 000, a range not in service.
"""

from typing import NamedTuple

from veterans.enums import Category, Finding, Living, Verification

S, T, D, M = Category.SOLDIER, Category.YOUTH_VOLUNTEER, Category.LABOURER, Category.MARTYR_RELATIVE
NEW, HAMLET, COMMUNE, DISTRICT, PROVINCE = Verification
LIVING, MOVED, UNKNOWN = Living.LIVING, Living.MOVED, Living.UNKNOWN
BADGE, CERTIFICATE, MEMORIAL = (
    "Huy hiệu Chiến sĩ Điện Biên Phủ",
    "Giấy chứng nhận dân công hỏa tuyến",
    "Kỷ niệm chương TNXP",
)
GRATEFUL = "Bằng Tổ quốc ghi công"
VOUCHED = "Chưa có giấy tờ – xã xác nhận"


class Entry(NamedTuple):
    """One person as the list on paper has it; birth "1932", "5/3/1932", "~1930" or ""."""

    name: str
    sex: str
    birth: str
    commune: str
    hamlet: str
    category: Category
    paper: str
    number: str = ""
    reached: Verification = PROVINCE
    state: Living = LIVING
    contact: str = ""
    phone: str = ""
    needs: str = ""  # "i": interpreter, "v": vehicle
    other_name: str = ""
    second: Category | None = None


# fmt: off (one person a line)
# By district, in the order in which the lists came in.
PEOPLE: dict[str, tuple[Entry, ...]] = {
    "615": (
        Entry(
            "A Thút",
            "male",
            "1930",
            "23506",
            "Thôn Kon Proh",
            D,
            CERTIFICATE,
            "DC-0217",
            contact="A Khiên, con trai",
            phone="0950000001",
            needs="iv",
        ),
        Entry(
            "Nguyễn Văn Hoà",
            "male",
            "12/8/1931",
            "23500",
            "Tổ dân phố 3",
            S,
            BADGE,
            "ĐB-10452",
            contact="Nguyễn Thị Vui, con gái",
            phone="0950000002",
        ),
        Entry(
            "Y Blưm",
            "female",
            "~1932",
            "23509",
            "Làng Kon Tu",
            D,
            VOUCHED,
            needs="i",
            contact="Y Hân, cháu",
            phone="0950000003",
        ),
        Entry("Trần Đình Lộc", "male", "1929", "23521", "Thôn 2", S, BADGE, "ĐB-08817", second=D),
        Entry("A Rin", "male", "~1928", "23504", "Thôn Pa Cheng", D, VOUCHED, needs="i"),
        Entry("Phạm Thị Sâm", "female", "1933", "23512", "Thôn 4", T, MEMORIAL, "TX-3305", DISTRICT),
        Entry("Lê Quang Bính", "male", "1927", "23500", "Tổ dân phố 7", S, BADGE, "ĐB-02231"),
    ),
    "612": (
        Entry(
            "Hoàng Văn Đệ",
            "male",
            "20/11/1930",
            "23401",
            "Khối 5",
            S,
            BADGE,
            "ĐB-11973",
            contact="Hoàng Văn Lâm, con trai",
            phone="0950000004",
        ),
        Entry("A Bớt", "male", "1931", "23430", "Làng Đăk Rô Gia", D, CERTIFICATE, "DC-0388", needs="i"),
        Entry("Y Ngai", "female", "~1935", "23431", "Làng Tê Pen", D, VOUCHED, reached=COMMUNE, needs="i"),
        Entry(
            "Đỗ Thị Mận",
            "female",
            "1934",
            "23440",
            "Thôn 1",
            T,
            MEMORIAL,
            "TX-2176",
            contact="Đỗ Văn Quý, con trai",
            phone="0950000005",
        ),
        Entry("Võ Tấn Lực", "male", "3/1929", "23437", "Thôn 3", S, BADGE, "ĐB-07110"),
    ),
    "611": (
        Entry(
            "Bùi Xuân Thưởng",
            "male",
            "1930",
            "23377",
            "Tổ dân phố 2",
            S,
            BADGE,
            "ĐB-09364",
            contact="Bùi Thị Nhàn, con dâu",
            phone="0950000006",
        ),
        Entry("A Plói", "male", "~1929", "23383", "Làng Chả Nhầy", D, VOUCHED, needs="iv"),
        Entry("Thao Thị Bâng", "female", "1936", "23395", "Thôn Măng Tôn", M, GRATEFUL, "LS-5508"),
        Entry("Hà Văn Pản", "male", "1932", "23389", "Thôn Thung Nai", D, CERTIFICATE, "DC-0512", DISTRICT),
    ),
    "610": (
        Entry("A Nghĩn", "male", "1931", "23341", "Thôn Đông Sông", D, CERTIFICATE, "DC-0119", needs="i"),
        Entry("Y Dếp", "female", "~1933", "23365", "Làng Tân Rát", D, VOUCHED, reached=COMMUNE, needs="iv"),
        Entry("Kring Ba", "male", "1934", "23350", "Thôn Đăk Nớ", D, VOUCHED, needs="i"),
        Entry(
            "Trương Công Hiến",
            "male",
            "7/5/1928",
            "23341",
            "Thôn 16/5",
            S,
            BADGE,
            "ĐB-03377",
            contact="Trương Thị Tâm, con gái",
            phone="0950000007",
            needs="v",
        ),
        Entry("A Đrơih", "unknown", "", "23362", "Làng Mô Bo", D, VOUCHED, reached=NEW, state=UNKNOWN, needs="i"),
    ),
    "616": (
        Entry("Nguyễn Thị Hòa", "female", "1935", "23527", "Thôn 1", T, MEMORIAL, "TX-4410"),
        Entry("A Glêng", "male", "~1930", "23530", "Làng Đăk Đe", D, VOUCHED, needs="i"),
        Entry(
            "Y Xuyên",
            "female",
            "1934",
            "23536",
            "Làng Le",
            D,
            CERTIFICATE,
            "DC-0640",
            needs="iv",
            contact="A Ren, cháu",
            phone="0950000008",
        ),
        Entry("Phan Bá Trọng", "male", "1931", "23542", "Thôn Nghĩa Long", S, BADGE, "ĐB-12085"),
        Entry("Siu Y Thơ", "male", "~1932", "23551", "Làng Trấp", D, VOUCHED, reached=DISTRICT, needs="i"),
    ),
    "614": (
        Entry("A Jrung", "male", "1929", "23488", "Thôn Kon Skôi", D, CERTIFICATE, "DC-0703", needs="i"),
        Entry(
            "Đinh Thị Lới",
            "female",
            "1936",
            "23497",
            "Thôn 2",
            M,
            GRATEFUL,
            "LS-6120",
            contact="Đinh Văn Sỹ, cháu",
            phone="0950000009",
        ),
        Entry("U Brai", "male", "~1931", "23482", "Thôn Kon RLong", D, VOUCHED, reached=COMMUNE, needs="iv"),
    ),
    "613": (
        Entry("A Vênh", "male", "~1930", "23470", "Làng Kon Kum", D, VOUCHED, needs="i"),
        Entry(
            "Lương Văn Khoát",
            "male",
            "1932",
            "23473",
            "Tổ dân phố 1",
            S,
            BADGE,
            "ĐB-10266",
            contact="Lương Thị Duyên, con gái",
            phone="0950000010",
        ),
        Entry(
            "Y Mrưi", "female", "~1934", "23458", "Làng Đăk Niêng", D, VOUCHED, reached=HAMLET, state=UNKNOWN, needs="i"
        ),
    ),
    "617": (
        Entry("A Ních", "male", "1933", "23425", "Thôn Kon Tun", D, CERTIFICATE, "DC-0811", needs="i"),
        Entry("Y Pia", "female", "~1931", "23410", "Làng Long Hy", D, VOUCHED, needs="iv"),
        Entry("A Xếp", "male", "1935", "23417", "Thôn Măng Lỡ", D, VOUCHED, reached=COMMUNE, needs="i"),
        Entry("A Nhôi", "male", "~1929", "23413", "Làng Ba Tu", D, VOUCHED, state=MOVED, needs="i"),
    ),
    "618": (
        Entry("Vi Văn Nhượng", "male", "1934", "23538", "Thôn 1", D, CERTIFICATE, "DC-0904"),
        Entry("Lò Thị Ỏn", "female", "~1935", "23537", "Thôn 3", T, MEMORIAL, "TX-5127", DISTRICT),
    ),
    "608": (
        Entry(
            "Nguyễn Văn Ấn",
            "male",
            "1929",
            "23287",
            "Tổ dân phố 2",
            S,
            BADGE,
            "ĐB-05549",
            contact="Lưu Thị Nhàn, con gái",
            phone="0950000011",
            needs="v",
        ),
        Entry(
            "Trần Thị Bảy",
            "female",
            "1934",
            "23281",
            "Tổ dân phố 6",
            T,
            MEMORIAL,
            "TX-1093",
            contact="Trần Quang Tuyển, con trai",
            phone="0950000012",
        ),
        Entry("Lê Hữu Cầm", "male", "15/10/1928", "23293", "Tổ dân phố 1", S, BADGE, "ĐB-01875", other_name="Hữu Cẩm"),
        Entry("Đặng Văn Đàn", "male", "1931", "23284", "Tổ dân phố 4", S, BADGE, "ĐB-09012"),
        Entry(
            "Ngô Thị Én",
            "female",
            "1933",
            "23302",
            "Tổ dân phố 3",
            D,
            CERTIFICATE,
            "DC-1007",
            contact="Ngô Văn Hải, cháu",
            phone="0950000013",
        ),
        Entry("A Hmơi", "male", "~1930", "23317", "Làng Kơ Năng", D, VOUCHED, needs="i"),
        Entry(
            "Phùng Khắc Ước",
            "male",
            "1922",
            "23290",
            "Tổ dân phố 5",
            S,
            BADGE,
            "ĐB-00418",
            contact="Phùng Thị Yên, con gái",
            phone="0950000014",
            needs="v",
        ),
        # Ngô Thị Én once more, as another list typed her: the pair the registry's pages show.
        Entry("Ngo Thi En", "female", "1933", "23302", "Tổ dân phố 3", D, VOUCHED, reached=NEW, state=UNKNOWN),
        Entry("Huỳnh Thị Vỹ", "female", "1938", "23299", "Tổ dân phố 1", M, GRATEFUL, "LS-7043", state=MOVED),
        Entry("Tạ Minh Đức", "male", "02/9/1930", "23308", "Tổ dân phố 2", S, BADGE, "ĐB-10931", second=T),
    ),
}
# fmt: on

# Who was reported dead: name, reporter, second person ("" waits), day of death, source.
DEATHS = (
    ("A Rin", "dakha", "mttq", "2024-03-16", "Gia đình báo, UBND xã xác nhận"),
    ("Lê Quang Bính", "mttq", "dakha", "2024-03-27", "Tổ dân phố 7 báo"),
    ("Võ Tấn Lực", "mttq", "", "", "Thôn 3 báo qua điện thoại"),
)

# What a level found that was not enough, and who wants something looked at again (no finding): name, level, finding, by,
# day, reason.
FINDINGS = (
    (
        "Y Ngai",
        DISTRICT,
        Finding.NOT_ENOUGH,
        "mttq",
        "2024-03-07",
        "Mới có lời kể của gia đình; cần thêm người cùng đi dân công xác nhận.",
    ),
    ("A Xếp", DISTRICT, Finding.NOT_ELIGIBLE, "mttq", "2024-03-26", "Đi dân công từ cuối năm 1955, sau chiến dịch."),
    (
        "Hà Văn Pản",
        DISTRICT,
        Finding.NONE,
        "mttq",
        "2024-04-03",
        "Giấy chứng nhận ghi tên khác một chữ; nhờ xem lại bản gốc.",
    ),
)

# Who was asked again whether they live: day, by, source, names.
LIVING_NEWS = (
    ("2024-04-09", "dakha", "Trưởng thôn, gọi điện", ("A Thút", "Nguyễn Văn Hoà", "Y Blưm", "Trần Đình Lộc")),
    ("2024-04-10", "mttq", "Gia đình", ("Hoàng Văn Đệ", "Bùi Xuân Thưởng", "Trương Công Hiến", "Nguyễn Văn Ấn")),
)

# Lists of others than the communes: commune, source, by, day it began, day it was finished, people, who signed.
OTHER_REVIEWS = (
    ("23500", "veterans", "dakha", "2024-03-05", "2024-03-14", 2, "Chủ tịch Hội CCB thị trấn"),
    ("23506", "veterans", "dakha", "2024-03-05", "2024-03-15", 1, "Chủ tịch Hội CCB xã"),
    ("23512", "volunteers", "dakha", "2024-03-06", "2024-03-18", 1, "Ban liên lạc cựu TNXP xã"),
    ("23530", "hamlet", "mttq", "2024-03-14", "2024-03-20", 0, "Trưởng làng"),
    ("23338", "hamlet", "mttq", "2024-04-11", "2024-04-25", 0, "Tổ trưởng tổ dân phố"),
)

# Families that were called on: name, by, day, note.
CALLS = (("A Rin", "dakha", "2024-04-05", "Đoàn của huyện và xã đã đến viếng."),)
