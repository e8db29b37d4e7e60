"""Reading the paper on a phone and on a wide screen: place, sheet, quotes, search, settings, what is on stage."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_looks import fits, look
from tests.browser.test_story import decide

pytestmark = pytest.mark.browser

WITHOUT_CLIPBOARD = """
Object.defineProperty(navigator, "clipboard", { value: undefined });
document.execCommand = () => false;
"""
SHARED = "navigator.share = async (what) => { window.shared = what; };"
SELECT = """(pin) => {
  const block = pin.closest(".block");
  const node = [...block.childNodes].find((each) => each.nodeType === 3 && each.data.trim().length > 40);
  const range = document.createRange();
  range.setStart(node, node.data.indexOf(" ", 10) + 1);
  range.setEnd(node, node.data.indexOf(" ", 35));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return getSelection().toString();
}"""


def until(page: Page, condition: str) -> None:
    """Wait for what a script says; Playwright's own waiting would need `eval`, which the pages forbid."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


@pytest.fixture
def paper(site: SimpleNamespace) -> str:
    """The address of the paper's page."""
    return f"{site.home}papers/destined-to-cooperate-summary/"


def test_resume_is_offered_and_not_forced(
    context: Callable[..., BrowserContext], paper: str, phone: Page
) -> None:
    reader = context()
    page = reader.new_page()
    page.goto(paper)
    expect(page.locator("[data-resume]")).to_be_hidden()
    block = page.locator(".block:has(.pin)").nth(11)
    block.evaluate("(each) => each.scrollIntoView({ block: 'start', behavior: 'instant' })")
    expect(page.locator("[data-read]")).to_have_text(re.compile(r"\d+ %"))
    expect(page.locator("[data-here]")).not_to_have_text("Contents")
    until(page, "Object.keys(localStorage).some((key) => key.startsWith('read '))")

    again = reader.new_page()
    again.goto(paper)
    assert again.evaluate("scrollY") == 0
    offer = again.locator("[data-resume]")
    expect(offer).to_be_visible()
    expect(offer).to_have_text(re.compile(r"\d+"))
    offer.click()
    until(again, "scrollY > innerHeight")
    # Nobody else's place: another device is offered nothing.
    phone.goto(paper)
    expect(phone.locator("[data-resume]")).to_be_hidden()


def test_the_sheet_of_a_paragraph(phone: Page, paper: str) -> None:
    """One tap opens it; Escape, its button and the way back close it; its address is the paragraph's own."""
    phone.add_init_script(WITHOUT_CLIPBOARD)
    phone.goto(paper)
    pin, sheet = phone.locator(".pin").nth(2), phone.locator("#sheet")
    block = phone.locator(".block:has(.pin)").nth(2).get_attribute("id")
    pin.click()
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("Nobody has said anything about this passage yet.")
    assert phone.url == f"{paper}#{block}"
    sheet.get_by_role("button", name="Copy link").click()
    # Plain HTTP gives no clipboard: the address stands there, selected.
    expect(sheet.locator("input")).to_have_value(f"{paper}#{block}")
    chosen = "(field) => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert sheet.locator("input").evaluate(chosen) == f"{paper}#{block}"
    look(phone)
    for close in (
        lambda: phone.keyboard.press("Escape"),
        lambda: sheet.get_by_role("button", name="Close").click(),
        lambda: phone.go_back(),
    ):
        if sheet.is_hidden():
            pin.click()
        close()
        expect(sheet).to_be_hidden()
        expect(phone).to_have_url(paper)


def test_sharing_says_what_it_is(phone: Page, paper: str) -> None:
    phone.add_init_script(SHARED)
    phone.goto(paper)
    words = phone.locator(".block > .pin").nth(5).evaluate(SELECT)
    phone.locator(".block > .pin").nth(5).click()
    phone.locator("#sheet").get_by_role("button", name="Share a quote").click()
    shared = phone.evaluate("window.shared")
    assert shared["text"].startswith(f"“{words}”")
    assert "not the author’s text" in shared["text"]
    # The address leads a browser to those very words.
    other = phone.context.new_page()
    other.goto(shared["url"])
    assert ":~:text=" in shared["url"]
    until(other, "scrollY > 0")


def test_a_comment_on_selected_words(
    context: Callable[..., BrowserContext], site: SimpleNamespace, paper: str, phone: Page, desk: Page
) -> None:
    """Select, tap the number, comment; once it is on the list the number counts it and the words are marked."""
    word = f"Word{uuid.uuid4().hex[:8]}"
    phone.goto(paper)
    pin = phone.locator(".block > .pin").nth(7)
    block = pin.evaluate("(each) => each.closest('.block').id")
    words = pin.evaluate(SELECT)
    expect(pin).to_have_attribute("data-quoting", "")
    pin.click()
    expect(phone.locator("#sheet blockquote")).to_have_text(f"“{words}”")
    phone.locator("#sheet a[data-kind='comment']").click()
    expect(phone.locator("main blockquote")).to_contain_text(words)
    expect(phone.locator("input[name='kind'][value='comment']")).to_be_checked()
    phone.locator('textarea[name="text"]').fill(word)
    phone.locator('main form button[type="submit"]').click()
    phone.wait_for_url("**/me/**")

    other = context(viewport=DESK, has_touch=False).new_page()
    other.goto(f"{site.two}/prague-2013/papers/destined-to-cooperate-summary/")
    shown = other.locator(f"#{block} .pin")
    expect(shown).not_to_have_attribute("data-comments", re.compile("."))
    desk.goto(f"{site.two}/prague-2013/moderate/")
    decide(desk, word, "published")
    # On an open page too, without a reload and without moving a line.
    expect(shown).to_have_attribute("data-comments", "1")
    shown.click()
    expect(other.locator("#sheet")).to_contain_text(word)
    assert other.evaluate("CSS.highlights.get('quoted').size") == 1
    assert other.evaluate("[...CSS.highlights.get('quoted')][0].toString()") == words
    look(other)
    other.keyboard.press("Escape")
    expect(other.locator("#sheet")).to_be_hidden()
    other.goto(f"{paper}comments/")
    expect(other.locator("main")).to_contain_text(word)


