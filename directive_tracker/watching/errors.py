"""Errors sent to a Sentry-compatible server, where SENTRY_DSN names one; off otherwise.

What is sent is put together from a short list of what may be sent: kind and place of the error, the number of the request and
the name of its address. No request, no values of variables, no person, no words of an error that may repeat what somebody
typed (directive_tracker/logs.py). Everything comes by way of the log's errors; nothing else is watched or patched.
"""

import logging
from types import ModuleType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from directive_tracker.logs import chain, masked, said_by
from directive_tracker.watching import ids
from directive_tracker.watching.routes import route_of

try:
    import sentry_sdk
    from sentry_sdk.integrations.logging import LoggingIntegration
except ImportError:  # requirements-sentry.txt is not installed.
    sdk: ModuleType | None = None
else:
    sdk = sentry_sdk

KEPT = ("event_id", "timestamp", "level", "platform", "logger", "release", "environment", "server_name", "sdk")
OF_FRAME = ("filename", "function", "module", "lineno", "pre_context", "context_line", "post_context", "in_app")


def start(dsn: str) -> None:
    """Send errors from now on. The settings have looked at address and package."""
    if sdk is None:
        raise ImproperlyConfigured("sentry-sdk is not installed (requirements-sentry.txt)")
    sdk.init(
        dsn=dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        before_send=only_what_may_be_sent,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=None,
        auto_session_tracking=False,
        send_client_reports=False,
        enable_backpressure_handling=False,
        environment="production",
        shutdown_timeout=2,
    )


def only_what_may_be_sent(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """The event anew, of nothing but what is named here."""
    sent: dict[str, Any] = {name: event[name] for name in KEPT if name in event}
    record = hint.get("log_record")
    caught = hint.get("exc_info")
    if caught and caught[1] is not None:
        sent["exception"] = {"values": _values(event, caught[1])}
    if isinstance(record, logging.LogRecord):
        # The words of the program; what was put into them stays here.
        words = masked(str(getattr(record, "template", record.msg)))
        sent["logentry"] = {"message": words, "formatted": words}
    sent["tags"] = _tags(record)
    return sent


def _values(event: dict[str, Any], error: BaseException) -> list[dict[str, Any]]:
    """The errors with their places, the first one first."""
    told = event.get("exception", {}).get("values", [])
    errors = list(reversed(list(chain(error))))
    values = []
    for place, one in enumerate(told):
        frames = [
            {name: frame[name] for name in OF_FRAME if name in frame}
            for frame in (one.get("stacktrace") or {}).get("frames", [])
        ]
        words = said_by(errors[place]) if len(errors) == len(told) else ""
        values.append(
            {"type": one.get("type"), "module": one.get("module"), "value": words, "stacktrace": {"frames": frames}}
        )
    return values


def _tags(record: Any) -> dict[str, str]:
    """Where to look in the log."""
    tags = {}
    running = ids.running()
    if running is not None:
        tags["request_id"] = running.request_id
        if running.job:
            tags["job"] = running.job
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        tags["route"] = route_of(request)
    return tags
