"""What every page shows around its own content: demo strip, navigation by role, unread count.

The context processor adds one lazy object, `look`; nothing is computed until a template asks, so
fragments that have no frame pay nothing. Addresses and the menu of a set of roles stay the same as long
as the process lives and are made once; nothing of a person is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.safestring import SafeString

from directive_tracker import clock, guide, setup_steps

# (role attribute of request.access, url name, words on the screen), in the order of the screen.
NAVIGATION = (
    ("is_administrator", "setup", "Bắt đầu"),
    ("is_office", "tasks:today", "Hôm nay"),
    ("is_office", "tasks:review_queue", "Chờ xem xét"),
    ("is_office", "tasks:directive_list", "Văn bản"),
    ("is_office", "tasks:matrix_home", "Nhiệm vụ × đơn vị"),
    ("is_office", "tasks:assignment_list", "Phần việc"),
    ("is_office", "tasks:chase_list", "Đôn đốc"),
    ("is_office", "tasks:month", "Lịch"),
    ("is_office", "tasks:overview_home", "Tổng quan"),
    ("is_office", "tasks:brief_home", "Trình Thường trực"),
    ("is_office", "tasks:digest_list", "Báo cáo nhanh"),
    ("is_office", "tasks:instruction_list", "Ý kiến chỉ đạo"),
    ("is_reader", "tasks:brief_home", "Trình Thường trực"),
    ("is_reader", "tasks:digest_list", "Báo cáo nhanh"),
    ("is_reader", "tasks:instruction_list", "Ý kiến chỉ đạo"),
    ("is_reader", "tasks:review_queue", "Chờ xem xét"),
    ("is_reader", "tasks:overview_home", "Tổng quan"),
    ("is_reader", "tasks:directive_list", "Văn bản"),
    ("is_reader", "tasks:month", "Lịch"),
    ("is_reporter", "tasks:unit_home", "Việc của đơn vị"),
    ("is_reporter", "tasks:unit_reports", "Báo cáo của đơn vị"),
    ("is_unit_head", "tasks:unit_home", "Việc của đơn vị"),
    ("is_unit_head", "tasks:unit_reports", "Báo cáo của đơn vị"),
    ("reviews", "tasks:review_queue", "Chờ xem xét"),
    ("is_reporter", "tasks:month", "Lịch"),
    ("is_unit_head", "tasks:month", "Lịch"),
    ("is_reporter", "notifications:inbox", "Thông báo"),
    ("is_unit_head", "notifications:inbox", "Thông báo"),
    ("is_registrar", "veterans:person_list", "Sổ tri ân"),
    ("is_office", "records:log", "Nhật ký"),
    ("is_administrator", "records:log", "Nhật ký"),
    ("is_administrator", "admin:index", "Quản trị"),
)
ROLES = tuple(dict.fromkeys(role for role, _, _ in NAVIGATION))
INBOX = "notifications:inbox"
# Key of the session: the unit's person may review something, as the unit's own page has found (tasks/views/unit.py).
# Kept there so that the menu of every other page costs nothing.
REVIEWS = "reviews"
# In the menu only until a new installation is set up.
SETUP = "setup"


@dataclass(frozen=True)
class NavEntry:
    """One entry of the primary navigation."""

    name: str
    label: str
    url: str
    current: bool
    badge: int


def url_or_empty(name: str) -> str:
    """Return the address of the url name, or "" where no such url exists (a page then has no link)."""
    return _address(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=256)
def _address(name: str, urlconf: str, prefix: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=512)
def _guide_address(slug: str, topic: str, urlconf: str, prefix: str) -> str:
    try:
        address = reverse("guide_page", args=[slug]) if slug else reverse("guide")
    except NoReverseMatch:
        return ""
    return f"{address}#{topic}" if topic else address


def _is_at_or_below(path: str, url: str) -> bool:
    """Tell whether path is the page of url or one below it; the site's root is only itself."""
    if url == "/":
        return path == "/"
    return path == url or path.startswith(url.rstrip("/") + "/")


