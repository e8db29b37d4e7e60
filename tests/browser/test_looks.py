"""Every page for every body: no violation that axe finds, nothing wider than a small phone, a way by keyboard."""

from __future__ import annotations

import gzip
import re
import urllib.request
import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import DESK, PHONE, sign_in

pytestmark = pytest.mark.browser

ATTENDEE = (
    "",
    "agenda/",
    "agenda/destined-to-cooperate/",
    "agenda/identity/",
    "people/tomas-karasek/",
    "practical/",
    "rooms/main-hall/",
    "papers/destined-to-cooperate-summary/",
    "papers/destined-to-cooperate-summary/comments/",
    "board/",
    "ask/?item=identity",
    "me/",
    "hall/",
    "nowhere/",
)
STAFF = (
    "moderate/",
    "moderate/log/",
    "moderate/export/",
    "moderate/floor/",
    "moderate/help/",
    "organise/desk/",
    "organise/",
    "organise/agenda/import/",
    "organise/practical/",
    "organise/print/",
    "organise/items/add/",
    "organise/links/",
    "stage/main-hall/",
    "screen/main-hall/",
    "speaker/tomas-karasek/",
    "organise/items/power/",
    "organise/items/power/cancel/",
    "organise/agenda/publish/",
    "organise/agenda/history/",
    "organise/agenda/releases/1/",
    "organise/day/",
    "organise/agenda/timetable/",
    "organise/preflight/",
    "organise/rehearsal/",
    "organise/agenda/take-over/",
    "organise/people/",
    "organise/people/tomas-karasek/",
    "organise/rooms/main-hall/",
    "organise/items/power/materials/",
    "organise/day/late/?first=destined-to-cooperate&minutes=15",
    "organise/papers/",
    "organise/papers/upload/",
    "organise/papers/of/destined-to-cooperate-summary/",
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# One row of each sort: changed, new, not understood.
PROGRAMME = (
    "ID;Datum;Čas;Název;Místnost;Řečníci\n"
    "identity;17.12.2013;13:15–14:35;Identity, renamed;Main hall;\n"
    ";17.12.2013;14:00–15:00;Nový blok;Malý sál;Jana Nová (AMO)\n"
    ";17.13.2013;14:00–15:00;Špatné datum;;\n"
)


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
def test_the_preview_of_an_import(
    context: Callable[..., BrowserContext], site: SimpleNamespace, scheme: str
) -> None:
    page = context(color_scheme=scheme, viewport=DESK, has_touch=False).new_page()
    sign_in(page, site, "organiser")
    page.goto(f"{site.two}/prague-2013/organise/agenda/import/")
    file = {"name": "program.csv", "mimeType": "text/csv", "buffer": PROGRAMME.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Preview").click()
    for heading in ("Not understood", "New", "Changed", "In the draft, not in the file"):
        expect(page.get_by_role("heading", name=heading, exact=False).first).to_be_visible()
    page.locator("details summary").click()
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
    expect(phone.locator("#sheet-title")).to_be_focused()
    phone.keyboard.press("Escape")
    expect(phone.locator("#sheet")).to_be_hidden()
    expect(pin).to_be_focused()
    phone.keyboard.press("Enter")
    phone.locator("#sheet a[data-kind='question']").press("Enter")
    phone.wait_for_url("**/ask/?block=*")


def top_of(page: Page, selector: str) -> float:
    """Where an element begins, in pixels from the top of the window."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["y"]


def test_nothing_moves_when_something_new_comes(
    context: Callable[..., BrowserContext], site: SimpleNamespace, phone: Page, desk: Page
) -> None:
    """New questions wait behind a button, and the button takes its room from nobody: at the desk and on the phone."""
    word = f"Word{uuid.uuid4().hex[:8]}"
    desk.goto(f"{site.two}/prague-2013/moderate/")
    phone.goto(f"{site.home}agenda/destined-to-cooperate/")
    before = top_of(desk, "#lanes"), top_of(phone, '[data-posts="waiting"]')

    asker = context().new_page()
    asker.goto(f"{site.home}ask/?item=destined-to-cooperate")
    asker.locator('textarea[name="text"]').fill(word)
    asker.locator('main form button[type="submit"]').click()
    asker.wait_for_url("**/me/**")
    expect(desk.locator("[data-new]")).to_be_visible()
    assert top_of(desk, "#lanes") == before[0]

    desk.locator("[data-new]").click()
    waits = desk.locator("[data-post]", has_text=word).first
    waits.locator('button[name="to"][value="published"]').click()
    new = phone.locator("[data-new-posts] button")
    expect(new).to_be_visible()
    assert top_of(phone, '[data-posts="waiting"]') == before[1]

    # The button goes, and the keyboard goes on at what it brought.
    new.press("Enter")
    expect(phone.locator("[data-post]", has_text=word)).to_be_focused()


def test_a_vote_is_a_button_that_is_pressed(phone: Page, site: SimpleNamespace) -> None:
    phone.goto(f"{site.home}board/")
    vote = phone.locator("a.vote").last
    card = phone.locator("[data-post]", has=phone.locator("a.vote")).last
    before = int(card.get_attribute("data-votes") or "")
    expect(vote).to_have_attribute("aria-pressed", "false")
    vote.press("Space")
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(vote).not_to_have_attribute("aria-busy", "true")
    look(phone)
    expect(card).to_have_attribute("data-votes", str(before + 1))
    phone.goto(f"{site.home}me/")
    expect(phone.locator("#me")).not_to_have_attribute("data-voted", "")


def test_a_vote_without_a_connection_is_sent_later(phone: Page, site: SimpleNamespace) -> None:
    """What is tapped in a dead spot of the hall is shown, kept, and sent by the next page."""
    forms = re.compile(r"/vote/$")
    phone.route(forms, lambda route: route.abort())
    phone.goto(f"{site.home}board/")
    phone.locator("a.vote").last.click()
    expect(phone.locator("a.vote").last).to_have_attribute("aria-busy", "true")
    phone.unroute(forms)
    phone.reload()
    expect(phone.locator("a.vote").last).to_have_attribute("aria-pressed", "true")
    expect(phone.locator("a.vote").last).not_to_have_attribute("aria-busy", "true")
    phone.goto(f"{site.home}me/")
    expect(phone.locator("#me")).not_to_have_attribute("data-voted", "")


def test_a_refused_vote_is_taken_back_and_explained(phone: Page, site: SimpleNamespace) -> None:
    refusal = "<main><p data-refusal>Too late for this one.</p></main>"
    phone.goto(f"{site.home}board/")
    card = phone.locator("[data-post]", has=phone.locator("a.vote")).last
    before = card.get_attribute("data-votes") or ""
    phone.route(
        re.compile(r"/vote/$"),
        lambda route: route.fulfill(status=409, content_type="text/html", body=refusal),
    )
    card.locator("a.vote").click()
    expect(card.locator(".refusal")).to_have_text("Too late for this one.")
    expect(card.locator("a.vote")).to_have_attribute("aria-pressed", "false")
    expect(card).to_have_attribute("data-votes", before)


def test_a_change_of_the_programme_reaches_an_open_page(
    context: Callable[..., BrowserContext], site: SimpleNamespace, phone: Page
) -> None:
    phone.goto(f"{site.home}agenda/")
    phone.evaluate("window.stillHere = true")
    staff = context(viewport=DESK, has_touch=False).new_page()
    sign_in(staff, site, "organiser")
    for cancelled in (True, False):
        staff.goto(f"{site.two}/prague-2013/organise/items/closing/cancel/")
        staff.locator('main form button[name="cancelled"]').click()
        expect(phone.locator("#item-closing .tag")).to_have_count(int(cancelled))
    assert phone.evaluate("window.stillHere") is True


SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { sources } of list.getEntries()) {
    shifts.push(...sources.map(({ node }) => node?.className || node?.nodeName));
  }
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_nothing_shifts_when_the_stylesheet_is_late(
    context: Callable[..., BrowserContext], site: SimpleNamespace, size: dict[str, int]
) -> None:
    """The inline styles draw the whole first screen; the stylesheet that follows moves nothing of it."""
    page = context(viewport=size).new_page()
    page.add_init_script(SHIFTS)

    def late(route: Route) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    page.route(re.compile(r"/attendee\..*css$"), late)
    for path in ATTENDEE[:-1]:
        page.goto(f"{site.one}/prague-2013/{path}")
        page.wait_for_timeout(100)
        assert page.evaluate("window.shifts") == [], page.url


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
