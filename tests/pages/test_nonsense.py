"""Nonsense in addresses and forms gets an answer, never a fault of ours."""

import pytest
from django.test import Client

NONSENSE = ("%00", "%F0%9F%A4%96", "%FF", "../../etc", "' OR 1=1", "a" * 3000, "-1", "<script>")


@pytest.mark.parametrize("value", NONSENSE)
def test_in_the_query(house, value: str) -> None:
    for name in ("item", "block", "to", "quote", "key"):
        assert Client().get(f"/prague/ask/?{name}={value}").status_code < 500, name
    for path in ("board/?sort=", "me/?sent=", "hall/?next=", "agenda/?x="):
        assert Client().get(f"/prague/{path}{value}").status_code < 500, path
    assert Client().get(f"/accounts/sign-in/?next={value}").status_code < 500


@pytest.mark.parametrize("value", ["\0", "🤖", "a" * 3000, "-1", "<script>alert(1)</script>", "9" * 40])
def test_in_forms(house, ask, client_of, value: str) -> None:
    post = ask("Listed", "published")
    for name in ("text", "key", "item", "block", "to", "quote", "name", "kind"):
        answer = Client().post("/prague/ask/", {"key": "0" * 32, "text": "Why?", name: value})
        assert answer.status_code < 500, name
        assert b"<script>alert" not in answer.content
    assert Client().post("/prague/hall/", {"code": value, "next": value}).status_code < 500
    for action in ("vote", "unvote"):
        assert Client().post(f"/prague/board/{post.public_id}/{action}/", {"key": value}).status_code < 500
    desk = client_of("desk")
    for name in ("to", "version", "reason", "item"):
        data = {"to": "hidden", "version": post.version, name: value}
        assert desk.post(f"/prague/moderate/{post.public_id}/decide/", data).status_code < 500, name
        assert (
            desk.post(f"/prague/moderate/{post.public_id}/move/", {"direction": "up", **data}).status_code
            < 500
        )
    organiser = client_of("organiser")
    fields = (
        "title",
        "day",
        "starts",
        "room",
        "people-0-person",
        "people-1-role",
        "version",
        "kind",
        "papers",
    )
    for name in fields:
        data = {"version": 1, "title": "A talk", "kind": "talk", "day": "2013-12-17", "starts": "14:00"}
        data |= {
            "ends": "15:00",
            "language": "en",
            "attribution": "on_record",
            "board_mode": "moderated",
            name: value,
        }
        assert organiser.post("/prague/organise/items/keynote/", data).status_code < 500, name
        assert organiser.post("/prague/organise/items/keynote/cancel/", data).status_code < 500, name
        publish = {"seen": value, "note": value}
        assert organiser.post("/prague/organise/agenda/publish/", publish).status_code < 500
