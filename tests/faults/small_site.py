"""A site of three pages behind the real front, for tests that freeze, cut off and end real processes.

Its pages show revisions read from the database for each rendering, so a stale page can be told from a fresh
one. Served by `python -m conference.operate.serve --app tests.faults.small_site`.
"""

import json
import os
import time
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

from conference.live.application import Application
from conference.live.bridge import Bridge
from conference.live.front import FrontSettings
from conference.live.registry import CachedRoute, Registry

DATABASE = os.environ["DATABASE_URL"]


def _revision(topic: str) -> int:
    with psycopg.connect(DATABASE, connect_timeout=2) as connection:
        row = connection.execute("SELECT revision FROM conference_topic WHERE name = %s", (topic,)).fetchone()
    return int(row[0]) if row else 0


def site(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI application."""
    path = environ["PATH_INFO"]
    try:
        if path == "/c/board/":
            revision = _revision("1/board")
            return _page(start_response, f"board {revision}", "1/board", revision)
        if path == "/c/live/":
            revision = _revision("1/events/public")
            told = json.dumps({"conference": 1, "event": revision})
            return _page(start_response, told, "1/events/public", revision)
    except psycopg.OperationalError:
        start_response("503 Service Unavailable", [("X-Live-Away", "1")])
        return [b"away"]
    if path == "/c/hang/":
        time.sleep(60)
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"not here"]


def _page(start_response: Callable[..., Any], body: str, topic: str, revision: int) -> Iterable[bytes]:
    headers = [("Content-Type", "text/plain"), ("X-Live-Topics", f"{topic}={revision}")]
    start_response("200 OK", headers)
    return [body.encode()]


application = Application(
    Bridge(site, 4),
    listen_url=os.environ.get("LISTEN_DATABASE_URL") or DATABASE,
    registry=Registry(pages=[CachedRoute(r"/[a-z0-9-]+/board/")]),
    settings=FrontSettings(
        hosts=["127.0.0.1"],
        base_url="http://127.0.0.1",
        languages=["cs"],
        default_language="en",
        hall_cookie="hall_pass",
    ),
)
