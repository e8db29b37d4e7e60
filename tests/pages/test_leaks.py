"""The leak that we fear: words that were not released, on any address that a stranger or the wrong audience reaches."""

import io
import re
import zipfile

import pytest
from django.test import Client

from conference.board import access
from conference.board.models import Post
from conference.event.access import HALL, PUBLIC, Audience, hall_pass_value
from tests.pages.addresses import all_paths, public_paths

UNRELEASED = ("pending", "declined", "hidden", "withdrawn")


def plant(house, ask) -> dict[str, Post]:
    """A post with a unique word for each state, and questions of sessions that stay in the hall."""
    posts = {
        state: ask(
            f"quibble{state}zonk",
            state,
            name=f"nom{state}bre",
            block=house.blocks[1],
            quote=f"quibblequote{state}zonk",
            quote_prefix=f"quibblebefore{state}zonk",
        )
        for state in UNRELEASED
    }
    posts["chatham"] = ask("flumberchathamwick", "published", item=house.closed_door)
    posts["chatham_live"] = ask("flumberlivewick", "live", item=house.closed_door)
    posts["present"] = ask("flumberpresentwick", "published", item=house.present)
    posts["open"] = ask("publicword", "published", block=house.blocks[1])
    return posts


WORDS = re.compile(r"quibble\w+zonk|nom\w+bre|flumber\w+wick")


def readable(body: bytes) -> str:
    """A page, or everything in a packed file."""
    if not body.startswith(b"PK"):
        return body.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return " ".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


def words_seen_by(client: Client, paths: list[str]) -> dict[str, set[str]]:
    seen = {}
    for path in paths:
        for headers in ({}, {"HX-Request": "true"}):
            response = client.get(path, headers=headers)
            body = b"".join(response) if response.streaming else response.content
            text = readable(body) + repr(response.headers)
            if found := set(WORDS.findall(text)):
                seen.setdefault(path, set()).update(found)
    return seen


def test_a_stranger_sees_nothing_unreleased(house, ask) -> None:
    posts = plant(house, ask)
    for post in posts.values():
        assert words_seen_by(Client(), all_paths(house, post)) == {}


def test_the_public_word_is_there(house, ask) -> None:
    """The crawl above reads real pages: what is released is on them."""
    posts = plant(house, ask)
    pages = [
        path for path in public_paths(house, posts["open"]) if b"publicword" in Client().get(path).content
    ]
    for part in ("/board/", f"/board/{posts['open'].public_id}/card/", f"/agenda/{house.open.slug}/"):
        assert f"/prague{part}" in pages
        assert f"/cs/prague{part}" in pages


def test_the_hall_sees_its_own_and_nothing_unreleased(house, ask) -> None:
    posts = plant(house, ask)
    client = Client()
    client.cookies["hall_pass"] = hall_pass_value(house.conference)
    seen: set[str] = set()
    for post in posts.values():
        found = words_seen_by(client, all_paths(house, post))
        # Public addresses stay public, whoever asks: but a form about a hall's post may be opened from the hall.
        assert all("/hall/" in path or "/vote/" in path or "/unvote/" in path for path in found)
        seen.update(*found.values())
    assert seen == {"flumberchathamwick", "flumberlivewick", "flumberpresentwick"}


def test_a_pass_for_another_conference_opens_nothing(house, ask) -> None:
    posts = plant(house, ask)
    client = Client()
    client.cookies["hall_pass"] = "0" * 32
    assert words_seen_by(client, all_paths(house, posts["chatham"])) == {}


def test_somebody_elses_device_sees_nothing(house, ask, client_of) -> None:
    posts = plant(house, ask)
    for state in UNRELEASED:
        assert words_seen_by(client_of("stranger"), all_paths(house, posts[state])) == {}


def test_what_waits_is_not_even_hinted_at(house, ask) -> None:
    """A pending question changes no byte of a public page, the number of the newest event included."""

    def pages() -> dict[str, bytes]:
        shown = {}
        for path in public_paths(house, shown_post):
            if "/me/" in path or "/ask/" in path or "vote/" in path or "withdraw/" in path:
                continue
            body = Client().get(path).content
            shown[path] = re.sub(rb'data-made="[^"]*"|csrfmiddlewaretoken" value="[^"]*"', b"", body)
        return shown

    shown_post = ask("publicword", "published")
    before = pages()
    assert len(before) > 20
    ask("quibblewaitszonk", "pending")
    ask("quibblehallzonk", "published", item=house.closed_door)
    assert pages() == before


@pytest.mark.parametrize("rule", ["on_record", "chatham_house", "those_present"])
def test_gate_by_attribution(house, ask, rule: str) -> None:
    post = ask("A question", "published", item=house.closed_door)
    house.closed_door.attribution = rule
    house.closed_door.save()

    def sees(audience: str) -> bool:
        return access.visible_to(Audience(audience), house.conference).filter(pk=post.pk).exists()

    assert sees(PUBLIC) == (rule == "on_record")
    assert sees(HALL)


def test_those_present_take_their_board_along(house, ask) -> None:
    """After the end of a session for those present only its questions are gone from phones."""
    post = ask("A question", "published", item=house.present)
    visible = access.visible_to(Audience(HALL), house.conference)
    assert post in visible
    house.conference.clock_from = house.present.end
    house.conference.save()
    assert post not in access.visible_to(Audience(HALL), house.conference)


def test_the_test_catches_a_leak(house, ask, monkeypatch) -> None:
    """Without the gate the crawl finds the words: the tests above can fail."""
    posts = plant(house, ask)
    monkeypatch.setattr(
        "conference.board.queries.visible_to",
        lambda audience, conference: Post.objects.filter(conference=conference).select_related(
            "item", "block__paper", "addressee"
        ),
    )
    seen = words_seen_by(Client(), public_paths(house, posts["pending"]))
    assert seen
