"""One transaction, without a savepoint inside another one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def joined() -> Iterator[None]:
    """A transaction of its own, or a part of the one that runs already.

    `atomic` would set a savepoint there: two more statements, which only matter to somebody who goes on after a database
    error. For code that refuses before it writes, or writes nothing when it refuses.
    """
    if transaction.get_connection().in_atomic_block:
        yield
        return
    with transaction.atomic():
        yield
