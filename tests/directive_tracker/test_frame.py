"""The frame of a page: navigation by role, unread count, demo strip, pages of errors."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import include, path
from django.views.defaults import bad_request, server_error

from directive_tracker.context import Look, page


def _nothing(request):
    return HttpResponse()


def _room(name, **addresses):
    return path("", include(([path(address, _nothing, name=key) for key, address in addresses.items()], name)))


urlpatterns = [
    _room(
        "tasks",
        today="hom-nay/",
        review_queue="cho-xem-xet/",
        directive_list="van-ban/",
        unit_home="don-vi/",
        unit_reports="don-vi/bao-cao/",
    ),
    _room("veterans", person_list="tri-an/"),
    _room("notifications", inbox="thong-bao/"),
]
USER = SimpleNamespace(is_authenticated=True, full_name="Y Hương", get_username=lambda: "dakha")


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.ROOT_URLCONF = __name__


def signed_in(address, badge=0, **roles):
    request = RequestFactory().get(address)
    request.user = USER
    request.access = SimpleNamespace(**{f"is_{role}": True for role in roles})
    request.badge = badge
    return request


def test_a_reporter_who_is_also_registrar_sees_the_pages_of_both_once():
    look = Look(signed_in("/don-vi/bao-cao/7/", badge=3, reporter=True, unit_head=True, registrar=True))

    assert [(e.label, e.url, e.current, e.badge) for e in look.nav] == [
        ("Việc của đơn vị", "/don-vi/", False, 0),
        ("Báo cáo của đơn vị", "/don-vi/bao-cao/", True, 0),
        ("Thông báo", "/thong-bao/", False, 3),
        ("Sổ tri ân", "/tri-an/", False, 0),
    ]


def test_an_entry_without_a_page_is_left_out():
    assert [e.name for e in Look(signed_in("/", reader=True)).nav] == ["tasks:review_queue", "tasks:directive_list"]


@pytest.mark.parametrize(
    ("works_for_a_unit", "session", "shown"),
    [
        (True, {"reviews": True}, True),
        (True, {"reviews": False}, False),
        (True, {}, False),
        (False, {"reviews": True}, False),
    ],
)
def test_the_queue_is_in_the_menu_of_a_unit_that_may_review_something(works_for_a_unit, session, shown):
    request = signed_in("/", registrar=True)
    request.access.works_for_a_unit, request.session = works_for_a_unit, session

    assert ("Chờ xem xét" in [entry.label for entry in Look(request).nav]) is shown


def menus(address, nav_current="", **values) -> list[str]:
    """Both menus of a page as they are shown to somebody."""
    look = Look(signed_in(address, **values))
    template = engines["django"].from_string("{% load frame %}{% menu 'line' %}|{% menu 'drop' %}")
    return template.render({"look": look, "nav_current": nav_current}).split("|")


def test_a_menu_that_is_kept_shows_each_person_the_own_number_and_place(settings):
    settings.ROOT_URLCONF = "directive_tracker.urls"

    for badge, words in ((3, "3"), (0, ""), (12, "12"), (3, "3")):
        line, drop = menus("/thong-bao/", badge=badge, reporter=True)
        assert re.findall(r'<span class="dt-badge">(\d+)</span>', line) == ([words] if words else [])
        assert re.findall(r'<a href="([^"]+)" aria-current="page"', line) == ["/thong-bao/"]
        assert re.findall(r'<a href="([^"]+)" aria-current="page"', drop) == ["/thong-bao/"]
    elsewhere, drop = menus("/x/", nav_current="tasks:unit_reports", reporter=True)
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', elsewhere) == ["/don-vi/bao-cao/"]
    assert "aria-current" not in drop
    assert menus("/x/") == ["", ""]


def test_the_menu_of_one_role_is_never_shown_to_another(settings):
    settings.ROOT_URLCONF = "directive_tracker.urls"

    office, reporter = (menus("/", **{role: True})[0] for role in ("office", "reporter"))

    assert ("Đôn đốc" in office, "Đôn đốc" in reporter) == (True, False)
    assert ("Việc của đơn vị" in office, "Việc của đơn vị" in reporter) == (False, True)
    assert "Y Hương" not in office + reporter


@pytest.mark.parametrize("user", [None, AnonymousUser()])
def test_nobody_signed_in_has_no_navigation_and_no_error(user):
    request = RequestFactory().get("/")
    if user is not None:
        request.user = user
    look = page(request)["look"]

    assert (look.nav, look.badge, look.unit_name, look.person_name, look.home_url) == ([], 0, "", "", "/")


@pytest.mark.parametrize(("demo", "shown"), [(True, True), (False, False)])
def test_the_demo_says_on_the_sign_in_page_that_its_figures_are_invented(settings, demo, shown):
    settings.DEMO = demo
    html = render_to_string("shell.html", request=RequestFactory().get("/"))

    assert ("DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH" in html, "print-demo.css" in html) == (shown, shown)


def test_the_page_of_a_broken_server_needs_no_request_and_still_warns_of_the_demo(settings):
    settings.DEMO = True
    response = server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH" in response.content.decode()
    assert "Máy chủ gặp lỗi" in response.content.decode()


def test_a_bad_request_is_told_in_words():
    assert "Yêu cầu không hợp lệ" in bad_request(RequestFactory().get("/"), ValueError()).content.decode()
