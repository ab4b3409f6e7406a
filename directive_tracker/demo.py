"""The demo's accounts and their one password."""

import secrets

from django.conf import settings

from directive_tracker import env

# (username, who this is) in the order in which they are printed at the start.
DEMO_ACCOUNTS = (
    ("vanphong", "Văn phòng Tỉnh ủy"),
    ("thuongtruc", "Thường trực Tỉnh ủy"),
    ("tuyengiao", "Ban Tuyên giáo Tỉnh ủy, theo dõi nhiệm vụ 1a.2"),
    ("mttq", "Ủy ban MTTQ Việt Nam tỉnh, giữ sổ tri ân toàn tỉnh"),
    ("tinhdoan", "Tỉnh đoàn"),
    ("quansu", "Đảng ủy Quân sự tỉnh"),
    ("ubnd", "Ban cán sự đảng UBND tỉnh"),
    ("dakha", "Huyện ủy Đắk Hà, giữ sổ tri ân của huyện"),
    ("dakhring", "Đảng ủy xã Đăk Hring (thuộc Huyện ủy Đắk Hà)"),
    ("dakha.lanhdao", "Lãnh đạo Huyện ủy Đắk Hà, duyệt báo cáo"),
    ("quantri", "Quản trị hệ thống"),
)

# Read aloud and typed without marks; four of them and four digits are enough for a machine's own page.
SYLLABLES = (
    "bac bien buom cam cau chim cong dao dong gao gio hat hoa hong huong khoai la lang lua mai may mua nam nang ngo "
    "nha nui ong que rung sen song suoi thac thong thu tre trung vang vuon xanh xoai xuan yen"
).split()


def demo_password() -> str:
    """Return the one password of all demo accounts: made at the first call, kept in VAR_DIR, readable by the owner only."""
    parts = [secrets.choice(SYLLABLES) for _ in range(4)]
    fresh = "-".join([*parts, f"{secrets.randbelow(10_000):04d}"])
    return env.kept(settings.VAR_DIR / "demo-password", fresh)
