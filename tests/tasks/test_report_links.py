"""A unit's report through a mailed link: made by the mail, opened, acted through, passed on, taken back, ended."""

import re
from datetime import date

import pytest
from django.core import mail as outgoing
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from directive_tracker import clock
from directive_tracker.logs import SECRET_PATH
from notifications.models import Message
from records.models import AuditEvent
from records.results import keep_file
from tasks.drafts.opening import open_report
from tasks.enums import AssignmentState, ReportState
from tasks.links import addresses, making
from tasks.links.opening import LinkRefused, open_link
from tasks.models import Assignment, ReportingPeriod, ReportLink, ReportRound, UnitReport
from tasks.reminders import tell_issued
from tasks.reviewing import accept_section, return_section
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_membership,
    make_office_user,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from units.models import Membership, Role

pytestmark = pytest.mark.django_db
NOW = at("2024-04-15", "09:00")
TODAY = date(2024, 4, 15)
NAME = {"name": "Trần Văn Bình", "position": "Phó Chánh Văn phòng"}


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


class House:
    """One unit with one reporter and two works, and the link of that reporter."""

    def __init__(self, **unit_values):
        self.office = make_office_user()
        self.unit = make_unit("Huyện ủy Đắk Hà", **unit_values)
        self.person = make_reporter(self.unit, "dakha", full_name="Y Hương")
        self.directive = make_directive(short_title="70 năm Điện Biên Phủ")
        self.works = [
            make_assignment(make_task(self.directive, code), self.unit, state=AssignmentState.IN_PROGRESS)
            for code in ("1a.1", "1a.2")
        ]
        self.link = self.make_link(self.person)

    def make_link(self, user, period=None, today=TODAY):
        return making.ensure(self.unit, self.directive, period, user, now=NOW, today=today)

    @property
    def path(self) -> str:
        return addresses.path_of(ReportLink.objects.get(pk=self.link.pk))

    def begin(self, visitor: Client) -> UnitReport:
        """Type the name and open the report."""
        visitor.post(self.path, {"do": "open", **NAME})
        return UnitReport.objects.get(unit=self.unit, directive=self.directive)

    def typed(self, report: UnitReport, **fields) -> dict:
        section = report.sections.order_by("pk").first()
        report.refresh_from_db()
        return {"chung-version": report.version, f"muc{section.pk}-results": "Đã triển khai.", "do": "submit", **fields}

    def form_path(self, report: UnitReport) -> str:
        return reverse("tasks:report_link_form", args=[addresses.token_of(self.link), report.pk])


@pytest.fixture
def house():
    return House()


@pytest.fixture
def visitor():
    return Client()


def attach(report: UnitReport) -> int:
    """A file in the report's first section; its pk."""
    stored = keep_file(b"%PDF-1.4", "anh.pdf", "application/pdf", by=report.created_by, now=NOW)
    report.sections.order_by("pk").first().files.create(file=stored)
    return stored.pk


def refusal(house) -> str:
    """The code of why the link opens nothing today, or ""."""
    try:
        open_link(addresses.token_of(ReportLink.objects.get(pk=house.link.pk)), today=TODAY)
    except LinkRefused as refused:
        return refused.code
    return ""


def test_the_link_opens_the_files_of_its_own_report_and_not_of_the_units_other_ones(house, visitor):
    mine = attach(house.begin(visitor))
    elsewhere = make_assignment(make_task(make_directive(), "2a.1"), house.unit, state=AssignmentState.IN_PROGRESS)
    other = attach(open_report(house.unit, elsewhere.directive, by=house.person, now=NOW))
    paths = [reverse("tasks:report_link_file", args=[addresses.token_of(house.link), pk]) for pk in (mine, other)]

    answers = [visitor.get(path).status_code for path in paths]

    assert answers == [200, 404]


# --- the mail -----------------------------------------------------------------------------------


def sent_to(address: str, kind: str) -> str:
    """The text of the one mail of a kind that went to an address."""
    (text,) = [
        message.body
        for message in outgoing.outbox
        if message.to == [address] and message.extra_headers["X-Notification-Key"].startswith(f"{kind}:")
    ]
    return text


