"""How many notices a person has not read; shown on every page."""

from datetime import datetime
from typing import Any

from notifications.models import Notice


def unread_count(user: Any, *, now: datetime) -> int:
    """The number of the user's unread notices whose moment has come; 0 for a stranger. One statement."""
    if not user.is_authenticated:
        return 0
    return Notice.objects.visible_to(user).unread(now=now).count()
