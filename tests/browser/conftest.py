"""The whole product in a real Chromium: two web processes on one database, a phone and a desk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.faults.conftest import ROOT, WebProcess

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def site() -> Iterator[SimpleNamespace]:
    """The demonstration on a database of its own, served by two processes: `one` and `two` (base addresses)."""
    base, _, _ = settings.DATABASE_URL.rpartition("/")
    name = f"browser_{os.getpid()}"
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
    folder = tempfile.mkdtemp(prefix="conference-browser-")
    environment = {
        "DJANGO_SETTINGS_MODULE": "conference.settings",
        "SECRET_KEY": "only-for-tests",
        "DATABASE_URL": f"{base}/{name}",
        "DATA_DIR": folder,
        "RATE_LIMITS": "off",
    }
    webs: list[WebProcess] = []
    try:
        prepare = [sys.executable, "-m", "conference.operate.prepare"]
        complete = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
        subprocess.run(prepare, cwd=ROOT, env=complete, check=True)
        webs = [WebProcess("conference.asgi", environment) for _ in range(2)]

        def manage(*arguments: str) -> str:
            command = [sys.executable, "manage.py", *arguments]
            done = subprocess.run(command, cwd=ROOT, env=complete, check=True, capture_output=True, text=True)
            return done.stdout

        one, two = (f"http://localhost:{web.port}" for web in webs)
        yield SimpleNamespace(
            one=one, two=two, manage=manage, home=f"{one}/prague-2013/", environment=environment
        )
    finally:
        for web in webs:
            web.end()
        with psycopg.connect(settings.DATABASE_URL, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; where it is missing the tests fail and say how to get it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is missing. On Debian: apt-get install chromium"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes separate browser contexts; each fails the test when a page of it reports an error of a script."""
    made: list[BrowserContext] = []
    errors: list[str] = []

    def make(**options: object) -> BrowserContext:
        fresh = browser.new_context(**{"viewport": PHONE, "has_touch": True, **options})
        fresh.set_default_timeout(10_000)
        fresh.on("weberror", lambda error: errors.append(str(error.error)))
        fresh.on(
            "console",
            lambda message: (
                errors.append(message.text)
                if message.type == "error" and "Content Security Policy" in message.text
                else None
            ),
        )
        made.append(fresh)
        return fresh

    yield make
    for each in made:
        each.close()
    assert errors == []


@pytest.fixture
def phone(context: Callable[..., BrowserContext]) -> Page:
    """An attendee's phone."""
    return context().new_page()


@pytest.fixture
def desk(context: Callable[..., BrowserContext], site: SimpleNamespace) -> Page:
    """The question desk's laptop, signed in by a one-time link, on the other web process."""
    page = context(viewport=DESK, has_touch=False).new_page()
    sign_in(page, site, "moderator")
    return page


def sign_in(page: Page, site: SimpleNamespace, username: str) -> None:
    """By one-time link, as ./run prints it."""
    link = site.manage("sign_in_link", username).strip()
    page.goto(site.two + link[link.index("/accounts/") :])
    page.locator("main form button").click()
    page.wait_for_url("**/prague-2013/**")
