"""Places from which documents arrive: the seam that a plug-in fills.

A source is registered in `AppConfig.ready()`:

    register("he-thong-van-ban", lambda: MySource() if settings.MY_SYSTEM_URL else None)

The function is called each time; None means that the place is switched off.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from django.utils.crypto import salted_hmac

from tasks.models import IncomingPlace


@dataclass(frozen=True)
class ArrivedFile:
    """One file as a source lists it.

    key: how the source finds it again; name: what people call it; changed: its own time in nanoseconds since 1970.
    """

    key: str
    name: str
    size: int
    changed: int


class SourceGone(Exception):
    """The place cannot be read now; the message is for the log and names no file."""


class Source(Protocol):
    """A place files arrive in. Nothing in it is changed or deleted by us. label: what the office calls it."""

    label: str

    def list(self) -> Iterator[ArrivedFile]:
        """What lies there now. Errors: SourceGone."""

    def open(self, key: str) -> BinaryIO:
        """The bytes of one file, to be closed by the caller. Errors: SourceGone; FileNotFoundError."""

    def done(self, key: str) -> None:
        """The file was recorded: for places that mark what was taken. Errors: SourceGone."""


_factories: dict[str, Callable[[], Source | None]] = {}


def register(slug: str, factory: Callable[[], Source | None]) -> None:
    """Name a source. Arguments: slug, at most 40 letters, kept in the rows; factory, see above."""
    _factories[slug] = factory


def active() -> dict[str, Source]:
    """The sources that are switched on, by slug."""
    made = {slug: factory() for slug, factory in _factories.items()}
    return {slug: source for slug, source in made.items() if source is not None}


def is_on() -> bool:
    """Whether anything is watched."""
    return bool(active())


def place_key(slug: str, key: str) -> str:
    """What a place is known by in our rows, where its name must not be read."""
    return salted_hmac("tasks.arriving", f"{slug}\x00{key}", algorithm="sha256").hexdigest()


def find(incoming) -> tuple[Source, ArrivedFile] | None:
    """Where an arrived file lies now, or None when it is gone. Errors: SourceGone."""
    keys = set(IncomingPlace.objects.filter(incoming=incoming).values_list("key", flat=True))
    for slug, source in active().items():
        for file in source.list():
            if place_key(slug, file.key) in keys:
                return source, file
    return None