class Look:
    """The frame of a page for one request; every part is computed when first asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def demo(self) -> bool:
        """Whether the demo strip has to show."""
        return bool(settings.DEMO)

    @cached_property
    def now(self) -> datetime:
        """The clock of the pages, moved in the demo."""
        return clock.now()

    @cached_property
    def user(self) -> Any:
        """The signed-in user, or None."""
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def access(self) -> Any:
        """What the signed-in user may do, as the accounts and units rooms put it on the request."""
        return getattr(self._request, "access", None) if self.user else None

    @cached_property
    def person_name(self) -> str:
        """The user's full name, else the user name; "" when nobody is signed in."""
        return str(getattr(self.user, "full_name", "") or self.user.get_username()) if self.user else ""

    @cached_property
    def standing(self) -> Any:
        """The person's own rights and whom the person may stand in for (units.access.Standing), or None."""
        return getattr(self._request, "standing", None) if self.user else None

    @cached_property
    def acting(self) -> Any:
        """For whom the person acts now (units.access.Principal), or None."""
        return getattr(self.standing, "acting_for", None)

    @cached_property
    def principals(self) -> list[Any]:
        """Whom else the person may begin to act for."""
        return [row for row in getattr(self.standing, "principals", ()) if row != self.acting]

    @cached_property
    def may_subscribe(self) -> bool:
        """Whether the person may have a calendar of the own work in other programs (tasks/feeds), never in another's name."""
        access = self.access if self.acting is None else None
        return bool(access and (access.works_for_a_unit or access.sees_all_assignments))

    @cached_property
    def may_name_a_deputy(self) -> bool:
        """Whether the page "Nhờ người thay" is the person's."""
        return self.acting is None and bool(getattr(getattr(self.standing, "own", None), "may_name_a_deputy", False))

    @cached_property
    def unit_name(self) -> str:
        """The name of the user's main unit, or ""."""
        if not self.user:
            return ""
        return str(getattr(self._request, "unit_name", "") or getattr(self.access, "unit_name", "") or "")

    @cached_property
    def badge(self) -> int:
        """How many notices the user has not read."""
        # A lazy number has no int(); adding to it gives the number itself.
        return (getattr(self._request, "badge", 0) or 0) + 0 if self.user else 0

    @cached_property
    def inbox_url(self) -> str:
        """Where the notices are; "" as long as there is no such page."""
        return url_or_empty(INBOX)

    @cached_property
    def guide_url(self) -> str:
        """Where this page is explained, for the role the person acts in; "" as long as there is no guide."""
        match = getattr(self._request, "resolver_match", None)
        slug, topic = guide.place(match.view_name if match else "", self.access)
        return _guide_address(slug, topic, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())

    @cached_property
    def home_url(self) -> str:
        """The first page of the navigation, else the root."""
        return self.nav[0].url if self.nav else "/"

    def _has(self, role: str) -> bool:
        """Whether the entry of this role attribute is the person's."""
        if role == REVIEWS:
            session = getattr(self._request, "session", {})
            return bool(getattr(self.access, "works_for_a_unit", False) and session.get(REVIEWS))
        return bool(getattr(self.access, role, False))

    @cached_property
    def nav(self) -> list[NavEntry]:
        """The navigation of the user's roles, each page once; entries without a page are left out."""
        roles = tuple(role for role in ROLES if self._has(role)) if self.user else ()
        pages = _pages(roles, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
        if pages and pages[0][0] == SETUP and not setup_steps.in_menu():
            pages = pages[1:]
        path = getattr(self._request, "path", "")
        matching = [url for _, _, url in pages if _is_at_or_below(path, url)]
        nearest = max(matching, key=len, default=None)
        return [
            NavEntry(name, label, url, url == nearest, self.badge if name == INBOX else 0) for name, label, url in pages
        ]


@lru_cache(maxsize=64)
def _pages(roles: tuple[str, ...], urlconf: str, prefix: str) -> tuple[tuple[str, str, str], ...]:
    """The pages of these roles as name, words and address, in the order of the screen."""
    found: dict[str, tuple[str, str, str]] = {}
    for role, name, label in NAVIGATION:
        url = _address(name, urlconf, prefix)
        if url and role in roles:
            found.setdefault(name, (name, label, url))
    return tuple(found.values())


@lru_cache(maxsize=512)
def menu(entries: tuple[NavEntry, ...], current: str, part: str, urlconf: str, prefix: str) -> SafeString:
    """The markup of a menu: "line", or "drop" on a narrow screen. It holds pages and a number and nothing of a person.

    Args:
        current: the name of the page that is marked, where a page says so itself.
    """
    return render_to_string(f"parts/_menu.html#{part}", {"entries": entries, "nav_current": current})


def page(request: HttpRequest) -> dict[str, Look]:
    """Context processor: `look` for every template rendered with a request."""
    return {"look": Look(request)}
