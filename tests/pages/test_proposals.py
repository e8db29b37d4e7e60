"""What speakers send by their private link: it waits for the organiser, and nothing of it is public before."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conference.agenda.material_models import Material
from conference.agenda.models import Appearance
from conference.agenda.proposal_models import PersonProposal
from conference.event import directory, links
from conference.event.models import Person
from tests.pages.test_speaker import PAGE, by_link, writer

__all__ = ["writer"]

ORGANISE = "/prague/organise/people/an-author/"


def send(client: Client, text: str = "Wrote quibblebook.", number: int = 0, version: int = 1):
    data = {"number": number, "version": version, "affiliation": "House", "biography": text}
    return client.post(f"{PAGE}about/", data)


def decide(client: Client, what: str, version: int, person_version: int, number: int = 1):
    data = {"what": what, "version": version, "person_version": person_version}
    return client.post(f"{ORGANISE}proposals/{number}/", data)


def test_a_biography_waits_is_taken_over_and_that_is_undone(house, writer, client_of) -> None:
    organiser = client_of("organiser")
    assert send(writer).status_code == 303
    assert "Your text waits for the organiser" in writer.get(PAGE).content.decode()
    assert "quibblebook" not in Client().get("/prague/people/an-author/").content.decode()
    assert "a corrected biography" in organiser.get("/prague/organise/people/").content.decode()
    shown = organiser.get(ORGANISE).content.decode()
    assert "quibblebook" in shown
    assert str(PersonProposal.objects.get().by_link) in shown
    assert decide(organiser, "take", 1, 1).status_code == 303
    assert decide(organiser, "take", 1, 1).status_code == 303
    assert "quibblebook" in Client().get("/prague/people/an-author/").content.decode()
    row = PersonProposal.objects.get()
    assert (row.state, row.decided_by, row.by_link.person) == ("taken", house.organiser, house.person)
    assert decide(organiser, "undo", 2, 2).status_code == 303
    assert "quibblebook" not in Client().get("/prague/people/an-author/").content.decode()
    assert decide(organiser, "leave", 3, 3).status_code == 303
    left = writer.get(PAGE).content.decode()
    assert "left the text as it was" in left
    assert "quibblebook" in left


def test_a_stale_page_takes_nothing_over(house, writer, client_of) -> None:
    organiser = client_of("organiser")
    send(writer)
    values = {"name": "An Author", "affiliation": "", "biography": "By a colleague."}
    directory.save_person(conference=house.conference, person=house.person, version=1, values=values)
    stale = decide(organiser, "take", 1, 1)
    assert stale.status_code == 409
    assert "By a colleague." in stale.content.decode()
    assert Person.objects.get(slug="an-author").biography == "By a colleague."
    # A newer proposal came while the organiser looked at the first.
    assert send(writer, "Newer.", 1, 2).status_code == 303
    assert decide(organiser, "take", 1, 2).status_code == 409
    assert list(PersonProposal.objects.values_list("state", flat=True)) == ["replaced", "waiting"]


def test_two_windows_keep_what_was_typed(house, writer) -> None:
    send(writer)
    assert send(writer).status_code == 303
    stale = send(writer, "Typed elsewhere.")
    assert stale.status_code == 409
    text = stale.content.decode()
    assert "Typed elsewhere." in text
    assert 'name="number" value="1"' in text
    assert PersonProposal.objects.count() == 1
    long = send(writer, "x" * 3001, 1)
    assert long.status_code == 422
    assert "x" * 3001 in long.content.decode()


def add(client: Client, item: str = "keynote", page: str = PAGE, name: str = "mine.pdf"):
    file = SimpleUploadedFile(name, b"%PDF-1.4")
    data = {"item": item, "kind": "slides", "title": "Quibbleslides", "upload": file}
    return client.post(f"{page}materials/", data)


def test_slides_wait_for_the_organiser(house, writer, client_of) -> None:
    assert add(writer).status_code == 303
    made = Material.objects.get()
    assert (made.speaker, made.by) == (house.person, None)
    assert "Quibbleslides" in writer.get(PAGE).content.decode()
    address = f"/prague/agenda/keynote/materials/{made.pk}/"
    assert Client().get(address).status_code == 404
    assert "Quibbleslides" not in Client().get("/prague/agenda/keynote/").content.decode()
    organiser = client_of("organiser")
    for page in ("/prague/organise/people/", ORGANISE):
        assert "Quibbleslides" in organiser.get(page).content.decode()
    change = f"/prague/organise/items/keynote/materials/{made.pk}/"
    organiser.post(change, {"what": "take", "version": 1})
    assert Client().get(address).status_code == 200
    assert add(writer, name="run.exe").status_code == 422


@pytest.mark.parametrize("item", ["secret", "table", "nothing"])
def test_other_peoples_sessions_cannot_be_touched(house, writer, item: str) -> None:
    assert add(writer, item).status_code == 422
    assert not Material.objects.exists()


def test_whoever_may_not(house, writer, client_of) -> None:
    other = Person.objects.create(conference=house.conference, slug="other", name="Other")
    for client, status in (
        (Client(), 303),
        (by_link(house, other)[0], 303),
        (client_of("stranger"), 404),
        (client_of("chair"), 404),
    ):
        assert send(client).status_code == status
        assert add(client).status_code == status
    # A speaker of no session has none to add to.
    assert add(by_link(house, other)[0], page="/prague/speaker/other/").status_code == 404
    client, link = by_link(house, house.person)
    links.revoke_link(link=link)
    assert send(client).status_code == 410
    assert add(client).status_code == 410
    # Somebody who cancelled speaks no more.
    Appearance.objects.update(cancelled=True)
    assert add(writer).status_code == 404
    assert not PersonProposal.objects.exists()
    assert not Material.objects.exists()
    send(writer)
    for name in ("desk", "chair", "stranger"):
        assert decide(client_of(name), "take", 1, 1).status_code == 404
    assert decide(writer, "take", 1, 1).status_code == 303
    assert PersonProposal.objects.get().state == "waiting"


def test_queries_do_not_grow(house: SimpleNamespace, writer, client_of) -> None:
    organiser = client_of("organiser")

    def count(client: Client, path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    pages = ((writer, PAGE), (organiser, ORGANISE), (organiser, "/prague/organise/people/"))
    send(writer)
    add(writer)
    at_one = [count(*page) for page in pages]
    for _ in range(4):
        add(writer)
    assert [count(*page) for page in pages] == at_one
