"""Every page of every role: opens, fits screen and phone, axe finds nothing, no dead link, marked as invented."""

import os
import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from accounts.models import User
from tests.browser.conftest import axe_findings, sign_in, wider_than_the_screen
from tests.browser.stage import Stage

WORDS = "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH"
# Roles to walk through; TEST_ROLES=dakha,mttq walks through these only.
ROLES = (
    tuple(os.environ["TEST_ROLES"].split(","))
    if os.environ.get("TEST_ROLES")
    else ("vanphong", "dakha", "dakha.lanhdao", "mttq", "thuongtruc", "tuyengiao", "dakhring", "quantri")
)
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
# Of pages that differ only in the row they show, so many are fetched for each role.
ROWS_OF_A_KIND = 6
# What Django's own admin templates and its select2 bring; left out by rule, the pages are still looked at.
STOCK_ADMIN = (
    "aria-input-field-name",
    "aria-prohibited-attr",
    "empty-table-header",
    "label",
    "label-title-only",
    "select-name",
)
# Swagger UI shows it, for programmers; its own look and headings are not ours (tests/browser/test_api_pages.py opens it).
STOCK_PAGES = ("api_docs",)
STOCK_ADMIN_SAYS = "Applying inline style violates"
ADMIN_IN_THE_BROWSER = re.compile(
    r"^admin:(index|app_list|\w+_changelist|units_unit_change|accounts_user_(change|add))$"
)


class Walk:
    """One person follows every link: each kind of page once in the browser, the other addresses by plain requests."""

    def __init__(self, stage: Stage, page: Page, username: str) -> None:
        self.stage, self.page, self.username = stage, page, username
        self.client = Client()
        self.client.force_login(User.objects.get(username=username))
        self.findings: list[str] = []
        self.said: list[str] = []
        self.kinds: set[str] = set()
        self.known: set[str] = set()
        page.on("console", lambda line: self.said.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def run(self, *starts: str) -> None:
        """Walk from these addresses; what is wrong collects in `findings`."""
        waiting, fetched = list(starts), Counter()
        while waiting:
            address = waiting.pop(0)
            if address in self.known:
                continue
            self.known.add(address)
            kind = self._kind(address)
            if kind in STOCK_PAGES:
                continue
            if kind is None:
                self.findings.append(f"{self.username} {address}: leads nowhere")
            elif self._is_shown(kind) and kind not in self.kinds:
                self.kinds.add(kind)
                waiting += self._show(address)
            elif fetched[kind] < ROWS_OF_A_KIND:
                fetched[kind] += 1
                self._fetch(address)

    def _kind(self, address: str) -> str | None:
        try:
            return resolve(urlsplit(address).path).view_name
        except Resolver404:
            return None

    def _is_shown(self, kind: str) -> bool:
        return bool(ADMIN_IN_THE_BROWSER.match(kind)) if kind.startswith("admin:") else True

    def _fetch(self, address: str) -> HttpResponseBase:
        answer = self.client.get(address)
        if answer.status_code not in (200, 302):
            self.findings.append(f"{self.username} {address}: {answer.status_code}")
        return answer

    def _show(self, address: str) -> list[str]:
        """Look at one page on both screens; returns the addresses it leads to. A file is fetched and not looked at."""
        if self._fetch(address).headers.get("Content-Type", "").partition(";")[0] != "text/html":
            return []
        self.said.clear()
        self.page.set_viewport_size(DESKTOP)
        answer = self.page.goto(self.stage.url + address)
        found = [] if answer and answer.status == 200 else [f"status {answer and answer.status}"]
        links = self._links()
        in_admin = urlsplit(self.page.url).path.startswith("/quan-tri/")
        found += looks_wrong(self.page, admin=in_admin)
        said = [line for line in self.said if not (in_admin and line.startswith(STOCK_ADMIN_SAYS))]
        found += [f"console: {line}" for line in said]
        self.findings += [f"{self.username} {address}: {finding}" for finding in found]
        return links

    def _links(self) -> list[str]:
        """Addresses of this server the page links to, without the place on the page."""
        here = self.page.url
        hrefs = self.page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
        hrefs += self.page.eval_on_selector_all("[hx-get]", "parts => parts.map(part => part.getAttribute('hx-get'))")
        found = []
        for href in hrefs:
            target = urlsplit(urljoin(here, href))
            if target.scheme in ("http", "https") and target.netloc == urlsplit(self.stage.url).netloc:
                found.append(target.path + (f"?{target.query}" if target.query else ""))
        return list(dict.fromkeys(found))


def looks_wrong(page: Page, *, admin: bool = False) -> list[str]:
    """What is wrong with the open page on a desk and on a phone."""
    found = [] if WORDS in page.inner_text("body") else ["not marked as invented"]
    for name, size in (("1366", DESKTOP), ("390", PHONE)):
        page.set_viewport_size(size)
        if (more := wider_than_the_screen(page)) > 0:
            found.append(f"{name}: {more} px wider than the screen")
        found += [f"{name}: {finding}" for finding in axe_findings(page, but=STOCK_ADMIN if admin else ())]
    return found


@pytest.mark.embedded  # Minutes, and about what the browser shows: once, on SQLite, is enough.
def test_every_page_a_person_can_reach_is_sound(stage, new_visitor, subtests):
    stage.played()

    for username in ROLES:
        with subtests.test(username):
            page = new_visitor()
            sign_in(page, stage, username)
            walk = Walk(stage, page, username)
            walk.run(urlsplit(page.url).path, "/accounts/profile/", "/thong-bao/", "/mau-giao-dien/")
            print("\n".join(walk.findings))
            assert walk.findings == []
            assert len(walk.kinds) >= 4
