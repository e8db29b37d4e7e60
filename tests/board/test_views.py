"""What the outside may rely on: statuses, cookies, kept text."""

import re

import pytest
from django.test import Client

from conference.board import keys
from conference.board.models import Decision, Post, Vote
from conference.event.models import Participant


def ask_form(client: Client, query: str = "") -> dict[str, str]:
    """The hidden fields of the form for a question."""
    page = client.get(f"/prague/ask/{query}").content.decode()
    return dict(re.findall(r'name="(key|csrfmiddlewaretoken|block|quote)"[^>]*value="([^"]*)"', page))


def test_ask_answers_303_with_the_device_cookie_and_a_retry_gives_the_same(house) -> None:
    client = Client()
    data = {"key": ask_form(client)["key"], "text": "Why?", "item": "keynote"}
    first = client.post("/prague/ask/", data)
    assert first.status_code == 303
    assert first.url.startswith("/prague/me/?sent=")
    # The answer was lost on the way: another browser jar, the same key.
    again = Client().post("/prague/ask/", data)
    assert again.status_code == 303
    assert again.url == first.url
    assert again.cookies["device"].value.split(":")[0] == first.cookies["device"].value.split(":")[0]
    assert Post.objects.count() == 1
    assert Participant.objects.exclude(pk=house.device.pk).count() == 1


def test_same_key_with_other_words_is_409_and_keeps_them(house) -> None:
    client = Client()
    key = ask_form(client)["key"]
    client.post("/prague/ask/", {"key": key, "text": "Why?"})
    answer = client.post("/prague/ask/", {"key": key, "text": "Something else?"})
    assert answer.status_code == 409
    assert "Something else?" in answer.content.decode()
    new_key = re.search(r'name="key"[^>]*value="([0-9a-f]{32})"', answer.content.decode()).group(1)
    assert new_key != key
    assert client.post("/prague/ask/", {"key": new_key, "text": "Something else?"}).status_code == 303


