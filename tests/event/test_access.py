"""Signing in, the hall, devices and limits."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import get_resolver

from conference.event import limits
from conference.event.access import hall_pass_value, holds_hall_pass
from conference.event.models import RESERVED_SLUGS, Conference
from conference.event.services import sign_in_token


def test_one_time_link_signs_in_once(house) -> None:
    path = f"/accounts/link/{sign_in_token(house.desk)}/"
    scanner = Client().get(path)
    assert scanner.status_code == 200
    assert "_auth_user_id" not in Client().session
    client = Client()
    answer = client.post(path, follow=True)
    assert answer.redirect_chain[-1][0] == "/prague/moderate/"
    assert answer.status_code == 200
    used = Client().post(path)
    assert used.status_code == 410


def test_a_forged_link_is_refused(house) -> None:
    assert Client().get("/accounts/link/forged/").status_code == 410


def test_sign_in_link_command(house, capsys) -> None:
    call_command("sign_in_link", "desk", "chair")
    lines = capsys.readouterr().out.split()
    assert len(lines) == 2
    assert all(re.fullmatch(r"http://localhost:8000/accounts/link/[\w=+/-]+/", line) for line in lines)
    with pytest.raises(CommandError, match="nobody"):
        call_command("sign_in_link", "nobody")


def test_password_sign_in_goes_on_to_where_it_was_asked(house) -> None:
    client = Client()
    data = {"username": "desk", "password": "a long pass phrase", "next": "/prague/moderate/"}
    assert client.post("/accounts/sign-in/", data).url == "/prague/moderate/"
    wrong = Client().post("/accounts/sign-in/", {**data, "password": "wrong"})
    assert wrong.status_code == 422
    assert "desk" in wrong.content.decode()


def test_passwords_cannot_be_guessed_at_speed(house) -> None:
    for _ in range(limits.SIGN_IN_OF_NAME.count):
        assert Client().post("/accounts/sign-in/", {"username": "desk", "password": "x"}).status_code == 422
    assert Client().post("/accounts/sign-in/", {"username": "Desk", "password": "x"}).status_code == 429


def test_sign_in_never_leaves_the_house(house) -> None:
    data = {"username": "desk", "password": "a long pass phrase", "next": "https://elsewhere.example/"}
    assert Client().post("/accounts/sign-in/", data).url.startswith("/accounts/")


def test_hall_code_opens_the_hall_and_a_new_code_closes_it(house) -> None:
    client = Client()
    asked = client.get("/prague/hall/board/")
    assert asked.status_code == 303
    assert asked.url == "/prague/hall/?next=%2Fprague%2Fhall%2Fboard%2F"
    wrong = client.post("/prague/hall/", {"code": "wrong"})
    assert wrong.status_code == 422
    right = client.post("/prague/hall/", {"code": " VLTAVA ", "next": "/prague/hall/board/"})
    assert (right.status_code, right.url) == (303, "/prague/hall/board/")
    assert client.get("/prague/hall/board/").status_code == 200
    assert client.get("/prague/hall/pass/").status_code == 204
    Conference.objects.filter(pk=house.conference.pk).update(hall_code="labe")
    assert client.get("/prague/hall/board/").status_code == 303
    assert client.get("/prague/hall/pass/").status_code == 404


def test_the_hall_does_not_lead_elsewhere(house) -> None:
    for place in ("https://elsewhere.example/hall/", "//elsewhere.example/hall/", "/accounts/"):
        answer = Client().post("/prague/hall/", {"code": "vltava", "next": place})
        assert answer.url == "/prague/hall/board/"


def test_passes_of_two_conferences_live_side_by_side(house, rf) -> None:
    other = Conference(pk=house.conference.pk + 1, hall_code="vltava")
    request = rf.get("/")
    request.COOKIES["hall_pass"] = f"{hall_pass_value(other)}.{hall_pass_value(house.conference)}"
    assert holds_hall_pass(request, house.conference)
    request.COOKIES["hall_pass"] = hall_pass_value(other)
    assert not holds_hall_pass(request, house.conference)


def test_forged_device_cookie_is_a_new_device(house) -> None:
    client = Client()
    client.cookies["device"] = house.device.pk.hex
    assert client.get("/prague/me/").status_code == 200


@pytest.mark.parametrize("slug", RESERVED_SLUGS)
def test_no_conference_takes_an_address_of_ours(house, slug: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Conference.objects.filter(pk=house.conference.pk).update(slug=slug)


def test_every_first_segment_of_ours_is_reserved() -> None:
    ours = {str(pattern.pattern).split("/")[0] for pattern in get_resolver().url_patterns} - {""}
    for resolver in get_resolver().url_patterns:
        for pattern in getattr(resolver, "url_patterns", []):
            first = str(pattern.pattern).split("/")[0]
            if first and not first.startswith("<"):
                ours.add(first)
    assert ours <= {*RESERVED_SLUGS}


def test_hidden_conference_is_absent(house) -> None:
    Conference.objects.filter(pk=house.conference.pk).update(is_public=False)
    for path in ("", "agenda/", "board/", "papers/a-paper/", "live/", "hall/", "hall/live/", "ask/", "me/"):
        assert Client().get(f"/prague/{path}").status_code == 404
        assert Client().get(f"/absent/{path}").status_code == 404
