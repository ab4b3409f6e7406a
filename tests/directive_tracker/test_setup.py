"""Page "Bắt đầu": the steps are read from the data, and each says plainly what is missing."""

import smtplib
from datetime import date

import pytest
from django.core.mail.backends import smtp
from django.test import Client
from django.utils import timezone

from accounts import links
from accounts.models import AccountLink, LinkPurpose, User
from directive_tracker import setup_steps
from notifications.models import Message, MessageState
from records.models import AuditEvent
from tests.factories import (
    make_area,
    make_directive,
    make_membership,
    make_office,
    make_office_user,
    make_reporter,
    make_unit,
    make_user,
)
from units.models import Area, Role, Unit, UnitGroup

pytestmark = pytest.mark.django_db
PAGE = "/bat-dau/"
BUTTONS = ["van-phong/", "danh-muc/", "loi-moi/", "thu-thu/"]
TODAY = date(2026, 5, 12)


@pytest.fixture
def founder(client) -> User:
    """The first administrator, who also works in the office."""
    user = make_office_user("lan", email="lan@example.vn")
    make_membership(user, make_office(), Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def states(user: User) -> list[str]:
    return [step.state for step in setup_steps.steps(user, today=TODAY, now=timezone.now())]


def sentence(user: User, key: str) -> str:
    return next(s.sentence for s in setup_steps.steps(user, today=TODAY, now=timezone.now()) if s.key == key)


def named_office() -> Unit:
    office = make_office()
    office.symbol, office.phone, office.email = "CV/VPTU", "0260 3862 524", "vp@example.vn"
    office.save()
    return office


def without_password(username: str, unit: Unit, **values) -> User:
    user = make_reporter(unit, username, **values)
    user.set_unusable_password()
    user.save()
    return user


# --- how the steps stand --------------------------------------------------------------------------


def test_each_step_is_done_by_what_is_there(founder, settings):
    settings.SECOND_FACTOR_ROLES = ["administrator"]
    assert states(founder) == ["next", "later", "later", "later", "later", "later"]

    settings.SECOND_FACTOR_ROLES = []
    assert states(founder) == ["done", "next", "later", "later", "later", "later"]

    named_office()
    assert states(founder) == ["done", "done", "next", "later", "later", "later"]

    unit = make_unit("Huyện ủy Đắk Hà")
    assert states(founder) == ["done", "done", "done", "next", "later", "later"]

    person = without_password("dakha", unit)
    assert states(founder) == ["done", "done", "done", "done", "next", "later"]

    links.make(person, LinkPurpose.INVITATION, founder, timezone.now())
    assert states(founder) == ["done", "done", "done", "done", "done", "next"]

    make_directive()
    assert states(founder) == ["done"] * 6


def test_a_step_is_open_again_when_its_data_are_gone(founder):
    office = named_office()
    Unit.objects.filter(pk=office.pk).update(phone="")
    assert sentence(founder, "office") == "Văn phòng Tỉnh ủy. Còn thiếu: điện thoại."
    assert states(founder)[1] == "next"


def test_the_page_says_plainly_what_is_missing(founder, client):
    page = client.get(PAGE).content.decode()
    assert "Còn thiếu: ký hiệu văn bản, điện thoại, thư công vụ." in page
    assert "Còn thiếu: đơn vị nhận việc" in page
    assert "Còn thiếu: người dùng. Mới có một mình anh/chị." in page
    assert "Còn thiếu: văn bản chỉ đạo đầu tiên" in page


def test_units_without_a_reporter_are_counted(founder):
    make_reporter(make_unit("Huyện ủy Đắk Hà"), "dakha")
    make_unit("Huyện ủy Đắk Tô")
    assert sentence(founder, "people") == "Đã có 1 người ngoài anh/chị. Chưa có cán bộ đầu mối: 1 đơn vị."


def test_before_the_second_step_only_its_button_is_there(founder, client, settings):
    settings.SECOND_FACTOR_ROLES = ["administrator"]
    page = client.get(PAGE).content.decode()
    assert 'href="/accounts/buoc-hai/cai-dat/?next=/bat-dau/"' in page
    assert [button for button in BUTTONS if f'action="{PAGE}{button}"' in page] == []


@pytest.mark.parametrize("button", BUTTONS)
def test_before_the_second_step_no_button_works(founder, client, settings, button):
    settings.SECOND_FACTOR_ROLES = ["administrator"]
    response = client.post(PAGE + button, {"name": "Khác"})
    assert response["Location"].startswith("/accounts/buoc-hai/cai-dat/")
    assert (Area.objects.count(), AccountLink.objects.count(), Unit.objects.get().name) == (0, 0, "Văn phòng Tỉnh ủy")


def test_the_page_costs_the_same_statements_however_many_people_there_are(
    founder, client, django_assert_max_num_queries
):
    unit = make_unit()
    for number in range(20):
        without_password(f"nguoi{number}", unit)
    with django_assert_max_num_queries(30):
        client.get(PAGE)


# --- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["office", "reporter", "unit_head", "reader", "nobody"])
def test_others_are_told_that_they_may_not(role):
    user = make_user(role)
    if role != "nobody":
        make_membership(user, make_office(), role)
    browser = Client()
    browser.force_login(user)
    assert browser.get(PAGE).status_code == 403
    assert {browser.post(PAGE + button).status_code for button in BUTTONS} == {403}


def test_a_stranger_signs_in_first(client):
    make_user("lan")
    assert client.get(PAGE)["Location"] == "/accounts/login/?next=/bat-dau/"
    assert {client.post(PAGE + button).status_code for button in BUTTONS} == {302}
    assert {client.get(PAGE + button).status_code for button in BUTTONS} == {405}


def test_the_menu_leads_there_until_it_is_done(founder, client):
    entry = f'href="{PAGE}"'
    assert entry in client.get("/accounts/profile/").content.decode()

    named_office()
    make_reporter(make_unit("Huyện ủy Đắk Hà"), "dakha")
    make_directive()

    assert entry not in client.get("/accounts/profile/").content.decode()
    assert client.get(PAGE).status_code == 200


def test_nobody_else_and_no_demo_has_it_in_the_menu(founder, client, settings):
    settings.DEMO = True
    assert f'href="{PAGE}"' not in client.get("/accounts/profile/").content.decode()
    settings.DEMO = False
    office = Client()
    office.force_login(make_office_user("vanphong"))
    assert f'href="{PAGE}"' not in office.get("/accounts/profile/").content.decode()


# --- buttons --------------------------------------------------------------------------------------

OFFICE = {
    "name": "Văn phòng Tỉnh ủy Kon Tum",
    "short_name": "VPTU",
    "symbol": "CV/VPTU",
    "phone": "0260 3862 524",
    "email": "vp@example.vn",
}


def test_the_office_is_named(founder, client):
    office = make_office()
    assert client.post(PAGE + "van-phong/", OFFICE)["Location"] == PAGE

    office.refresh_from_db()
    assert [getattr(office, field) for field in OFFICE] == list(OFFICE.values())
    event = AuditEvent.objects.get()
    assert (event.verb, event.target_id, event.data) == ("setup.office_changed", office.pk, {"fields": list(OFFICE)})
    client.post(PAGE + "van-phong/", OFFICE)
    assert AuditEvent.objects.count() == 1


def test_a_refused_form_says_what_to_mend_and_keeps_what_was_typed(founder, client):
    page = client.post(PAGE + "van-phong/", {**OFFICE, "email": "khong-phai-thu", "name": ""}).content.decode()
    assert "Có 2 chỗ cần sửa" in page
    assert 'value="khong-phai-thu"' in page
    assert 'value="VPTU"' in page
    assert make_office().name == "Văn phòng Tỉnh ủy"


def test_the_reference_list_comes_in_once(founder, client):
    Unit.objects.filter(code="vptu").update(code="van-phong")
    client.post(PAGE + "danh-muc/")
    units, areas = Unit.objects.count(), Area.objects.count()
    assert (units > 30, areas > 100, UnitGroup.objects.count() > 0) == (True, True, True)
    assert AuditEvent.objects.get().data == {"count": units - 1 + areas}

    page = client.post(PAGE + "danh-muc/", follow=True).content.decode()

    assert "Đã thêm 0 đơn vị, 0 địa bàn, 0 nhóm đơn vị" in page
    assert (Unit.objects.count(), Area.objects.count()) == (units, areas)
    assert AuditEvent.objects.count() == 1


def test_one_button_invites_everybody_who_was_not(founder, client):
    unit = make_unit("Huyện ủy Đắk Hà")
    first, second = without_password("a1", unit), without_password("a2", unit)
    without_password("khongthu", unit, email="")
    without_password("cuu", unit, is_active=False)
    links.make(second, LinkPurpose.INVITATION, founder, timezone.now())
    assert "Gửi lời mời cho 1 người" in client.get(PAGE).content.decode()

    page = client.post(PAGE + "loi-moi/", follow=True).content.decode()

    assert "Đã gửi 1 lời mời. Bỏ qua: chưa có địa chỉ thư (1)." in page
    assert "1 người chưa có địa chỉ thư" in page
    assert [message.recipient for message in Message.objects.all()] == [first]
    assert "Gửi lời mời cho" not in page


def test_invitations_that_could_not_be_sent_are_named(founder, client):
    person = without_password("dakha", make_unit())
    client.post(PAGE + "loi-moi/")
    Message.objects.update(state=MessageState.DEAD, last_error="Máy chủ thư trả lời 550")
    assert person.account_links.count() == 1
    assert "1 lời mời không gửi được" in client.get(PAGE).content.decode()


# --- does mail leave? -----------------------------------------------------------------------------


def test_a_trial_mail_without_a_server_says_where_it_is(founder, client, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    page = client.post(PAGE + "thu-thu/", follow=True).content.decode()
    assert "chưa nối máy chủ thư" in page
    assert ["lan@example.vn" in file.read_text() for file in tmp_path.iterdir()] == [True]
    assert Message.objects.count() == 0


def test_a_trial_mail_tells_the_servers_refusal_in_words(founder, client, settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    def refuse(self) -> None:
        raise smtplib.SMTPAuthenticationError(535, b"5.7.8 bad user or password")

    monkeypatch.setattr(smtp.EmailBackend, "open", refuse)
    page = client.post(PAGE + "thu-thu/", follow=True).content.decode()
    assert "Thư thử không đi được. Không nối được máy chủ thư" in page
    assert "535" in page
    assert AuditEvent.objects.get().data == {"to": "refused"}


def test_a_trial_mail_that_was_taken_says_so(founder, client, settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    sent = []
    monkeypatch.setattr(smtp.EmailBackend, "open", lambda self: True)
    monkeypatch.setattr(smtp.EmailBackend, "send_messages", lambda self, mails: sent.extend(mails))
    page = client.post(PAGE + "thu-thu/", follow=True).content.decode()
    assert "Máy chủ thư đã nhận thư thử gửi đến lan@example.vn" in page
    assert [mail.to for mail in sent] == [["lan@example.vn"]]


def test_without_an_address_there_is_nothing_to_try(client):
    user = make_user("lan", email="")
    make_membership(user, make_office(), Role.ADMINISTRATOR)
    client.force_login(user)
    assert "chưa có địa chỉ thư" in client.post(PAGE + "thu-thu/", follow=True).content.decode()


def test_areas_are_counted_with_the_units(founder):
    make_unit("Huyện ủy Đắk Hà", area=make_area())
    assert sentence(founder, "units") == "Đã có 1 đơn vị ngoài Văn phòng và 1 địa bàn."
