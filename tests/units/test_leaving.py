"""Somebody leaves: access ends with the next request, everything that was done stays."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import AccountLink, HeldForm, Session, TrustedDevice, User
from notifications import outbox
from notifications.models import Message, Notice
from records.models import AuditEvent
from tests.admin_pages import address, person, signed_in
from tests.factories import at, make_membership, make_office, make_unit, make_user
from units import leaving
from units.errors import Refused
from units.models import Deputation, Membership, Role
from units.people import reporters_of

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
NOW = at(TODAY, "10:00")
REASON = "Quyết định số 45-QĐ/TU"


@pytest.fixture(autouse=True)
def _the_day(monkeypatch):
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)
    monkeypatch.setattr("directive_tracker.clock.now", lambda: NOW)


@pytest.fixture
def administrator():
    return person("administrator")


@pytest.fixture
def unit():
    return make_unit("Huyện ủy Đắk Hà", short_name="Đắk Hà")


@pytest.fixture
def leaver(unit):
    user = make_user("an")
    make_membership(user, unit, valid_from=date(2024, 1, 1), is_contact=True)
    return user


def leave(user, by, reason=REASON):
    return leaving.leave(user, by=by, now=NOW, today=TODAY, reason=reason)


def test_access_is_gone_in_the_very_next_request(leaver, administrator):
    client = signed_in(leaver)
    before = client.get("/don-vi/").status_code

    leave(leaver, administrator)
    after = client.get("/don-vi/")

    assert before == 200
    assert (after.status_code, after["Location"].partition("?")[0]) == (302, "/accounts/login/")


def test_everything_that_opens_a_door_ends_and_the_history_stays(leaver, administrator, unit):
    signed_in(leaver)
    real = timezone.now()
    TrustedDevice.objects.create(user=leaver, digest="d", trusted_at=real, expires_at=real + timedelta(days=30))
    AccountLink.objects.create(
        user=leaver, purpose="reset", nonce="n", email="a@b.vn", made_at=real, expires_at=real + timedelta(hours=1)
    )
    HeldForm.objects.create(user=leaver, path="/", content=b"x", held_at=real)
    begins_later = make_membership(leaver, make_unit(), valid_from=TODAY + timedelta(days=1))
    over = make_membership(leaver, make_unit(), valid_to=TODAY - timedelta(days=1))
    colleague = make_user("binh")
    values = {"valid_from": TODAY, "valid_to": TODAY, "reason": "x", "made_by": leaver, "made_at": NOW}
    Deputation.objects.create(deputy=leaver, principal=administrator, **values)
    Deputation.objects.create(deputy=leaver, principal=colleague, **values)

    leave(leaver, administrator)

    leaver.refresh_from_db()
    assert leaver.is_active is False
    assert Session.objects.filter(user=leaver).count() == 0
    assert TrustedDevice.objects.get().revoked_at is not None
    assert AccountLink.objects.get().ended_at is not None
    assert HeldForm.objects.count() == 0
    assert list(Deputation.objects.values_list("ended_at", flat=True)) == [NOW, NOW]
    assert not Membership.objects.filter(pk=begins_later.pk).exists()
    kept = leaver.memberships.order_by("pk").values_list("unit", "valid_to", "is_contact")
    assert list(kept) == [(unit.pk, TODAY, False), (over.unit_id, TODAY - timedelta(days=1), False)]
    assert reporters_of([unit.pk], today=TODAY) == {}


def test_one_line_says_who_went_why_and_with_which_roles(leaver, administrator):
    leave(leaver, administrator)

    event = AuditEvent.objects.get(verb="account.left")
    assert (event.actor, event.target_id, event.reason) == (administrator, leaver.pk, REASON)
    assert event.data == {
        "from": ["Cán bộ đầu mối – Huyện ủy Đắk Hà, từ 01/01/2024, không thời hạn"],
        "to": "2024-04-15",
    }


def test_planned_mails_are_taken_back_and_the_unit_keeps_what_it_was_told(leaver, administrator, unit):
    outbox.tell(key=f"a:{leaver.pk}", kind="x", recipient=leaver, title="A", now=NOW, unit=unit, mail="daily")
    outbox.tell(key=f"b:{leaver.pk}", kind="x", recipient=leaver, title="B", now=NOW, mail="own")

    leave(leaver, administrator)

    assert set(Message.objects.values_list("state", flat=True)) == {"superseded"}
    assert dict(Notice.objects.values_list("title", "state")) == {"A": "left", "B": "superseded"}


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("himself", "Không ai tự cho mình thôi việc; xin nhờ một quản trị hệ thống khác."),
        ("closed", "Tài khoản này đã khóa."),
        (
            "last administrator",
            "Đây là quản trị hệ thống duy nhất; hãy giao vai trò ấy cho người khác trước.",
        ),
        ("without reason", "Xin ghi lý do: số quyết định hoặc nơi chuyển đến."),
    ],
)
def test_who_cannot_be_let_go(who, sentence, leaver, administrator):
    by, gone, reason = administrator, leaver, REASON
    if who == "himself":
        gone = administrator
    if who == "closed":
        User.objects.filter(pk=leaver.pk).update(is_active=False)
    if who == "last administrator":
        by, gone = leaver, administrator
    if who == "without reason":
        reason = "  "

    with pytest.raises(Refused) as refused:
        leave(gone, by, reason)

    assert str(refused.value) == sentence
    assert AuditEvent.objects.count() == 0


def test_one_of_two_administrators_may_go(administrator):
    other = make_user("quantri2")
    make_membership(other, make_office(), Role.ADMINISTRATOR)

    leave(other, administrator)

    assert User.objects.get(pk=other.pk).is_active is False


# --- the page -----------------------------------------------------------------------------------------


def page_of(user):
    return f"/quan-tri/units/membership/leave/{user.pk}/"


def test_the_page_shows_first_what_would_end_and_which_unit_is_left_alone(leaver, administrator):
    client = signed_in(administrator)

    page = client.get(page_of(leaver)).content.decode()

    leaver.refresh_from_db()
    assert leaver.is_active is True
    assert "Không còn cán bộ đầu mối sau khi người này đi: Đắk Hà." in page
    assert "Cán bộ đầu mối – Huyện ủy Đắk Hà" in page
    assert "0 thư chưa gửi được bỏ" in page


def test_a_unit_with_another_reporter_is_not_left_alone(leaver, administrator, unit):
    make_membership(make_user("binh"), unit)

    page = signed_in(administrator).get(page_of(leaver)).content.decode()

    assert "Không còn cán bộ đầu mối" not in page


def test_the_button_asks_for_a_reason_and_then_lets_go(leaver, administrator):
    client = signed_in(administrator)

    asked = client.post(page_of(leaver), {"reason": ""})
    done = client.post(page_of(leaver), {"reason": REASON})

    assert (asked.status_code, "Xin ghi lý do" in asked.content.decode()) == (422, True)
    assert (done.status_code, done["Location"]) == (302, address("accounts.user", "change", leaver.pk))
    assert User.objects.get(pk=leaver.pk).is_active is False


def test_the_page_of_a_person_leads_there_while_the_account_is_open(leaver, administrator):
    client = signed_in(administrator)
    url = address("accounts.user", "change", leaver.pk)

    before = client.get(url).content.decode()
    leave(leaver, administrator)
    after = client.get(url).content.decode()

    assert page_of(leaver) in before
    assert page_of(leaver) not in after


@pytest.mark.parametrize("role", ["office", "reporter", "unit_head", "reader", "registrar", "nobody"])
def test_only_administrators_let_people_go(role, leaver):
    client = signed_in(person(role))

    answers = [client.get(page_of(leaver)).status_code, client.post(page_of(leaver), {"reason": "x"}).status_code]

    assert answers == [403, 403]
    assert User.objects.get(pk=leaver.pk).is_active is True
