"""Acting for somebody on the pages: chosen, shown everywhere, written down, over when the deputation is."""

from datetime import date, timedelta

import pytest

from notifications import outbox
from notifications.models import Notice
from records import audit
from records.models import AuditEvent
from tests.admin_pages import signed_in
from tests.factories import (
    at,
    make_assignment,
    make_membership,
    make_office,
    make_office_user,
    make_reporter,
    make_unit,
    make_user,
)
from units.models import Deputation, Role

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
NOW = at(TODAY, "09:00")
LAST = date(2024, 4, 30)
STRIP = "Đang làm việc thay mặt"


class Now:
    """The pages' clock, moved by the test."""

    moment = NOW


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    Now.moment = NOW
    monkeypatch.setattr("directive_tracker.clock.now", lambda: Now.moment)
    monkeypatch.setattr("directive_tracker.clock.today", lambda: Now.moment.date())
    return Now


@pytest.fixture
def unit():
    return make_unit("Huyện ủy Đắk Hà")


@pytest.fixture
def principal(unit):
    return make_reporter(unit, "chinh", full_name="Y Chính")


@pytest.fixture
def deputy():
    return make_reporter(make_unit("Huyện ủy Sa Thầy"), "thay", full_name="A Thay")


@pytest.fixture
def deputation(deputy, principal):
    return Deputation.objects.create(
        deputy=deputy,
        principal=principal,
        valid_from=TODAY,
        valid_to=LAST,
        reason="đi công tác",
        made_by=principal,
        made_at=NOW,
    )


@pytest.fixture
def client(deputy, deputation):
    return signed_in(deputy)


def act(client, principal, **values):
    return client.post("/thay-mat/lam/", {"principal": principal.pk, **values})


def text(client, path):
    return client.get(path, follow=True).content.decode()


# --- begin and end ------------------------------------------------------------------------------------


def test_the_menu_offers_it_and_the_strip_says_it_on_every_page(client, principal):
    before = text(client, "/don-vi/")

    answer = act(client, principal)
    pages = [text(client, path) for path in ("/don-vi/", "/thong-bao/", "/accounts/profile/", "/don-vi/bao-cao/")]

    assert "Làm việc thay mặt Y Chính" in before
    assert STRIP not in before
    assert (answer.status_code, answer["Location"]) == (302, "/")
    for page in pages[:3]:
        assert "Đang làm việc thay mặt <strong>Y Chính</strong> (Huyện ủy Đắk Hà) đến hết 30/4/2024" in page
        assert "Thôi thay mặt" in page


def test_what_is_seen_is_the_principals_and_not_the_own(client, deputy, principal, unit):
    own = make_assignment(unit=deputy.memberships.get().unit)
    theirs = make_assignment(own.task, unit)
    path = "/phan-viec/{}/"
    before = [client.get(path.format(row.pk)).status_code for row in (own, theirs)]

    act(client, principal)
    during = [client.get(path.format(row.pk)).status_code for row in (own, theirs)]
    client.post("/thay-mat/thoi/")
    after = [client.get(path.format(row.pk)).status_code for row in (own, theirs)]

    assert (before, during, after) == ([200, 404], [404, 200], [200, 404])


def test_what_is_done_names_both(client, deputy, principal, unit):
    assignment = make_assignment(unit=unit)
    act(client, principal)

    answer = client.post(f"/don-vi/viec/{assignment.pk}/tiep-nhan/")

    event = AuditEvent.objects.filter(verb__startswith="assignment.").latest("pk")
    assert answer.status_code == 302
    assert (event.actor, event.acting_for) == (deputy, principal)


def test_beginning_and_ending_are_written_down(client, deputy, principal):
    act(client, principal)
    client.post("/thay-mat/thoi/")
    client.post("/thay-mat/thoi/")

    events = AuditEvent.objects.filter(verb__startswith="deputation.").order_by("pk")
    assert [(event.verb, event.actor, event.acting_for, event.data) for event in events] == [
        ("deputation.acting_began", deputy, None, {"to": "Y Chính"}),
        ("deputation.acting_ended", deputy, None, {"from": "Y Chính"}),
    ]


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(client, principal, target):
    assert act(client, principal, next=target)["Location"] == "/"
    assert act(client, principal, next="/thong-bao/")["Location"] == "/thong-bao/"


@pytest.mark.parametrize("who", ["stranger", "", "x", "9" * 30, "²"])
def test_one_acts_for_nobody_else(client, who):
    person = make_user("la").pk if who == "stranger" else who

    page = client.post("/thay-mat/lam/", {"principal": person}, follow=True).content.decode()

    assert STRIP not in page
    assert AuditEvent.objects.filter(verb="deputation.acting_began").count() == 0


