"""The guide cannot drift from the program: pages, topics, pictures and the words of buttons are all there."""

import ast
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import get_resolver
from PIL import Image

from directive_tracker import guide
from directive_tracker.context import NAVIGATION
from tests.factories import make_membership, make_user
from units.access import Access
from units.models import Role

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
GUIDE = TEMPLATES / "guide"
ROOMS = ("directive_tracker", "records", "accounts", "units", "notifications", "tasks", "veterans")
TAGS = re.compile(r"<[^>]*>|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
SLUGS = ["", "van-phong", "don-vi", "thuong-truc", "so-tri-an", "quan-tri"]
# What a page says of itself where no template does.
OF_ROLES = {
    "is_office": "van-phong",
    "is_reporter": "don-vi",
    "is_unit_head": "don-vi",
    "is_reader": "thuong-truc",
    "is_registrar": "so-tri-an",
    "is_administrator": "quan-tri",
    "reviews": "don-vi",
}


def source(slug):
    return (TEMPLATES / guide.template_of(slug)).read_text()


def words_of_the_program():
    """Everything that stands alone between two marks of a template, or is a text of the program's own code."""
    found = set()
    for path in TEMPLATES.rglob("*.html"):
        if path.parent != GUIDE:
            found |= {" ".join(piece.split()) for piece in TAGS.split(path.read_text())}
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        if "migrations" not in path.parts and path.name != "guide.py":
            tree = ast.parse(path.read_text())
            found |= {
                node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    return {word.strip("‹›: ") for word in found} | found


def every_name(resolver=None, space=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from every_name(pattern, f"{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name:
            yield f"{space}{pattern.name}"


def test_every_button_the_guide_names_stands_on_a_page():
    said = {word for slug in SLUGS for word in re.findall(r"<kbd>([^<]+)</kbd>", source(slug))}
    known = words_of_the_program()

    assert sorted(word for word in said if word not in known) == []
    assert len(said) > 100


def test_every_page_that_is_explained_is_there():
    assert sorted(set(guide.TOPICS) - set(every_name())) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_every_topic_that_is_linked_stands_in_its_page(slug):
    anchors = [anchor for anchor, _ in guide.headings(slug)]

    assert sorted(set(guide.EXPLAINS[slug]) - set(anchors)) == []
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_picture_is_there_small_and_said_in_words(slug):
    for line in re.findall(r'\{% include "guide/_picture.html"[^%]+%\}', source(slug)):
        name, alt = re.search(r'picture="([^"]+)"', line)[1], re.search(r'alt="([^"]+)"', line)[1]
        found = finders.find(name)
        assert found, name
        assert Path(found).stat().st_size <= 60_000, name
        with Image.open(found) as picture:
            # As the template says, so that a topic does not move away while they load.
            assert picture.size == ((390, 844) if "phone=True" in line else (1100, 660)), name
        assert alt


@pytest.mark.parametrize(("role", "name"), [(role, name) for role, name, _ in NAVIGATION])
def test_each_page_of_a_menu_is_explained_to_the_role_whose_menu_it_is(role, name):
    roles = ["is_reporter"] if role == "reviews" else [role]

    slug, topic = guide.place(name, type("Rights", (), dict.fromkeys(roles, True))())

    assert slug == OF_ROLES[role]
    assert topic in dict(guide.headings(slug))


@pytest.mark.parametrize(
    ("roles", "name", "expected"),
    [
        (["office"], "tasks:overview", ("van-phong", "tong-quan")),
        (["reader"], "tasks:overview", ("thuong-truc", "tong-quan")),
        (["reporter"], "tasks:report_edit", ("don-vi", "bao-cao")),
        (["unit_head"], "tasks:report_head", ("don-vi", "duyet")),
        (["reporter", "registrar"], "veterans:imports", ("so-tri-an", "nhap-danh-sach")),
        (["registrar"], "accounts:profile", ("", "tai-khoan")),
        # Nothing explains it: the first page of the role.
        (["registrar"], "parts_gallery", ("so-tri-an", "")),
        # Explained to others only: there.
        (["registrar"], "tasks:upward_list", ("van-phong", "cap-tren")),
        ([], "parts_gallery", ("", "")),
        ([], "accounts:login", ("", "dang-nhap")),
    ],
)
def test_the_link_leads_to_the_page_of_the_role_one_acts_in(roles, name, expected):
    assert guide.place(name, Access(roles=frozenset(roles))) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "address", "expected"),
    [
        (Role.OFFICE, "/don-doc/", "/tro-giup/van-phong/#don-doc"),
        (Role.REPORTER, "/don-vi/bao-cao/", "/tro-giup/don-vi/#bao-cao"),
        (Role.READER, "/y-kien-chi-dao/", "/tro-giup/thuong-truc/#y-kien"),
        (Role.REPORTER, "/tro-giup/quan-tri/", "/tro-giup/don-vi/"),
        (Role.REPORTER, "/accounts/profile/", "/tro-giup/#tai-khoan"),
    ],
)
def test_the_link_stands_on_the_page(client, role, address, expected):
    user = make_user()
    make_membership(user, role=role)
    client.force_login(user)

    assert f'href="{expected}" aria-label="Trợ giúp về trang này"' in client.get(address).content.decode()


@pytest.mark.django_db
def test_who_cannot_sign_in_reads_how_to_and_nothing_else(client):
    make_user()

    assert '<a href="/tro-giup/#dang-nhap">Trợ giúp</a>' in client.get("/accounts/login/").content.decode()
    assert client.get("/tro-giup/").status_code == 200
    assert client.get("/tro-giup/van-phong/")["Location"] == "/accounts/login/?next=/tro-giup/van-phong/"


@pytest.mark.django_db
@pytest.mark.parametrize("slug", SLUGS[1:])
def test_every_page_is_for_everybody_who_is_signed_in_and_costs_no_more_than_its_frame(
    client, slug, django_assert_max_num_queries
):
    client.force_login(make_user())

    with django_assert_max_num_queries(6):
        page = client.get(f"/tro-giup/{slug}/")

    assert page.status_code == 200
    assert page.context["headings"][0] == ("moi-ngay", "Việc theo ngày")


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["khong-co", "chung", "page"])
def test_a_page_there_is_not_is_said_so(client, slug):
    client.force_login(make_user())

    assert client.get(f"/tro-giup/{slug}/").status_code == 404
