"""Asking on a small phone, with scripts and without: to the question box, past a similar one, and all that follows."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import sign_in
from tests.browser.test_looks import fits, look

pytestmark = pytest.mark.browser
SMALL = {"width": 320, "height": 640}
LETTERS = str.maketrans("0123456789", "ghijklmnop")


def own_word() -> str:
    """A word of letters alone that nobody else uses: different numbers would make different questions."""
    return "zeb" + uuid.uuid4().hex[:9].translate(LETTERS)


def approve(desk: Page, site: SimpleNamespace, text: str) -> None:
    desk.goto(f"{site.two}/prague-2013/moderate/")
    card = desk.locator("[data-post]", has_text=text).first
    card.locator('button[name="to"][value="published"]').first.click()
    expect(desk.locator('[data-state="published"]', has_text=text).first).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_question_from_the_first_tap_to_taking_it_back(
    context: Callable[..., BrowserContext], site: SimpleNamespace, desk: Page, scripts: bool
) -> None:
    word, shared = own_word(), own_word()
    asker = context(viewport=SMALL, java_script_enabled=scripts).new_page()
    other = context(viewport=SMALL, java_script_enabled=scripts).new_page()
    # Other words each time, or the second run would be offered the question of the first.
    there = (
        f"Would the harbour of {shared} help the alliance in the north"
        if scripts
        else f"Must every railway through {shared} carry soldiers of eastern members"
    )

    # Two taps from anywhere; it is for what runs now.
    other.goto(f"{site.one}/prague-2013/papers/destined-to-cooperate-summary/")
    other.locator(".tabs a.ask").click()
    expect(other.locator("[data-to]")).to_contain_text("The paper and its argument")
    other.locator('textarea[name="text"]').fill(there)
    other.locator('main form[data-draft] button[type="submit"]').click()
    other.wait_for_url("**/me/**")
    approve(desk, site, there)

    # Somebody asks much the same: shown while typing where there are scripts, and before sending in any case.
    asker.goto(f"{site.one}/prague-2013/ask/")
    text = f"{there} too"
    asker.locator('textarea[name="text"]').press_sequentially(text)
    if scripts:
        expect(asker.locator("[data-similar] a")).to_contain_text(shared)
        expect(asker.locator("[data-count]")).to_contain_text(str(1000 - len(text)))
        look(asker)
    fits(asker)
    asker.locator('input[name="name"]').fill("Jana")
    asker.locator('main form[data-draft] button[type="submit"]').click()
    expect(asker.locator("[data-instead]")).to_contain_text(there)
    expect(asker.locator('textarea[name="text"]')).to_have_value(text)
    fits(asker)
    if scripts:
        look(asker)
    asker.locator('main form[data-draft] button[type="submit"]').click()
    asker.wait_for_url("**/me/**")
    mine = asker.locator("[data-mine]", has_text=text)
    expect(mine).to_contain_text("Waiting for approval")
    fits(asker)

    # Changed while it waits: the desk sees the new words.
    mine.get_by_role("link", name="Change").click()
    asker.locator('textarea[name="text"]').fill(f"Where is {word}?")
    fits(asker)
    asker.locator('main form button[type="submit"]').click()
    asker.wait_for_url("**/me/")
    approve(desk, site, word)
    if scripts:
        # The trail tells it by itself.
        expect(asker.locator("[data-mine]", has_text=word)).to_contain_text("On the list")
        asker.goto(f"{site.one}/prague-2013/ask/")
        expect(asker.locator('input[name="name"]')).to_have_value("Jana")
        expect(asker.locator('textarea[name="text"]')).to_have_value("")
        asker.goto(f"{site.one}/prague-2013/me/")
    else:
        asker.reload()
        expect(asker.locator("[data-mine]", has_text=word)).to_contain_text("On the list")

    # Changed once more: what is on the list stays.
    mine = asker.locator("[data-mine]", has_text=word)
    mine.get_by_role("link", name="Change").click()
    asker.locator('textarea[name="text"]').fill(f"Whither {word}?")
    asker.locator('main form button[type="submit"]').click()
    asker.wait_for_url("**/me/")
    expect(asker.locator("[data-mine]", has_text=word)).to_contain_text("Your new wording waits")
    other.goto(f"{site.one}/prague-2013/board/?item=destined-to-cooperate")
    expect(other.locator("main")).to_contain_text(f"Where is {word}?")
    expect(other.locator("main")).not_to_contain_text("Whither")

    # Somebody replies.
    other.locator("[data-post]", has_text=word).locator("a.more").click()
    other.get_by_role("link", name="Reply to this").click()
    other.locator('textarea[name="text"]').fill(f"In {shared}.")
    fits(other)
    other.locator('main form button[type="submit"]').click()
    other.wait_for_url("**/me/**")
    expect(other.locator("[data-mine]", has_text=f"In {shared}.")).to_contain_text("Waiting for approval")

    asker.locator("[data-mine]", has_text=word).get_by_role("link", name="Take back").click()
    asker.locator('main form button[type="submit"]').click()
    asker.wait_for_url("**/me/")
    expect(asker.locator("[data-mine]", has_text=word)).to_contain_text("Taken back")
    other.goto(f"{site.one}/prague-2013/board/")
    expect(other.locator("main")).not_to_contain_text(word)


@pytest.mark.parametrize("scripts", [True, False])
def test_choosing_on_the_board(
    context: Callable[..., BrowserContext], site: SimpleNamespace, scripts: bool
) -> None:
    page = context(viewport=SMALL, java_script_enabled=scripts).new_page()
    page.goto(f"{site.one}/prague-2013/board/")
    page.locator(".filters summary").click()
    page.locator('select[name="item"]').select_option("power")
    page.locator(".filters button").click()
    page.wait_for_url("**/board/?item=power")
    fits(page)
    if scripts:
        look(page)
    items = page.locator("[data-post]").evaluate_all("cards => cards.map(card => card.dataset.item)")
    assert items
    assert set(items) == {"power"}
    page.get_by_role("link", name="Newest").click()
    page.wait_for_url(re.compile(r"item=power&sort=new$"))
    page.get_by_role("link", name="Show all").click()
    assert page.locator('[data-post]:not([data-item="power"])').count() > 0


def test_the_trail_on_another_device(
    context: Callable[..., BrowserContext], site: SimpleNamespace, phone: Page
) -> None:
    word = own_word()
    phone.goto(f"{site.one}/prague-2013/ask/")
    phone.locator('textarea[name="text"]').fill(word)
    phone.locator('main form button[type="submit"]').click()
    phone.wait_for_url("**/me/**")
    phone.locator(".carry summary").click()
    look(phone)
    link = phone.locator("#carry").input_value()
    assert phone.locator('a[href^="mailto:?"]').count() == 1

    laptop = context(java_script_enabled=False).new_page()
    laptop.goto(site.two + link[link.index("/prague-2013/") :])
    expect(laptop.locator("main")).not_to_contain_text(word)
    laptop.locator('main form button[type="submit"]').click()
    laptop.wait_for_url("**/me/")
    expect(laptop.locator("[data-mine]")).to_contain_text(word)
    laptop.locator("[data-mine]").get_by_role("link", name="Take back").click()
    laptop.locator('main form button[type="submit"]').click()
    # The phone learns of it by itself: the two are one device now.
    expect(phone.locator("[data-mine]", has_text=word)).to_contain_text("Taken back", timeout=25_000)


def test_in_a_session_without_names_the_name_goes_and_the_draft_stays(
    phone: Page, site: SimpleNamespace
) -> None:
    phone.goto(f"{site.one}/prague-2013/ask/")
    phone.locator('textarea[name="text"]').fill("As the ambassador of Atlantis I ask")
    phone.locator(".to summary").click()
    phone.locator('select[name="item"]').select_option("identity")
    expect(phone.locator('input[name="name"]')).to_be_hidden()
    expect(phone.locator("[data-no-names]")).to_be_visible()
    phone.locator('main form[data-draft] button[type="submit"]').click()
    expect(phone.locator("main")).to_contain_text("As the ambassador")
    expect(phone.get_by_role("button", name="Send it as it is")).to_be_visible()
    look(phone)
    # Back to a session on the record: a form with a name, the text as it was.
    phone.locator(".to summary").click()
    phone.locator('select[name="item"]').select_option("power")
    expect(phone.locator('input[name="name"]')).to_be_visible()
    expect(phone.locator('textarea[name="text"]')).to_have_value("As the ambassador of Atlantis I ask")


def test_the_hall_code_by_a_vote_in_place(
    context: Callable[..., BrowserContext], site: SimpleNamespace, phone: Page
) -> None:
    staff = context().new_page()
    sign_in(staff, site, "organiser")
    staff.goto(f"{site.two}/prague-2013/organise/questions/")
    staff.locator('input[name="hall_code_to_ask"]').check()
    staff.locator('main form button[type="submit"]').first.click()
    try:
        phone.goto(f"{site.one}/prague-2013/board/")
        voted = phone.locator("[data-post]", has=phone.locator("a.vote")).last.get_attribute("data-post")
        phone.locator("a.vote").last.click()
        phone.wait_for_url("**/vote/")
        phone.locator('input[name="code"]').fill("vltava")
        look(phone)
        phone.locator('main form button[type="submit"]').click()
        phone.wait_for_url(re.compile(r"/board/\w{10}/$"))
        phone.goto(f"{site.one}/prague-2013/board/")
        expect(phone.locator(f"#post-{voted} a.vote")).to_have_attribute("aria-pressed", "true")
    finally:
        staff.goto(f"{site.two}/prague-2013/organise/questions/")
        staff.locator('input[name="hall_code_to_ask"]').uncheck()
        staff.locator('main form button[type="submit"]').first.click()
