"""Every page for every body: no violation that axe finds, nothing wider than a small phone, a way by keyboard."""

from __future__ import annotations

import gzip
import re
import urllib.request
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE, sign_in

pytestmark = pytest.mark.browser

ATTENDEE = (
    "",
    "agenda/",
    "agenda/destined-to-cooperate/",
    "agenda/identity/",
    "papers/destined-to-cooperate-summary/",
    "board/",
    "ask/?item=identity",
    "me/",
    "hall/",
    "nowhere/",
)
STAFF = (
    "moderate/",
    "organise/",
    "organise/items/add/",
    "organise/items/power/",
    "organise/items/power/cancel/",
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def look(page: Page) -> None:
    """Fail with what axe found, element by element."""
    found = Axe().run(page, options=RULES).response["violations"]
    told = [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]
    assert told == [], page.url


def fits(page: Page) -> None:
    """Nothing is wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_attendee_pages(context: Callable[..., BrowserContext], site: SimpleNamespace, scheme: str) -> None:
    page = context(color_scheme=scheme, viewport=PHONE).new_page()
    for language in ("", "/cs"):
        for path in ATTENDEE:
            page.set_viewport_size(PHONE)
            page.goto(f"{site.one}{language}/prague-2013/{path}")
            assert page.locator("html").get_attribute("lang") == (language[1:] or "en")
            look(page)
            page.set_viewport_size({"width": 320, "height": 640})
            fits(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_staff_pages(context: Callable[..., BrowserContext], site: SimpleNamespace, scheme: str) -> None:
    page = context(color_scheme=scheme, viewport=DESK, has_touch=False).new_page()
    page.goto(f"{site.two}/accounts/sign-in/")
    look(page)
    sign_in(page, site, "organiser")
    for language in ("", "/cs"):
        for path in STAFF:
            page.set_viewport_size(DESK)
            page.goto(f"{site.two}{language}/prague-2013/{path}")
            look(page)
            page.set_viewport_size({"width": 320, "height": 640})
            fits(page)


def test_the_paper_by_keyboard(phone: Page, site: SimpleNamespace) -> None:
    phone.goto(f"{site.home}papers/destined-to-cooperate-summary/")
    phone.keyboard.press("Tab")
    expect(phone.locator(".skip")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.locator("main")).to_be_focused()
    pin = phone.locator(".pin").nth(3)
    pin.focus()
    phone.keyboard.press("Enter")
    expect(phone.locator(".block:target .ask-here")).to_be_visible()
    phone.locator(".block:target .ask-here").press("Enter")
    phone.wait_for_url("**/ask/?block=*")


def test_the_first_flight_is_small(site: SimpleNamespace) -> None:
    """The reading page with its critical styles fits 14 KB, everything it loads 45 KB, compressed."""

    def fetch(address: str) -> tuple[bytes, int]:
        request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as answer:
            body = answer.read()
            return body, len(body) + len(str(answer.headers))

    page, size = fetch(f"{site.home}papers/destined-to-cooperate-summary/")
    assert size <= 14 * 1024
    loaded = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', gzip.decompress(page).decode()))
    assert len(loaded) >= 3
    assert size + sum(fetch(site.one + path)[1] for path in loaded) <= 45 * 1024
