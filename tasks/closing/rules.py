"""Who ends the following of a document, and who takes that back."""

from tasks.models import Directive
from tasks.querysets import access_for


def can_end(user, directive: Directive) -> bool:
    """The office, of a document that is followed."""
    return access_for(user).is_office and directive.is_issued


def can_follow_again(user, directive: Directive) -> bool:
    """The office, of one that was ended."""
    return access_for(user).is_office and directive.is_closed


def can_read_archives(user, directive: Directive) -> bool:
    """Office and readers, who see the whole; the archive holds the reports of all units."""
    return access_for(user).sees_all_assignments and not directive.is_draft
