"""A delegation of Đăk Hà that goes on 15/4/2024 and calls on two people, and a phone that took its sheet along."""

import io
import json
import uuid
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.factories import at
from tests.veterans.conftest import NOW
from veterans import gifts
from veterans.models import Delegation, GratitudePlan, PlanEntry
from veterans.village import copies


def photo(name="cu-thut.jpg", *, side=8, colour="white", exif=None) -> SimpleUploadedFile:
    """A picture as a phone takes it."""
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(buffer, "JPEG", exif=exif or Image.Exif())
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


@pytest.fixture
def village(add, land):
    """The plan of the district, its delegation with two stops, two promised gifts."""
    first, second = add("A Thút"), add("Y Blơ", land.hamon, birth_year=1932, hamlet="Thôn 2")
    plan = GratitudePlan.objects.create(
        campaign=land.campaign,
        area=land.near,
        unit=land.unit,
        title="Kế hoạch",
        made_by=land.of_near,
        made_at=at("2024-04-01"),
    )
    delegation = Delegation.objects.create(
        plan=plan,
        unit=land.unit,
        name="Đoàn số 1",
        leader="Ông Trưởng đoàn",
        on=date(2024, 4, 15),
        made_by=land.of_near,
        made_at=at("2024-04-02"),
    )
    for place, person in enumerate((first, second), start=1):
        entry = PlanEntry.objects.create(
            plan=plan,
            person=person,
            form="home",
            added_by=land.of_near,
            added_at=at("2024-04-02"),
            delegation=delegation,
            position=place,
        )
        given = gifts.Given(land.sources["province"], money=2_000_000)
        gifts.promise(person, given, unit=land.unit, entry=entry, by=land.of_near, now=NOW)
    return SimpleNamespace(plan=plan, delegation=delegation, first=first, second=second, **vars(land))


class Phone:
    """What a phone does: it took the sheet along, and sends what was written down; `client` is who is signed in on it."""

    def __init__(self, village, user=None):
        self.village, self.user = village, user or village.of_near
        self.copy, self.ticket = copies.take_along(village.delegation, by=self.user, now=NOW)
        self.client = Client()
        self.client.force_login(self.user)

    def visit(self, person=None, **changes) -> dict:
        """One visit as the page writes it: 2.000.000 đồng of the province."""
        source = str(self.village.sources["province"].pk)
        return {
            "key": str(uuid.uuid4()),
            "copy": self.copy.pk,
            "ticket": self.ticket,
            "person": (person or self.village.first).pk,
            "on": "2024-04-15",
            "noted_at": "2024-04-15T08:30:00+07:00",
            "form": "home",
            "received_by": "",
            "to_family": False,
            "gifts": [{"source": source, "money": "2.000.000", "goods": ""}],
            "note": "",
            "consent": None,
            "pictures": [],
        } | changes

    def send(self, visit: dict, *pictures):
        """Send it with its pictures (kind, file); the answer."""
        if not pictures:
            return self.client.post(
                reverse("veterans:village_send"), json.dumps(visit), content_type="application/json"
            )
        told = [{"kind": kind, "mark": file.name} for kind, file in pictures]
        data = {"visit": json.dumps(visit | {"pictures": told}), "picture": [file for _, file in pictures]}
        return self.client.post(reverse("veterans:village_send"), data)

    def became(self, visit: dict, *pictures) -> tuple[str, str]:
        """Outcome and why of what was sent."""
        answer = self.send(visit, *pictures)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()["outcome"], answer.json()["why"]


@pytest.fixture
def phone(village):
    """The phone of the district's registrar."""
    return Phone(village)


@pytest.fixture
def media(settings, tmp_path):
    """A folder for the files of one test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
