"""What a link opens today, and why it opens nothing."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.conf import settings

from tasks.drafts.opening import find_open_report
from tasks.enums import ReportState
from tasks.links import addresses
from tasks.models import ReportLink, UnitReport
from units.models import Membership, Role

REFUSALS = {
    "forged": "Đường dẫn không đúng. Có thể dòng địa chỉ bị cắt hoặc gõ nhầm; xin mở lại từ thư.",
    "off": "Báo cáo qua đường dẫn trong thư hiện không dùng.",
    "ended": "Văn bản này không còn theo dõi, báo cáo qua đường dẫn đã dừng.",
    "revoked": "Đường dẫn này đã được thu hồi.",
    "gone": "Đường dẫn này không còn dùng được.",
    "done": "Báo cáo mở bằng đường dẫn này đã được xem xét xong, nên đường dẫn đã hết giá trị.",
    "expired": "Đường dẫn này đã hết hạn.",
}
# After these a new link may be asked for; what was mailed before goes to the same person again.
RENEWABLE = ("revoked", "gone", "done", "expired")


class LinkRefused(Exception):
    """A link that opens nothing; `code` is a key of REFUSALS, `link` its row where it is genuine."""

    def __init__(self, code: str, link: ReportLink | None = None) -> None:
        super().__init__(REFUSALS[code])
        self.code, self.link = code, link

    @property
    def may_renew(self) -> bool:
        """Whether the page offers to mail a new one; a colleague without an account has no mailbox here."""
        return self.link is not None and self.code in RENEWABLE and not self.link.colleague


def works_for_unit(user, unit_id: int, *, today: date) -> bool:
    """Whether the person reports for the unit, or is its head, on that day."""
    return (user.pk, unit_id) in working([user], [unit_id], today=today)


def working(users: Iterable[Any], units: Collection[int], *, today: date) -> set[tuple[int, int]]:
    """(person, unit) of those who report for one of the units, or are its head, on that day. One statement."""
    members = Membership.objects.active_on(today).filter(
        user__in={user.pk for user in users if user.is_active},
        unit__in=units,
        role__in=[Role.REPORTER, Role.UNIT_HEAD],
    )
    return set(members.values_list("user_id", "unit_id"))


def is_offered(link: ReportLink) -> bool:
    """Whether the installation, the unit and the document want such links."""
    return settings.REPORT_LINKS and link.unit.wants_report_links and link.directive.report_links


def open_link(token: str, *, today: date) -> ReportLink:
    """The link of an address, unchanged.

    Args:
        token: the last part of the address. today: the pages' day.

    Errors: LinkRefused with the sentence to show.
    """
    link = addresses.read(token)
    if link is None:
        raise LinkRefused("forged")
    code = refusal_of(link, today=today)
    if code:
        raise LinkRefused(code, link)
    return link


def refusal_of(link: ReportLink, *, today: date) -> str:
    """Why a genuine link opens nothing that day, or ""."""
    if not is_offered(link):
        return "off"
    if not link.directive.is_issued:
        return "ended"
    if link.is_revoked:
        return "revoked"
    # Whoever was switched off or has left reads the same as everybody: a page tells a stranger nothing of a person.
    if not works_for_unit(link.user, link.unit_id, today=today):
        return "gone"
    if is_done(link):
        return "done"
    return "expired" if link.last_day < today else ""


def report_of(link: ReportLink) -> UnitReport | None:
    """The one report the link is about; None while nobody has begun it.

    That of the period; between the periods the one at hand, else the newest that was begun since the link was made.
    """
    reports = (
        UnitReport.objects.of_the_unit()
        .filter(unit=link.unit_id, directive=link.directive_id)
        .select_related("unit", "directive__office", "period", "saved_by", "submitted_by")
    )
    if link.period_id is not None:
        of_period = reports.filter(period=link.period_id).first()
        if of_period is not None:
            return of_period
    at_hand = find_open_report(link.unit, link.directive)
    if at_hand is not None:
        return reports.get(pk=at_hand.pk)
    if link.period_id is not None:
        return None
    return reports.filter(created_at__date__gte=link.made_on).order_by("-pk").first()


def is_done(link: ReportLink) -> bool:
    """Whether every section of its report has been accepted."""
    report = report_of(link)
    return report is not None and report.state == ReportState.DECIDED
