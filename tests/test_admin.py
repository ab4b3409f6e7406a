"""The administration pages: who opens what, search without accents, nothing deleted, one audit."""

import re
import unicodedata
from datetime import date
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import User
from records.models import AuditEvent
from tasks.models import Directive
from tests.admin_pages import address, inline, person, shown, signed_in
from tests.factories import (
    make_area,
    make_assignment,
    make_directive,
    make_membership,
    make_office,
    make_office_user,
    make_reporter,
    make_unit,
    make_user,
)
from units.models import AreaAlias, Membership, Role

pytestmark = pytest.mark.django_db

LISTS = [
    "units.unit",
    "units.unitgroup",
    "units.area",
    "units.calendarday",
    "units.membership",
    "units.deputation",
    "units.apitoken",
    "accounts.user",
    "notifications.noticerule",
    "notifications.unitaddress",
    "notifications.message",
    "notifications.notice",
    "records.auditevent",
    "tasks.directive",
    "tasks.directivetask",
    "tasks.assignment",
]
# Answers in the order of LISTS.
TABLE = {
    "administrator": [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 403, 403, 403],
    "office": [200, 200, 200, 200, 200, 200, 403, 403, 403, 403, 403, 403, 200, 200, 200, 200],
    "reporter": [403] * 16,
    "unit_head": [403] * 16,
    "reader": [403] * 16,
    "registrar": [403] * 16,
    "nobody": [403] * 16,
    "stranger": [302] * 16,
}


@pytest.fixture
def administrator(client) -> User:
    user = person("administrator")
    client.force_login(user)
    return user


# --- who opens what -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(TABLE))
def test_each_role_opens_its_lists_and_no_other(role):
    client = signed_in(person(role))
    assert [client.get(address(name)).status_code for name in LISTS] == TABLE[role]


def test_every_registered_list_is_in_the_table():
    assert sorted(
        model._meta.label_lower for model in admin.site._registry if model.__module__.split(".")[0] != "veterans"
    ) == sorted(LISTS)


def test_stored_files_and_the_registry_are_not_there():
    assert [m._meta.label for m in admin.site._registry if m._meta.app_label in ("veterans",)] == []
    assert "records.storedfile" not in [m._meta.label_lower for m in admin.site._registry]


def test_a_stranger_signs_in_on_the_one_sign_in_page_and_comes_back(client):
    assert client.get("/quan-tri/")["Location"] == "/accounts/login/?next=/quan-tri/"


def test_the_flags_of_an_account_open_nothing():
    client = signed_in(make_user("nhanvien", is_staff=True, is_superuser=True))
    assert client.get("/quan-tri/").status_code == 403


def test_an_administrator_whose_role_has_ended_is_out(settings):
    user = make_user("cuu")
    make_membership(user, make_office(), Role.ADMINISTRATOR, valid_to=date(2020, 1, 1))
    assert signed_in(user).get("/quan-tri/").status_code == 403


def test_the_first_page_lists_for_the_office_what_it_reads_and_for_administrators_no_tasks():
    def rooms(user: User) -> list[str]:
        return [app["app_label"] for app in signed_in(user).get("/quan-tri/").context["app_list"]]

    assert rooms(person("office")) == ["units", "tasks", "records"]
    assert rooms(person("administrator")) == ["units", "accounts", "notifications", "records"]


def test_every_page_carries_the_demo_warning(administrator, client, settings):
    settings.DEMO = True
    pages = [
        client.get(path).content.decode()
        for path in ("/quan-tri/", address("units.unit"), address("units.unit", "add"))
    ]
    popup = client.get(address("units.unit", "add") + "?_popup=1").content.decode()
    assert [page.count("DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH") for page in [*pages, popup]] == [1, 1, 1, 1]


# --- search ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["dak ha", "Đắk Hà", unicodedata.normalize("NFD", "Đắk Hà"), "HA  dak", "Huyện uỷ Đắk"]
)
def test_units_are_found_however_the_name_is_typed(administrator, client, typed):
    make_unit("Huyện ủy Đắk Hà")
    make_unit("Huyện ủy Đắk Tô")

    assert shown(client.get(address("units.unit"), {"q": typed}))[:1] == ["Huyện ủy Đắk Hà"]


