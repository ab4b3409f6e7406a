"""Who may see a stored file: every room that files something says so for its own files.

A file is shown when one room says yes. A room may say no for a file it does not know; a file that
no room knows is seen by nobody.
"""

from collections.abc import Callable

from records.models import Job, StoredFile

Checker = Callable[[object, StoredFile], bool]
_checkers: dict[str, Checker] = {}


def register(name: str, may_see: Checker) -> None:
    """Let a room answer for its files; called in AppConfig.ready().

    Args:
        name: the room, e.g. "tasks".
        may_see: called with (user, stored_file).

    Errors: ValueError when another function already has the name.
    """
    if _checkers.setdefault(name, may_see) is not may_see:
        raise ValueError(f"files of {name!r} are registered twice")


def may_see(user, stored_file: StoredFile) -> bool:
    """Say whether the user may read the file: a result of an own job, or what a room allows."""
    if Job.objects.visible_to(user).filter(result_file=stored_file).exists():
        return True
    return any(check(user, stored_file) for check in _checkers.values())
