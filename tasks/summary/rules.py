"""Who makes a summary report; who reads one: SummaryReport.objects.visible_to."""

from tasks.models import Directive
from tasks.querysets import access_for


def can_make_summary(user, directive: Directive) -> bool:
    """The office, of a directive that is followed; one that ended is only read."""
    return access_for(user).is_office and directive.is_issued