def test_a_mail_that_gives_work_carries_a_link_and_the_kept_text_does_not(house):
    ReportLink.objects.all().delete()
    tell_issued(house.directive, [house.unit], by=house.office, now=NOW)

    call_command("run_reminders", now=NOW.isoformat())

    link = ReportLink.objects.get()
    text = sent_to("dakha@example.vn", "issued")
    assert addresses.address_of(link) in text
    assert "không cần đăng nhập (dùng đến hết 23/4/2024" in text
    assert f'<a href="{addresses.address_of(link)}">' in outgoing.outbox[0].alternatives[0][0]
    kept = Message.objects.get(recipient=house.person, kind="issued").body
    assert "/bc/" not in kept
    assert "[đường dẫn riêng của người nhận]" in kept
    assert (link.unit, link.directive, link.period, link.user) == (house.unit, house.directive, None, house.person)


@pytest.mark.parametrize("where", ["installation", "unit", "directive", "person"])
def test_where_links_are_not_wanted_the_mail_has_none(house, settings, where):
    if where == "installation":
        settings.REPORT_LINKS = False
    elif where == "unit":
        house.unit.wants_report_links = False
        house.unit.save()
    elif where == "directive":
        house.directive.report_links = False
        house.directive.save()
    ReportLink.objects.all().delete()
    tell_issued(house.directive, [house.unit], by=house.office, now=NOW)
    if where == "person":
        Membership.objects.filter(user=house.person).update(role=Role.READER)

    call_command("run_reminders", now=NOW.isoformat())

    assert [message.body for message in outgoing.outbox if "/bc/" in message.body] == []
    assert ReportLink.objects.count() == 0


@pytest.mark.parametrize("which", ["installation", "unit", "directive"])
def test_switching_links_off_closes_those_that_are_out(house, settings, which):
    if which == "installation":
        settings.REPORT_LINKS = False
    elif which == "unit":
        house.unit.wants_report_links = False
        house.unit.save()
    else:
        house.directive.report_links = False
        house.directive.save()

    assert refusal(house) == "off"


def test_the_same_report_keeps_the_same_link_from_mail_to_mail(house):
    again = house.make_link(house.person, today=date(2024, 4, 16))

    assert again.pk == house.link.pk
    assert (house.link.last_day, again.last_day) == (date(2024, 4, 23), date(2024, 4, 24))


def test_a_link_of_a_period_lasts_five_working_days_after_the_cut_off(house):
    period = ReportingPeriod.objects.create(
        directive=house.directive,
        name="Kỳ tháng 5",
        opens_on=date(2024, 4, 10),
        cutoff_on=date(2024, 4, 26),
        due_on=date(2024, 4, 29),
    )

    # 29/4, 30/4 and 1/5 are days off; Saturday 04/5 is worked.
    assert house.make_link(house.person, period).last_day == date(2024, 5, 7)


def test_the_page_of_a_mail_shows_the_link_to_its_recipient_and_not_to_the_office(house):
    ReportLink.objects.all().delete()
    tell_issued(house.directive, [house.unit], by=house.office, now=NOW)
    call_command("run_reminders", now=NOW.isoformat())
    mail = Message.objects.get(recipient=house.person, kind="issued")
    pages = {}
    for person in (house.person, house.office):
        client = Client()
        client.force_login(person)
        pages[person] = client.get(reverse("notifications:message_detail", args=[mail.pk])).content.decode()

    address = addresses.address_of(ReportLink.objects.get())

    assert (address in pages[house.person], "/bc/" in pages[house.office]) == (True, False)


# --- looking --------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_changes_nothing_and_signs_nobody_in(house, visitor, method):
    before = AuditEvent.objects.count()

    response = getattr(visitor, method)(house.path)

    assert response.status_code == 200
    assert UnitReport.objects.count() == 0
    assert AuditEvent.objects.count() == before
    assert "sessionid" not in visitor.cookies
    assert visitor.get(reverse("tasks:unit_home")).status_code == 302


def test_the_page_tells_no_other_site_its_address_and_links_to_no_page_that_needs_an_account(house, visitor):
    response = visitor.get(house.path)

    assert response["Referrer-Policy"] == "strict-origin"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    page = response.content.decode()
    links = set(re.findall(r'(?:href|action)="(/[^"]*)"', page))
    assert {link for link in links if not link.startswith(("/static/", "/bc/"))} == {"/accounts/login/"}
    assert "https://" not in page


def test_the_log_hides_the_secret_part_of_the_address(house):
    line = f'"GET {house.path} HTTP/1.1" 404'

    assert SECRET_PATH.sub(r"\1…", line) == '"GET /bc/…/ HTTP/1.1" 404'


# --- acting ---------------------------------------------------------------------------------------


