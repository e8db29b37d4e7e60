"""The leak that we fear, on real streams and on pages that the front keeps: words that were not released."""

import re
import socket
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.conf import settings

from conference.event.access import hall_pass_value
from conference.live.services import newest_event
from conference.live.topics import PUBLIC
from tests.conftest import asker, build_house
from tests.pages.addresses import public_paths, unpacked

from .conftest import WebProcess, read_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WORDS = re.compile(rb"quibble\w+zonk|flumber\w+wick")


@pytest.fixture
def house(transactional_db: None) -> SimpleNamespace:
    """The shared house, committed, so that other processes see it."""
    return build_house()


def hall_stream(web: WebProcess, house: SimpleNamespace) -> socket.socket:
    reading = socket.create_connection(("127.0.0.1", web.port), timeout=10)
    cookie = f"{settings.HALL_COOKIE_NAME}={hall_pass_value(house.conference)}"
    reading.sendall(
        f"GET /prague/hall/live/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()
    )
    read_until(reading, b"id:")
    return reading


def test_streams_and_kept_pages_carry_released_words_only(
    start: Callable[..., WebProcess], house: SimpleNamespace
) -> None:
    web = start("conference.asgi")
    public = [web.stream("/prague/live/"), web.stream("/cs/prague/live/")]
    hall = hall_stream(web, house)
    ask = asker(house)
    before = newest_event(house.conference.pk, PUBLIC)
    for state in ("pending", "declined", "withdrawn"):
        ask(f"quibble{state}zonk", state)
    ask("flumberchathamwick", "published", item=house.closed_door)
    ask("flumberlivewick", "answered", item=house.closed_door)
    last = ask("publicword", "published")
    for stream in public:
        data = read_until(stream, b"publicword")
        assert WORDS.findall(data) == []
        # Nor does the number of the event tell how much is waiting or said in the hall.
        assert f"id: {before + 1}\n".encode() in data
    heard = read_until(hall, b"publicword")
    assert set(WORDS.findall(heard)) == {b"flumberchathamwick", b"flumberlivewick"}
    for _ in range(2):  # rendered, then from memory
        for path in public_paths(house, last):
            if not path.endswith("/live/"):
                assert WORDS.findall(unpacked(web.bytes_of(path))) == [], path
        time.sleep(0.5)


def test_what_is_removed_leaves_every_page_and_stream(
    start: Callable[..., WebProcess], house: SimpleNamespace
) -> None:
    """An approved question that is taken down again: the stream says so, and no kept page shows it any more."""
    web = start("conference.asgi")
    ask = asker(house)
    post = ask("quibblehiddenzonk", "published")
    assert "quibblehiddenzonk" in web.get("/prague/board/")
    stream = web.stream("/prague/live/")
    from conference.board import services

    services.decide(
        post=post,
        to="hidden",
        by=house.desk,
        roles=frozenset({"desk"}),
        version=post.version,
        reason="because",
    )
    data = read_until(stream, post.public_id.encode())
    assert b"event: gone" in data
    assert WORDS.findall(data) == []
    for path in (
        "board/",
        "agenda/keynote/",
        "",
        f"board/{post.public_id}/",
        f"board/{post.public_id}/card/",
    ):
        assert "quibblehiddenzonk" not in web.get(f"/prague/{path}")
