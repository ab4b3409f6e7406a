"""The interface does what its description says, for all that it allows and forbids (schemathesis).

It asks through Django's own test client, so that every request sees the transaction of its test.
"""

import io
import json
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, settings
from requests.adapters import HTTPAdapter
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)
from urllib3 import HTTPResponse

from directive_tracker.api.app import api
from tasks.drafts.opening import open_report
from tasks.models import AssignmentProduct, Indicator
from tests.api.house import NOW, make_token
from tests.factories import make_assignment, make_directive, make_product, make_reporter, make_task, make_unit

pytestmark = pytest.mark.embedded
BASE = "http://testserver"
schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
CALM: dict[str, Any] = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


class ThroughClient(HTTPAdapter):
    """Sends what `requests` has prepared through Django's test client."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Ask the program in this very thread."""
        parts = urlsplit(request.url)
        sent = {_text(name): _text(value) for name, value in request.headers.items()}
        media = sent.pop("Content-Type", "")
        sent.pop("Content-Length", None)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        answer = Client(raise_request_exception=False).generic(
            request.method, path, request.body or b"", content_type=media, headers=sent
        )
        raw = HTTPResponse(
            io.BytesIO(answer.content),
            headers=list(answer.items()),
            status=answer.status_code,
            reason=answer.reason_phrase,
            preload_content=False,
        )
        return self.build_response(request, raw)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


@pytest.fixture
def key(db) -> str:
    """A unit with work, a document with tasks, figures and papers, a report being written; the keys of rows begin at 1."""
    unit = make_unit("Huyện ủy Đắk Hà")
    reporter = make_reporter(unit, "dakha")
    directive = make_directive()
    for number in range(3):
        task = make_task(directive, f"1a.{number}")
        Indicator.objects.create(task=task, code="0", name="Buổi", measure="buổi")
        work = make_assignment(task, unit)
        AssignmentProduct.objects.create(assignment=work, product=make_product(task, has_paper=True))
    open_report(unit, directive, by=reporter, now=NOW)
    return make_token(reporter, unit)[1]


def check(case: Any, key: str) -> None:
    """Ask, and hold the answer against everything the description says."""
    session = requests.Session()
    session.mount(BASE, ThroughClient())
    # It asks past our session; tests/api/test_matrix.py holds the same for every operation.
    left_out = [ignored_auth]
    if case.meta.generation.mode == GenerationMode.POSITIVE:
        # A place in a list comes from the list, a key for each thing from the program: no description says which.
        (case.query or {}).pop("cursor", None)
        if case.method == "POST":
            case.headers["Idempotency-Key"] = str(uuid.uuid4())
            # A report may fit the form and still not the unit's work.
            left_out.append(positive_data_acceptance)
    elif "Authorization" not in (case.headers or {}):
        # What it left out to be refused is the key, and ours is sent all the same.
        left_out.append(negative_data_rejection)
    case.call_and_validate(
        base_url=BASE, session=session, headers={"Authorization": f"Bearer {key}"}, excluded_checks=left_out
    )


@schema.parametrize()
@settings(max_examples=6, derandomize=True, **CALM)
def test_each_operation_does_what_its_description_says(case, key):
    check(case, key)


@pytest.mark.fuzz
@schema.parametrize()
@settings(max_examples=400, **CALM)
def test_each_operation_does_what_its_description_says_at_length(case, key):
    check(case, key)
