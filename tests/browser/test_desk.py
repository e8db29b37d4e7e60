"""The desk in a full hall: by keyboard alone, by thumb without scripts, and two people at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import DESK, sign_in

pytestmark = pytest.mark.browser
TABLET = {"width": 1024, "height": 768}
ITEM = "destined-to-cooperate"


def ask(context: Callable[..., BrowserContext], site: SimpleNamespace, text: str) -> Page:
    """A phone that sends a question, and stays on its own page."""
    phone = context().new_page()
    phone.goto(f"{site.one}/prague-2013/ask/?item={ITEM}")
    phone.locator('textarea[name="text"]').fill(text)
    phone.locator('main form button[type="submit"]').last.click()
    phone.wait_for_url("**/me/**")
    return phone


def card(page: Page, text: str) -> Locator:
    """The card of a post in the lanes."""
    return page.locator("#lanes .card[data-post]", has_text=text).first


def go_to(desk: Page, text: str) -> None:
    """Walk to a card by keyboard, to the end and back."""
    expect(card(desk, text)).to_be_visible()
    for key in "j" * 30 + "k" * 60:
        if card(desk, text).evaluate("card => card === document.activeElement"):
            return
        desk.keyboard.press(key)
    raise AssertionError(f"no way by keyboard to {text}")


def words(count: int) -> list[str]:
    """Texts that nothing else on the page has."""
    return [f"Word{uuid.uuid4().hex[:8]} {number}" for number in range(count)]


def test_everything_by_keyboard(
    context: Callable[..., BrowserContext], site: SimpleNamespace, desk: Page
) -> None:
    first, second, third, double, bad, floor = words(6)
    phones = {text: ask(context, site, text) for text in (first, second, third, double, bad)}
    desk.goto(f"{site.two}/prague-2013/moderate/?item={ITEM}")
    press = desk.keyboard.press
    state = {"approve": "published", "list": "shortlisted"}

    def is_now(text: str, wanted: str) -> None:
        expect(card(desk, text)).to_have_attribute("data-state", wanted)

    for text in (first, second, third, double):
        go_to(desk, text)
        press("a")
        is_now(text, state["approve"])

    # Decline with the number of a canned reason; its author reads it.
    go_to(desk, bad)
    press("d")
    expect(desk.locator("#panel .canned")).to_be_visible()
    press("1")
    expect(desk.locator('[data-lane="pending"]')).not_to_contain_text(bad)

    # Undo, and the same again.
    press("u")
    expect(desk.locator('[data-lane="pending"]')).to_contain_text(bad)
    press("u")
    expect(desk.locator('[data-lane="pending"]')).not_to_contain_text(bad)
    phones[bad].reload()
    expect(phones[bad].locator("main")).to_contain_text("Asked already")

    # Edit beside the original.
    go_to(desk, first)
    press("e")
    desk.locator("#panel textarea").press("End")
    desk.keyboard.type(" (edited)")
    press("Tab")
    press("Tab")
    press("Enter")
    expect(card(desk, f"{first} (edited)")).to_be_visible()

    # Join the double with the first of what it resembles.
    go_to(desk, double)
    press("m")
    expect(desk.locator("#panel .choices button").first).to_be_visible()
    press("1")
    expect(desk.locator('[data-lane="published"]')).not_to_contain_text(double)
    phones[double].reload()
    expect(phones[double].locator("main")).to_contain_text("Joined with a similar one")

    # A shortlist, its order, and a round of three.
    clear_the_screen(desk)
    for text in (first, second, third):
        go_to(desk, text)
        press("s")
        is_now(text, state["list"])
    go_to(desk, third)
    press("Shift+K")
    expect(desk.locator("[data-shortlist] .card").nth(-2)).to_contain_text(third)
    for text in (first, second, third):
        to_the_front(desk, text)
    # By mouse, too: the last of them to the first place.
    top = desk.locator("[data-shortlist] .card")
    last = next(text for text in (first, second, third) if text in top.nth(2).inner_text())
    card(desk, last).drag_to(top.nth(0))
    expect(top.nth(0)).to_contain_text(last)
    press("3")
    for text in (first, second, third):
        is_now(text, "live")
    go_to(desk, second)
    press("x")
    expect(desk.locator('[data-lane="stage"]')).not_to_contain_text(second)
    phones[second].reload()
    expect(phones[second].locator("main")).to_contain_text("Answered in the hall")
    press("b")
    expect(desk.locator("#panel ul")).to_contain_text(first)
    press("x")
    expect(desk.locator('[data-lane="stage"]')).not_to_contain_text(first)

    # A question from the floor.
    press("n")
    desk.locator("#panel textarea").wait_for()
    desk.keyboard.type(floor)
    desk.locator('#panel button[name="to"][value="published"]').press("Enter")
    is_now(floor, "published")
    press("?")
    expect(desk.locator("#panel .key-table")).to_be_visible()
    press("Escape")
    expect(desk.locator("#panel")).to_be_hidden()


def clear_the_screen(desk: Page) -> None:
    """What other stories left live would take the round's room."""
    if desk.locator('.card[data-state="live"]').count():
        desk.keyboard.press("b")
        desk.locator("#panel form button").first.wait_for()
        desk.keyboard.press("x")
        expect(desk.locator('.card[data-state="live"]')).to_have_count(0)