def test_a_report_is_written_and_sent_under_name_and_position(house, visitor):
    report = house.begin(visitor)

    response = visitor.post(house.form_path(report), house.typed(report))

    assert response.status_code == 302
    assert response.url == house.path
    round_ = ReportRound.objects.get()
    assert (round_.way, round_.via_name, round_.via_position) == ("link", "Trần Văn Bình", "Phó Chánh Văn phòng")
    assert round_.submitted_by == house.person
    assert round_.sender == "qua liên kết – Trần Văn Bình, Phó Chánh Văn phòng"
    assert "qua liên kết – Trần Văn Bình, Phó Chánh Văn phòng" in visitor.get(house.path).content.decode()
    event = AuditEvent.objects.get(verb="report.submitted")
    assert event.data["link"] == house.link.pk
    assert "Bình" not in str(event.data)
    assert "sessionid" not in visitor.cookies


def test_what_was_sent_by_link_is_shown_so_to_the_office(house, visitor):
    report = house.begin(visitor)
    visitor.post(house.form_path(report), house.typed(report))
    office = Client()
    office.force_login(house.office)

    page = office.get(reverse("tasks:report_review", args=[report.pk])).content.decode()

    assert "qua liên kết – Trần Văn Bình, Phó Chánh Văn phòng" in page


def test_without_name_and_position_nothing_is_done(house, visitor):
    response = visitor.post(house.path, {"do": "open", "name": "1", "position": ""})

    assert response.status_code == 422
    page = response.content.decode()
    assert "Xin ghi họ và tên người báo cáo" in page
    assert "Xin ghi chức vụ" in page
    assert UnitReport.objects.count() == 0


