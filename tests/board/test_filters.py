"""What a reader chooses on the board, and numbers that are kept for the desk."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from conference.board import keys, votes
from conference.board.models import Post
from conference.event.access import hall_pass_value
from conference.event.models import Participant
from conference.live.models import LiveEvent


def words_on(path: str, client: Client | None = None) -> list[str]:
    answer = (client or Client()).get(path)
    assert answer.status_code == 200, (path, answer.headers)
    return re.findall(r"word\w+", answer.content.decode())


def test_by_session_passage_and_answered(house, ask) -> None:
    ask("wordplain", "published")
    ask("wordpassage", "published", block=house.blocks[1])
    ask("worddone", "answered")
    ask("wordcomment", "published", kind="comment", block=house.blocks[1])
    elsewhere = ask("wordelsewhere", "published")
    house.present.attribution = "on_record"
    house.present.save()
    Post.objects.filter(pk=elsewhere.pk).update(item=house.present)

    block = house.blocks[1].public_id
    assert set(words_on("/prague/board/?item=table")) == {"wordelsewhere"}
    assert set(words_on(f"/prague/board/?passage={block}")) == {"wordpassage", "wordcomment"}
    assert set(words_on("/prague/board/?answered=yes")) == {"worddone"}
    assert set(words_on("/prague/board/?answered=no")) == {"wordplain", "wordpassage", "wordelsewhere"}
    assert words_on(f"/prague/board/?answered=no&item=keynote&passage={block}&sort=new") == ["wordpassage"]
    assert len(set(words_on("/prague/board/"))) == 5


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("item=nowhere", ""),
        ("item=", ""),
        ("item=keynote&passage=p0000000", "?item=keynote"),
        ("answered=perhaps&sort=new", "?sort=new"),
        ("sort=random", ""),
        # A session with nothing on the list; a hall's session, which the public board does not know.
        ("item=table", ""),
        ("item=secret", ""),
    ],
)
def test_what_names_nothing_is_no_page_of_its_own(house, ask, given: str, kept: str) -> None:
    ask("wordplain", "published")
    ask("wordhall", "published", item=house.closed_door)
    answer = Client().get(f"/prague/board/?{given}")
    assert answer.status_code == 302
    assert answer.url == f"/prague/board/{kept}"
    assert "X-Live-Topics" not in answer


def test_the_hall_chooses_among_its_own(house, ask) -> None:
    ask("wordplain", "published")
    ask("wordhall", "published", item=house.closed_door)
    client = Client()
    client.cookies["hall_pass"] = hall_pass_value(house.conference)
    assert set(words_on("/prague/hall/board/?item=secret", client)) == {"wordhall"}


def test_numbers_kept_for_the_desk_leak_nowhere(house, ask, client_of) -> None:
    house.open.hide_votes = True
    house.open.save()
    posts = [ask(f"wordnumber{number}", "published") for number in range(3)]
    devices = [Participant.objects.create() for _ in range(7)]
    LiveEvent.objects.all().delete()
    for device in devices:
        votes.cast_vote(post=posts[0], participant=device, key=keys.new_key(), active=True)
    before = Client().get("/prague/board/")["X-Live-Topics"]
    votes.recount()
    assert Post.objects.get(pk=posts[0].pk).vote_count == 7
    # The newest first, whatever was wanted; no number, and no event that says there is one.
    for path in ("board/", "board/?sort=new", "agenda/keynote/"):
        page = Client().get(f"/prague/{path}").content.decode()
        assert [int(n) for n in re.findall(r'class="text"><p>wordnumber(\d)', page)] == [2, 1, 0], path
        assert set(re.findall(r'data-votes="(\w*)"', page)) == {""}
        assert "data-count" not in page
    assert 'data-votes=""' in Client().get(f"/prague/board/{posts[0].public_id}/card/").content.decode()
    assert Client().get("/prague/board/")["X-Live-Topics"] == before
    assert set(LiveEvent.objects.values_list("audience", flat=True)) == {"desk"}
    assert "7" in client_of("desk").get("/prague/moderate/").content.decode()


def test_an_empty_board_invites_only_while_questions_are_taken(house) -> None:
    invites, empty = "Yours could be the first", "No open question."
    session, board = "/prague/agenda/keynote/", "/prague/board/"
    for path in (session, board):
        assert invites in Client().get(path).content.decode()
    house.open.board_mode = "closed"
    house.open.save()
    page = Client().get(session).content.decode()
    assert invites not in page
    assert empty in page
    # Elsewhere one may still ask, until the last session ends.
    page = Client().get(board)
    assert invites in page.content.decode()
    assert float(page["X-Live-Until"]) > 0
    house.conference.clock_from += timedelta(days=1)
    house.conference.save()
    page = Client().get(board).content.decode()
    assert invites not in page
    assert empty in page