def test_notes_open_in_place(phone: Page, paper: str) -> None:
    def with_note(route: Route) -> None:
        answer = route.fetch()
        sign = '<sup><a href="#note-1" id="ref-1">[1]</a></sup>'
        words = '<span id="note-1">1</span> A word on it. <a href="#ref-1">back</a>'
        note = f'<p class="block footnote" id="vvvvvvvv">{words}</p>'
        body = re.sub(r"(</p>\s*<h2)", sign + r"\1", answer.text(), count=1)
        route.fulfill(
            response=answer, body=body.replace('<footer class="rights">', note + '<footer class="rights">')
        )

    phone.route(paper, with_note)
    phone.goto(paper)
    sign = phone.locator("sup a")
    sign.click()
    expect(phone.locator(".note-here")).to_have_text(re.compile(r"A word on it\.\s*$"))
    expect(phone.locator(".note-here")).to_be_in_viewport()
    expect(sign).to_have_attribute("aria-expanded", "true")
    sign.click()
    expect(phone.locator(".note-here")).to_have_count(0)


def test_search_folds_accents_and_needs_no_network(phone: Page, paper: str) -> None:
    phone.goto(paper)
    phone.context.set_offline(True)
    phone.locator("[data-open='find']").click()
    phone.keyboard.type("RŮSSIÁ")
    expect(phone.locator("#find output")).to_have_text(re.compile(r"^\d+ / \d\d$"))
    size = phone.evaluate("CSS.highlights.get('found').size")
    there = "[...document.querySelectorAll('.text .block')].map((each) => each.textContent).join(' ')"
    assert size == len(re.findall("(?i)russia", phone.evaluate(there)))
    before = phone.locator("#find output").text_content()
    phone.keyboard.press("Enter")
    expect(phone.locator("#find output")).not_to_have_text(before or "")
    phone.keyboard.press("Escape")
    expect(phone.locator("#find")).to_be_hidden()
    assert phone.evaluate("CSS.highlights.has('found')") is False


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_size_and_colours_are_remembered(
    context: Callable[..., BrowserContext], site: SimpleNamespace, paper: str, theme: str
) -> None:
    page = context(color_scheme="light" if theme == "dark" else "dark").new_page()
    page.goto(paper)
    size = "parseFloat(getComputedStyle(document.querySelector('.text .block')).fontSize)"
    before = page.evaluate(size)
    page.locator("[data-open='look']").click()
    page.locator(f"input[name='theme'][value='{theme}']").check()
    page.locator("input[name='size'][value='xxl']").check()
    look(page)
    page.keyboard.press("Escape")
    page.reload()
    assert page.evaluate(size) > before * 1.3
    page.set_viewport_size({"width": 320, "height": 640})
    fits(page)
    page.set_viewport_size(PHONE)
    look(page)
    for path in ("", "papers/destined-to-cooperate-summary/"):
        page.goto(f"{site.home}{path}")
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0] < 100")
        assert dark is (theme == "dark")


def test_the_passage_on_stage(
    context: Callable[..., BrowserContext], site: SimpleNamespace, paper: str, phone: Page, desk: Page
) -> None:
    word = f"Word{uuid.uuid4().hex[:8]}"
    asker = context(java_script_enabled=False).new_page()
    asker.goto(paper)
    asker.locator(".pin").nth(9).click()
    block = asker.url.partition("#")[2]
    asker.locator(".block:target .ask-here").click()
    asker.get_by_role("link", name="Ask in a session").click()
    asker.locator('textarea[name="text"]').fill(word)
    session = asker.locator('select[name="item"]')
    if not session.is_visible():
        asker.locator("details.to summary").click()
    session.select_option("power")
    asker.locator('main form button[type="submit"]').click()
    asker.wait_for_url("**/me/**")

    phone.goto(paper)
    phone.evaluate("window.stillHere = true")
    expect(phone.locator("[data-stage] a")).to_have_count(0)
    desk.goto(f"{site.two}/prague-2013/moderate/")
    for state in ("published", "live"):
        decide(desk, word, state)
        expect(desk.locator("[data-post]", has_text=word).first).to_have_attribute("data-state", state)
    bar = phone.locator("[data-stage] a")
    expect(bar).to_be_visible()
    look(phone)
    bar.click()
    expect(phone).to_have_url(f"{paper}#{block}")
    expect(phone.locator(f"#{block}")).to_be_in_viewport()
    decide(desk, word, "answered")
    expect(bar).to_have_count(0)
    assert phone.evaluate("window.stillHere") is True
    phone.goto(paper)
    phone.locator(f"#{block} + .asked summary").click()
    expect(phone.locator(f"#{block} + .asked")).to_contain_text(word)
