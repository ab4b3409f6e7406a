"""What later rooms make together with the first account; free of models, so that AppConfig.ready() may fill it."""

from collections.abc import Callable

from django.utils.module_loading import import_string

_paths: list[str] = []


def register_founder(path: str) -> None:
    """Let the function at the dotted path run with (user=, office_name=, today=) when the first account is made."""
    if path not in _paths:
        _paths.append(path)


def founders() -> list[Callable[..., None]]:
    """The registered functions, in order. Errors: ImportError for a wrong path."""
    return [import_string(path) for path in _paths]
