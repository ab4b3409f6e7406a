"""A small province: two districts with two communes each, and one user of every role."""

from datetime import date
from types import SimpleNamespace

import pytest

from directive_tracker import clock
from records.models import AuditEvent
from tests.factories import at, make_area, make_membership, make_office_user, make_unit, make_user
from units.models import AreaLevel, Role
from veterans import campaigns, people
from veterans.enums import Category, Living

NOW = at("2024-04-15", "09:00")
TODAY = date(2024, 4, 15)


def logged_words() -> str:
    """What the log says of things and people: without its marks and times, in which any few signs may stand by chance."""
    return str(list(AuditEvent.objects.values_list("verb", "target_type", "target_label", "data", "reason")))


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch):
    """Every page shows 09:00 of 15/4/2024."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def land(db):
    """The areas and the people who work with the registry."""
    province = make_area("Tỉnh Kon Tum", level=AreaLevel.PROVINCE)
    near = make_area("Huyện Đăk Hà", parent=province)
    far = make_area("Huyện Sa Thầy", parent=province)
    communes = {
        name: make_area(name, level=AreaLevel.COMMUNE, parent=district)
        for name, district in (
            ("Xã Đăk Hring", near),
            ("Xã Hà Mòn", near),
            ("Xã Rờ Kơi", far),
            ("Xã Mô Rai", far),
        )
    }
    unit = make_unit("Ủy ban MTTQ tỉnh", code="mttq")
    of_province, of_near, of_far = make_user("mttq"), make_user("dakha"), make_user("sathay")
    make_membership(of_province, role=Role.REGISTRAR, area=province, may_read_sensitive=True)
    make_membership(of_near, role=Role.REGISTRAR, area=near, may_read_sensitive=True)
    make_membership(of_far, role=Role.REGISTRAR, area=far)
    reader, reporter, administrator = make_user("thuongtruc"), make_user("tinhdoan"), make_user("quantri")
    make_membership(reader, unit, Role.READER)
    make_membership(reporter, unit, Role.REPORTER)
    make_membership(administrator, unit, Role.ADMINISTRATOR)
    campaign = campaigns.open_campaign(
        name="Kỷ niệm 70 năm",
        starts_on=date(2024, 2, 15),
        honour_day=date(2024, 5, 7),
        ends_on=date(2024, 5, 15),
        by=of_province,
        now=at("2024-02-15"),
    )
    return SimpleNamespace(
        campaign=campaign,
        sources={row.level: row for row in campaign.sources.all()},
        province=province,
        near=near,
        far=far,
        hring=communes["Xã Đăk Hring"],
        hamon=communes["Xã Hà Mòn"],
        rokoi=communes["Xã Rờ Kơi"],
        morai=communes["Xã Mô Rai"],
        unit=unit,
        of_province=of_province,
        of_near=of_near,
        of_far=of_far,
        reader=reader,
        reporter=reporter,
        administrator=administrator,
        office=make_office_user(),
    )


@pytest.fixture
def add(land):
    """add("A Thút", land.hring, …): somebody on the list, through the registry's own function."""

    def add(name="A Thút", commune=None, *, by=None, categories=None, now=NOW, **fields):
        fields.setdefault("birth_year", 1930)
        fields.setdefault("birth_is_estimated", False)
        fields.setdefault("living_state", Living.LIVING)
        if fields["living_state"] in (Living.LIVING, Living.MOVED):
            fields.setdefault("living_on", date(2024, 3, 1))
            fields.setdefault("living_source", "Trưởng thôn")
        return people.add_person(
            fields={"full_name": name, "residence": commune or land.hring, **fields},
            categories=categories or {Category.LABOURER: ("Giấy chứng nhận", "DC-01")},
            by=by or land.of_province,
            now=now,
        )

    return add
