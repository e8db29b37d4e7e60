"""New words by the author: at once while it waits, through the desk once it is published."""

import re

import pytest
from django.test import Client

from conference.board import editing, keys, services
from conference.board.models import Decision, Post
from conference.event.models import Participant

DESK = frozenset({"desk"})


def edit(post: Post, text: str, key: str | None = None, participant: Participant | None = None) -> Post:
    return editing.edit_own(
        post=post, participant=participant or post.participant, text=text, key=key or keys.new_key()
    )


def decide_edit(house, post: Post, accept: bool, version: int | None = None, **more: object) -> Post:
    act = editing.accept_edit if accept else editing.refuse_edit
    more = more if accept else {"reason": "too long", **more}
    return act(post=post, by=house.desk, roles=DESK, version=version or post.version, **more)


def test_what_waits_changes_at_once_and_the_desk_is_stale(house, ask) -> None:
    post = ask("First words")
    edited = edit(post, "Second words")
    assert Post.objects.get(pk=post.pk).text == "Second words"
    assert edited.state == "pending"
    with pytest.raises(services.Stale):
        services.decide(post=post, to="published", by=house.desk, roles=DESK, version=post.version)
    logged = Decision.objects.get(post=post)
    assert (logged.source, logged.target, logged.action, logged.by_author) == (
        "pending",
        "pending",
        "author-edit",
        True,
    )
    assert logged.before == {"text": "First words"}


@pytest.mark.parametrize("state", ["published", "shortlisted"])
def test_what_is_published_stays_until_the_desk_says_so(house, ask, state: str) -> None:
    post = edit(ask("First words", state), "Second words")
    assert (post.text, post.proposed_text, post.state) == ("First words", "Second words", state)
    accepted = decide_edit(house, post, True)
    assert (accepted.text, accepted.proposed_text, accepted.state) == ("Second words", "", state)
    # The same decision twice is success.
    assert decide_edit(house, post, True).version == accepted.version
    assert [d.action for d in Decision.objects.filter(post=post)][-2:] == ["propose", "accept-edit"]


def test_a_refused_wording_leaves_it_and_tells_why(house, ask) -> None:
    post = edit(ask("First words", "published"), "Second words")
    with pytest.raises(services.ReasonMissing):
        decide_edit(house, post, False, reason=" ")
    refused = decide_edit(house, post, False)
    assert (refused.text, refused.proposed_text) == ("First words", "")
    with pytest.raises(services.NotAllowed):
        decide_edit(house, refused, True)


def test_a_wording_is_decided_as_it_was_seen(house, ask) -> None:
    post = edit(ask("First words", "published"), "Second words")
    edit(post, "Third words")
    with pytest.raises(services.Stale):
        decide_edit(house, post, True)
    assert Post.objects.get(pk=post.pk).text == "First words"
    with pytest.raises(services.NotAllowed):
        editing.accept_edit(post=post, by=house.chair, roles=frozenset({"chair"}), version=post.version + 1)


def test_shortened_and_sent_again(house, ask) -> None:
    post = ask("Far too long")
    post = services.decide(
        post=post,
        to="declined",
        by=house.desk,
        roles=DESK,
        version=post.version,
        reason="shorter",
        may_resend=True,
    )
    again = edit(post, "Short")
    assert (again.state, again.text, again.may_resend, again.reason) == ("pending", "Short", False, "")
    assert Decision.objects.filter(post=post).last().action == "resend"


@pytest.mark.parametrize("state", ["declined", "hidden", "withdrawn", "live", "answered", "not_reached"])
def test_what_is_over_cannot_be_changed(house, ask, state: str) -> None:
    post = ask("First words", state)
    with pytest.raises(services.NotAllowed):
        edit(post, "Second words")
    assert Post.objects.get(pk=post.pk).text == "First words"


def test_only_by_its_device_and_once_for_each_key(house, ask) -> None:
    post = ask("First words")
    with pytest.raises(services.NotAllowed):
        edit(post, "Mine now", participant=Participant.objects.create())
    key = keys.new_key()
    edited = edit(post, "Second words", key)
    assert edit(post, "Second words", key).version == edited.version
    with pytest.raises(keys.KeyReused):
        edit(post, "Third words", key)
    assert Post.objects.get(pk=post.pk).text == "Second words"


def test_taking_it_back_takes_the_wording_along(house, ask) -> None:
    post = edit(ask("First words", "published"), "Second words")
    assert services.withdraw(post=post, participant=house.device).proposed_text == ""


def sent_by(client: Client, text: str, **more: str) -> Post:
    client.post("/prague/ask/", {"key": keys.new_key(), "text": text, **more})
    return Post.objects.latest("pk")


def form_of(client: Client, path: str) -> dict[str, str]:
    page = client.get(path).content.decode()
    return {"key": re.search(r'name="key" value="(\w+)"', page).group(1)}


def test_through_the_form(house, client_of) -> None:
    client = Client()
    post = sent_by(client, "First words", item="keynote")
    path = f"/prague/board/{post.public_id}/edit/"
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"key": keys.new_key(), "text": "Mine now"}).status_code == 404
    page = client.get(path)
    assert "First words" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert client.post(path, {**form_of(client, path), "text": ""}).status_code == 422
    data = {**form_of(client, path), "text": "Second words"}
    assert client.post(path, data).status_code == 303
    assert client.post(path, data).status_code == 303
    stale = client.post(path, {**data, "text": "Third words"})
    assert stale.status_code == 409
    assert "Third words" in stale.content.decode()
    # While it was being typed, the question went on stage: the text is kept.
    Post.objects.update(release="published", stage="live")
    late = client.post(path, {"key": keys.new_key(), "text": "Fourth words"})
    assert late.status_code == 409
    assert "cannot be changed any more" in late.content.decode()


def test_in_a_session_without_names_a_new_wording_is_looked_at_too(house) -> None:
    client = Client()
    post = sent_by(client, "First words", item="secret")
    path = f"/prague/board/{post.public_id}/edit/"
    data = {"key": keys.new_key(), "text": "As the ambassador of Norway I ask"}
    assert client.post(path, data).status_code == 422
    assert client.post(path, {**data, "warned": "shown"}).status_code == 303


def test_the_trail_tells_of_both_wordings(house) -> None:
    client = Client()
    post = sent_by(client, "First words", item="keynote")
    services.decide(post=post, to="published", by=house.desk, roles=DESK, version=post.version)
    post = edit(post, "Second words")
    trail = client.get("/prague/me/").content.decode()
    assert "Second words" in trail
    assert "First words" in trail
    decide_edit(house, post, False, reason="It asks something else")
    trail = client.get("/prague/me/").content.decode()
    assert "Your new wording was not taken: It asks something else" in trail
    assert "Second words" not in trail
    post.refresh_from_db()
    edit(post, "Third words")
    assert "was not taken" not in client.get("/prague/me/").content.decode()
