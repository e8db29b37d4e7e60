"""The stage in a real Chromium: a round of three from the shortlist to a written answer, and a screen that outlives its
server.

Desk, chair, screen, speaker and phone are five browsers on two web processes.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, sign_in
from tests.browser.test_story import card, decide, send_question
from tests.faults.conftest import WebProcess

pytestmark = pytest.mark.browser

SESSION = "destined-to-cooperate"
TABLET = {"width": 1024, "height": 768}
WALL = {"width": 1280, "height": 720}


@pytest.fixture
def organiser(context: Callable[..., BrowserContext], site: SimpleNamespace) -> Page:
    """The organiser's laptop at the list of private links."""
    page = context(viewport=DESK, has_touch=False).new_page()
    sign_in(page, site, "organiser")
    page.goto(f"{site.two}/prague-2013/organise/links/")
    return page


def make_link(organiser: Page, what: str) -> str:
    """The path of a new private link."""
    organiser.locator('select[name="what"]').select_option(what)
    organiser.get_by_role("button", name="Make a link").click()
    address = organiser.locator(".secret").input_value()
    return address[address.index("/prague-2013/") :]


def test_a_round_of_three(
    context: Callable[..., BrowserContext], site: SimpleNamespace, desk: Page, organiser: Page
) -> None:
    words = [f"Word{uuid.uuid4().hex[:8]}" for _ in range(4)]
    never_approved = words[3]
    chair = context(viewport=TABLET).new_page()
    chair.goto(site.one + make_link(organiser, "chair:main-hall"))
    expect(chair).to_have_url(f"{site.one}/prague-2013/stage/main-hall/")
    screen = context(viewport=WALL, has_touch=False).new_page()
    screen.goto(site.two + make_link(organiser, "screen:main-hall"))
    asker = context()
    phone = asker.new_page()
    for word in words:
        phone.goto(f"{site.one}/prague-2013/agenda/{SESSION}/")
        send_question(phone, word)

    desk.goto(f"{site.two}/prague-2013/moderate/")
    # Room on the stage: whatever the demonstration or another test has left there.
    for left in chair.locator(".on-stage").all():
        left.get_by_role("button", name="Answered").click()
    expect(chair.locator(".on-stage")).to_have_count(0)
    for word in words[:3]:
        decide(desk, word, "published")
        expect(card(desk, word)).to_have_attribute("data-state", "published")
        decide(desk, word, "shortlisted")
        expect(chair.locator(".next li", has_text=word)).to_be_visible()

    # The chair takes them; the hall sees them on the wall.
    for word in words[:3]:
        chair.locator(".next li", has_text=word).get_by_role("button", name="Answer now").click()
        expect(chair.locator(".on-stage", has_text=word)).to_be_visible()
        expect(screen.locator("article", has_text=word)).to_be_visible()
    chair.locator(".on-stage", has_text=words[0]).get_by_role("button", name="Answered").click()
    expect(screen.locator("article", has_text=words[0])).to_have_count(0)
    chair.locator(".on-stage", has_text=words[1]).get_by_role("button", name="Skip").click()
    expect(chair.locator(".next li", has_text=words[1])).to_be_visible()

    # A word from the desk stands in the way until it was read.
    desk.goto(f"{site.two}/prague-2013/moderate/")
    desk.locator(".to-chair summary").click()
    desk.locator('.to-chair [name="text"]').fill("Five minutes, please")
    desk.locator(".to-chair button").click()
    expect(chair.locator(".from-desk")).to_contain_text("Five minutes, please")
    chair.get_by_role("button", name="I have read it").click()
    expect(chair.locator(".from-desk")).to_have_count(0)
    chair.get_by_role("button", name="This is the last round").click()
    expect(desk.locator("#desk-words")).to_contain_text("This is the last round")

    chair.locator(".end summary").click()
    chair.get_by_role("button", name="what is on stage was answered").click()
    expect(chair.locator("#panel")).to_contain_text("The session is closed")
    expect(screen.locator("article")).to_have_count(0)
    phone.goto(f"{site.one}/prague-2013/me/")
    for word, state in zip(words, ("answered", "not_reached", "answered", "passed_on"), strict=True):
        expect(phone.locator(f'[data-mine][data-state="{state}"]', has_text=word)).to_be_visible()

    # At home the speaker answers what was left, also what nobody has seen.
    speaker = context().new_page()
    speaker.goto(site.one + make_link(organiser, "speaker:tomas-karasek"))
    expect(speaker.locator(".asked", has_text=never_approved)).to_contain_text("Nobody but you")
    mine = speaker.locator(".asked", has_text=words[1])
    mine.locator("textarea").fill(f"A draft of {words[1]}")
    speaker.reload()
    expect(mine.locator("textarea")).to_have_value(f"A draft of {words[1]}")
    mine.locator("textarea").fill(f"An answer to {words[1]}")
    mine.get_by_role("button", name="Send the answer").click()
    expect(mine).to_contain_text("waits for the question desk")

    desk.goto(f"{site.two}/prague-2013/moderate/")
    decide(desk, f"An answer to {words[1]}", "published")
    other = context().new_page()
    expect(card(desk, f"An answer to {words[1]}")).not_to_have_attribute("data-state", "pending")
    other.goto(f"{site.one}/prague-2013/agenda/{SESSION}/")
    expect(card(other, words[1])).to_contain_text(f"An answer to {words[1]}")
    expect(card(other, words[1])).to_contain_text("Answered in writing")
    expect(other.locator("main")).not_to_contain_text(never_approved)
    phone.goto(f"{site.one}/prague-2013/me/")
    expect(phone.locator("[data-mine]", has_text=words[1])).to_contain_text("An answer to")

    # For whoever comes after this test: the session goes on.
    chair.get_by_role("button", name="Open the session again").click()
    expect(chair.locator(".end summary")).to_contain_text("End of the session")


