"""Editing the programme in a real Chromium: by keyboard only, by dragging, and on the day from a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conference.demonstration import programme
from tests.browser.conftest import DESK, sign_in

pytestmark = pytest.mark.browser

NEW = """
from datetime import date
from conference.models import *
c = Conference.objects.create(slug="prague-built", title="Built by keyboard", starts_on=date(2013, 12, 17),
    ends_on=date(2013, 12, 17), place="Prague", hall_code="keys", is_public=True)
for slug, name in (("main-hall", "Main hall"), ("small-hall", "Small hall")):
    Room.objects.create(conference=c, slug=slug, name=name)
Membership.objects.create(user=User.objects.get(username="organiser"), conference=c, role="organiser")
"""


AGAIN = """
from conference.models import *
Membership.objects.filter(conference__slug="prague-built").delete()
Conference.objects.filter(slug="prague-built").update(is_public=False)
"""


@pytest.fixture
def built(site: SimpleNamespace) -> Iterator[str]:
    """The address of a conference without a programme; it is hidden again afterwards."""
    site.manage("shell", "-v0", "-c", NEW)
    yield "prague-built"
    site.manage("shell", "-v0", "-c", AGAIN)


@pytest.fixture
def staff(context: Callable[..., BrowserContext], site: SimpleNamespace) -> Page:
    """The organiser's laptop."""
    page = context(viewport=DESK, has_touch=False).new_page()
    sign_in(page, site, "organiser")
    return page


def minutes(clock: str) -> int:
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def saved(page: Page) -> None:
    """The script has sent everything."""
    expect(page.locator(".slot.is-saving")).to_have_count(0)


def test_the_prague_day_by_keyboard_only(site: SimpleNamespace, staff: Page, built: str) -> None:
    staff.goto(f"{site.two}/{built}/organise/agenda/timetable/")
    staff.locator("#quick_title").focus()
    kinds = ["panel", "keynote", "talk", "break", "registration", "social"]
    for _slug, kind, start, end, room, _language, _rule, title, _abstract in programme.ITEMS:
        expect(staff.locator("#quick_title")).to_be_focused()
        staff.keyboard.insert_text(title)
        press(staff, "Tab")
        press(staff, "Home")
        press(staff, "ArrowDown", kinds.index(kind))
        press(staff, "Tab")
        # A time field takes its parts one by one; it starts at the hours.
        staff.keyboard.type(clock_keys(staff, start))
        press(staff, "Tab")
        while staff.evaluate("document.activeElement.name") == "start":
            press(staff, "Tab")
        press(staff, "Control+a")
        staff.keyboard.type(str(minutes(end) - minutes(start)))
        press(staff, "Tab")
        press(staff, "Home")
        press(staff, "ArrowDown", ["", "main-hall", "small-hall"].index(room))
        press(staff, "Tab")
        press(staff, "Enter")
        expect(staff.locator(".slot", has_text=title).last).to_be_visible()
    shown = [
        (box.get_attribute("data-start"), box.get_attribute("data-end"), box.get_attribute("data-title"))
        for box in staff.locator(".slot").all()
    ]
    wanted = [(start, end, title) for _s, _k, start, end, _r, _l, _a, title, _d in programme.ITEMS]
    assert sorted(map(str, shown)) == sorted(map(str, wanted))

    # Second thoughts: the closing a quarter of an hour later, ten minutes longer, and in the small hall.
    closing = staff.locator('.slot[data-slug="closing-remarks"] a')
    closing.focus()
    press(staff, "ArrowDown", 3)
    press(staff, "Shift+ArrowDown", 2)
    press(staff, "ArrowRight")
    expect(closing).to_be_focused()
    expect(staff.locator("[data-told]")).to_have_text("Closing remarks: 16:25 to 16:55, Small hall")
    saved(staff)
    staff.reload()
    box = staff.locator('.column[data-room="small-hall"] .slot[data-slug="closing-remarks"]')
    expect(box).to_have_attribute("data-start", "16:25")
    expect(box).to_have_attribute("data-end", "16:55")

    # Publish by keyboard, and the public has it.
    staff.get_by_role("link", name="Publish", exact=True).press("Enter")
    staff.get_by_role("button", name="Publish on every phone").press("Enter")
    staff.wait_for_url("**/organise/")
    staff.goto(f"{site.one}/{built}/agenda/")
    expect(staff.locator(".item")).to_have_count(len(programme.ITEMS))