def test_search_shows_only_what_matches(administrator, client):
    make_unit("Huyện ủy Đắk Hà")
    make_unit("Huyện ủy Đắk Tô")
    assert shown(client.get(address("units.unit"), {"q": "dak ha"})) == ["Huyện ủy Đắk Hà"]
    assert shown(client.get(address("units.unit"), {"q": "100%"})) == []


def test_every_filter_a_list_offers_opens(administrator, client):
    make_membership(make_user(), make_unit(), Role.REPORTER)
    answers = {}
    for name in LISTS[:11]:
        page = client.get(address(name)).content.decode()
        for query in re.findall(r'<a href="\?([^"]+)"', page):
            answers[f"{name}?{query}"] = client.get(f"{address(name)}?{unescape(query)}").status_code

    assert {query: status for query, status in answers.items() if status != 200} == {}
    assert "units.deputation?in_force=now" in answers
    assert len(answers) > 40


def test_areas_are_found_by_another_spelling_and_shown_once(administrator, client):
    area = make_area("Xã Đăk Hring")
    AreaAlias.objects.create(area=area, name="Đắk H'Ring")
    AreaAlias.objects.create(area=area, name="Đak Hring xã")
    assert shown(client.get(address("units.area"), {"q": "dak hring"})) == ["Xã Đăk Hring"]


def test_people_are_found_by_name_user_name_and_phone(administrator, client):
    make_user("dakha", full_name="Nguyễn Thị Hòa", phone="0260 3822 111")
    for typed in ("hoa nguyen", "Hoà", "DAKHA", "3822"):
        assert shown(client.get(address("accounts.user"), {"q": typed})) == ["Nguyễn Thị Hòa"]


def test_choosing_by_typing_searches_without_accents_too(administrator, client):
    make_unit("Huyện ủy Đắk Hà")
    data = {"app_label": "units", "model_name": "membership", "field_name": "unit", "term": "dak ha\x00"}
    response = client.get(reverse("admin:autocomplete"), data)
    assert [row["text"] for row in response.json()["results"]] == ["Huyện ủy Đắk Hà"]


def test_units_stand_in_official_order(administrator, client):
    make_unit("Bê", sort_order=20)
    make_unit("Xê", sort_order=10)
    assert shown(client.get(address("units.unit"))) == ["Văn phòng Tỉnh ủy", "Xê", "Bê"]


@pytest.mark.parametrize("count", [1, 40])
def test_a_list_costs_the_same_statements_however_long_it_is(
    administrator, client, count, django_assert_max_num_queries
):
    for _ in range(count):
        make_reporter(make_unit(parent=make_unit()))
    for name in ("units.unit", "accounts.user", "units.membership"):
        with django_assert_max_num_queries(11):
            client.get(address(name))


# --- the office reads -------------------------------------------------------------------------------


def test_the_office_reads_directives_and_changes_nothing():
    client = signed_in(person("office"))
    assignment = make_assignment()
    directive = assignment.directive
    data = {"short_title": "Khác"}

    assert client.get(address("tasks.directive", "change", directive.pk)).status_code == 200
    assert client.get(address("tasks.assignment", "change", assignment.pk)).status_code == 200
    assert client.post(address("tasks.directive", "change", directive.pk), data).status_code == 403
    assert client.get(address("tasks.directive", "add")).status_code == 403
    assert client.post(address("tasks.directive", "delete", directive.pk), {"post": "yes"}).status_code == 403
    assert Directive.objects.get().short_title == "70 năm Điện Biên Phủ"


def test_an_administrator_cannot_open_a_directive(administrator, client):
    directive = make_directive()
    assert client.get(address("tasks.directive", "change", directive.pk)).status_code == 403
    assert client.get(address("tasks.directive", "history", directive.pk)).status_code == 403


def test_the_office_reads_units_and_changes_none():
    client = signed_in(person("office"))
    unit = make_unit("Huyện ủy Đắk Hà")
    assert client.get(address("units.unit", "change", unit.pk)).status_code == 200
    assert client.post(address("units.unit", "change", unit.pk), {"name": "Khác"}).status_code == 403


