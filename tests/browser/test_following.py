"""Following the programme on a phone: stars, filters, search, what changed, a session that moves, one's own time."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, sign_in

pytestmark = pytest.mark.browser


def cancel(page: Page, site: SimpleNamespace, slug: str) -> None:
    """An organiser cancels an item, or puts it back: it acts at once."""
    page.goto(f"{site.two}/prague-2013/organise/items/{slug}/cancel/")
    page.locator('main form button[name="cancelled"]').click()
    page.wait_for_url("**/organise/**")


@pytest.fixture
def organiser(context: Callable[..., BrowserContext], site: SimpleNamespace) -> Page:
    page = context(viewport=DESK, has_touch=False).new_page()
    sign_in(page, site, "organiser")
    return page


def test_stars_make_a_programme_and_a_calendar_of_ones_own(phone: Page, site: SimpleNamespace) -> None:
    phone.goto(f"{site.home}agenda/")
    star = phone.locator("#item-power .star")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    phone.locator("#item-closing .star").press("Enter")
    phone.locator("[data-mine]").click()
    expect(phone.locator("#item-power")).to_be_visible()
    expect(phone.locator("#item-lunch")).to_be_hidden()
    expect(phone.locator("[data-feed]")).to_have_attribute(
        "href", "webcal://localhost:8000/prague-2013/agenda.ics?show=closing,power"
    )
    file = phone.request.get(f"{site.one}{phone.locator('[data-feed-file]').get_attribute('href')}")
    assert file.text().count("BEGIN:VEVENT") == 2
    # On another page of the same device, and taken back there.
    phone.goto(f"{site.home}agenda/power/")
    star = phone.locator("#session .star")
    expect(star).to_have_attribute("aria-pressed", "true")
    star.click()
    phone.goto(f"{site.home}agenda/")
    expect(phone.locator("#item-power .star")).to_have_attribute("aria-pressed", "false")
    expect(phone.locator("#item-closing .star")).to_have_attribute("aria-pressed", "true")


def test_search_and_filters_as_one_types(phone: Page, site: SimpleNamespace) -> None:
    phone.goto(f"{site.home}agenda/")
    phone.locator(".narrow summary").click()
    phone.locator("#q").fill("kulaty STUL")
    expect(phone.locator("#item-kulaty-stul")).to_be_visible()
    expect(phone.locator("#item-power")).to_be_hidden()
    expect(phone.locator("[data-found]")).to_have_text("1 of 12 items")
    phone.locator("#q").fill("")
    phone.locator("#f-room").select_option("small-hall")
    expect(phone.locator(".lines .item:visible")).to_have_count(1)
    assert phone.url.endswith("/agenda/")


def test_the_same_filters_without_scripts(
    context: Callable[..., BrowserContext], site: SimpleNamespace
) -> None:
    page = context(java_script_enabled=False).new_page()
    page.goto(f"{site.home}agenda/")
    page.locator(".narrow summary").click()
    page.locator("#q").fill("kulaty stul")
    page.locator("[data-filters] button").click()
    expect(page.locator(".lines .item")).to_have_count(1)
    expect(page.locator("#item-kulaty-stul")).to_be_visible()


def test_what_changed_since_the_last_visit_is_marked(
    phone: Page, site: SimpleNamespace, organiser: Page
) -> None:
    phone.goto(f"{site.home}agenda/")
    expect(phone.locator(".since")).to_have_count(0)
    phone.goto("about:blank")
    cancel(organiser, site, "closing")
    phone.goto(f"{site.home}agenda/")
    # The same visit: nothing is news yet. Half an hour later it is another one.
    phone.evaluate("localStorage.setItem('seen at prague-2013', '0')")
    before = phone.evaluate("localStorage.getItem('seen before prague-2013')")
    phone.evaluate("""() => {
      const seen = JSON.parse(localStorage.getItem('seen prague-2013'));
      seen.closing.mark = 'before';
      seen.closing.start = seen.closing.start.replace(/T\\d\\d/, 'T11');
      localStorage.setItem('seen prague-2013', JSON.stringify(seen));
    }""")
    phone.reload()
    expect(phone.locator("#item-closing .since")).to_contain_text("changed: was 11:10")
    expect(phone.locator(".since")).to_have_count(1)
    assert before == "{}"
    cancel(organiser, site, "closing")


def test_a_starred_session_that_changes_is_told_at_once(
    phone: Page, site: SimpleNamespace, organiser: Page
) -> None:
    phone.goto(f"{site.home}agenda/")
    phone.locator("#item-institutions .star").click()
    # On another page, where the session is not even listed.
    phone.goto(site.home)
    expect(phone.locator("#item-institutions")).to_have_count(0)
    phone.wait_for_timeout(2500)
    expect(phone.locator(".moved")).to_have_count(0)
    cancel(organiser, site, "institutions")
    expect(phone.locator(".moved")).to_contain_text(
        "Institutions: what the NATO-Russia Council can carry: Cancelled"
    )
    phone.locator(".moved button").click()
    expect(phone.locator(".moved p")).to_have_count(0)
    # Dropped from the programme and put back, it is starred as before.
    cancel(organiser, site, "institutions")
    phone.goto(f"{site.home}agenda/")
    expect(phone.locator("#item-institutions .star")).to_have_attribute("aria-pressed", "true")


def test_ones_own_time_where_it_differs(
    context: Callable[..., BrowserContext], site: SimpleNamespace
) -> None:
    for zone, shown in (("America/New_York", "(04:50–06:15)"), ("Europe/Vienna", None)):
        page = context(timezone_id=zone).new_page()
        page.goto(f"{site.home}agenda/")
        own = page.locator("#item-power .own")
        if shown:
            expect(own).to_have_text(shown)
            expect(page.locator(".lines h2").first).to_contain_text("your time")
        else:
            expect(page.locator("#item-power .star")).to_be_visible()
            expect(own).to_have_count(0)
        expect(page.locator("main")).to_contain_text("Europe/Prague")
