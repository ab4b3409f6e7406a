"""What each web process counts of its own requests.

Few and bounded labels: names of addresses (what is no address of ours is one), methods, classes of status. Times go into
buckets by room and kind, not by address: a histogram for each of hundreds of addresses would make every scrape dear; for
one address the sum of its seconds is kept, and the access line has each request.
"""

from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from prometheus_client import Counter, Gauge, Histogram

from directive_tracker.watching.routes import PROBES, STATIC, method_of, route_of

BUCKETS = (0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0, 30.0)
READING = frozenset({"GET", "HEAD", "OPTIONS"})
STATUS = {0: "none", 1: "1xx", 2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx"}

REQUESTS = Counter("tracker_requests", "Requests by address, method, class of status.", ["route", "method", "status"])
SPENT = Counter("tracker_request_route_seconds", "Seconds spent on requests, by address.", ["route"])
SECONDS = Histogram("tracker_request_seconds", "Seconds of a request.", ["room", "kind"], buckets=BUCKETS)
IN_FLIGHT = Gauge("tracker_requests_in_flight", "Requests being answered now.", multiprocess_mode="livesum")
FAILED_SIGN_INS = Counter("tracker_sign_ins_failed", "Sign-ins with a wrong name or password.")


def ended(request: HttpRequest, status: int, seconds: float) -> None:
    """Count one request that is over.

    Args:
        status: of the answer, 0 where there was none.
        seconds: how long it took.
    """
    route, method = route_of(request), method_of(request)
    REQUESTS.labels(route, method, STATUS.get(status // 100, "none")).inc()
    if route == STATIC or route in PROBES:
        return
    SPENT.labels(route).inc(seconds)
    room, colon, _ = route.partition(":")
    SECONDS.labels(room if colon else "tracker", "read" if method in READING else "write").observe(seconds)


def sign_in_failed(**kwargs: object) -> None:
    """Count a wrong sign-in; of whom is not looked at."""
    FAILED_SIGN_INS.inc()


user_login_failed.connect(sign_in_failed)
