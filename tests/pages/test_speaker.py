"""A speaker's page: who may open it, what it lists, and where a published answer appears."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conference.agenda.models import Appearance
from conference.board import services
from conference.board.models import Decision, Post
from conference.event import links
from conference.event.models import Conference, Person, PrivateLink
from tests.conftest import PATHS

PAGE = "/prague/speaker/an-author/"


@pytest.fixture
def writer(house: SimpleNamespace) -> Client:
    """The author, who speaks in the keynote, came by a private link."""
    Appearance.objects.create(item=house.open, person=house.person, role="speaker")
    return by_link(house, house.person)[0]


def by_link(house: SimpleNamespace, person: Person) -> tuple[Client, PrivateLink]:
    link, secret = links.make_link(
        conference=house.conference, kind="speaker", by=house.organiser, person=person
    )
    client = Client()
    assert client.get(f"/prague/open/{secret}/")["Location"] == f"/prague/speaker/{person.slug}/"
    return client, link


def send(client: Client, post: Post, text: str = "Because.", version: int = 0):
    return client.post(f"{PAGE}answer/{post.public_id}/", {"text": text, "version": version})


def publish(house: SimpleNamespace, post: Post) -> Post:
    return services.decide(
        post=post, to="published", by=house.desk, roles=frozenset({"desk"}), version=post.version
    )


def test_gates(house, client_of) -> None:
    other = Person.objects.create(conference=house.conference, slug="other", name="Other")
    assert Client().get(PAGE).status_code == 303
    for name, status in (("stranger", 404), ("chair", 404), ("desk", 200), ("organiser", 200)):
        assert client_of(name).get(PAGE).status_code == status
    assert by_link(house, house.person)[0].get(PAGE).status_code == 200
    assert by_link(house, other)[0].get(PAGE).status_code == 303
    assert client_of("desk").get("/prague/speaker/nobody/").status_code == 404
    client, link = by_link(house, house.person)
    links.revoke_link(link=link)
    assert client.get(PAGE).status_code == 410
    assert client.post(f"{PAGE}answer/bcdfghjkmn/").status_code == 410


def test_the_plain_address(house, writer, client_of) -> None:
    assert Client().get("/prague/speaker/").status_code == 303
    assert writer.get("/prague/speaker/")["Location"] == PAGE
    assert "An Author" in client_of("organiser").get("/prague/speaker/").content.decode()
    assert client_of("chair").get("/prague/speaker/").status_code == 404


@pytest.mark.parametrize("state", sorted(PATHS))
def test_it_lists_what_was_passed_on_and_nothing_else(house, ask, writer, state: str) -> None:
    ask("quibbleword", state)
    shown = "quibbleword" in writer.get(PAGE).content.decode()
    assert shown == (state in ("not_reached", "passed_on"))


def test_from_the_answer_to_every_page(house, ask, writer) -> None:
    question = ask("Why though?", "not_reached", block=house.blocks[1])
    sent = send(writer, question, "Quibble because zonk.")
    assert sent.status_code == 303
    asker = Client()
    asker.cookies[settings.DEVICE_COOKIE_NAME] = signing.dumps(house.device.pk.hex, salt="device")
    pages = (
        "/prague/agenda/keynote/",
        "/prague/board/",
        f"/prague/board/{question.public_id}/",
        f"/prague/board/{question.public_id}/card/",
        f"/prague/papers/a-paper/{house.blocks[1].public_id}/",
        "/prague/me/",
    )
    for path in pages:
        assert "Quibble because zonk." not in asker.get(path).content.decode(), path
    publish(house, Post.objects.get(kind="answer"))
    for path in pages:
        page = asker.get(path).content.decode()
        assert "Quibble because zonk." in page, path
        assert "An Author" in page, path
    assert "Your answer is published." in writer.get(PAGE).content.decode()
    assert "Answered in writing" in asker.get("/prague/me/").content.decode()


def test_the_link_is_in_the_log(house, ask, client_of) -> None:
    Appearance.objects.create(item=house.open, person=house.person, role="speaker")
    Conference.objects.update(answers_need_approval=False)
    client, link = by_link(house, house.person)
    send(client, ask("One", "not_reached"))
    assert set(Decision.objects.filter(action="answer").values_list("by_link", flat=True)) == {link.pk}
    link.refresh_from_db()
    assert link.last_used_at is not None
    send(client_of("organiser"), ask("Two", "not_reached"))
    assert Decision.objects.filter(action="answer").last().by == house.organiser


def test_refusals_keep_what_was_typed(house, ask, writer) -> None:
    question = ask("Why though?", "not_reached")
    assert send(writer, question, "  ").status_code == 422
    long = "x" * 5000
    refused = send(writer, question, long)
    assert refused.status_code == 422
    assert long in refused.content.decode()
    send(writer, question, "First.")
    stale = send(writer, question, "Quibble typed elsewhere.")
    assert stale.status_code == 409
    assert "Quibble typed elsewhere." in stale.content.decode()
    gone = ask("Taken back", "not_reached")
    services.withdraw(post=gone, participant=house.device)
    lost = send(writer, gone, "Quibble for nobody.")
    assert lost.status_code == 409
    assert "Quibble for nobody." in lost.content.decode()
    assert "Taken back" not in lost.content.decode()


@pytest.mark.parametrize("state", ["pending", "published", "declined", "hidden", "withdrawn", "answered"])
def test_an_address_that_was_guessed_tells_nothing(house, ask, writer, state: str) -> None:
    question = ask("quibbleguessedzonk", state)
    answer = send(writer, question)
    assert answer.status_code == 409
    assert "quibbleguessedzonk" not in answer.content.decode()
    assert not Post.objects.filter(kind="answer").exists()


def test_a_question_that_nobody_approved_says_so(house, ask, writer) -> None:
    question = ask("Never approved", "passed_on")
    assert "Nobody but you and the question desk" in writer.get(PAGE).content.decode()
    Conference.objects.update(answers_need_approval=False)
    send(writer, question, "quibbleanswerzonk")
    for path in ("/prague/agenda/keynote/", "/prague/board/", f"/prague/board/{question.public_id}/"):
        page = Client().get(path).content.decode()
        assert "quibbleanswerzonk" not in page
        assert "Never approved" not in page


def test_queries_do_not_grow(house, ask, writer) -> None:
    Conference.objects.update(answers_need_approval=False)

    def count(client: Client, path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    paths = ("/prague/agenda/keynote/", "/prague/board/", PAGE)
    send(writer, ask("One", "not_reached"))
    at_one = [count(writer, path) for path in paths]
    for number in range(5):
        send(writer, ask(f"Question {number}", "not_reached"))
    assert [count(writer, path) for path in paths] == at_one
    assert at_one[0] <= 6