def clock_keys(page: Page, clock: str) -> str:
    """What to type into a time field of this browser, which may have a twelve-hour clock."""
    twelve = page.evaluate(
        "new Intl.DateTimeFormat(navigator.language, {hour: 'numeric'}).resolvedOptions().hour12"
    )
    hours, rest = clock.split(":")
    if not twelve:
        return hours + rest
    return f"{(int(hours) + 11) % 12 + 1:02}{rest}{'PM' if int(hours) >= 12 else 'AM'}"


def test_dragging_moves_and_resizes(site: SimpleNamespace, staff: Page) -> None:
    staff.goto(f"{site.two}/prague-2013/organise/agenda/timetable/")
    box = staff.locator('.slot[data-slug="power"]')
    # In the middle of the window: both ends of the drag have to be on it.
    box.evaluate("(box) => box.scrollIntoView({ block: 'center' })")
    other = staff.locator('.column[data-room="small-hall"]').bounding_box()
    place = box.bounding_box()
    assert place is not None
    assert other is not None
    staff.mouse.move(place["x"] + 20, place["y"] + 10)
    staff.mouse.down()
    staff.mouse.move(other["x"] + 30, place["y"] + 50, steps=4)
    staff.mouse.up()
    saved(staff)
    expect(staff.locator('.column[data-room="small-hall"] .slot[data-slug="power"]')).to_be_visible()
    expect(box.locator("[data-time]")).to_have_text("11:10–12:35")
    box.evaluate("(box) => box.scrollIntoView({ block: 'center' })")
    edge = box.locator("[data-edge]").bounding_box()
    assert edge is not None
    staff.mouse.move(edge["x"] + 20, edge["y"] + 4)
    staff.mouse.down()
    staff.mouse.move(edge["x"] + 20, edge["y"] + 4 - 40, steps=4)
    staff.mouse.up()
    saved(staff)
    expect(box.locator("[data-time]")).to_have_text("11:10–12:15")
    assert "/timetable/" in staff.url
    staff.reload()
    expect(staff.locator('.column[data-room="small-hall"] .slot[data-slug="power"]')).to_contain_text(
        "11:10–12:15"
    )
    # Two steps were made, two are undone: the demonstration is as it was.
    for _ in range(2):
        staff.get_by_role("button", name="Undo").click()
    expect(staff.locator('.column[data-room="main-hall"] .slot[data-slug="power"]')).to_contain_text(
        "10:50–12:15"
    )


def test_a_phone_runs_the_day_late_while_two_others_watch(
    context: Callable[..., BrowserContext], site: SimpleNamespace
) -> None:
    watchers = [context().new_page() for _ in range(2)]
    for page, base, path in zip(watchers, (site.one, site.two), ("agenda/", ""), strict=True):
        page.goto(f"{base}/prague-2013/{path}")
        page.evaluate("window.stillHere = true")
    organiser = context().new_page()
    sign_in(organiser, site, "organiser")
    organiser.goto(f"{site.two}/prague-2013/organise/day/")
    # Two taps.
    organiser.get_by_role("link", name="15 minutes late").click()
    expect(organiser.locator("main")).to_contain_text("fixed time")
    organiser.get_by_role("button", name="Say so on every phone").click()
    organiser.wait_for_url("**/organise/day/")
    expect(watchers[0].locator("#item-coffee-morning")).to_contain_text("10:45")
    expect(watchers[1].locator("#now")).to_contain_text("10:45")
    # Lunch keeps its time.
    expect(watchers[0].locator("#item-lunch")).to_contain_text("12:15")
    expect(watchers[0].locator("#item-lunch")).not_to_contain_text("12:30")

    organiser.locator("#id_text").fill("Coffee is served upstairs")
    organiser.get_by_role("button", name="Announce").click()
    for page in watchers:
        expect(page.locator("#arrived")).to_contain_text("Coffee is served upstairs")
        page.locator("#arrived button").click()
        expect(page.locator("#arrived .announced")).to_have_count(0)
        assert page.evaluate("window.stillHere") is True
    late = context().new_page()
    late.goto(f"{site.one}/prague-2013/board/")
    expect(late.locator("#notices")).to_contain_text("Coffee is served upstairs")

    organiser.get_by_role("button", name="Take it back").click()
    organiser.get_by_role("button", name="Undo").click()
    expect(watchers[0].locator("#item-coffee-morning")).not_to_contain_text("10:45")