def test_nothing_can_be_deleted_by_anybody(rf):
    request = rf.get("/")
    request.user = make_office_user("moiviec")
    make_membership(request.user, make_office(), Role.ADMINISTRATOR)
    admins = list(admin.site._registry.values())
    assert [a.opts.label for a in admins if a.has_delete_permission(request)] == []
    actions = {a.opts.label: list(a.get_actions(request)) for a in admins}
    assert {label: names for label, names in actions.items() if names} == {"accounts.User": ["invite_selected"]}
    inlines = [i for a in admins for i in a.get_inline_instances(request)]
    assert [i.model.__name__ for i in inlines if i.can_delete or i.has_delete_permission(request)] == []


@pytest.mark.parametrize(
    "name", ["records.auditevent", "notifications.message", "notifications.notice", "tasks.assignment"]
)
def test_what_is_only_read_cannot_be_added_or_changed(rf, name):
    request = rf.get("/")
    request.user = make_office_user("moiviec")
    make_membership(request.user, make_office(), Role.ADMINISTRATOR)
    page = next(a for m, a in admin.site._registry.items() if m._meta.label_lower == name)
    answers = [page.has_view_permission(request), page.has_add_permission(request), page.has_change_permission(request)]
    assert answers == [True, False, False]


def test_the_audit_shows_tasks_to_the_office_only(administrator, client):
    for target, label in (
        ("tasks.assignment", "1a.1 – Đắk Hà"),
        ("veterans.person", "Một người"),
        ("units.unit", "Đơn vị"),
    ):
        AuditEvent.objects.create(verb="x.y", at="2024-04-15T08:00+07:00", target_type=target, target_label=label)

    seen = [row.target_label for row in client.get(address("records.auditevent")).context["cl"].result_list]
    office = signed_in(person("office")).get(address("records.auditevent"))

    assert seen == ["Đơn vị"]
    assert [row.target_label for row in office.context["cl"].result_list] == ["Đơn vị", "1a.1 – Đắk Hà"]


# --- people ---------------------------------------------------------------------------------------

ROLES = "memberships"


def new_person(**values: str) -> dict[str, str]:
    data = {
        "full_name": "Y Lan",
        "username": "YLan",
        "position": "",
        "phone": "",
        "email": "",
    }
    return {**data, **values}


def test_a_person_is_added_with_a_role_and_kept_in_the_audit(administrator, client):
    unit = make_unit("Huyện ủy Đắk Hà")
    role = {
        "role": "reporter",
        "unit": unit.pk,
        "area": "",
        "is_contact": "on",
        "valid_from": "15/01/2024",
        "valid_to": "",
    }

    response = client.post(address("accounts.user", "add"), {**new_person(), **inline(ROLES, [role])})

    user = User.objects.get(username="ylan")
    assert response.status_code == 302
    assert Membership.objects.filter(user=user).values_list("role", "unit", "valid_from").get() == (
        "reporter",
        unit.pk,
        date(2024, 1, 15),
    )
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.target_label) == ("admin.added", administrator, "Y Lan")
    assert event.data["to"] == {"username": "ylan", "full_name": "Y Lan"}
    rows = event.data["rows"]["units.membership"]
    assert (rows["added"], rows["changed"], rows["each"][0]["to"]["role"]) == (1, 0, "Cán bộ đầu mối")
    assert LogEntry.objects.count() == 0


def test_a_user_name_that_differs_in_capitals_only_is_taken(administrator, client):
    make_user("ylan")
    response = client.post(address("accounts.user", "add"), {**new_person(), **inline(ROLES)})
    assert list(response.context["adminform"].form.errors) == ["username"]


def test_the_hash_of_a_password_is_never_shown(administrator, client):
    user = make_user("dakha")
    page = client.get(address("accounts.user", "change", user.pk)).content.decode()
    assert user.password not in page
    assert user.password.split("$")[0] + "$" not in page


def test_a_new_password_ends_the_sessions_of_the_person(administrator, client):
    user = make_user("dakha")
    other = signed_in(user)
    url = reverse("admin:auth_user_password_change", args=[user.pk])

    response = client.post(url, {"password1": "con duong xanh 1954", "password2": "con duong xanh 1954"})

    assert response.status_code == 302
    assert other.get("/accounts/profile/").status_code == 302
    assert AuditEvent.objects.get().data == {"fields": ["password"]}


