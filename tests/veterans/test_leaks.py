"""Canaries: what is known of a person stands in no log line, mail, notice, address, error page, job row or log of events."""

import json
import logging

import pytest
from django.core import mail, serializers
from django.urls import reverse

from notifications.models import Message, Notice
from records import jobs_runner
from records.models import AuditEvent, Job
from tests.factories import at
from tests.veterans.conftest import NOW, TODAY
from tests.veterans.test_views import edit_data
from units.models import Membership
from veterans.models import DataRequest
from veterans.protection import telling

pytestmark = pytest.mark.django_db

WORD = "Zqcanari"
SEALED = {
    "id_number": "079099997777",
    "ethnicity": f"{WORD}dantoc",
    "health": "bedridden",
    "circumstances": "alone",
    "phone": "0950777001",
    "relative_contact": f"{WORD} con trai",
    "relative_phone": "0950777002",
    "note": f"{WORD} ghi chú",
}
NEEDLES = (WORD, WORD.lower(), "079099997777", "0950777001", "0950777002", "7777")


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT, settings.ERASED_FILE = tmp_path / "media", str(tmp_path / "erased.jsonl")


@pytest.fixture
def person(add, land):
    Membership.objects.filter(user=land.of_province).update(may_export_sensitive=True)
    return add(f"A {WORD}", other_name=f"{WORD} hai", hamlet=f"Thôn {WORD}", **SEALED)


def url(name, *args):
    return reverse(f"veterans:{name}", args=args)


def walk(client, person):
    """Everything a registrar does with an entry; the answers."""
    pk, purpose = person.pk, "check"
    asked = {"request-kind": "see", "request-asked_by": WORD, "request-words": WORD, "request-received_on": "15/4/2024"}
    posts = [
        (url("person_edit", pk), edit_data(person, full_name=f"A {WORD} Mới", hamlet=WORD, phone="0950777001")),
        (url("person_edit", pk), edit_data(person, full_name="", phone="0950777001")),
        (url("person_add"), {"full_name": WORD, "id_number": "079099997777"}),
        *((url("person_open", pk), {"kind": kind, "purpose-purpose": purpose}) for kind in SEALED),
        (url("person_open", pk), {"kind": WORD, "purpose-purpose": WORD}),
        (url("request_add", pk), asked),
        (
            url("consent_add", pk),
            {
                "consent-purpose": "photo",
                "consent-given": "yes",
                "consent-said_by": WORD,
                "consent-way": "spoken",
                "consent-witness": WORD,
                "consent-on": "15/4/2024",
            },
        ),
        (url("person_sheet", pk), {"sheet-purpose": "asked", "as": "docx"}),
        (url("person_filter"), {"q": WORD}),
        (url("export"), {"purpose": "plan_visits", "kinds": list(SEALED), "confirmed": "1"}),
        (url("death_report", pk), {"death-source": WORD}),
        (url("death_withdraw", pk), {"withdraw-reason": WORD}),
        (url("person_take_off", pk), {"take_off-reason": WORD}),
        (url("person_put_back", pk), {"put_back-reason": WORD}),
    ]
    answers = [client.post(address, data) for address, data in posts]
    jobs_runner.run(Job.objects.latest("pk").pk, now=NOW)
    asked = DataRequest.objects.get()
    answers.append(client.post(url("data_request_act", asked.pk), {"do": "refuse", "refuse-words": WORD}))
    answers += [client.get(url(name, pk)) for name in ("person_detail", "person_data", "person_notice")]
    return answers


def heard(text: str) -> list[str]:
    return [needle for needle in NEEDLES[:5] if needle in text]


def test_nothing_of_a_person_leaves_the_pages_of_the_registry(client, person, land, caplog):
    client.force_login(land.of_province)
    with caplog.at_level(logging.DEBUG):
        answers = walk(client, person)
        telling.tell_due(at("2024-04-17"))
    assert {answer.status_code for answer in answers} <= {200, 302, 422}
    places = {
        "log": caplog.text,
        "addresses": " ".join(answer.headers.get("Location", "") for answer in answers),
        "headers": str([dict(answer.headers) for answer in answers]),
        "events": str(list(AuditEvent.objects.values_list("verb", "target_label", "data", "reason"))),
        "jobs": str(list(Job.objects.values())),
        "notices": str(list(Notice.objects.values())),
        "messages": str(list(Message.objects.values())) + str([letter.message().as_string() for letter in mail.outbox]),
    }
    assert {place: heard(text) for place, text in places.items() if heard(text)} == {}
    assert AuditEvent.objects.filter(verb="person.sensitive_read").count() == len(SEALED)


def test_an_error_page_names_nobody(client, person, land, caplog, monkeypatch):
    """What went wrong is in the log with its place in the code, never with the values that were at hand."""

    def broken(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr("veterans.views.card.history", broken)
    client.force_login(land.of_province)
    client.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        answer = client.get(url("person_detail", person.pk))
        missing = client.get(url("person_detail", 999999))
    assert [answer.status_code, missing.status_code] == [500, 404]
    assert [heard(answer.content.decode()), heard(missing.content.decode()), heard(caplog.text)] == [[], [], []]


def test_a_dump_holds_sensitive_things_sealed_only(person):
    """dumpdata, from which a database is moved: names stand in it, sealed kinds never in the open."""
    rows = json.loads(serializers.serialize("json", person.sensitive.all()))
    text = json.dumps(rows, ensure_ascii=False)
    assert len(rows) == len(SEALED)
    assert [word for word in SEALED.values() if word in text.replace('"health"', "")] == []


def test_the_page_without_the_right_shows_no_value(client, person, land, add):
    other = add("A Xa", land.rokoi, **SEALED)
    client.force_login(land.of_far)
    for name in ("person_detail", "person_edit", "person_data", "person_notice"):
        page = client.get(url(name, other.pk)).content.decode()
        assert heard(page) == []
    assert NOW.date() == TODAY
