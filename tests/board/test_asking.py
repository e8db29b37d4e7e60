"""The form for a question: to whom it is, what is asked before it is sent, and who may send at all."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from conference.agenda.models import Appearance
from conference.board import keys
from conference.board.models import Post, Vote
from conference.board.presets import preset_item
from conference.event.access import hall_pass_value

SANCTIONS = "Should the sanctions against Russia be lifted next year?"
ALIKE = "Will sanctions on Russia be lifted?"


def page_of(answer) -> str:
    return answer.content.decode()


def hidden(page: str) -> dict[str, str]:
    """What the form for a question sends by itself."""
    form = page[page.index("data-draft=") :]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


# To whom --------------------------------------------------------------------------------------------------------


def test_it_is_for_the_session_that_runs_and_can_be_changed(house) -> None:
    page = page_of(Client().get("/prague/ask/"))
    assert re.search(r"data-to>\s*<span[^>]*>Keynote</span>", page)
    assert '<option value="keynote" selected>' in page
    assert '<option value="table">' in page


def at(house, minutes: int):
    """Conference time, counted from the start of the open session."""
    return house.open.start + timedelta(minutes=minutes)


def test_preset_in_time_and_room(house) -> None:
    from conference.agenda.models import AgendaItem
    from conference.event.models import Room

    def preset(minutes: int, **kwargs: str) -> str | None:
        items = list(AgendaItem.objects.select_related("room", "conference"))
        found = preset_item(items, at(house, minutes), **kwargs)
        return found.slug if found else None

    # 0 to 45: the keynote; 70 to 115: two sessions at once.
    assert [preset(minutes) for minutes in (-1, 0, 44, 45, 59, 60)] == [None, *["keynote"] * 4, None]
    assert preset(80) is None
    second = Room.objects.create(conference=house.conference, slug="second", name="Second hall")
    house.present.room = second
    house.present.save()
    assert preset(80, room="second") == "table"
    assert preset(80, room="hall") == "secret"
    assert preset(10, room="second") is None
    assert preset(10, room="nowhere") is None
    house.open.board_mode = "closed"
    house.open.save()
    assert preset(10) is None


def test_the_rooms_code_presets(house) -> None:
    assert '<option value="keynote" selected>' in page_of(Client().get("/prague/ask/?room=hall"))
    assert '<option value="keynote" selected>' not in page_of(Client().get("/prague/ask/?room=other"))
    # What an address says goes before what runs.
    assert '<option value="secret" selected>' in page_of(Client().get("/prague/ask/?item=secret&room=hall"))


def test_to_a_speaker_of_the_programme(house) -> None:
    Appearance.objects.create(item=house.open, person=house.person)
    client = Client()
    page = page_of(client.get("/prague/ask/?to=an-author"))
    assert "An Author" in page
    client.post("/prague/ask/", {**hidden(page), "text": "Why?", "to": "an-author"})
    assert Post.objects.get().addressee == house.person


# Who asks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["An Author", "án AUTHOR", "  Author,  An", "Dr. An Author, Ph.D."])
def test_names_on_the_programme_are_reserved(house, name: str) -> None:
    Appearance.objects.create(item=house.open, person=house.person)
    data = {"key": keys.new_key(), "text": "A long thought", "name": name}
    answer = Client().post("/prague/ask/", data)
    assert answer.status_code == 422
    assert "by your own link" in page_of(answer)
    assert "A long thought" in page_of(answer)
    assert not Post.objects.exists()
    assert Client().post("/prague/ask/", {**data, "name": f"{name} Junior"}).status_code == 303


def test_somebody_who_is_not_on_the_programme_gives_no_name_away(house) -> None:
    """A person of the organisers' list whom no session names: the form must not tell that they are coming."""
    data = {"key": keys.new_key(), "text": "Why?", "name": "An Author"}
    assert Client().post("/prague/ask/", data).status_code == 303
    assert "An Author" not in page_of(Client().get("/prague/ask/"))


def test_name_and_institution_are_shown_together(house, ask) -> None:
    ask("Why?", "published", name="Jana", institution="Charles University")
    assert "Jana, Charles University" in page_of(Client().get("/prague/board/"))


def test_no_name_in_a_session_without_names(house) -> None:
    page = page_of(Client().get("/prague/ask/?item=secret"))
    assert 'name="name"' not in page
    assert 'name="institution"' not in page
    data = {"key": keys.new_key(), "text": "Why?", "item": "secret", "name": "Jana", "institution": "AMO"}
    assert Client().post("/prague/ask/", data).status_code == 303
    post = Post.objects.get()
    assert (post.name, post.institution) == ("", "")


def test_a_text_that_tells_who_asks_is_sent_on_the_second_press(house) -> None:
    client = Client()
    data = {"key": keys.new_key(), "item": "secret", "text": "Jako zástupce ministerstva se ptám: proč?"}
    warned = client.post("/prague/ask/", data)
    assert warned.status_code == 422
    assert "“Jako zástupce”" in page_of(warned)
    assert data["text"] in page_of(warned)
    assert not Post.objects.exists()
    assert 'name="warned" value="shown"' in page_of(warned)
    assert client.post("/prague/ask/", {**data, "warned": "shown"}).status_code == 303
    # On the record everybody may say who they are.
    open_data = {**data, "key": keys.new_key(), "item": "keynote"}
    assert client.post("/prague/ask/", open_data).status_code == 303


# Similar ones ---------------------------------------------------------------------------------------------------


