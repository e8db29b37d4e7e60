"""Web processes that are frozen, cut off, or ended."""

import signal
import time
from collections.abc import Callable

import pytest

from tests.conftest import conference_row

from .conftest import WebProcess, between_database, execute, read_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

Start = Callable[..., WebProcess]


def move_board(revision: int) -> None:
    """The board changes, and everyone who listens hears of it."""
    execute(
        f"UPDATE conference_topic SET revision = {revision} WHERE name = '1/board';"
        f"NOTIFY live, '1/board:{revision}'"
    )


def send_event(number: int, subject: str) -> None:
    """An event of the public streams is committed."""
    execute(
        conference_row()
        + "INSERT INTO conference_liveevent (conference_id, audience, number, kind, subject, at)"
        f" VALUES (1, 'public', {number}, 'votes', '{subject}', now());"
        f"INSERT INTO conference_topic VALUES ('1/events/public', {number})"
        f" ON CONFLICT (name) DO UPDATE SET revision = {number};"
        f"NOTIFY live, '1/events/public:{number}'"
    )


def test_an_event_crosses_from_one_process_to_the_other(start: Start) -> None:
    one, two = start(), start()
    streams = [one.stream("/c/live/"), two.stream("/c/live/")]
    began = time.monotonic()
    send_event(1, "seven")
    for stream in streams:
        assert b"id: 1\nevent: votes\n" in read_until(stream, b"data: seven\n\n")
    assert time.monotonic() - began < 1
    move_board(8)
    time.sleep(0.2)
    assert (one.get("/c/board/"), two.get("/c/board/")) == ("board 8", "board 8")


def test_a_frozen_process_does_not_vouch_for_what_it_slept_through(start: Start) -> None:
    web = start()
    kept = web.connect()
    web.signal(signal.SIGSTOP)
    # Waiting in its socket when it wakes: answered before anything that it has not heard of yet.
    kept.request("GET", "/c/board/")
    time.sleep(2)
    move_board(9)
    web.signal(signal.SIGCONT)
    assert kept.getresponse().read() == b"board 9"


def test_a_frozen_process_replays_to_its_streams_what_they_missed(start: Start) -> None:
    web = start()
    stream = web.stream("/c/live/")
    web.signal(signal.SIGSTOP)
    send_event(1, "asleep")
    time.sleep(1.5)
    web.signal(signal.SIGCONT)
    read_until(stream, b"data: asleep\n\n")


def test_a_process_cut_off_from_the_news_stops_vouching_within_two_seconds(start: Start) -> None:
    with between_database() as between:
        web = start(LISTEN_DATABASE_URL=between.url)
        between.freeze()
        began = time.monotonic()
        move_board(5)
        while web.get("/c/board/") != "board 5":
            assert time.monotonic() - began < 2
            time.sleep(0.02)
        move_board(6)
        assert web.get("/c/board/") == "board 6"  # from now on each request is rendered


def test_a_terminated_listener_hears_again(start: Start) -> None:
    web = start()
    stream = web.stream("/c/live/")
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'conference listener' AND datname = current_database()"
    )
    send_event(1, "after the cut")
    move_board(4)
    assert web.get("/c/board/") == "board 4"
    read_until(stream, b"data: after the cut\n\n")


def test_the_last_page_while_the_database_is_away(start: Start) -> None:
    """The whole database through a proxy that goes silent: nothing answers, and nothing says so."""
    with between_database() as between:
        web = start(DATABASE_URL=between.url)
        between.freeze()
        time.sleep(1.1)
        began = time.monotonic()
        assert web.get("/c/board/") == "board 3"
        assert time.monotonic() - began < 3
        began = time.monotonic()
        for _ in range(5):
            assert web.get("/c/board/") == "board 3"
        assert time.monotonic() - began < 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_time_with_streams_idle_connections_and_a_request_that_hangs(
    start: Start, number: int
) -> None:
    web = start()
    streams = [web.stream("/c/live/") for _ in range(20)]
    idle = web.connect()
    idle.request("GET", "/c/board/")
    idle.getresponse().read()
    hanging = web.connect()
    hanging.request("GET", "/c/hang/")
    time.sleep(0.2)
    began = time.monotonic()
    web.signal(number)
    for stream in streams:
        assert stream.recv(65536).endswith(b"0\r\n\r\n")
        assert time.monotonic() - began < 1
    assert web.process.wait(5) == 0
    assert time.monotonic() - began < 3.2


def test_with_streams_only_it_ends_at_once(start: Start) -> None:
    web = start()
    streams = [web.stream("/c/live/") for _ in range(20)]
    began = time.monotonic()
    web.signal(signal.SIGTERM)
    assert web.process.wait(5) == 0
    assert time.monotonic() - began < 1
    del streams