def test_the_name_is_kept_for_this_link_alone(house, visitor):
    house.begin(visitor)

    cookie = visitor.cookies["report_name"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (house.path, True, "Lax")
    other = make_reporter(make_unit(), "khac")
    make_assignment(house.works[0].task, other.memberships.get().unit)
    link = making.ensure(other.memberships.get().unit, house.directive, None, other, now=NOW, today=TODAY)
    stranger = Client()
    stranger.cookies["report_name"] = cookie.value
    assert 'value="Trần Văn Bình"' not in stranger.get(addresses.path_of(link)).content.decode()
    assert 'value="Trần Văn Bình"' in visitor.get(house.path).content.decode()


def test_a_form_whose_name_is_gone_asks_again_and_loses_nothing(house, visitor):
    report = house.begin(visitor)
    typed = house.typed(report, do="save")
    fresh = Client()

    asked = fresh.post(house.form_path(report), typed)
    page = asked.content.decode()
    carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    carried.pop("csrfmiddlewaretoken", None)
    response = fresh.post(house.form_path(report), {**carried, **NAME})

    assert asked.status_code == 422
    assert response.status_code == 302
    assert report.sections.order_by("pk").first().results == "Đã triển khai."


def test_a_link_serves_many_acts_and_a_returned_report_opens_again(house, visitor):
    report = house.begin(visitor)
    visitor.post(house.form_path(report), house.typed(report, do="save"))
    visitor.post(house.form_path(report), house.typed(report))
    section = report.sections.get()
    return_section(section, by=house.office, now=NOW, reason="Thiếu số liệu.")

    visitor.post(house.form_path(report), house.typed(report))

    assert [round_.via_name for round_ in section.rounds.all()] == ["Trần Văn Bình", "Trần Văn Bình"]


def test_new_work_is_acknowledged_through_the_link(house, visitor):
    Assignment.objects.update(state=AssignmentState.ASSIGNED)

    response = visitor.post(house.path, {"do": "acknowledge", **NAME})

    assert response.status_code == 302
    assert set(Assignment.objects.values_list("state", "acknowledged_by__username")) == {("in_progress", "dakha")}


def test_where_the_unit_wants_it_the_head_approves_what_came_by_link(visitor):
    house = House(needs_head_approval=True)
    head = make_user("truong")
    make_membership(head, house.unit, Role.UNIT_HEAD)
    report = house.begin(visitor)

    visitor.post(house.form_path(report), house.typed(report))
    report.refresh_from_db()

    assert report.state == ReportState.AWAITING_UNIT_HEAD
    signed_in = Client()
    signed_in.force_login(head)
    page = signed_in.get(reverse("tasks:report_head", args=[report.pk])).content.decode()
    assert "qua liên kết – Trần Văn Bình, Phó Chánh Văn phòng trình" in page
    signed_in.post(reverse("tasks:report_head", args=[report.pk]), {"do": "approve"})
    round_ = ReportRound.objects.get()
    assert (round_.way, round_.via_name, round_.submitted_by) == ("link", "Trần Văn Bình", head)


def test_the_link_of_a_head_approves_nothing(visitor):
    house = House(needs_head_approval=True)
    make_membership(house.person, house.unit, Role.UNIT_HEAD)
    report = house.begin(visitor)

    visitor.post(house.form_path(report), house.typed(report))
    report.refresh_from_db()

    assert report.state == ReportState.AWAITING_UNIT_HEAD


def test_a_link_opens_no_other_report(house, visitor):
    report = house.begin(visitor)
    other = make_directive(title="Văn bản khác", short_title="Khác")
    make_assignment(make_task(other, "9"), house.unit)
    foreign = open_report(house.unit, other, by=house.person, now=NOW)

    assert visitor.get(house.form_path(foreign)).status_code == 404
    assert visitor.post(house.form_path(foreign), {"do": "submit"}).status_code == 404
    assert visitor.get(house.form_path(report)).status_code == 200


def test_a_signed_in_person_stays_who_that_is(house, visitor):
    visitor.force_login(house.office)

    house.begin(visitor)

    assert UnitReport.objects.get().created_by == house.person
    assert visitor.get(reverse("tasks:today")).status_code == 200


# --- the end of a link ------------------------------------------------------------------------------


def _revoke(house):
    making.revoke(house.link, by=house.office, now=NOW, at=NOW)


def _expire(house):
    ReportLink.objects.update(last_day=date(2024, 4, 14))


def _finish(house):
    visitor = Client()
    report = house.begin(visitor)
    visitor.post(house.form_path(report), house.typed(report))
    accept_section(report.sections.get(), by=house.office, now=NOW)


def _deactivate(house):
    house.person.is_active = False
    house.person.save()


def _leave(house):
    Membership.objects.filter(user=house.person).update(valid_to=date(2024, 4, 14))


def _close(house):
    house.directive.state, house.directive.closed_on = "closed", TODAY
    house.directive.save()


@pytest.mark.parametrize(
    ("what", "code", "sentence"),
    [
        (_revoke, "revoked", "Đường dẫn này đã được thu hồi."),
        (_expire, "expired", "Đường dẫn này đã hết hạn."),
        (_finish, "done", "đã được xem xét xong"),
        (_deactivate, "gone", "Đường dẫn này không còn dùng được."),
        (_leave, "gone", "Đường dẫn này không còn dùng được."),
        (_close, "ended", "không còn theo dõi"),
    ],
)
def test_a_link_that_has_ended_says_so_on_one_page(house, visitor, what, code, sentence):
    what(house)

    response = visitor.get(house.path)

    assert refusal(house) == code
    assert response.status_code == 410
    assert sentence in response.content.decode()
    assert visitor.post(house.path, {"do": "open", **NAME}).status_code == 410


def test_a_link_is_good_until_midnight_of_its_last_day(house, monkeypatch):
    token = addresses.token_of(house.link)

    assert open_link(token, today=date(2024, 4, 23)).pk == house.link.pk
    with pytest.raises(LinkRefused, match="hết hạn"):
        open_link(token, today=date(2024, 4, 24))


@pytest.mark.parametrize(
    "mangle", [lambda t: t[:-1] + "2" if t[-1] != "2" else t[:-1] + "3", lambda t: "9" + t, str.title]
)
def test_a_mangled_address_opens_nothing(house, visitor, mangle):
    token = mangle(addresses.token_of(house.link))
    same = token.lower() == addresses.token_of(house.link)

    assert visitor.get(reverse("tasks:report_link", args=[token])).status_code == (200 if same else 404)


def test_many_wrong_addresses_from_one_machine_have_to_wait_and_a_right_one_never(house, visitor):
    wrong = reverse("tasks:report_link", args=["1-aaaaa-aaaaa-aaaaa-aaaaa"])

    answers = [visitor.get(wrong).status_code for _ in range(31)]

    assert answers == [404] * 30 + [429]
    assert visitor.get(house.path).status_code == 200


def test_a_new_link_goes_to_the_same_person_once_an_hour_and_the_answer_is_always_the_same(house, visitor):
    _expire(house)

    pages = [visitor.post(house.path, {"do": "renew"}).content.decode() for _ in range(2)]
    call_command("run_reminders", now=NOW.isoformat())
    old, new = ReportLink.objects.order_by("pk")

    assert ["tới hộp thư của chính người" in page for page in pages] == [True, True]
    assert addresses.address_of(new) in sent_to("dakha@example.vn", "report_link")
    assert (old.is_revoked, new.user) == (True, house.person)


def test_whoever_may_not_report_any_more_is_mailed_nothing_and_reads_the_same(house, visitor):
    _leave(house)

    page = visitor.post(house.path, {"do": "renew"}).content.decode()
    call_command("run_reminders", now=NOW.isoformat())

    assert "tới hộp thư của chính người" in page
    assert outgoing.outbox == []


# --- passing on and taking back -------------------------------------------------------------------


def pass_on(visitor, house, **fields):
    return visitor.post(
        house.path, {"do": "pass_on", **NAME, **{f"to-{name}": value for name, value in fields.items()}}
    )


def test_a_colleague_with_an_account_is_mailed_an_own_link(house, visitor):
    colleague = make_reporter(house.unit, "dongnghiep")

    response = pass_on(visitor, house, user=colleague.pk)
    call_command("run_reminders", now=NOW.isoformat())

    link = ReportLink.objects.get(user=colleague)
    assert response.status_code == 302
    assert link.came_from == house.link
    assert addresses.address_of(link) in sent_to("dongnghiep@example.vn", "report_link")


def test_a_colleague_without_an_account_gets_a_link_that_is_shown_once(house, visitor):
    page = pass_on(visitor, house, name="Lê Thị Cúc").content.decode()

    link = ReportLink.objects.get(colleague="Lê Thị Cúc")
    assert addresses.address_of(link) in page
    assert addresses.token_of(link) not in visitor.get(house.path).content.decode()
    assert (link.user, link.came_from, link.last_day) == (house.person, house.link, house.link.last_day)
    opened = Client().get(addresses.path_of(link)).content.decode()
    assert "Lê Thị Cúc (chuyển từ Y Hương)" in opened
    event = AuditEvent.objects.get(verb="report_link.passed_on")
    assert "Cúc" not in str(event.data) + event.target_label


def test_a_link_that_was_handed_on_by_name_is_not_passed_on_again(house, visitor):
    pass_on(visitor, house, name="Lê Thị Cúc")
    child = addresses.path_of(ReportLink.objects.get(colleague="Lê Thị Cúc"))

    Client().post(child, {"do": "pass_on", **NAME, "to-name": "Người khác"})

    assert ReportLink.objects.count() == 2


def test_at_most_five_are_out_at_a_time(house, visitor):
    for letter in "ABCDEF":
        pass_on(visitor, house, name=f"Lê Thị {letter}")

    assert ReportLink.objects.exclude(colleague="").count() == 5


def test_both_or_neither_colleague_is_a_mistake_that_is_named(house, visitor):
    response = pass_on(visitor, house)

    assert response.status_code == 422
    assert "Xin chọn một đồng nghiệp có tài khoản" in response.content.decode()


def test_taking_a_link_back_ends_what_was_passed_on_from_it(house, visitor):
    pass_on(visitor, house, name="Lê Thị Cúc")
    child = ReportLink.objects.get(colleague="Lê Thị Cúc")
    unit = Client()
    unit.force_login(house.person)

    unit.post(reverse("tasks:report_link_revoke", args=[house.link.pk]))

    assert visitor.get(house.path).status_code == 410
    assert visitor.get(addresses.path_of(child)).status_code == 410
    assert AuditEvent.objects.get(verb="report_link.revoked").data == {"count": 2}


def test_when_the_giver_leaves_the_given_link_ends(house, visitor):
    pass_on(visitor, house, name="Lê Thị Cúc")
    child = ReportLink.objects.get(colleague="Lê Thị Cúc")

    _leave(house)

    assert visitor.get(addresses.path_of(child)).status_code == 410


# --- the list -------------------------------------------------------------------------------------


def test_the_list_takes_the_same_statements_at_1_and_at_30_links(house, django_assert_num_queries):
    unit = Client()
    unit.force_login(house.person)
    url = reverse("tasks:report_links")
    with django_assert_num_queries(4):
        unit.get(url)
    for number in range(30):
        ReportLink.objects.create(
            unit=house.unit, directive=house.directive, user=house.person, nonce=f"n{number}", made_at=NOW,
            made_on=TODAY, last_day=TODAY, colleague=f"Người {number}", came_from=house.link,
        )  # fmt: skip

    with django_assert_num_queries(4):
        page = unit.get(url).content.decode()

    assert page.count("Thu hồi") == 25
    assert addresses.token_of(house.link) not in page


def test_the_page_of_a_link_takes_the_same_statements_at_2_and_at_30_works(house, visitor, django_assert_num_queries):
    with django_assert_num_queries(11):
        visitor.get(house.path)
    for number in range(28):
        make_assignment(make_task(house.directive, f"x{number}"), house.unit, state=AssignmentState.IN_PROGRESS)

    with django_assert_num_queries(11):
        visitor.get(house.path)