def test_a_screen_outlives_its_server(
    context: Callable[..., BrowserContext], site: SimpleNamespace, desk: Page, organiser: Page
) -> None:
    word = f"Word{uuid.uuid4().hex[:8]}"
    path = make_link(organiser, "screen:main-hall")
    web = WebProcess("conference.asgi", site.environment)
    try:
        screen = context(viewport=WALL, has_touch=False).new_page()
        screen.goto(f"http://localhost:{web.port}{path}")
        shown = screen.locator("#panel")
        expect(shown).to_contain_text("The paper and its argument")
        web.end()
        expect(screen.locator(".as-of")).to_contain_text(re.compile(r"As of \d\d:\d\d"))
        expect(shown).to_contain_text("The paper and its argument")

        phone = context().new_page()
        phone.goto(f"{site.one}/prague-2013/agenda/{SESSION}/")
        send_question(phone, word)
        desk.goto(f"{site.two}/prague-2013/moderate/")
        decide(desk, word, "published")
        expect(card(desk, word)).to_have_attribute("data-state", "published")
        decide(desk, word, "live")
        expect(card(desk, word)).to_have_attribute("data-state", "live")

        web = WebProcess("conference.asgi", site.environment, port=web.port)
        expect(screen.locator(".as-of")).to_have_count(0, timeout=20_000)
        expect(screen.locator("article", has_text=word)).to_be_visible()
        decide(desk, word, "answered")
        expect(screen.locator("article", has_text=word)).to_have_count(0)
    finally:
        web.end()


def test_a_closed_link_goes_blank(
    context: Callable[..., BrowserContext], site: SimpleNamespace, organiser: Page
) -> None:
    chair = context(viewport=TABLET).new_page()
    path = make_link(organiser, "chair:small-hall")
    chair.goto(site.one + path)
    expect(chair.locator("#panel")).to_be_visible()
    organiser.locator("tr", has_text="Small hall").get_by_role("button", name="Close").first.click()
    expect(chair.locator(".as-of")).to_contain_text("closed by the organiser")
    expect(chair.locator("#panel")).to_have_count(0)
    chair.goto(site.one + path)
    expect(chair.locator("main")).to_contain_text("does not work any more")


def test_the_chair_without_scripts(
    context: Callable[..., BrowserContext], site: SimpleNamespace, desk: Page, organiser: Page
) -> None:
    word = f"Word{uuid.uuid4().hex[:8]}"
    chair = context(viewport=TABLET, java_script_enabled=False).new_page()
    chair.goto(site.one + make_link(organiser, "chair:main-hall"))
    phone = context().new_page()
    phone.goto(f"{site.one}/prague-2013/agenda/{SESSION}/")
    send_question(phone, word)
    desk.goto(f"{site.two}/prague-2013/moderate/")
    decide(desk, word, "published")
    expect(card(desk, word)).to_have_attribute("data-state", "published")
    decide(desk, word, "live")
    expect(card(desk, word)).to_have_attribute("data-state", "live")
    chair.get_by_role("link", name="Look again").click()
    chair.locator(".on-stage", has_text=word).get_by_role("button", name="Answered").click()
    expect(chair.locator(".on-stage", has_text=word)).to_have_count(0)
    chair.get_by_role("button", name="Please come to me").click()
    expect(chair.locator(".sent")).to_contain_text("Please come to me")
