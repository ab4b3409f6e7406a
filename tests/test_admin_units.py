"""Units, areas, calendar and rules in the administration."""

import pytest

from accounts.models import User
from notifications.models import NoticeRule
from records.models import AuditEvent
from tests.admin_pages import address, inline, person
from tests.factories import make_unit
from units.models import Unit, UnitVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client) -> User:
    user = person("administrator")
    client.force_login(user)
    return user


NO_ROWS = {
    **inline("memberships"),
    **inline("versions"),
    **inline("successions"),
    **inline("inheritances"),
}


def unit_form(**values: object) -> dict[str, object]:
    data = {"name": "Huyện ủy Đắk Hà", "short_name": "Đắk Hà", "kind": "party_committee", "sort_order": "10"}
    data.update({"symbol": "", "parent": "", "area": "", "phone": "", "email": "", "valid_from": "01/01/1900"})
    return {**data, "valid_to": "", **NO_ROWS, **values}


def test_a_unit_gets_its_code_from_its_short_name(administrator, client):
    client.post(address("units.unit", "add"), unit_form(code=""))
    client.post(address("units.unit", "add"), unit_form(code="", name="Huyện ủy khác"))
    assert list(Unit.objects.exclude(code="vptu").order_by("pk").values_list("code", flat=True)) == [
        "dak-ha",
        "dak-ha-2",
    ]


def test_a_unit_cannot_stand_below_itself(administrator, client):
    above = make_unit("Huyện ủy Đắk Hà")
    below = make_unit("Đảng ủy xã Đăk Hring", parent=above)
    response = client.post(address("units.unit", "change", above.pk), unit_form(parent=below.pk))
    assert response.context["adminform"].form.errors == {
        "parent": ["Đơn vị không thể trực thuộc chính mình hay đơn vị cấp dưới của mình."]
    }


def test_a_new_name_in_force_becomes_the_name_of_the_unit(administrator, client):
    unit = make_unit("Huyện ủy Đắk Hà")
    version = {
        "valid_from": "01/02/2024",
        "name": "Đảng ủy Đắk Hà",
        "short_name": "ĐU Đắk Hà",
        "parent": "",
        "legal_basis": "QĐ 1",
    }

    response = client.post(address("units.unit", "change", unit.pk), unit_form(**inline("versions", [version])))

    unit.refresh_from_db()
    assert response.status_code == 302
    assert (unit.name, unit.short_name, unit.search_key) == ("Đảng ủy Đắk Hà", "ĐU Đắk Hà", "dang uy dak ha du dak ha")
    assert UnitVersion.objects.get().legal_basis == "QĐ 1"
    page = client.get(address("units.unit", "history", unit.pk)).content.decode()
    assert "Huyện ủy Đắk Hà → Đảng ủy Đắk Hà" in " ".join(page.split())


@pytest.mark.parametrize(
    ("day", "status"), [("31/02/2024", 422), ("hôm nay", 422), ("05/5/2024", 200), ("2024-05-05", 200)]
)
def test_days_are_written_the_vietnamese_way(administrator, client, day, status):
    data = {"kind": "work", "day": day, "reason": "Làm bù", "notice_number": ""}

    response = client.post("/quan-tri/units/calendarday/ngay/", data)

    assert response.status_code == status
    assert ("05/5/2024 (Chủ nhật): làm việc – Làm bù" in response.content.decode()) is (status == 200)


def test_a_rule_can_be_changed_in_its_list(administrator, client):
    rule = NoticeRule.objects.create(stage="thu", name="Nhắc thử", working_days_before=3)
    data = {**inline("form", [{"id": rule.pk, "by_mail": "on", "is_active": "on"}], initial=1), "_save": "Lưu"}

    response = client.post(address("notifications.noticerule"), data)

    rule.refresh_from_db()
    assert response.status_code == 302
    assert rule.by_mail is True
    assert AuditEvent.objects.get().data == {
        "fields": ["by_mail"],
        "from": {"by_mail": False},
        "to": {"by_mail": True},
    }
