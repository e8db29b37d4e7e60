"""The trail: what its author reads of each post, and how it goes along to another device."""

import re
import time

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client

from conference.board import joining, keys, services
from conference.board.models import Post
from conference.event.access import carry_token, remember_device
from conference.event.models import Participant

DESK = frozenset({"desk"})
WORDS = {
    "pending": "Waiting for approval",
    "published": "On the list",
    "shortlisted": "On the list",
    "live": "Being answered now",
    "answered": r"Answered in the hall, 09:5\d",
    "declined": "Not included: because",
    "hidden": "Removed by the organisers: because",
    "withdrawn": "Taken back",
    "not_reached": "No time left; passed to the speaker",
}


def device_of(participant: Participant) -> Client:
    """A browser with the cookie of a device."""
    client, response = Client(), HttpResponse()
    remember_device(response, participant)
    client.cookies = response.cookies
    return client


@pytest.mark.parametrize("state", WORDS)
def test_each_state_in_its_words(house, ask, state: str) -> None:
    ask("My very own", state)
    for headers in ({}, {"HX-Request": "true"}):
        page = device_of(house.device).get("/prague/me/", headers=headers).content.decode()
        assert re.search(rf'class="state">{WORDS[state]}', page), page
        # A place on the shortlist would be a promise.
        assert "hortlist" not in page
        assert ("/withdraw/" in page) == (state in ("pending", "published", "shortlisted", "not_reached"))
        assert ("/edit/" in page) == (state in ("pending", "published", "shortlisted"))


def test_joined_with_another_leads_there(house, ask) -> None:
    target = ask("The other one", "published", participant=Participant.objects.create())
    mine = ask("My very own", "published")
    joining.join(post=mine, into=target, by=house.desk, roles=DESK, version=mine.version)
    page = device_of(house.device).get("/prague/me/").content.decode()
    assert "Joined with a similar one; your vote counts" in page
    assert f'href="/prague/board/{target.public_id}/"' in page
    # A bookmark of the joined one leads there as well.
    moved = Client().get(f"/prague/board/{mine.public_id}/")
    assert (moved.status_code, moved.url) == (301, f"/prague/board/{target.public_id}/")


def test_sent_back_to_be_shortened(house, ask) -> None:
    post = ask("Far too long")
    services.decide(
        post=post, to="declined", by=house.desk, roles=DESK, version=post.version, reason="x", may_resend=True
    )
    client = device_of(house.device)
    assert "Shorten and send again" in client.get("/prague/me/").content.decode()
    path = f"/prague/board/{post.public_id}/edit/"
    assert client.post(path, {"key": keys.new_key(), "text": "Short"}).status_code == 303
    assert Post.objects.get(pk=post.pk).state == "pending"


def test_what_was_sent_on_an_open_board_is_said_to_be_on_the_list(house) -> None:
    house.open.board_mode = "open"
    house.open.save()
    client = Client()
    sent = client.post("/prague/ask/", {"key": keys.new_key(), "text": "Why?", "item": "keynote"})
    assert "Thank you. It is on the list." in client.get(sent.url).content.decode()


def test_it_goes_along_to_another_device(house, ask) -> None:
    post = ask("My very own")
    page = device_of(house.device).get("/prague/me/").content.decode()
    link = re.search(r'id="carry" value="http://[^/]+(/prague/me/carry/[^"]+)"', page).group(1)
    assert "mailto:?subject=" in page
    other = Client(enforce_csrf_checks=True)
    shown = other.get(link)
    # Reading changes nothing: mail programs look at links, too.
    assert "device" not in other.cookies
    assert "My very own" not in shown.content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', shown.content.decode()).group(1)
    assert other.post(link).status_code == 403
    assert other.post(link, {"csrfmiddlewaretoken": token}).status_code == 303
    assert "My very own" in other.get("/prague/me/").content.decode()
    assert services.withdraw(post=post, participant=house.device).state == "withdrawn"
    # Without anything sent there is nothing to carry.
    assert "me/carry/" not in Client().get("/prague/me/").content.decode()


@pytest.mark.parametrize("broken", ["forged", "other use", "old"])
def test_a_link_that_does_not_hold_carries_nothing(house, monkeypatch, broken: str) -> None:
    token = carry_token(house.device)
    if broken == "forged":
        token = token[:-3] + "abc"
    elif broken == "other use":
        token = signing.dumps(house.device.pk.hex, salt="device")
    else:
        now = time.time()
        monkeypatch.setattr("django.core.signing.time.time", lambda: now + 3 * 24 * 3600 + 5)
    client = Client()
    path = f"/prague/me/carry/?token={token}"
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410
    assert "device" not in client.cookies


def test_who_has_sent_something_here_is_warned(house, ask) -> None:
    ask("Of the first")
    second = Participant.objects.create()
    ask("Of the second", participant=second)
    path = f"/prague/me/carry/?token={carry_token(house.device)}"
    assert "will not show it as yours" in device_of(second).get(path).content.decode()
    assert "will not show it as yours" not in device_of(house.device).get(path).content.decode()
