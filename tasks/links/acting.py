"""Acting through a link: the rights of one reporter of one unit, for one request, in the link's person's name.

Nobody is signed in by it: the request that the middleware knows keeps its own user and session.
"""

from copy import copy
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from records.models import StoredFile
from tasks.links.addresses import token_of
from tasks.models import ReportLink, UnitReport
from tasks.reportpages import ReportPages
from units.access import Access, remember
from units.models import Role


@dataclass(frozen=True)
class Via:
    """Who acts through which link, as that person wrote it; `user.via` of whoever acts (records.audit, tasks.drafts.saving)."""

    name: str
    position: str
    link_id: int

    def __str__(self) -> str:
        return f"{self.name}, {self.position}"


class LinkPages(ReportPages):
    """The pages of a report below the link's address."""

    frame = "tasks/links/frame.html"
    has_home = False

    def __init__(self, link: ReportLink) -> None:
        self.token = token_of(link)

    def edit_url(self, report: UnitReport) -> str:
        return reverse("tasks:report_link_form", args=[self.token, report.pk])

    def sent_url(self, report: UnitReport) -> str:
        return reverse("tasks:report_link", args=[self.token])

    def presence_url(self, report: UnitReport) -> str:
        return ""

    def parts_url(self) -> str:
        return reverse("tasks:report_link_parts", args=[self.token])

    def upload_url(self, report: UnitReport) -> str:
        return reverse("tasks:report_link_attach", args=[self.token, report.pk])

    def figures_form_url(self, report: UnitReport) -> str:
        return ""

    def figures_fill_url(self, report: UnitReport) -> str:
        return ""

    def thumb_url(self, stored: StoredFile) -> str:
        return ""

    def file_url(self, pk: int) -> str:
        return reverse("tasks:report_link_file", args=[self.token, pk])


def as_person_of(request: HttpRequest, link: ReportLink, via: Via | None, *, today: date) -> HttpRequest:
    """A copy of the request in which the link's person reports for the link's unit, and may do nothing else.

    The head's approval stays asked for even where the person is the head: a link approves nothing.
    """
    acting = copy(request)
    # A person of its own: nothing of what is put on it reaches anybody else.
    user = User.objects.get(pk=link.user_id)
    user.via = via
    units = frozenset([link.unit_id])
    access = Access(
        roles=frozenset([Role.REPORTER.value]),
        own_unit_ids=units,
        reporter_unit_ids=units,
        visible_unit_ids=units,
        desk_unit_ids=units,
        interested_unit_ids=units,
        unit_name=link.unit.name,
    )
    remember(user, access, today=today)
    acting.user, acting.access, acting.report_pages = user, access, LinkPages(link)
    return acting
