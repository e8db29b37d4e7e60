"""A paper from its file to its readers and to its newer text, in a browser: by keyboard, by phone, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, sign_in
from tests.browser.test_looks import fits, look

pytestmark = pytest.mark.browser
SCAN = Path(__file__).parents[1] / "papers" / "scans" / "harbours.md"


def upload(page: Page, site: SimpleNamespace, content: str, name: str, which: str = "") -> str:
    """Send a file; the address of its draft."""
    page.goto(f"{site.two}/prague-2013/organise/papers/upload/")
    page.locator('input[type="file"]').set_input_files(
        {"name": name, "mimeType": "text/markdown", "buffer": content.encode()}
    )
    if which:
        page.locator('select[name="paper"]').select_option(which)
    page.locator('main form button[type="submit"]').click()
    page.wait_for_url("**/drafts/*/")
    return page.url


def publish(page: Page, address: str) -> None:
    """By the form, without touching the conference's tab."""
    page.goto(f"{address}publish/")
    page.locator('input[name="main"]').uncheck()
    page.locator('main form button[type="submit"]').click()
    page.wait_for_url("**/organise/papers/")


def addresses(page: Page, site: SimpleNamespace, slug: str) -> dict[str, str]:
    """The permanent id of each paragraph on the public page, by its first words."""
    page.goto(f"{site.one}/prague-2013/papers/{slug}/")
    found = page.locator("p.block").evaluate_all(
        "all => all.map((each) => [each.id, each.textContent.trim()])"
    )
    return {re.sub(r"^\d+\s*", "", text)[:30]: ident for ident, text in found}


def test_review_by_keyboard_and_a_newer_text(
    context: Callable[..., BrowserContext], site: SimpleNamespace
) -> None:
    page = context(viewport=DESK, has_touch=False).new_page()
    sign_in(page, site, "organiser")
    scan = SCAN.read_text()
    address = upload(page, site, scan, "harbours.md")
    page.evaluate("window.stillHere = true")
    look(page)

    # To the doubtful place by key, settled by a tap, taken back by key: the page never goes away.
    page.keyboard.press("j")
    expect(page.locator("[data-doubt]:focus")).to_have_count(1)
    page.locator("[data-doubt]:focus .step").first.click()
    expect(page.locator(".settled")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator("[data-doubt]")).to_have_count(1)

    # A block's words, in place.
    row = page.locator("[data-row]", has_text="The library is open to all.")
    row.focus()
    page.keyboard.press("e")
    field = row.locator("textarea")
    expect(field).to_be_focused()
    field.fill("Words of a *reviewer*.\n\nAnd a second block.")
    look(page)
    row.locator(".words-form button").first.click()
    expect(page.locator("[data-row] em", has_text="reviewer")).to_be_visible()
    expect(page.locator("[data-row]", has_text="And a second block.")).to_be_visible()
    assert page.evaluate("window.stillHere") is True

    # A colleague is faster: the refusal is told in place and nothing is lost.
    other = context(viewport=DESK, has_touch=False).new_page()
    sign_in(other, site, "organiser")
    other.goto(address)
    other.locator("[data-undo] button").click()
    expect(other.locator("[data-row]", has_text="And a second block.")).to_have_count(0)
    page.locator(".gone .step").first.click()
    expect(page.locator("[data-refused]")).to_contain_text("Nothing of yours was saved yet.")
    page.reload()

    page.goto(f"{address}publish/")
    look(page)
    publish(page, address)
    before = addresses(page, site, "quiet-harbours")
    assert len(before) > 5

    # A newer text of the same paper: what changes is shown, and every paragraph keeps its address.
    newer = scan.replace("none of whom", "none of which")
    address = upload(page, site, newer, "harbours-2.md", "quiet-harbours")
    page.goto(f"{address}publish/")
    expect(page.locator(".diff ins")).to_have_text("which")
    expect(page.locator(".diff del")).to_have_text("whom")
    look(page)
    publish(page, address)
    after = addresses(page, site, "quiet-harbours")
    assert set(after.values()) == set(before.values())
    page.goto(f"{site.one}/prague-2013/papers/quiet-harbours/editions/1/")
    expect(page.locator("main")).to_contain_text("It is not the present one.")
    look(page)


def test_on_a_phone_without_scripts(context: Callable[..., BrowserContext], site: SimpleNamespace) -> None:
    page = context(java_script_enabled=False).new_page()
    sign_in(page, site, "organiser")
    text = "# Small Docks\n\n**Ada Lindqvist**\n\n## History\n\nThe first dock was\n\nbuilt of oak.\n\nA third.\n"
    address = upload(page, site, text, "docks.md")
    # Joined with the block before, by a page of its own.
    page.locator("[data-row]", has_text="built of oak").locator("a[data-edit]").click()
    page.wait_for_url("**/blocks/*/")
    page.locator('button[value="merge"]').click()
    page.wait_for_url(f"{address}#*")
    expect(page.locator("[data-row]", has_text="The first dock was built of oak.")).to_be_visible()
    page.locator("[data-row]", has_text="A third.").locator("a[data-edit]").click()
    page.locator('button[value="drop"]').click()
    expect(page.locator(".gone", has_text="A third.")).to_be_visible()
    page.locator(".gone", has_text="A third.").locator('button[value="restore"]').click()
    publish(page, address)
    page.goto(f"{site.one}/prague-2013/papers/small-docks/")
    expect(page.locator("p.block", has_text="The first dock was built of oak.")).to_be_visible()
    expect(page.locator("p.block", has_text="A third.")).to_be_visible()


def test_small_screens_and_a_file_that_is_too_large(
    context: Callable[..., BrowserContext], site: SimpleNamespace, tmp_path: Path
) -> None:
    page = context(color_scheme="dark").new_page()
    sign_in(page, site, "organiser")
    address = upload(page, site, SCAN.read_text(), "harbours.md")
    for path in ("", "publish/", "fields/", "blocks/b1/", "discard/"):
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(address + path)
        look(page)
        page.set_viewport_size({"width": 320, "height": 640})
        fits(page)
    large = tmp_path / "large.md"
    large.write_bytes(b"word " * 4_100_000)
    bare = context(java_script_enabled=False).new_page()
    bare.context.add_cookies(page.context.cookies())
    bare.goto(f"{site.two}/prague-2013/organise/papers/upload/")
    bare.locator('input[type="file"]').set_input_files(large)
    bare.locator('main form button[type="submit"]').click()
    expect(bare.locator("[data-refusal]")).to_contain_text("larger than 20 MB")
    # With scripts it is not even sent.
    page.goto(f"{site.two}/prague-2013/organise/papers/upload/")
    page.locator('input[type="file"]').set_input_files(large)
    page.locator('main form button[type="submit"]').click()
    expect(page.locator("[data-refusal]")).to_contain_text("Nothing was sent.")
