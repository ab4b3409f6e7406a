"""Where the pages of a unit's report are, and in which frame they stand.

The same form serves whoever is signed in and whoever comes through a mailed link (tasks/links); what differs is who acts
(`request.user`, `request.access`), in whose name (`request.user.via`), and these addresses.
"""

from django.http import HttpRequest
from django.urls import reverse

from records import pictures
from records.models import StoredFile
from tasks.models import UnitReport


class ReportPages:
    """The pages of somebody who is signed in."""

    frame = "base.html"
    # Whether there is a page of the unit's work to go back to.
    has_home = True

    def edit_url(self, report: UnitReport) -> str:
        """The form."""
        return reverse("tasks:report_edit", args=[report.pk])

    def sent_url(self, report: UnitReport) -> str:
        """What was sent."""
        return report.get_absolute_url()

    def presence_url(self, report: UnitReport) -> str:
        """Where the open form says that it is there; "" where nobody is told."""
        return reverse("tasks:report_presence", args=[report.pk])

    def parts_url(self) -> str:
        """Where a file in parts is announced."""
        return reverse("records:partial_begin")

    def upload_url(self, report: UnitReport) -> str:
        """Where a file that came in parts joins the report; "" where files come with the form alone."""
        return reverse("tasks:report_file", args=[report.pk])

    def figures_form_url(self, report: UnitReport) -> str:
        """The Excel form of its figures; "" where it is not handed out."""
        return reverse("tasks:report_figures_form", args=[report.pk])

    def figures_fill_url(self, report: UnitReport) -> str:
        """Where that form comes back."""
        return reverse("tasks:report_figures_fill", args=[report.pk])

    def thumb_url(self, stored: StoredFile) -> str:
        """A small picture of a stored photo; "" for other files."""
        return reverse("records:thumbnail", args=[stored.pk]) if stored.extension in pictures.FORMATS else ""

    def file_url(self, pk: int) -> str:
        """One stored file of the report."""
        return reverse("records:file", args=[pk])


SIGNED_IN = ReportPages()


def pages_of(request: HttpRequest) -> ReportPages:
    """The pages for this request."""
    return getattr(request, "report_pages", SIGNED_IN)
