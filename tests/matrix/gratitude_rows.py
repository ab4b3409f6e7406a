"""An occasion with plans, delegations, gifts and what phones sent, in every relation to the registrar."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta

from django.core.files.base import ContentFile

from directive_tracker import crypto
from records.models import StoredFile
from tests.matrix.world import AREA_RELATIONS, NOW, TODAY, World
from veterans import campaigns
from veterans.models import (
    Campaign,
    Consent,
    Delegation,
    DelegationMember,
    Gift,
    GiftSource,
    GratitudePlan,
    OfflineCopy,
    PlanApproval,
    PlanEntry,
    PlanFunding,
    SentPhoto,
    SentVisit,
    Visit,
    VisitPhoto,
    Wish,
)


def open_campaign(world: World) -> Campaign:
    """The open occasion; with it stand the reviews of communes and every visit."""
    campaign = campaigns.open_campaign(
        name="Đợt tri ân",
        starts_on=date(2024, 2, 15),
        honour_day=date(2024, 5, 7),
        ends_on=date(2024, 5, 15),
        by=world.people["colleague"],
        now=NOW,
    )
    for kind in ("open", "closed"):
        # The pages of an occasion ask who may, not whose it is.
        world.put("campaign", kind, campaign)
    return campaign


def build_gratitude(world: World) -> None:
    """A plan, its money, an approval, a delegation with a stop, gifts, a call with pictures, a call from a phone."""
    for relation in AREA_RELATIONS:
        _of_area(world, relation)


def _of_area(world: World, relation: str) -> None:
    def new(what: str = "person") -> str:
        return world.cage.new(f"{what} {relation}").word

    colleague, office = world.people["colleague"], world.units["office"]
    campaign = Campaign.objects.get(state="open")
    source = GiftSource.objects.get(campaign=campaign, level="company")
    person = world.objects["person"][relation]
    plan = GratitudePlan.objects.create(
        campaign=campaign,
        area=world.areas[relation],
        unit=office,
        title=f"Kế hoạch {new()}",
        intent=f"Mục đích {new()}",
        state=GratitudePlan.State.APPROVED,
        made_by=colleague,
        made_at=NOW,
        submitted_by=colleague,
        submitted_at=NOW,
    )
    world.put("plan", relation, plan)
    PlanApproval.objects.create(
        plan=plan,
        number="12",
        approved_on=TODAY,
        signer=f"Ông {new()}",
        people=1,
        money=2_000_000,
        recorded_by=colleague,
        recorded_at=NOW,
    )
    PlanFunding.objects.create(plan=plan, source=source, each=2_000_000, goods=f"Quà {new()}", budget=2_000_000)
    delegation = Delegation.objects.create(
        plan=plan,
        unit=office,
        name=f"Đoàn {new()}",
        leader=f"Ông {new()}",
        on=TODAY,
        made_by=colleague,
        made_at=NOW,
    )
    world.put("delegation", relation, delegation)
    DelegationMember.objects.create(delegation=delegation, name=f"Bà {new()}")
    entry = PlanEntry.objects.create(
        plan=plan, person=person, form="home", added_by=colleague, added_at=NOW, delegation=delegation, position=1
    )
    world.put("plan entry", relation, entry)
    Wish.objects.create(person=person, form="home", noted_by=colleague, noted_at=NOW)
    gift = Gift.objects.create(
        person=person,
        source=source,
        unit=office,
        goods=f"Quà {new()}",
        entry=entry,
        promised_by=colleague,
        promised_at=NOW,
    )
    world.put("gift", relation, gift)
    _from_a_phone(world, relation, delegation, new)


def _from_a_phone(world: World, relation: str, delegation: Delegation, new: Callable[[], str]) -> None:
    colleague = world.people["colleague"]
    person = world.objects["person"][relation]
    visit = Visit.objects.get(person=person)
    consent = Consent.objects.create(
        person=person,
        purpose=Consent.Purpose.PHOTO,
        given=True,
        said_by=f"Bà {new()}",
        way=Consent.Way.PHONE,
        on=TODAY,
        recorded_by=colleague,
        recorded_at=NOW,
    )
    photo = VisitPhoto.objects.create(
        visit=visit,
        kind=VisitPhoto.Kind.PERSON,
        file=_picture(colleague, new),
        consent=consent,
        added_by=colleague,
        added_at=NOW,
    )
    world.put("visit photo", relation, photo)
    copy = OfflineCopy.objects.create(
        delegation=delegation,
        user=colleague,
        ticket=uuid.uuid4().hex,
        taken_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    world.put("offline copy", relation, copy)
    key = uuid.uuid4()
    sealed = crypto.encrypt(f'{{"note": "{new()}"}}'.encode(), f"veterans.sentvisit:{key}")
    sent = SentVisit.objects.create(
        key=key,
        copy=copy,
        person=person,
        noted_at=NOW,
        received_at=NOW,
        sealed=sealed,
        key_id=crypto.key_id(sealed),
        why=SentVisit.Why.REFUSED,
        why_words=f"Chưa ghi được {new()}",
    )
    SentPhoto.objects.create(
        sent=sent, kind=VisitPhoto.Kind.SIGNED_LIST, file=_picture(colleague, new), sha=uuid.uuid4().hex
    )
    world.put("sent visit", relation, sent)


def _picture(by, new: Callable[[], str]) -> StoredFile:
    """The row of a sealed file; what lies on the disk is no picture anybody opens."""
    return StoredFile.objects.create(
        file=ContentFile(b"sealed", name="anh.bin"),
        original_name=f"{new()}.jpg",
        extension=".jpg",
        content_type="image/jpeg",
        size=6,
        sha256=uuid.uuid4().hex * 2,
        uploaded_by=by,
        uploaded_at=NOW,
        is_sealed=True,
    )