@pytest.mark.parametrize("path", ["/thay-mat/lam/", "/thay-mat/thoi/"])
def test_acting_takes_a_post_and_somebody_who_is_signed_in(client, path, django_user_model):
    stranger = signed_in(None).post(path)

    assert client.get(path).status_code == 405
    assert (stranger.status_code, stranger["Location"]) == (302, f"/accounts/login/?next={path}")


def test_the_administration_is_closed_while_acting(client, deputy, principal):
    make_membership(deputy, make_office(), Role.ADMINISTRATOR)
    before = client.get("/quan-tri/").status_code

    act(client, principal)

    assert (before, client.get("/quan-tri/").status_code) == (200, 403)


def test_the_strip_stands_in_the_administration_too(client, deputy, deputation):
    office = make_office_user()
    Deputation.objects.filter(pk=deputation.pk).update(principal=office)
    act(client, office)

    assert "Đang làm việc thay mặt <strong>" in text(client, "/quan-tri/")


# --- over ----------------------------------------------------------------------------------------------


def end_it(how, deputation, clock):
    if how == "ended":
        Deputation.objects.update(ended_at=NOW)
    if how == "closed account":
        type(deputation.principal).objects.filter(pk=deputation.principal_id).update(is_active=False)
    if how == "midnight":
        clock.moment = at(LAST + timedelta(days=1), "00:00")


@pytest.mark.parametrize("how", ["ended", "closed account", "midnight"])
def test_it_is_over_with_the_very_next_request(how, client, principal, deputation, clock, unit):
    act(client, principal)
    end_it(how, deputation, clock)

    answer = client.get("/thong-bao/", follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain[0] == ("/", 302)
    assert "Việc thay mặt Y Chính đã kết thúc; từ đây anh/chị làm việc bằng quyền của mình." in page
    assert STRIP not in page
    assert "Huyện ủy Đắk Hà" not in page


@pytest.mark.parametrize(("clock_time", "acts"), [("23:59", True), ("00:00", False)])
def test_the_last_day_ends_at_midnight(client, principal, clock, clock_time, acts):
    act(client, principal)
    clock.moment = at(LAST if acts else LAST + timedelta(days=1), clock_time)

    assert (STRIP in text(client, "/don-vi/")) == acts


def test_what_was_sent_in_the_principals_name_is_not_done_in_the_own(client, principal, deputy, unit):
    """The deputy may do the same for the own unit and even for this one: still it is not done."""
    make_membership(deputy, unit)
    assignment = make_assignment(unit=unit)
    act(client, principal)
    Deputation.objects.update(ended_at=NOW)

    page = client.post(f"/don-vi/viec/{assignment.pk}/tiep-nhan/", follow=True).content.decode()

    assignment.refresh_from_db()
    assert assignment.state == "assigned"
    assert "Điều vừa gửi chưa được thực hiện." in page


def test_a_fragment_is_told_to_load_the_whole_page(client, principal):
    act(client, principal)
    Deputation.objects.update(ended_at=NOW)

    answer = client.get("/thong-bao/", headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == "/"


def test_signing_out_works_when_it_is_over(client, principal):
    act(client, principal)
    Deputation.objects.update(ended_at=NOW)

    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert client.get("/don-vi/").status_code == 302


# --- what it costs ---------------------------------------------------------------------------------------


def test_rights_deputations_and_badge_cost_one_statement(client, principal, django_assert_num_queries):
    """Session with its user, one statement for all the rest; whoever acts pays one for the principal."""
    path = "/mau-giao-dien/"
    client.get(path)
    with django_assert_num_queries(2):
        client.get(path)

    act(client, principal)
    client.get(path)
    with django_assert_num_queries(3):
        client.get(path)


# --- notices -----------------------------------------------------------------------------------------------


def tell(user, key, title, unit=None):
    return outbox.tell(key=f"{key}:{user.pk}", kind="kept", recipient=user, title=title, now=NOW, unit=unit)


def test_the_principals_notices_show_and_are_read_only_by_a_click(client, principal, unit):
    notice = tell(principal, "a", "Việc của Y Chính", unit)
    personal = tell(principal, "b", "Riêng Y Chính")
    hidden = text(client, "/thong-bao/")
    act(client, principal)
    page = text(client, "/thong-bao/")

    client.post(f"/thong-bao/{notice.pk}/mo/")
    client.post("/thong-bao/doc-het/", {"last": personal.pk})
    unread = Notice.objects.filter(read_at=None).count()
    client.post(f"/thong-bao/{notice.pk}/doc/")

    assert "Việc của Y Chính" not in hidden
    assert "Việc của Y Chính" in page
    assert "Gửi Y Chính · Chưa đọc" in page
    assert '<span class="dt-badge">2</span>' in page
    assert unread == 2
    assert list(Notice.objects.filter(read_at=None)) == [personal]


def test_own_notices_still_show_and_count_while_acting(client, deputy, principal):
    own_unit = deputy.memberships.get().unit
    tell(deputy, "a", "Việc của A Thay", own_unit)
    act(client, principal)

    page = text(client, "/thong-bao/")

    assert "Việc của A Thay" in page
    assert '<span class="dt-badge">1</span>' in page


# --- the page "Nhờ người thay" --------------------------------------------------------------------------------

TYPED = {"valid_from": "15/4/2024", "valid_to": "20/4/2024", "reason": "Nghỉ phép"}


@pytest.fixture
def head(unit):
    user = make_user("truong", full_name="A Trưởng")
    make_membership(user, unit, Role.UNIT_HEAD)
    return user


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        ("office", 200),
        ("unit_head", 200),
        ("reader", 200),
        ("reporter", 403),
        ("administrator", 403),
    ],
)
def test_heads_office_and_readers_ask_themselves(role, opens):
    user = make_user("ai")
    make_membership(user, make_office(), role)
    client = signed_in(user)

    assert client.get("/thay-mat/").status_code == opens
    assert ("Nhờ người thay" in text(client, "/accounts/profile/")) == (opens == 200)


