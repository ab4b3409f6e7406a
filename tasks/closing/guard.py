"""The last word about a document that is no longer followed: nothing that counts is written into it.

Buttons and pages ask `can_…` (tasks/permissions.py and the rules modules). Somebody who pressed in the same second in
which the document was ended has passed those; this is asked inside the transaction of what is written.
"""

from django.db import connection

from tasks.enums import DirectiveState
from tasks.errors import Refused

ENDED = "Văn bản đã kết thúc theo dõi; chỉ xem, không sửa được nữa."
_FOLLOWED = "SELECT 1 FROM tasks_directive WHERE id = %s AND state <> %s"


def followed_too(table: str) -> str:
    """The condition that the document of a row of `table` is followed, for an UPDATE that is to hold it as `hold_followed`
    does, without a statement of its own. Where no row was changed, `hold_followed` says whether this was why."""
    lock = " FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    return (
        f"EXISTS (SELECT 1 FROM tasks_directive AS held WHERE held.id = {table}.directive_id"
        f" AND held.state <> '{DirectiveState.CLOSED.value}'{lock})"
    )


def hold_followed(directive_id: int) -> None:
    """Keep the document from being ended until this transaction is over; 1 statement.

    On PostgreSQL whoever ends it (`FOR UPDATE`) waits for us, and we for whoever is ending it; others who write into the
    document are not held up. On SQLite nobody else writes meanwhile.

    Errors: Refused once it has been ended.
    """
    lock = " FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWED + lock, [directive_id, DirectiveState.CLOSED])
        if cursor.fetchone() is None:
            raise Refused(ENDED)
