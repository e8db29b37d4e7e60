"""The whole story with two people: one reads and asks on a phone, the other runs the question desk.

The phone talks to one web process and the desk to another; only the database joins them.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, sign_in

pytestmark = pytest.mark.browser


def walk_in(phone: Page, site: SimpleNamespace) -> None:
    """Read the paper, look at the programme, open the session that runs now."""
    phone.goto(site.home)
    expect(phone.locator("h1").first).to_be_visible()
    phone.get_by_role("navigation").get_by_role("link", name="Paper").first.click()
    expect(phone.locator(".block").first).to_be_visible()
    expect(phone.locator("main")).to_contain_text("not the author")
    phone.get_by_role("navigation").get_by_role("link", name="Programme").first.click()
    expect(phone.locator("main")).to_contain_text("illustration")
    phone.locator('main a[href$="/agenda/destined-to-cooperate/"]').first.click()
    expect(phone.locator("h1")).to_contain_text("The paper and its argument")


def send_question(phone: Page, text: str) -> None:
    """From the session page to the page that tells what became of it."""
    phone.locator('main a[href*="/ask/?item=destined-to-cooperate"]').first.click()
    phone.locator('textarea[name="text"]').fill(text)
    phone.locator('main form button[type="submit"]').click()
    phone.wait_for_url("**/me/**")
    expect(phone.locator("main")).to_contain_text(text)
    expect(phone.locator("main")).to_contain_text("Waiting for approval")


def card(page: Page, text: str) -> object:
    """The card of a question on an attendee's page."""
    return page.locator("[data-post]", has_text=text).first


def decide(desk: Page, text: str, to: str) -> None:
    """Press the button of a step on a question's card at the desk."""
    at = desk.locator("[data-post]", has_text=text).first
    at.locator(f'button[name="to"][value="{to}"]').click()


def test_with_scripts(context: Callable[..., BrowserContext], site: SimpleNamespace, desk: Page) -> None:
    word = f"Word{uuid.uuid4().hex[:8]}"
    asker = context()
    phone = asker.new_page()
    walk_in(phone, site)

    # Somebody else looks at the same session all the while, without ever reloading.
    other = context().new_page()
    other.goto(f"{site.one}/prague-2013/agenda/destined-to-cooperate/")
    other.evaluate("window.stillHere = true")

    desk.goto(f"{site.two}/prague-2013/moderate/")
    send_question(phone, word)

    # It waits behind a button at the desk: nothing moves under the moderator's finger.
    desk.locator("[data-new]").click()
    expect(card(desk, word)).to_be_visible()
    expect(card(other, word)).to_have_count(0)
    decide(desk, word, "published")

    other.locator("[data-new-posts] button").click()
    expect(card(other, word)).to_be_visible()
    expect(card(other, word)).to_have_attribute("data-state", "published")

    card(other, word).locator("a.vote").click()
    expect(card(other, word)).to_have_attribute("data-votes", "1")
    expect(card(desk, word)).to_have_attribute("data-state", "published")

    for state in ("shortlisted", "live"):
        decide(desk, word, state)
        expect(card(desk, word)).to_have_attribute("data-state", state)
    expect(card(other, word)).to_contain_text("Being answered now")
    decide(desk, word, "answered")
    expect(card(other, word)).to_contain_text(re.compile(r"Answered in the hall.*\d\d:\d\d"))
    assert other.evaluate("window.stillHere") is True

    phone.reload()
    expect(phone.locator("main")).to_contain_text("Answered in the hall")


def test_without_scripts(context: Callable[..., BrowserContext], site: SimpleNamespace) -> None:
    word = f"Word{uuid.uuid4().hex[:8]}"
    phone = context(java_script_enabled=False).new_page()
    walk_in(phone, site)
    send_question(phone, word)

    desk = context(java_script_enabled=False, viewport=DESK, has_touch=False).new_page()
    sign_in(desk, site, "moderator")
    expect(card(desk, word)).to_be_visible()
    decide(desk, word, "published")

    other = context(java_script_enabled=False).new_page()
    other.goto(f"{site.one}/prague-2013/agenda/destined-to-cooperate/")
    expect(card(other, word)).to_be_visible()
    card(other, word).locator("a.vote").click()
    other.locator('main form button[type="submit"]').click()
    expect(card(other, word)).to_be_visible()

    decide(desk, word, "live")
    decide(desk, word, "answered")
    other.goto(f"{site.one}/prague-2013/board/")
    expect(card(other, word)).to_contain_text("Answered in the hall")
    phone.goto(f"{site.one}/prague-2013/me/")
    expect(phone.locator("main")).to_contain_text("Answered in the hall")


def test_a_declined_question_tells_its_asker_why(
    context: Callable[..., BrowserContext], site: SimpleNamespace, phone: Page, desk: Page
) -> None:
    word = f"Word{uuid.uuid4().hex[:8]}"
    phone.goto(f"{site.one}/prague-2013/agenda/destined-to-cooperate/")
    send_question(phone, word)
    desk.goto(f"{site.two}/prague-2013/moderate/")
    # By keyboard alone: the newest waits last.
    expect(card(desk, word)).to_be_visible()
    for _ in range(desk.locator('[data-lane="pending"] [data-post]').count()):
        desk.keyboard.press("j")
    desk.keyboard.press("d")
    expect(desk.locator("#panel")).to_be_visible()
    # Again: own words instead of the number of a reason.
    desk.keyboard.press("d")
    desk.keyboard.type("Asked and answered already")
    desk.keyboard.press("Enter")
    expect(desk.locator('[data-lane="pending"] [data-post]', has_text=word)).to_have_count(0)
    phone.goto(f"{site.one}/prague-2013/me/")
    expect(phone.locator("main")).to_contain_text("Asked and answered already")


def test_the_hall_keeps_its_questions(
    context: Callable[..., BrowserContext], site: SimpleNamespace, desk: Page
) -> None:
    word = f"Word{uuid.uuid4().hex[:8]}"
    phone = context().new_page()
    phone.goto(f"{site.one}/prague-2013/agenda/identity/")
    expect(phone.locator("main")).to_contain_text("hall")
    phone.goto(f"{site.one}/prague-2013/hall/agenda/identity/")
    phone.locator('input[name="code"]').fill("vltava")
    phone.locator('main form button[type="submit"]').click()
    phone.wait_for_url("**/hall/agenda/identity/")
    outsider = context().new_page()
    outsider.goto(f"{site.one}/prague-2013/agenda/identity/")

    asking = context().new_page()
    asking.goto(f"{site.one}/prague-2013/ask/?item=identity")
    asking.locator('textarea[name="text"]').fill(word)
    asking.locator('main form button[type="submit"]').click()
    asking.wait_for_url("**/me/**")
    desk.goto(f"{site.two}/prague-2013/moderate/")
    decide(desk, word, "published")

    phone.locator("[data-new-posts] button").click()
    expect(card(phone, word)).to_be_visible()
    outsider.wait_for_timeout(1000)
    assert word not in outsider.content()
    outsider.reload()
    assert word not in outsider.content()
