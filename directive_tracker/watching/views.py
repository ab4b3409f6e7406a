"""`/metrics` for Prometheus."""

import hmac
import os
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from directive_tracker.watching import folder
from directive_tracker.watching.state import State

SCHEME = "Bearer "


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures of this machine's web processes, and how the whole stands. Without METRICS_TOKEN there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), (SCHEME + settings.METRICS_TOKEN).encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(scrape(), content_type=CONTENT_TYPE_LATEST)


def scrape() -> bytes:
    """All figures in Prometheus' text form."""
    state = CollectorRegistry()
    state.register(State())
    shared = os.environ.get(folder.NAME)
    if not shared:
        return generate_latest(REGISTRY) + generate_latest(state)
    together = CollectorRegistry()
    MultiProcessCollector(together, path=shared)
    with folder.locked(Path(shared), alone=False):
        counted = generate_latest(together)
    return counted + generate_latest(state)