def to_the_front(desk: Page, text: str) -> None:
    """Earlier and earlier, until it is among the first three."""
    for _ in range(12):
        places = desk.locator("[data-shortlist] .card")
        if text in "".join(places.nth(n).inner_text() for n in range(min(3, places.count()))):
            return
        go_to(desk, text)
        version = card(desk, text).locator('[name="version"]').first.input_value()
        desk.keyboard.press("Shift+K")
        expect(card(desk, text).locator('[name="version"]').first).not_to_have_value(version)
    raise AssertionError("it does not come to the front")


def test_by_thumb_without_scripts(context: Callable[..., BrowserContext], site: SimpleNamespace) -> None:
    text, bad = words(2)
    ask(context, site, text)
    phone = ask(context, site, bad)
    tablet = context(java_script_enabled=False, viewport=TABLET, has_touch=True).new_page()
    sign_in(tablet, site, "moderator")
    tablet.goto(f"{site.two}/prague-2013/moderate/?item={ITEM}")

    card(tablet, text).locator('button[value="published"]').tap()
    expect(card(tablet, text)).to_have_attribute("data-state", "published")
    tablet.locator(".done button").tap()
    expect(card(tablet, text)).to_have_attribute("data-state", "pending")
    card(tablet, text).locator('button[value="published"]').tap()
    card(tablet, text).locator('button[value="shortlisted"]').tap()
    expect(card(tablet, text)).to_have_attribute("data-state", "shortlisted")

    card(tablet, bad).get_by_role("link", name="Decline").tap()
    tablet.locator(".canned button").nth(1).tap()
    expect(tablet.locator('[data-lane="pending"]')).not_to_contain_text(bad)
    phone.reload()
    expect(phone.locator("main")).to_contain_text("Not about this session")

    card(tablet, text).get_by_role("link", name="More").tap()
    tablet.get_by_role("link", name="Labels and note").tap()
    tablet.locator('[name="labels"]').fill("economy")
    tablet.get_by_role("button", name="Save").tap()
    expect(card(tablet, text)).to_contain_text("economy")
    # Still filtered by the same session, and every button is tall enough for a thumb.
    assert f"item={ITEM}" in tablet.url or tablet.locator("#filter-item").input_value() == ""
    for button in tablet.locator("#lanes .card button:visible, #lanes .card a.button:visible").all()[:12]:
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_two_at_one_desk(context: Callable[..., BrowserContext], site: SimpleNamespace, desk: Page) -> None:
    """Who has a card open is shown to the other without moving it; who is late is told what happened."""
    text = words(1)[0]
    ask(context, site, text)
    other = context(viewport=DESK, has_touch=False).new_page()
    sign_in(other, site, "organiser")
    other.goto(f"{site.one}/prague-2013/moderate/?item={ITEM}")
    desk.goto(f"{site.two}/prague-2013/moderate/?item={ITEM}")
    before = card(other, text).bounding_box()

    go_to(desk, text)
    desk.keyboard.press("e")
    expect(card(other, text).locator("[data-claim]")).to_have_text("moderator has this open")
    assert card(other, text).bounding_box() == before
    desk.keyboard.press("Escape")
    expect(card(other, text).locator("[data-claim]")).to_be_hidden()

    go_to(desk, text)
    desk.keyboard.press("a")
    expect(card(desk, text)).to_have_attribute("data-state", "published")
    go_to(other, text)
    other.keyboard.press("a")
    # The same decision twice is success.
    expect(card(other, text)).to_have_attribute("data-state", "published")
    go_to(desk, text)
    desk.keyboard.press("s")
    expect(card(desk, text)).to_have_attribute("data-state", "shortlisted")
    go_to(other, text)
    other.keyboard.press("l")
    expect(other.locator("[data-refused]")).to_contain_text("moderator")
