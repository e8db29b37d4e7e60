"""The number of queries of a page does not grow with its rows, and is small for the public."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conference.event.access import hall_pass_value, remember_device

PUBLIC = {
    "/prague/": 5,
    "/prague/agenda/": 3,
    "/prague/agenda/now/": 3,
    "/prague/agenda/keynote/": 8,
    "/prague/board/": 2,
    "/prague/papers/a-paper/": 5,
    "/prague/papers/a-paper/comments/": 4,
}
HALL = {"/prague/hall/board/": 4, "/prague/hall/agenda/secret/": 8}
STAFF = ("/prague/moderate/", "/prague/organise/", "/prague/organise/agenda/publish/")


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len([q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def fill(house, ask, count: int) -> None:
    for number in range(count):
        item = house.open if number % 2 else house.closed_door
        ask(f"Question {number}", "published", item=item, block=house.blocks[1], addressee=house.person)


@pytest.mark.parametrize(("path", "most"), PUBLIC.items())
def test_public(house, ask, path: str, most: int) -> None:
    fill(house, ask, 2)
    at_one = queries_of(Client(), path)
    fill(house, ask, 58)
    assert queries_of(Client(), path) == at_one
    assert at_one <= most


@pytest.mark.parametrize(("path", "most"), HALL.items())
def test_hall(house, ask, path: str, most: int) -> None:
    client = Client()
    client.cookies["hall_pass"] = hall_pass_value(house.conference)
    fill(house, ask, 2)
    at_one = queries_of(client, path)
    fill(house, ask, 58)
    assert queries_of(client, path) == at_one
    assert at_one <= most


def test_a_question_with_its_replies(house, ask) -> None:
    parent = ask("A question", "published", block=house.blocks[1])
    path = f"/prague/board/{parent.public_id}/"
    ask("A reply", "published", parent=parent)
    at_one = queries_of(Client(), path)
    for number in range(30):
        ask(f"Reply {number}", "published", parent=parent)
    assert queries_of(Client(), path) == at_one <= 4


def test_the_trail_and_the_form(house, ask) -> None:
    client = Client()
    response = HttpResponse()
    remember_device(response, house.device)
    client.cookies = response.cookies
    parent = ask("A question", "published", block=house.blocks[1], addressee=house.person)
    paths = ("/prague/me/", "/prague/ask/", f"/prague/board/{parent.public_id}/reply/")
    at_one = [queries_of(client, path) for path in paths]
    fill(house, ask, 15)
    for number in range(15):
        ask(f"Reply {number}", "published", parent=parent)
    assert [queries_of(client, path) for path in paths] == at_one
    assert max(at_one) <= 7


@pytest.mark.parametrize("path", STAFF)
def test_staff(house, ask, client_of, path: str) -> None:
    client = client_of("organiser")
    fill(house, ask, 2)
    at_one = queries_of(client, path)
    fill(house, ask, 58)
    assert queries_of(client, path) == at_one
