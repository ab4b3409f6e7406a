"""What was typed is kept when the session has ended, for the same person on the same browser, once."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseRedirect
from django.test import Client
from django.urls import reverse

from accounts import browsers, held, signing
from accounts.middleware import SessionLimitsMiddleware
from accounts.models import HeldForm, Session, User
from directive_tracker import crypto
from records.models import AuditEvent
from tests.factories import make_membership, make_office_user, make_reporter, make_unit, make_user
from units.models import Membership, Role

pytestmark = pytest.mark.django_db
MORNING = datetime(2024, 4, 15, 1, 0, tzinfo=UTC)
LOGIN = "/accounts/login/"
# A page that takes a form: keep it or not, the answer to a stranger is the sign-in page.
PATH = "/don-vi/viec/7/tra-lai/"
TYPED = "Đơn vị không có thẩm quyền giải quyết.\r\nĐề nghị giao Sở Nội vụ & Công an (mục <3>)."


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def dakha(clock) -> User:
    return make_reporter(make_unit("Huyện ủy Đắk Hà"), "dakha", full_name="Y Lan")


def enter(client: Client, username: str = "dakha", **values: str):
    return client.post(LOGIN, {"username": username, "password": "mat-khau-thu", **values})


@pytest.fixture
def late(dakha, clock) -> Client:
    """The browser of dakha, half an hour after the last page."""
    client = Client()
    enter(client)
    clock.shift(timedelta(minutes=30))
    return client


def send(client: Client, path: str = PATH, *, referer: str = "/don-vi/", **fields):
    data = fields or {"reason": TYPED}
    return client.post(path, data, headers={"Referer": f"http://testserver{referer}"})


def hidden_fields(page: str) -> list[tuple[str, str]]:
    form = page.partition('id="held-form"')[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)
    return [(unescape(name), unescape(value)) for name, value in found if name != "csrfmiddlewaretoken"]


def test_a_form_that_comes_too_late_is_kept_and_leads_to_the_sign_in_page(late):
    response = send(late)

    assert response["Location"] == "/accounts/login/?next=/don-vi/"
    row = HeldForm.objects.get()
    assert (row.user.username, row.path, row.taken_at) == ("dakha", PATH, None)
    page = late.get(response["Location"]).content.decode()
    assert "Phiên làm việc đã hết sau 30 phút không dùng. Đăng nhập lại để làm tiếp." in page
    assert "Phần vừa gõ đã được giữ lại" in page


def test_what_was_typed_cannot_be_read_in_the_database(late):
    send(late)
    content = bytes(HeldForm.objects.get().content)
    assert "thẩm quyền".encode() not in content
    assert b"reason" not in content


def test_after_signing_in_the_person_finds_it_and_sends_it_again(late, dakha):
    send(late, reason=TYPED, csrfmiddlewaretoken="cũ")

    after = enter(late, next="/don-vi/")
    row = HeldForm.objects.get()
    page = late.get(after["Location"]).content.decode()

    assert after["Location"] == f"/accounts/da-go/{row.pk}/"
    assert "Những gì anh/chị đã gõ vẫn còn" in page
    assert "<dt>Lý do</dt>" in page
    assert "Đề nghị giao Sở Nội vụ &amp; Công an (mục &lt;3&gt;)." in page
    assert f'<form method="post" action="{PATH}" id="held-form">' in page
    assert hidden_fields(page) == [
        ("held_form", str(row.pk)),
        ("reason", TYPED),
    ]


def test_the_page_carries_a_token_that_passes(dakha, clock):
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(LOGIN).content.decode())[1]
    client.post(LOGIN, {"username": "dakha", "password": "mat-khau-thu", "csrfmiddlewaretoken": token})
    page = client.get("/accounts/profile/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    clock.shift(timedelta(hours=2))

    sent = client.post(PATH, {"reason": TYPED, "csrfmiddlewaretoken": token})
    login = client.get(sent["Location"]).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', login)[1]
    data = {"username": "dakha", "password": "mat-khau-thu", "csrfmiddlewaretoken": token}
    page = client.get(client.post(LOGIN, data)["Location"]).content.decode()
    form = page.partition('id="held-form"')[2]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
    again = client.post(PATH, {"reason": TYPED, "csrfmiddlewaretoken": token})

    assert sent.status_code == 302
    assert again.status_code == 404  # Past the check: there is no assignment 7.


def test_only_forms_that_passed_the_csrf_check_are_kept(dakha, clock):
    client = Client(enforce_csrf_checks=True)
    client.force_login(dakha)
    client.get("/accounts/profile/")
    clock.shift(timedelta(hours=1))

    assert client.post(PATH, {"reason": TYPED}).status_code == 403
    assert not HeldForm.objects.exists()


def test_a_tab_left_open_can_still_send_after_the_same_person_signed_in_again_in_another(dakha, clock):
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'value="(\w{64})"', client.get(LOGIN).content.decode())[1]
    client.post(LOGIN, {"username": "dakha", "password": "mat-khau-thu", "csrfmiddlewaretoken": token})
    old = re.search(r'value="(\w{64})"', client.get("/accounts/profile/").content.decode())[1]
    clock.shift(timedelta(hours=1))
    token = re.search(r'value="(\w{64})"', client.get("/don-vi/", follow=True).content.decode())[1]
    client.post(LOGIN, {"username": "dakha", "password": "mat-khau-thu", "csrfmiddlewaretoken": token})

    assert client.post(PATH, {"reason": TYPED, "csrfmiddlewaretoken": old}).status_code == 404


def test_a_tab_of_somebody_else_cannot_send_after_another_person_signed_in(dakha, clock):
    make_user("khach")
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'value="(\w{64})"', client.get(LOGIN).content.decode())[1]
    client.post(LOGIN, {"username": "dakha", "password": "mat-khau-thu", "csrfmiddlewaretoken": token})
    old = re.search(r'value="(\w{64})"', client.get("/accounts/profile/").content.decode())[1]
    clock.shift(timedelta(hours=1))
    token = re.search(r'value="(\w{64})"', client.get("/don-vi/", follow=True).content.decode())[1]
    client.post(LOGIN, {"username": "khach", "password": "mat-khau-thu", "csrfmiddlewaretoken": token})

    assert client.post(PATH, {"reason": TYPED, "csrfmiddlewaretoken": old}).status_code == 403


def resend(client: Client, path: str = PATH, **fields):
    row = HeldForm.objects.get()
    return client.post(path, {held.FIELD: str(row.pk), **(fields or {"reason": TYPED})})


def test_it_is_given_back_once(late, dakha):
    send(late, "/thong-bao/doc-het/", note="x")
    enter(late)
    row = HeldForm.objects.get()

    assert resend(late, "/thong-bao/doc-het/", note="x").status_code == 302

    row.refresh_from_db()
    assert (row.taken_at, bytes(row.content)) == (MORNING + timedelta(minutes=30), b"")
    assert late.get(f"/accounts/da-go/{row.pk}/")["Location"] == "/accounts/phien/"


def test_a_page_that_refuses_it_leaves_it_there(late):
    send(late)
    enter(late)

    assert resend(late).status_code == 404

    row = HeldForm.objects.get()
    assert row.taken_at is None
    assert f'href="/accounts/da-go/{row.pk}/"' in late.get("/accounts/phien/").content.decode()


def test_a_session_that_ends_once_more_keeps_it_once_more(late, clock):
    send(late, "/thong-bao/doc-het/", note="x")
    enter(late)
    clock.shift(timedelta(minutes=30))

    response = resend(late, "/thong-bao/doc-het/", note="x")

    assert response["Location"].startswith("/accounts/login/")
    assert HeldForm.objects.get().taken_at is None


def test_it_can_be_dropped(late):
    send(late)
    enter(late)
    row = HeldForm.objects.get()

    response = late.post(f"/accounts/da-go/{row.pk}/bo/")

    row.refresh_from_db()
    assert response["Location"] == "/accounts/phien/"
    assert (row.taken_at is not None, bytes(row.content)) == (True, b"")


def test_another_person_on_the_same_browser_sees_nothing(late):
    make_user("khach")
    send(late)
    row = HeldForm.objects.get()

    response = enter(late, "khach", next="/accounts/profile/")

    assert response["Location"] == "/accounts/profile/"
    assert late.get(f"/accounts/da-go/{row.pk}/").status_code == 404
    assert late.post(f"/accounts/da-go/{row.pk}/bo/").status_code == 404
    assert "da-go" not in late.get("/accounts/phien/").content.decode()
    late.post("/accounts/logout/")
    assert enter(late)["Location"] == f"/accounts/da-go/{row.pk}/"


def test_it_cannot_be_opened_from_another_browser(late, dakha):
    send(late)
    row = HeldForm.objects.get()
    elsewhere = Client()

    assert enter(elsewhere)["Location"] == "/don-vi/"
    assert elsewhere.get(f"/accounts/da-go/{row.pk}/").status_code == 404


def test_another_tab_that_ended_the_session_first_makes_no_difference(late):
    late.get("/don-vi/")
    send(late)
    assert HeldForm.objects.get().user.username == "dakha"


def test_a_session_ended_from_another_machine_makes_no_difference(dakha):
    client = Client()
    enter(client)
    client.get("/don-vi/")
    signing.end_sessions(dakha)

    send(client)

    assert HeldForm.objects.get().user == dakha


def test_a_session_that_ends_with_a_role_makes_no_difference(dakha, clock):
    client = Client()
    enter(client)
    Membership.objects.filter(user=dakha).update(valid_to=date(2024, 4, 14))

    page = client.get(send(client)["Location"]).content.decode()

    assert HeldForm.objects.get().user == dakha
    assert "Vai trò của anh/chị vừa thay đổi nên phiên làm việc đã kết thúc. Đăng nhập lại để làm tiếp." in page
    assert AuditEvent.objects.order_by("-pk")[0].verb == "account.roles_lost"


def test_a_form_that_is_only_kept_again_counts_as_not_given_back(late, rf):
    send(late)
    enter(late)
    row = HeldForm.objects.get()
    request = late.get("/accounts/phien/").wsgi_request
    again = rf.post(PATH, {"reason": TYPED, held.FIELD: str(row.pk)})
    again.COOKIES, again.user, again.session = request.COOKIES, request.user, request.session

    def leads_to_the_second_step(request):
        held.hold(request, now=MORNING + timedelta(minutes=31))
        return HttpResponseRedirect("/accounts/buoc-hai/")

    SessionLimitsMiddleware(leads_to_the_second_step)(again)

    assert HeldForm.objects.get().taken_at is None


def test_the_demo_card_gives_it_back_too(late, settings):
    settings.DEMO = True
    send(late)
    response = late.post("/accounts/demo/", {"username": "dakha"})
    assert response["Location"] == f"/accounts/da-go/{HeldForm.objects.get().pk}/"


def test_whoever_signed_out_by_hand_leaves_nothing_behind(dakha):
    client = Client()
    enter(client)
    client.post("/accounts/logout/")
    send(client)
    assert not HeldForm.objects.exists()


def test_signing_out_of_a_session_that_had_ended_already_is_by_hand_too(late):
    late.post("/accounts/logout/")
    send(late)
    assert not HeldForm.objects.exists()
    assert "Phiên làm việc" not in late.get(LOGIN).content.decode()


def test_a_stranger_leaves_nothing_behind(client, dakha):
    send(client)
    assert not HeldForm.objects.exists()


def test_a_person_who_was_locked_leaves_nothing_behind(late, dakha):
    dakha.is_active = False
    dakha.save()
    send(late)
    assert not HeldForm.objects.exists()


def test_a_cookie_made_up_or_changed_is_worth_nothing(late):
    value = late.cookies["browser"].value
    late.cookies["browser"] = value[:-3] + "AAA"
    send(late)
    assert not HeldForm.objects.exists()


def test_forms_of_the_accounts_are_never_kept(late):
    for path in ("/accounts/profile/", "/accounts/password/", "/accounts/logout/", LOGIN):
        send(late, path, full_name="Y Lan", username="x", password="y")
    assert not HeldForm.objects.exists()


def test_passwords_and_codes_are_not_kept(clock):
    user = make_user("quantri")
    make_membership(user, role=Role.ADMINISTRATOR)
    client = Client()
    enter(client, "quantri")
    clock.shift(timedelta(hours=1))
    typed = {"full_name": "A Pót", "password1": "bí mật", "new_password2": "bí mật", "otp_token": "123456", "otp": "1"}

    send(client, f"/quan-tri/accounts/user/{user.pk}/change/", **typed)

    name = browsers.read(client.get(LOGIN).wsgi_request).name
    assert held.read(HeldForm.objects.get(), name).fields == [("full_name", ["A Pót"])]


def test_a_page_of_the_administration_names_its_fields(clock):
    user = make_user("quantri")
    make_membership(user, role=Role.ADMINISTRATOR)
    client = Client()
    enter(client, "quantri")
    clock.shift(timedelta(hours=1))

    send(client, "/quan-tri/units/unit/add/", name="Chi cục Kiểm lâm", memberships_TOTAL="3")
    page = client.get(enter(client, "quantri")["Location"]).content.decode()

    assert "Chi cục Kiểm lâm" in page


def test_htmx_is_led_there_too(late):
    response = late.post(
        PATH, {"reason": TYPED}, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/don-vi/?trang=2"}
    )
    assert response["HX-Redirect"] == "/accounts/login/?next=/don-vi/%3Ftrang%3D2"
    assert HeldForm.objects.count() == 1


def test_a_draft_that_a_script_sends_is_told_in_words_and_gives_way_to_the_button(late):
    answer = late.post(PATH, {"reason": "Đang gõ"}, headers={"X-Autosave": "1"})
    late.post(PATH, {"reason": "Đang gõ nữa"}, headers={"X-Autosave": "1"})
    send(late)

    assert answer.status_code == 401
    assert json.loads(answer.content)["message"] == (
        "phiên làm việc đã hết. Phần đã gõ vẫn ở trên trang; bấm “Lưu nháp” để đăng nhập rồi gửi lại."
    )
    name = browsers.read(late.get(LOGIN).wsgi_request).name
    assert held.read(HeldForm.objects.get(), name).fields == [("reason", [TYPED])]


def test_the_same_press_twice_is_kept_once(late):
    send(late)
    send(late)
    send(late, reason="Khác")
    assert HeldForm.objects.count() == 2


def test_a_button_without_words_is_not_kept(late):
    response = send(late, csrfmiddlewaretoken="x", note="")
    assert response["Location"] == "/accounts/login/?next=/don-vi/"
    assert not HeldForm.objects.exists()


def test_the_address_of_a_button_is_no_page_to_come_back_to_but_better_than_none(late):
    assert late.post(PATH, {"reason": "x"})["Location"] == f"/accounts/login/?next={PATH}"
    foreign = late.post(PATH, {"reason": "x"}, headers={"Referer": "https://example.com/don-vi/"})
    assert foreign["Location"] == f"/accounts/login/?next={PATH}"


def test_several_values_and_the_query_are_kept(late):
    late.post(f"{PATH}?trang=2", {"units": ["3", "5"], "reason": "x y z"})
    page = late.get(enter(late)["Location"]).content.decode()
    assert f'action="{PATH}?trang=2"' in page
    assert [pair for pair in hidden_fields(page) if pair[0] != "held_form"] == [
        ("units", "3"), ("units", "5"), ("reason", "x y z")
    ]  # fmt: skip


def test_files_have_to_be_chosen_again_and_the_page_says_which(late):
    paper = SimpleUploadedFile("Báo cáo tháng 3.pdf", b"%PDF-1.4 x")
    late.post(PATH, {"reason": "x y z", "files": paper})

    row = HeldForm.objects.get()
    page = late.get(enter(late)["Location"]).content.decode()

    assert b"%PDF" not in bytes(row.content)
    assert "Tệp phải chọn lại" in page
    assert "Báo cáo tháng 3.pdf" in page
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file" class="form-control" id="file-1" name="files" multiple' in page


def test_more_than_a_megabyte_is_not_kept_and_the_sign_in_page_says_so(late):
    response = send(late, reason="x" * 1024 * 1024)
    page = late.get(response["Location"]).content.decode()
    assert not HeldForm.objects.exists()
    assert "Phần vừa gửi lớn quá nên không giữ lại được." in page


def test_at_most_twenty_are_open_and_the_oldest_goes(late):
    for number in range(22):
        send(late, reason=f"Lý do {number}")
    assert HeldForm.objects.count() == 20
    name = browsers.read(late.get(LOGIN).wsgi_request).name
    assert held.read(HeldForm.objects.order_by("pk")[0], name).fields == [("reason", ["Lý do 2"])]


def test_after_a_day_it_is_gone(late, clock):
    send(late)
    clock.shift(timedelta(days=1))
    assert enter(late)["Location"] == "/don-vi/"


def test_a_text_with_a_mark_of_secrecy_is_not_kept(late):
    send(late, reason="TỐI MẬT\nNội dung")
    assert not HeldForm.objects.exists()


def test_of_a_form_about_a_person_only_the_fields_are_named(late):
    send(late, "/so-tri-an/them/", full_name="A Pót", phone="0905123456", hamlet="Thôn 3")

    page = late.get(enter(late)["Location"]).content.decode()
    shown = page.partition('id="typed-head"')[2].partition("</section>")[0]

    assert "Họ và tên, Điện thoại, 1 ô khác" in shown
    assert [word for word in ("A Pót", "0905123456", "Thôn 3") if word in shown] == []


def test_a_long_report_of_the_office_is_kept_whole(clock):
    make_office_user("vanphong")
    client = Client()
    enter(client, "vanphong")
    clock.shift(timedelta(hours=13))
    fields = {f"muc{number}-results": f"Kết quả số {number}. " * 40 for number in range(120)}

    send(client, "/van-ban/moi/", **fields)

    page = client.get(enter(client, "vanphong")["Location"]).content.decode()
    assert len(hidden_fields(page)) == 121
    assert page.count("<dt>Kết quả thực hiện</dt>") == 120


def test_what_is_sealed_opens_with_its_own_context_and_an_earlier_key_only(settings):
    old, new = b"1" * 31 + b"a", b"2" * 31 + b"b"
    settings.FIELD_KEY, settings.FIELD_KEY_FALLBACKS = old, []
    sealed = crypto.encrypt("đã gõ".encode(), "a")
    settings.FIELD_KEY, settings.FIELD_KEY_FALLBACKS = new, [old]

    assert crypto.decrypt(sealed, "a").decode() == "đã gõ"
    for wrong, context in (
        (sealed, "b"),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), "a"),
        (b"", "a"),
        (b"\x02" + sealed[1:], "a"),
    ):
        with pytest.raises(crypto.Unreadable):
            crypto.decrypt(wrong, context)
    settings.FIELD_KEY_FALLBACKS = []
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(sealed, "a")


def test_the_browser_cookie_opens_nothing(late, dakha, clock):
    Session.objects.all().delete()
    alone = Client()
    alone.cookies["browser"] = late.cookies["browser"].value
    assert alone.get("/don-vi/")["Location"].startswith("/accounts/login/")
    assert late.cookies["browser"]["httponly"] is True
    assert reverse("accounts:login") == LOGIN
