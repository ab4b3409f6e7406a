"""Ids that come from addresses and forms: anything may stand there, and no page fails on it."""

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from directive_tracker.row_ids import row_id, row_id_or_404
from tests.tasks.story import make_story, send

NO_IDS = ["", " 1", "-1", "1.0", "²", "٣", "9" * 19, "9" * 5000]


@pytest.mark.parametrize(("text", "found"), [("1", 1), ("007", 7), ("9" * 18, 999_999_999_999_999_999), (None, None)])
def test_an_id_is_read(text, found):
    assert row_id(text) == found


@pytest.mark.parametrize("text", NO_IDS)
def test_what_is_no_id_is_none_and_in_an_address_unknown(text):
    assert row_id(text) is None
    with pytest.raises(Http404):
        row_id_or_404(text)


@pytest.mark.django_db
@pytest.mark.parametrize("text", NO_IDS)
def test_a_review_of_no_section_is_unknown(text):
    story = make_story()
    report = send(story, results="Đã làm").unit_report
    client = Client()
    client.force_login(story.office)

    answer = client.post(report.get_review_url(), {"section": text, "decision": "accept"})

    assert answer.status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("text", NO_IDS)
def test_taking_the_work_of_no_unit_leads_home(text):
    story = make_story()
    client = Client()
    client.force_login(story.reporter)

    answer = client.post(reverse("tasks:acknowledge_all"), {"don-vi": text})

    assert (answer.status_code, answer["Location"]) == (302, "/don-vi/")


@pytest.mark.django_db
@pytest.mark.parametrize("text", NO_IDS[1:])
def test_the_page_of_no_unit_is_unknown(text):
    story = make_story()
    client = Client()
    client.force_login(story.reporter)

    assert client.get(reverse("tasks:unit_home"), {"don-vi": text}).status_code == 404
