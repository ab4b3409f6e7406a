"""Who makes a summary report, and who reads one."""

from tasks.models import Directive
from tasks.querysets import access_for


def can_make_summary(user, directive: Directive) -> bool:
    """The office, of a directive that is followed; one that ended is only read."""
    return access_for(user).is_office and directive.is_issued


def can_read_summaries(user, directive: Directive) -> bool:
    """Office and readers, once the directive has been issued."""
    return access_for(user).sees_all_assignments and not directive.is_draft