@pytest.mark.parametrize(
    "broken",
    [
        {"text": ""},
        {"text": "x" * 1001},
        {"key": "short"},
        {"item": "nowhere"},
        {"to": "nobody"},
        {"block": "p0000000"},
    ],
)
def test_invalid_is_422_and_nothing_typed_is_lost(house, broken: dict) -> None:
    data = {"key": keys.new_key(), "text": "A long thought", "name": "Jana", **broken}
    answer = Client().post("/prague/ask/", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert data["text"] in page
    assert "Jana" in page
    assert not Post.objects.exists()


def test_no_token_is_403_and_keeps_the_text(house) -> None:
    answer = Client(enforce_csrf_checks=True).post(
        "/prague/ask/", {"key": keys.new_key(), "text": "My thought"}
    )
    assert answer.status_code == 403
    assert "My thought" in answer.content.decode()


def test_the_form_of_a_browser_works_with_its_token(house) -> None:
    client = Client(enforce_csrf_checks=True)
    hidden = ask_form(client)
    assert client.post("/prague/ask/", {**hidden, "text": "Why?"}).status_code == 303


def test_a_question_about_a_paragraph(house) -> None:
    client = Client()
    block = house.blocks[1]
    hidden = ask_form(client, f"?block={block.public_id}")
    assert hidden["block"] == block.public_id
    client.post("/prague/ask/", {**hidden, "text": "Really?", "kind": "comment"})
    post = Post.objects.get()
    assert (post.block, post.kind) == (block, "comment")


def test_the_limit_is_429_with_when_to_come_back(house, settings) -> None:
    client = Client()
    # The first post has no device yet, and counts for its address only.
    for number in range(8):
        data = {"key": ask_form(client)["key"], "text": f"Question {number}"}
        answer = client.post("/prague/ask/", data)
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 61
    assert data["text"] in answer.content.decode()


def test_the_asker_sees_the_fate(house, client_of) -> None:
    client = Client()
    client.post("/prague/ask/", {"key": ask_form(client)["key"], "text": "My very own"})
    assert "My very own" in client.get("/prague/me/").content.decode()
    assert "Waiting for approval" in client.get("/prague/me/").content.decode()
    post = Post.objects.get()
    decide = f"/prague/moderate/{post.public_id}/decide/"
    client_of("desk").post(decide, {"to": "declined", "version": post.version, "reason": "Asked already"})
    page = client.get("/prague/me/").content.decode()
    assert "Asked already" in page
    assert "My very own" not in Client().get("/prague/me/").content.decode()


def test_vote_and_take_it_back(house, ask) -> None:
    post = ask("Votable", "published")
    client = Client()
    page = client.get(f"/prague/board/{post.public_id}/vote/").content.decode()
    key = re.search(r'name="key"[^>]*value="([0-9a-f]{32})"', page).group(1)
    assert client.post(f"/prague/board/{post.public_id}/vote/", {"key": key}).status_code == 303
    assert Vote.objects.filter(active=True).count() == 1
    taken = client.post(f"/prague/board/{post.public_id}/unvote/", {"key": keys.new_key()})
    assert taken.status_code == 303
    assert not Vote.objects.filter(active=True).exists()


def test_take_back_only_by_its_device(house) -> None:
    client = Client()
    client.post("/prague/ask/", {"key": ask_form(client)["key"], "text": "Mine"})
    post = Post.objects.get()
    path = f"/prague/board/{post.public_id}/withdraw/"
    assert Client().get(path).status_code == 404
    assert Client().post(path).status_code == 404
    assert client.post(path).status_code == 303
    post.refresh_from_db()
    assert post.state == "withdrawn"


@pytest.mark.parametrize(
    "path", ["/prague/moderate/", "/prague/organise/", "/absent/moderate/", "/absent/organise/"]
)
def test_absent_and_forbidden_look_alike(house, client_of, path: str) -> None:
    stranger = Client().get(path)
    assert stranger.status_code == 303
    assert stranger.url.startswith("/accounts/sign-in/?next=")
    assert client_of("stranger").get(path).status_code == 404


def test_a_chair_runs_the_stage_but_approves_nothing(house, ask, client_of) -> None:
    chair = client_of("chair")
    waiting = ask("Waiting")
    answer = chair.post(f"/prague/moderate/{waiting.public_id}/decide/", {"to": "published", "version": 1})
    assert answer.status_code == 422
    listed = ask("Listed", "published")
    answer = chair.post(
        f"/prague/moderate/{listed.public_id}/decide/", {"to": "live", "version": listed.version}
    )
    assert answer.status_code == 303
    assert chair.get("/prague/organise/").status_code == 404


def test_stale_is_409_and_names_who(house, ask, client_of) -> None:
    post = ask()
    path = f"/prague/moderate/{post.public_id}/decide/"
    assert client_of("desk").post(path, {"to": "published", "version": post.version}).status_code == 303
    answer = client_of("organiser").post(path, {"to": "declined", "version": post.version, "reason": "no"})
    assert answer.status_code == 409
    assert "desk" in answer.content.decode()
    assert Decision.objects.count() == 1


def test_declining_without_a_reason_is_422(house, ask, client_of) -> None:
    post = ask()
    path = f"/prague/moderate/{post.public_id}/decide/"
    assert client_of("desk").post(path, {"to": "declined", "version": post.version}).status_code == 422


def test_queue_is_oldest_first(house, ask, client_of) -> None:
    for number in range(3):
        ask(f"Question number {number}")
    page = client_of("desk").get("/prague/moderate/").content.decode()
    places = [page.index(f"Question number {number}") for number in range(3)]
    assert places == sorted(places)


def test_reading_sets_no_cookie_and_varies_on_none(house, ask) -> None:
    post = ask("Listed", "published")
    for path in (
        "",
        "agenda/",
        "agenda/keynote/",
        "board/",
        f"board/{post.public_id}/card/",
        "papers/a-paper/",
    ):
        response = Client().get(f"/prague/{path}")
        assert response.status_code == 200, path
        assert not response.cookies
        assert "cookie" not in response.get("Vary", "").lower()
        assert b"csrfmiddlewaretoken" not in response.content
