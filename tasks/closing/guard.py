"""The last word about a document that is no longer followed: nothing that counts is written into it.

Buttons and pages ask `can_…` (tasks/permissions.py and the rules modules). Somebody who pressed in the same second in
which the document was ended has passed those; this is asked inside the transaction of what is written.
"""

from django.db import connection

from tasks.enums import DirectiveState
from tasks.errors import Refused

ENDED = "Văn bản đã kết thúc theo dõi; chỉ xem, không sửa được nữa."
_FOLLOWED = "SELECT 1 FROM tasks_directive WHERE id = %s AND state <> %s"


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
