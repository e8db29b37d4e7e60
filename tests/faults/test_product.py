"""The whole product in two web processes on one database."""

import re
import signal
import socket
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from conference.board.models import Post
from conference.event.access import hall_pass_value
from tests.conftest import asker, build_house

from .conftest import WebProcess, between_database, read_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PRODUCT = "conference.asgi"
Start = Callable[..., WebProcess]


@pytest.fixture
def house(transactional_db: None) -> SimpleNamespace:
    """The shared house, committed, so that other processes see it."""
    return build_house()


def session_of(house: SimpleNamespace, name: str) -> str:
    """The cookie of someone who has signed in."""
    client = Client()
    client.force_login(getattr(house, name), backend="django.contrib.auth.backends.ModelBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def approve(web: WebProcess, cookie: str, post: Any) -> int:
    """Approve a post at the desk, over HTTP; the status of the answer."""
    client = web.connect()
    client.request("GET", f"/prague/moderate/{post.public_id}/", headers={"Cookie": cookie})
    answer = client.getresponse()
    page = answer.read().decode()
    assert answer.status == 200
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    csrf = next(v for k, v in answer.getheaders() if k.lower() == "set-cookie" and v.startswith("csrf"))
    client.request(
        "POST",
        f"/prague/moderate/{post.public_id}/decide/",
        f"csrfmiddlewaretoken={token[1]}&to=published&version={post.version}",
        {
            "Cookie": f"{cookie}; {csrf.partition(';')[0]}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    answer = client.getresponse()
    answer.read()
    return answer.status


def test_what_one_process_approves_appears_at_the_other(start: Start, house: SimpleNamespace) -> None:
    one, two = start(PRODUCT), start(PRODUCT)
    assert "zanzibar" not in two.get("/prague/board/")
    streams = [two.stream("/prague/live/"), two.stream("/cs/prague/live/")]
    desk = open_desk(two, session_of(house, "desk"))
    post = asker(house)("What of zanzibar?")
    read_until(desk, b"event: queue")
    began = time.monotonic()
    assert approve(one, session_of(house, "desk"), post) == 303
    for stream in streams:
        data = read_until(stream, b"zanzibar")
        assert b"event: post" in data
    assert time.monotonic() - began < 2
    assert "zanzibar" in one.get("/prague/board/")
    assert "zanzibar" in two.get("/prague/board/")


def open_desk(web: WebProcess, cookie: str) -> socket.socket:
    """The desk's stream."""
    reading = socket.create_connection(("127.0.0.1", web.port), timeout=10)
    reading.sendall(
        f"GET /prague/moderate/live/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()
    )
    read_until(reading, b"id:")
    return reading


def test_the_stream_sends_the_bytes_of_the_fragment(start: Start, house: SimpleNamespace) -> None:
    web = start(PRODUCT)
    stream = web.stream("/prague/live/")
    post = asker(house)("What of zanzibar?", "published")
    data = read_until(stream, b"\n\n")
    while data.count(b"\n\n") == 0 or b"event: post" not in data:
        data += read_until(stream, b"\n\n")
    event = data[data.index(b"event: post") :].partition(b"\n\n")[0].decode()
    sent = "\n".join(line.removeprefix("data: ") for line in event.split("\n")[1:])
    fragment = web.get(f"/prague/board/{post.public_id}/card/")  # type: ignore[attr-defined]
    assert sent.strip() == fragment.strip()


def test_a_frozen_process_shows_what_was_approved_meanwhile(start: Start, house: SimpleNamespace) -> None:
    web = start(PRODUCT)
    time.sleep(1)
    assert "zanzibar" not in web.get("/prague/board/")
    kept = web.connect()
    web.signal(signal.SIGSTOP)
    kept.request("GET", "/prague/board/")
    asker(house)("What of zanzibar?", "published")
    time.sleep(2)
    web.signal(signal.SIGCONT)
    assert "zanzibar" in kept.getresponse().read().decode()


def test_a_hidden_conference_is_in_no_process(start: Start, house: SimpleNamespace) -> None:
    from conference.event.signals import conference_changed
    from conference.models import Conference

    web = start(PRODUCT)
    time.sleep(1)
    assert "A conference" in web.get("/prague/")
    from django.db import transaction

    with transaction.atomic():
        Conference.objects.update(is_public=False)
        conference_changed.send(Conference, conference=house.conference)
    time.sleep(0.3)
    assert "A conference" not in web.get("/prague/")


def test_public_pages_stay_while_the_database_is_away_and_the_hall_is_closed(
    start: Start, house: SimpleNamespace
) -> None:
    with between_database() as between:
        web = start(PRODUCT, DATABASE_URL=between.url)
        cookie = f"{settings.HALL_COOKIE_NAME}={hall_pass_value(house.conference)}"
        for _ in range(2):
            assert status_of(web, "/prague/board/") == status_of(web, "/prague/hall/board/", cookie) == 200
        between.go_away()
        time.sleep(0.2)
        for _ in range(3):
            assert status_of(web, "/prague/board/") == 200
            assert status_of(web, "/prague/hall/board/", cookie) == 503
        assert status_of(web, "/prague/agenda/") == 503  # nobody has asked for it before
        assert status_of(web, "/healthz") == 200
        between.come_back()
        deadline = time.monotonic() + 15
        while status_of(web, "/prague/hall/board/", cookie) != 200:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        asker(house)("What of zanzibar?", "published")
        time.sleep(0.3)
        assert "zanzibar" in web.get("/prague/board/")


def status_of(web: WebProcess, path: str, cookie: str = "") -> int:
    """The status of a page."""
    client = web.connect(20)
    client.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    status = client.getresponse().status
    client.close()
    return status


def test_votes_are_recounted_by_one_process_and_told_by_all(start: Start, house: SimpleNamespace) -> None:
    from conference.board import keys
    from conference.board.votes import cast_vote

    one, two = start(PRODUCT), start(PRODUCT)
    streams = [web.stream("/prague/live/") for web in (one, two)]
    post: Any = asker(house)("What of zanzibar?", "published")
    cast_vote(post=post, participant=None, key=keys.new_key(), active=True)
    for stream in streams:
        data = read_until(stream, b"event: votes")
        data += b"" if b"\n\n" in data[data.index(b"event: votes") :] else read_until(stream, b"\n\n")
        assert f'"{post.public_id}": 1'.encode() in data
    assert Post.objects.get(pk=post.pk).vote_count == 1


def test_the_product_ends_in_time_with_open_streams(start: Start, house: SimpleNamespace) -> None:
    web = start(PRODUCT)
    streams = [web.stream("/prague/live/") for _ in range(10)]
    began = time.monotonic()
    web.signal(signal.SIGTERM)
    assert web.process.wait(5) == 0
    assert time.monotonic() - began < 3
    del streams


def test_a_role_taken_away_cuts_the_desks_stream(start: Start, house: SimpleNamespace) -> None:
    from conference.models import Membership

    web = start(PRODUCT)
    desk = open_desk(web, session_of(house, "desk"))
    desk.settimeout(5)
    Membership.objects.filter(user=house.desk).delete()
    while desk.recv(65536):
        pass
