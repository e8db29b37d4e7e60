"""The number of queries of a page does not grow with its rows, and is small for the public."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conference.agenda import materials
from conference.agenda.records import DraftItem
from conference.board.models import Post
from conference.board.staff_models import CannedReason
from conference.board.states import Stage
from conference.event.access import hall_pass_value, remember_device
from conference.event.models import Conference

# No page that everybody may ask for needs more.
MOST = 5
PUBLIC = {
    "/": 5,
    "/prague/": 5,
    "/prague/agenda/": 3,
    "/prague/agenda/now/": 3,
    "/prague/agenda/keynote/": 5,
    "/prague/board/": 2,
    "/prague/papers/a-paper/": 5,
    "/prague/papers/a-paper/comments/": 4,
}
HALL = {"/prague/hall/board/": 4, "/prague/hall/agenda/secret/": 5}
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


def test_what_is_over_needs_no_more(house, ask) -> None:
    """The most that a page can have: materials, papers, answers in writing and the tally with its reasons."""
    reason = CannedReason.objects.create(
        conference=house.conference, text_en="Answered", text_cs="Odpovězeno"
    )
    house.open.papers.add(house.paper)
    house.open.appearances.create(person=house.person)
    draft = DraftItem.objects.get(item=house.open)
    for number, later in enumerate((None, house.open.end + timedelta(days=30))):
        materials.add(
            item=draft,
            by=house.organiser,
            kind="slides",
            title=f"Slides {number}",
            upload=("a.pdf", b"%PDF"),
            visible_from=later,
        )
    declined = ask("Declined", "declined")
    Post.objects.filter(pk=declined.pk).update(canned_reason=reason)
    answered = ask("Answered", "published", block=house.blocks[1], addressee=house.person)
    Post.objects.filter(pk=answered.pk).update(stage=Stage.ANSWERED_IN_WRITING)
    Post.objects.create(
        conference=house.conference,
        kind=Post.Kind.ANSWER,
        parent=answered,
        item=house.open,
        author=house.person,
        text="In writing",
        release="published",
    )
    house.open.board_mode, house.open.closed_at = "closed", house.open.end
    house.open.save()
    house.conference.show_tally = True
    house.conference.clock_from += timedelta(days=1)
    house.conference.save()
    for path in ("/prague/agenda/keynote/", "/prague/", "/"):
        with CaptureQueriesContext(connection) as captured:
            page = Client().get(path).content.decode()
        assert len(captured) <= MOST, path
        for words in ("In writing", "What became of the questions", "Not included: Answered", "A paper"):
            assert words in page, (path, words)
    page = Client().get("/prague/agenda/keynote/")
    assert "Slides 0" in page.content.decode()
    assert "4\xa0bytes" in page.content.decode()
    assert "Slides 1" not in page.content.decode()
    # It is shown when its time has come: the page is kept until then.
    assert 28 * 86400 < float(page["X-Live-Until"]) < 30 * 86400


@pytest.mark.parametrize(
    "path", ["/prague/board/", "/prague/practical/", "/prague/people/an-author/", "/prague/rooms/hall/"]
)
def test_no_page_needs_more(house, ask, path: str) -> None:
    house.open.appearances.create(person=house.person)
    assert queries_of(Client(), path) <= MOST


def test_the_first_page_is_the_only_conference_or_the_list(house, ask) -> None:
    assert Client().get("/")["X-Live-Topics"] == Client().get("/prague/")["X-Live-Topics"]
    second = Conference.objects.get()
    second.pk, second.slug, second.title = None, "second", "A second one"
    second.save()
    page = Client().get("/")
    assert "A second one" in page.content.decode()
    assert page["X-Live-Topics"].startswith("conferences=")
    assert "," not in page["X-Live-Topics"]
    Conference.objects.update(is_public=False)
    assert Client().get("/").status_code == 200


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