def change_person(client: Client, user: User, roles: dict[str, str] | None = None, **values: str):
    row = {"full_name": user.full_name, "username": user.username, "language": "vi", "is_active": "on"}
    row.update({"position": "", "phone": "", "email": "", **values})
    return client.post(address("accounts.user", "change", user.pk), {**row, **(roles or inline(ROLES))})


def test_a_person_who_has_gone_is_switched_off(administrator, client):
    user = make_user("dakha")
    change_person(client, user, is_active="")
    assert User.objects.get(pk=user.pk).is_active is False
    assert AuditEvent.objects.get().data == {
        "fields": ["is_active", "email"],
        "from": {"is_active": True},
        "to": {"is_active": False},
    }


def test_nobody_switches_off_the_own_account(administrator, client):
    response = change_person(client, administrator, is_active="")
    assert response.status_code == 302
    assert User.objects.get(pk=administrator.pk).is_active is True


def test_somebody_must_stay_administrator(administrator, client):
    own = Membership.objects.get(user=administrator)
    data = {"user": administrator.pk, "role": "office", "unit": own.unit_id, "area": "", "valid_from": "01/01/1900"}

    page = client.post(address("units.membership", "change", own.pk), data, follow=True).content.decode()

    own.refresh_from_db()
    assert own.role == "administrator"
    assert "phải còn ít nhất một người đang là quản trị hệ thống" in page
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"role": "registrar"}, "area", "Cán bộ sổ tri ân cần có địa bàn."),
        ({"role": "reporter"}, "unit", "Vai trò này cần có đơn vị."),
        (
            {"role": "office", "unit": "own", "valid_to": "31/12/1899"},
            "valid_to",
            "Ngày kết thúc đứng trước ngày bắt đầu.",
        ),
        ({"role": "administrator", "unit": "own"}, "role", "Người này đã có vai trò này ở đơn vị này từ ngày này."),
    ],
)
def test_a_refused_role_says_what_to_mend(administrator, client, values, field, sentence):
    unit = make_office().pk
    data = {"user": administrator.pk, "unit": "", "area": "", "valid_from": "01/01/1900", "valid_to": "", **values}
    data["unit"] = unit if data["unit"] == "own" else ""

    response = client.post(address("units.membership", "add"), data)

    assert response.status_code == 200
    assert response.context["adminform"].form.errors == {field: [sentence]}


def test_the_same_role_twice_in_one_form_is_refused_in_words(administrator, client):
    role = {"role": "reporter", "unit": make_unit().pk, "area": "", "valid_from": "01/01/1900", "valid_to": ""}
    response = client.post(address("accounts.user", "add"), {**new_person(), **inline(ROLES, [role, role])})
    assert response.status_code == 200
    assert "Có hai dòng vai trò giống hệt nhau." in response.content.decode()


def test_the_history_of_a_person_does_not_list_signing_in(administrator, client):
    user = make_user("dakha")
    client.post("/accounts/login/", {"username": "dakha", "password": "sai"})
    change_person(client, user, position="Bí thư")

    page = client.get(address("accounts.user", "history", user.pk)).content.decode()

    assert page.count('<tr><th scope="row">') == 1
    assert "chức vụ" in page


def test_the_page_of_a_new_password_says_what_to_mend(administrator, client):
    user = make_user("dakha", full_name="Y Lan")
    url = reverse("admin:auth_user_password_change", args=[user.pk])

    response = client.post(url, {"password1": "ngan", "password2": "ngan"})

    assert list(response.context["form"].errors) == ["password2"]
    assert "Mật khẩu mới cho <strong>Y Lan</strong>" in response.content.decode()
    assert User.objects.get(pk=user.pk).check_password("mat-khau-thu")


@pytest.mark.parametrize("room", ["units", "accounts", "notifications", "records"])
def test_the_page_of_one_room_opens_for_an_administrator(client, room):
    user = make_user()
    make_membership(user, make_office(), Role.ADMINISTRATOR)
    client.force_login(user)

    assert client.get(f"/quan-tri/{room}/").status_code == 200
