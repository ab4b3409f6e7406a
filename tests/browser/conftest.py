"""What the browser tests share: the stage, signing in, axe, pictures."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.browser.stage import PASSWORD, PICTURES, WANTS_PICTURES, Stage
from tests.conftest import OWN_HOSTS

# A page whose query is slow on a busy machine is no failure of the page.
PATIENCE = 20_000


@pytest.fixture
def stage(live_server, settings, tmp_path) -> Stage:
    """The live server of the demo, with its own folder for clock and files."""
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SITE_URL = live_server.url
    return Stage(live_server.url)


@pytest.fixture
def new_visitor(browser, browser_context_args) -> Iterator[Callable[..., Page]]:
    """A function that opens a page of another person; fails at the end when a page asked another server for anything."""
    contexts: list[BrowserContext] = []
    foreign: list[str] = []

    def note(request) -> None:
        address = urlsplit(request.url)
        # chrome…: the browser's own PDF viewer.
        own = address.scheme in ("data", "blob", "about") or address.scheme.startswith("chrome")
        if not own and address.hostname not in OWN_HOSTS:
            foreign.append(request.url)

    def open_page(**options) -> Page:
        context = browser.new_context(**{**browser_context_args, **options})
        context.set_default_timeout(PATIENCE)
        context.on("request", note)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert foreign == []


def sign_in(page: Page, stage: Stage, username: str) -> None:
    """Type name and password into the form and press its button."""
    page.goto(f"{stage.url}/accounts/login/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def axe_findings(page: Page, *, but: tuple[str, ...] = ()) -> list[str]:
    """What axe holds against the page as it stands: "rule: element" each. `but`: rules left out."""
    options = {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in but}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {node['target'][0]}" for rule in found for node in rule["nodes"][:3]]


def wider_than_the_screen(page: Page) -> int:
    """By how many pixels the page can be pushed sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def shot(page: Page, name: str) -> None:
    """Keep what is on the screen as docs/screenshots/<name>.png, when SCREENSHOTS=1 asks for pictures."""
    if WANTS_PICTURES:
        PICTURES.mkdir(exist_ok=True)
        page.evaluate("window.scrollTo(0, 0)")  # The strip that says the data are invented belongs to every picture.
        page.screenshot(path=PICTURES / f"{name}.png")
