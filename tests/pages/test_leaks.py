"""The leak that we fear: words that were not released, on any address that a stranger or the wrong audience reaches."""

import io
import re
import zipfile

import pytest
from django.test import Client

from conference.board import access, editing, flags, keys, services
from conference.board.models import Post
from conference.event.access import HALL, PUBLIC, Audience, hall_pass_value
from tests.pages.addresses import all_paths, public_paths

UNRELEASED = ("pending", "declined", "hidden", "withdrawn")
FORMS = ("/vote/", "/unvote/", "/reply/", "/flag/")


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
    posts |= plant_around(house, ask, posts["open"])
    return posts


def plant_around(house, ask, parent: Post) -> dict[str, Post]:
    """What hangs on published posts and is not released itself: new wordings, replies, flags."""
    planted = {
        f"reply_{state}": ask(f"quibblereply{state}zonk", state, parent=parent, name=f"nomreply{state}bre")
        for state in UNRELEASED
    }
    planted["proposed"] = editing.edit_own(
        post=ask("publicwording", "published"),
        participant=house.device,
        text="quibbleproposedzonk",
        key=keys.new_key(),
    )
    hidden = ask("quibbleparentzonk", "published")
    planted["orphan"] = ask("quibbleorphanzonk", "published", parent=hidden)
    services.decide(
        post=hidden,
        to="hidden",
        by=house.desk,
        roles=frozenset({"desk"}),
        version=hidden.version,
        reason="quibblereasonzonk",
    )
    flags.flag_post(
        post=parent, participant=house.device, key=keys.new_key(), reason="other", note="quibblenotezonk"
    )
    planted["hall_reply"] = ask(
        "flumberreplywick", "published", parent=ask("flumberparentwick", "published", item=house.closed_door)
    )
    return planted


WORDS = re.compile(r"quibble\w+zonk|nom\w+bre|flumber\w+wick")


def readable(body: bytes) -> str:
    """A page, or everything in a packed file."""
    if not body.startswith(b"PK"):
        return body.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return " ".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


def paths_to(house, posts: dict[str, Post]) -> list[str]:
    """Every address once: all of one post, and of the others those that name them."""
    first, *others = posts.values()
    named = [path for post in others for path in all_paths(house, post) if post.public_id in path]
    return [*all_paths(house, first), *named]


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
    assert words_seen_by(Client(), paths_to(house, posts)) == {}


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
    found = words_seen_by(client, paths_to(house, posts))
    # Public addresses stay public, whoever asks: but a form about a hall's post may be opened from the hall.
    assert all("/hall/" in path or path.endswith(FORMS) for path in found)
    seen: set[str] = set().union(*found.values())
    assert seen == {f"flumber{word}wick" for word in ("chatham", "live", "present", "reply", "parent")}


def test_a_pass_for_another_conference_opens_nothing(house, ask) -> None:
    posts = plant(house, ask)
    client = Client()
    client.cookies["hall_pass"] = "0" * 32
    assert words_seen_by(client, all_paths(house, posts["chatham"])) == {}


def test_somebody_elses_device_sees_nothing(house, ask, client_of) -> None:
    posts = plant(house, ask)
    unreleased = {state: posts[state] for state in UNRELEASED}
    assert words_seen_by(client_of("stranger"), paths_to(house, unreleased)) == {}


def test_what_waits_is_not_even_hinted_at(house, ask) -> None:
    """A pending question changes no byte of a public page, the number of the newest event included."""

    def pages() -> dict[str, bytes]:
        shown = {}
        for path in public_paths(house, shown_post):
            if "/me/" in path or "/ask/" in path or path.endswith(("withdraw/", "edit/", *FORMS)):
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


def test_hints_give_nothing_away(house, ask) -> None:
    """What is offered while one types, and before one sends, is what one could have read."""
    posts = plant(house, ask)
    for post in posts.values():
        Post.objects.filter(pk=post.pk).update(text=f"{post.text} alpha beta gamma delta")
    text = "publicword alpha beta gamma delta"
    for path in ("/prague/ask/similar/", "/prague/ask/"):
        for name in ("", "jana"):
            data = {"key": keys.new_key(), "text": text, "similar": "", "name": name}
            page = Client().post(path, data).content.decode()
            assert "publicword alpha" in page
            assert WORDS.findall(page) == []


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
