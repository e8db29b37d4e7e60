"""The desk's lane of posts that lost their place, and a comment that it makes a question."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from conference.board.models import Post

GONE = "Its paragraph went with the newer text."


def orphan(house, ask, text: str = "I doubt it.") -> Post:
    post = ask(text, "published", kind="comment", block=house.blocks[2])
    house.blocks[2].removed = True
    house.blocks[2].save(update_fields=["removed"])
    return post


def test_an_orphan_is_given_a_place(house, ask, client_of) -> None:
    desk = client_of("desk")
    assert GONE not in desk.get("/prague/moderate/").content.decode()
    post = orphan(house, ask)
    assert GONE in desk.get("/prague/moderate/").content.decode()
    address = f"/prague/moderate/{post.public_id}/place/"
    page = desk.get(address).content.decode()
    assert f'value="{house.blocks[1].public_id}"' in page
    assert f'value="{house.blocks[2].public_id}"' not in page
    form = {"version": post.version, "block": house.blocks[1].public_id}
    assert desk.post(address, form).status_code == 303
    post.refresh_from_db()
    assert post.block == house.blocks[1]
    assert post.decisions.last().action == "place"
    assert GONE not in desk.get("/prague/moderate/").content.decode()


def test_what_changed_meanwhile_is_409_and_a_chair_places_nothing(house, ask, client_of) -> None:
    post = orphan(house, ask)
    address = f"/prague/moderate/{post.public_id}/place/"
    form = {"version": post.version - 1, "block": house.blocks[1].public_id}
    assert client_of("desk").post(address, form).status_code == 409
    form["version"] = post.version
    assert client_of("chair").post(address, form).status_code in (403, 404, 422)
    gone = {**form, "block": house.blocks[2].public_id}
    assert client_of("desk").post(address, gone).status_code in (404, 422)
    assert Post.objects.get(pk=post.pk).block == house.blocks[2]


def test_the_lane_and_the_page_cost_the_same_however_many(house, ask, client_of) -> None:
    desk = client_of("desk")
    post = orphan(house, ask)

    def counted() -> list[int]:
        found = []
        for path in ("", f"{post.public_id}/place/"):
            with CaptureQueriesContext(connection) as captured:
                assert desk.get(f"/prague/moderate/{path}").status_code == 200
            found.append(len(captured))
        return found

    counted()
    at_one = counted()
    for number in range(30):
        ask(f"Doubt {number}", "published", kind="comment", block=house.blocks[2])
    assert counted() == at_one


def test_the_desk_makes_a_question_of_a_comment(house, ask, client_of) -> None:
    desk = client_of("desk")
    post = ask("Is that so?", "published", kind="comment", block=house.blocks[1])
    assert (
        "Make it a question to a session" in desk.get(f"/prague/moderate/{post.public_id}/").content.decode()
    )
    address = f"/prague/moderate/{post.public_id}/session/"
    assert f'value="{house.open.slug}"' in desk.get(address).content.decode()
    form = {"version": post.version - 1, "session": house.open.slug}
    assert desk.post(address, form).status_code == 409
    assert desk.post(address, {**form, "version": post.version}).status_code == 303
    post.refresh_from_db()
    assert (post.kind, post.item, post.block) == ("question", house.open, house.blocks[1])