def test_a_head_asks_a_colleague_and_ends_it(head, principal):
    client = signed_in(head)

    made = client.post("/thay-mat/", {"deputy": principal.pk, **TYPED})
    row = Deputation.objects.get(principal=head)
    page = text(client, "/thay-mat/")
    client.post(f"/thay-mat/{row.pk}/ket-thuc/")
    over = text(client, "/thay-mat/")

    row.refresh_from_db()
    assert made.status_code == 302
    assert "từ 15/4/2024 đến hết 20/4/2024 · Nghỉ phép" in page
    assert row.ended_at == NOW
    assert "kết thúc sớm 09:00 15/4/2024" in over


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"deputy": ""}, "Xin chọn người thay mặt."),
        ({"deputy": "stranger"}, "Chỉ nhờ được người cùng đơn vị"),
        ({"valid_to": "14/4/2024"}, "Ngày kết thúc đứng trước ngày bắt đầu."),
        ({"valid_from": "14/4/2024"}, "Ngày bắt đầu không được trước hôm nay."),
        ({"valid_to": "15/5/2024"}, "Tự nhờ được nhiều nhất 30 ngày"),
        ({"valid_to": "mai"}, "Xin nhập ngày dạng 15/4/2024."),
        ({"reason": ""}, "Xin ghi lý do."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(head, principal, change, sentence):
    stranger = make_reporter(make_unit(), "la")
    typed = {"deputy": principal.pk, **TYPED, **change}
    if typed["deputy"] == "stranger":
        typed["deputy"] = stranger.pk

    answer = signed_in(head).post("/thay-mat/", typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert typed["valid_to"] in page
    assert Deputation.objects.count() == 0


def test_a_chain_is_told_in_words(head, principal, deputation):
    """Y Chính has asked A Thay already, and so stands in for nobody."""
    page = signed_in(head).post("/thay-mat/", {"deputy": principal.pk, **TYPED}).content.decode()

    assert "người đã nhờ thay mặt không thay mặt người khác trong thời gian ấy" in page


def test_nobody_ends_somebody_elses(client, deputation, head):
    answers = [
        client.post(f"/thay-mat/{deputation.pk}/ket-thuc/").status_code,
        signed_in(head).post(f"/thay-mat/{deputation.pk}/ket-thuc/").status_code,
    ]

    deputation.refresh_from_db()
    assert answers == [404, 404]
    assert deputation.ended_at is None


def test_a_deputy_asks_no_third_person_while_acting(client, deputy, principal, head, deputation):
    make_membership(deputy, make_unit(), Role.UNIT_HEAD)
    Deputation.objects.filter(pk=deputation.pk).update(principal=head)
    before = client.get("/thay-mat/").status_code

    act(client, head)

    assert (before, client.get("/thay-mat/").status_code) == (200, 403)


def test_the_system_acts_for_nobody():
    assert audit.record("x", by=None, at=NOW).acting_for is None
