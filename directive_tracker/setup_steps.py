"""The six steps of a first run. What is done is read from the data each time; nobody ticks a box."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.urls import NoReverseMatch, reverse

from accounts import links, second_factor
from accounts.models import User
from tasks.models import Directive
from units.access import access_of
from units.models import Area, Membership, Role, Unit, UnitKind

DONE, NEXT, LATER = "done", "next", "later"
OFFICE_FIELDS = ("symbol", "phone", "email")
# So long the menu believes that the first run is over; going back is rare and costs nothing.
BELIEVED = 600
_OVER = "setup.over"


@dataclass(frozen=True)
class Step:
    """One step as the page shows it."""

    key: str
    title: str
    state: str
    sentence: str


def office() -> Unit | None:
    """The office of this installation."""
    return Unit.objects.filter(kind=UnitKind.OFFICE).in_official_order().first()


def steps(user: User, *, today: date, now: datetime) -> list[Step]:
    """All six in their order, as they stand for this administrator.

    Arguments: the signed-in user; today, the pages' day; now, real time.
    """
    found = [
        ("protect", "Bảo vệ tài khoản của mình", *_protect(user, today)),
        ("office", "Thông tin của Văn phòng", *_office()),
        ("units", "Đưa địa bàn và đơn vị vào", *_units(today)),
        ("people", "Đưa người dùng và vai trò vào", *_people(user, today)),
        ("invite", "Gửi lời mời", *_invitations(user, now)),
        ("directive", "Ghi văn bản đầu tiên", *_directive()),
    ]
    first_open = next((key for key, _, done, _ in found if not done), "")
    return [
        Step(key, title, DONE if done else NEXT if key == first_open else LATER, sentence)
        for key, title, done, sentence in found
    ]


def in_menu() -> bool:
    """Whether the menu still leads to the first run: something that is made once is missing."""
    if settings.DEMO or cache.get(_OVER):
        return False
    missing = (
        not Directive.objects.exists()
        or not Unit.objects.exclude(kind=UnitKind.OFFICE).exists()
        or not Unit.objects.filter(kind=UnitKind.OFFICE, **{f"{name}__gt": "" for name in OFFICE_FIELDS}).exists()
    )
    if not missing:
        cache.set(_OVER, True, BELIEVED)
    return missing


def is_protected(user: User, *, today: date) -> bool:
    """Whether the account has the second step, or its roles do not ask for one."""
    return second_factor.has(user) or not second_factor.needs(user, access_of(user, today=today).roles)


def _protect(user: User, today: date) -> tuple[bool, str]:
    if second_factor.has(user):
        return True, "Tài khoản của anh/chị đã có bước xác thực thứ hai."
    if is_protected(user, today=today):
        return True, "Vai trò của anh/chị không bắt buộc bước xác thực thứ hai; nên bật nếu có điện thoại."
    return False, "Còn thiếu: bước xác thực thứ hai. Các bước sau mở ra khi đã cài xong."


def _office() -> tuple[bool, str]:
    unit = office()
    if unit is None:
        return False, "Chưa có đơn vị nào thuộc loại “Văn phòng cấp ủy”."
    words = {"symbol": "ký hiệu văn bản", "phone": "điện thoại", "email": "thư công vụ"}
    missing = [words[name] for name in OFFICE_FIELDS if not getattr(unit, name)]
    if missing:
        return False, f"{unit.name}. Còn thiếu: {', '.join(missing)}."
    return True, f"{unit.name}, {unit.symbol}, {unit.phone}, {unit.email}."


def _units(today: date) -> tuple[bool, str]:
    count = Unit.objects.valid_on(today).exclude(kind=UnitKind.OFFICE).count()
    areas = Area.objects.count()
    if not count:
        return False, f"Còn thiếu: đơn vị nhận việc (mới có Văn phòng). Địa bàn: {areas or 'chưa có'}."
    return True, f"Đã có {count} đơn vị ngoài Văn phòng và {areas or 'chưa có'} địa bàn."


def _people(user: User, today: date) -> tuple[bool, str]:
    in_force = Membership.objects.active_on(today)
    others = in_force.exclude(user=user).values("user").distinct().count()
    if not others:
        return False, "Còn thiếu: người dùng. Mới có một mình anh/chị."
    reporters = in_force.filter(unit=OuterRef("pk"), role=Role.REPORTER)
    receiving = Unit.objects.valid_on(today).exclude(kind__in=[UnitKind.OFFICE, UnitKind.STANDING_COMMITTEE])
    without = receiving.filter(parent=None).exclude(Exists(reporters)).count()
    more = f" Chưa có cán bộ đầu mối: {without} đơn vị." if without else " Đơn vị nào cũng có cán bộ đầu mối."
    return True, f"Đã có {others} người ngoài anh/chị.{more}"


def _invitations(user: User, now: datetime) -> tuple[bool, str]:
    waiting = links.not_invited(now=now).count()
    asked = links.without_password().count() - waiting
    if waiting:
        return False, f"Còn thiếu: lời mời cho {waiting} người chưa có mật khẩu." + (
            f" Đã mời, chưa đặt mật khẩu: {asked} người." if asked else ""
        )
    if asked:
        return True, f"Ai cũng đã được mời; {asked} người chưa đặt mật khẩu."
    if not User.objects.filter(is_active=True).exclude(pk=user.pk).exists():
        return False, "Chưa có ai để mời."
    return True, "Ai cũng đã có mật khẩu."


def _directive() -> tuple[bool, str]:
    count = Directive.objects.count()
    return bool(count), f"Đã ghi {count} văn bản." if count else "Còn thiếu: văn bản chỉ đạo đầu tiên để giao việc."


def address(name: str) -> str:
    """The address of a page of another room, "" while that room has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
