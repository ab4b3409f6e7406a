"""How many notices a person has not read; shown on every page."""

from datetime import datetime
from typing import Any

from django.db import connection

from notifications.models import Notice

# Hung on the statement that reads the rights (units.access.resolve_standing), which brings the CTE `mine`. The words are
# those of the index notice_unread. What was told in a unit's name is no business of somebody who has left the unit.
UNREAD_SQL = """
SELECT 'also', recipient_id, '', COUNT(*), 0, '', CAST(NULL AS date) FROM notifications_notice
WHERE recipient_id IN (%s, %s) AND read_at IS NULL AND NOT (state = 'superseded') AND state <> 'left' AND due_at <= %s
AND (notifications_notice.unit_id IS NULL OR EXISTS (
    SELECT 1 FROM mine WHERE mine.person = recipient_id AND mine.unit_id = notifications_notice.unit_id
    AND mine.role NOT IN ('administrator', 'registrar')
))
GROUP BY recipient_id
"""


def unread_params(user_pk: int, principal_pk: int | None, *, now: datetime) -> list[Any]:
    """The parameters of UNREAD_SQL for a person and whom the person acts for."""
    return [user_pk, principal_pk or user_pk, connection.ops.adapt_datetimefield_value(now)]


def unread_count(user: Any, *, now: datetime) -> int:
    """The number of notices that the user has not read and whose moment has come; 0 for a stranger."""
    if not user.is_authenticated:
        return 0
    return Notice.objects.addressed_to(user).unread(now=now).count()