def test_a_similar_question_is_offered_and_one_may_send_ones_own_anyway(house, ask) -> None:
    there = ask(SANCTIONS, "published")
    client = Client()
    data = {**hidden(page_of(client.get("/prague/ask/"))), "text": ALIKE, "item": "keynote"}
    offered = client.post("/prague/ask/", data)
    assert offered.status_code == 422
    page = page_of(offered)
    assert SANCTIONS in page
    assert ALIKE in page
    assert Post.objects.count() == 1
    # The key is kept: nothing was sent with it.
    again = hidden(page)
    assert again["key"] == data["key"]
    assert again["similar"] == "shown"
    assert client.post("/prague/ask/", {**again, "text": ALIKE, "item": "keynote"}).status_code == 303
    assert Post.objects.count() == 2
    # Or vote for the one that is there, with the form that the page holds.
    form = re.search(
        rf'action="(/prague/board/{there.public_id}/vote/)".*?name="key" value="(\w+)"', page, re.S
    )
    assert client.post(form.group(1), {"key": form.group(2)}).status_code == 303
    assert Vote.objects.get().post == there


def test_a_retry_is_a_retry_even_when_it_was_published_meanwhile(house, ask) -> None:
    client = Client()
    data = {**hidden(page_of(client.get("/prague/ask/"))), "text": SANCTIONS, "item": "keynote"}
    first = client.post("/prague/ask/", data)
    Post.objects.update(release="published")
    again = client.post("/prague/ask/", data)
    assert (again.status_code, again.url) == (303, first.url)
    assert Post.objects.count() == 1


def test_a_program_that_never_saw_the_page_is_asked_about_the_same_question_only(house, ask) -> None:
    ask(SANCTIONS, "published")
    data = {"key": keys.new_key(), "text": ALIKE}
    assert Client().post("/prague/ask/", data).status_code == 303
    data = {"key": keys.new_key(), "text": SANCTIONS.lower()}
    assert Client().post("/prague/ask/", data).status_code == 422


@pytest.mark.parametrize(
    ("there", "asked", "found"),
    [
        (SANCTIONS, ALIKE, True),
        ("Měly by být zrušeny sankce proti Rusku?", "Mely by byt sankce proti Rusku ZRUSENY?", True),
        ("Is Article 5 still credible in the Baltics?", "Is Article 4 still credible in the Baltics?", False),
        ("What does the author think of transit?", "What does the author think of missile defence?", False),
        ("Why?", "Why?", False),
    ],
)
def test_what_is_similar(house, ask, there: str, asked: str, found: bool) -> None:
    ask(there, "published")
    answer = Client().post("/prague/ask/similar/", {"text": asked})
    assert answer.status_code == 200
    assert (there in page_of(answer)) == found
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("state", ["pending", "declined", "hidden", "withdrawn", "answered", "not_reached"])
def test_only_what_one_can_read_and_vote_for_is_offered(house, ask, state: str) -> None:
    ask(SANCTIONS, state)
    assert SANCTIONS not in page_of(Client().post("/prague/ask/similar/", {"text": SANCTIONS}))


def test_hall_questions_are_offered_in_the_hall_only(house, ask) -> None:
    ask(SANCTIONS, "published", item=house.closed_door)
    client = Client()
    assert SANCTIONS not in page_of(client.post("/prague/ask/similar/", {"text": SANCTIONS}))
    data = {"key": keys.new_key(), "text": SANCTIONS, "similar": ""}
    assert client.post("/prague/ask/", data).status_code == 303
    client.cookies["hall_pass"] = hall_pass_value(house.conference)
    assert SANCTIONS in page_of(client.post("/prague/ask/similar/", {"text": SANCTIONS}))


@pytest.mark.parametrize(
    "text", ["'", "a'b & | ! :* <->", "\\", "x" * 3000, "slovo " * 400, "🤖 🤖 🤖 🤖", "()()" * 9]
)
def test_no_text_breaks_the_search(house, ask, text: str) -> None:
    ask(SANCTIONS, "published")
    assert Client().post("/prague/ask/similar/", {"text": f"{text} alpha beta gamma"}).status_code == 200


# The hall code --------------------------------------------------------------------------------------------------


def test_the_hall_code_can_be_required_for_asking_and_voting(house, ask) -> None:
    votable = ask(SANCTIONS, "published")
    house.conference.hall_code_to_ask = True
    house.conference.save()
    client = Client()
    assert 'name="code"' in page_of(client.get("/prague/ask/"))
    data = {"key": keys.new_key(), "text": "A long thought"}
    for code in ({}, {"code": "wrong"}):
        answer = client.post("/prague/ask/", {**data, **code})
        assert answer.status_code == 422
        assert "A long thought" in page_of(answer)
    vote = f"/prague/board/{votable.public_id}/vote/"
    assert client.post(vote, {"key": keys.new_key()}).status_code == 422
    assert Vote.objects.count() == 0
    assert Post.objects.count() == 1

    assert client.post("/prague/ask/", {**data, "code": " VLTAVA"}).status_code == 303
    assert client.cookies["hall_pass"].value == hall_pass_value(house.conference)
    # From now on this browser is in the hall.
    assert 'name="code"' not in page_of(client.get("/prague/ask/"))
    assert client.post(vote, {"key": keys.new_key()}).status_code == 303
    assert Vote.objects.count() == 1


def test_every_page_leads_to_the_question_box(house, ask) -> None:
    post = ask("Listed", "published")
    pages = (
        "",
        "agenda/",
        "agenda/keynote/",
        "board/",
        f"board/{post.public_id}/",
        "papers/a-paper/",
        "me/",
        "hall/",
    )
    for path in pages:
        assert 'class="ask" href="/prague/ask/' in page_of(Client().get(f"/prague/{path}")), path
    assert 'class="ask" href="/prague/ask/?item=keynote"' in page_of(Client().get("/prague/agenda/keynote/"))
