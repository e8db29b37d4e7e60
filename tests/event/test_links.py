"""Private links: the secret is kept by nobody, the cookie names what still stands, revoking closes."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client, RequestFactory

from conference.event import links
from conference.event.models import PrivateLink
from conference.live.models import Topic
from conference.live.topics import staff_topic


def chair_link(house, **other):
    return links.make_link(
        conference=house.conference, kind="chair", by=house.organiser, room=house.room, **other
    )


def request_with(cookie: str):
    request = RequestFactory().get("/")
    request.COOKIES[settings.LINK_COOKIE_NAME] = cookie
    return request


def cookie_of(house, secret: str) -> str:
    response = Client().get(f"/prague/open/{secret}/")
    assert response.status_code == 303
    return response.cookies[settings.LINK_COOKIE_NAME].value


def test_the_secret_is_not_in_the_database(house) -> None:
    link, secret = chair_link(house)
    row = PrivateLink.objects.values().get(pk=link.pk)
    assert all(secret not in str(value) for value in row.values())
    assert links.link_of_secret("prague", secret) == link


def test_a_link_opens_one_thing(house) -> None:
    with pytest.raises(IntegrityError):
        chair_link(house, person=house.person)


def test_opening_sets_a_cookie_and_leaves_the_secret_behind(house) -> None:
    _link, secret = chair_link(house)
    response = Client().get(f"/prague/open/{secret}/")
    assert response.status_code == 303
    assert response["Location"] == "/prague/stage/hall/"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    cookie = response.cookies[settings.LINK_COOKIE_NAME]
    assert cookie["httponly"]
    assert secret not in str(response.headers) + str(response.cookies)


def test_opening_writes_nothing(house, django_assert_num_queries) -> None:
    link, secret = chair_link(house)
    with django_assert_num_queries(1):
        Client().get(f"/prague/open/{secret}/")
    assert PrivateLink.objects.get(pk=link.pk).last_used_at is None


@pytest.mark.parametrize("secret", ["no-secret", "x" * 43, "é"])
def test_an_unknown_secret_opens_nothing(house, secret: str) -> None:
    response = Client().get(f"/prague/open/{secret}/")
    assert response.status_code == 410
    assert not response.cookies


def test_a_link_belongs_to_its_conference(house) -> None:
    _link, secret = chair_link(house)
    assert Client().get(f"/elsewhere/open/{secret}/").status_code == 410
    assert links.links_of(request_with(cookie_of(house, secret)), "elsewhere", "chair") == []


def test_a_revoked_link_is_closed_and_tells_the_streams(house) -> None:
    link, secret = chair_link(house)
    request = request_with(cookie_of(house, secret))
    assert links.links_of(request, "prague", "chair") == [link]
    name = staff_topic(house.conference.pk)
    before = Topic.objects.filter(name=name).values_list("revision", flat=True).first() or 0
    first = links.revoke_link(link=link).revoked_at
    assert Topic.objects.get(name=name).revision == before + 1
    assert links.revoke_link(link=link).revoked_at == first
    assert Topic.objects.get(name=name).revision == before + 1
    assert links.link_of_secret("prague", secret) is None
    with pytest.raises(links.LinkClosed):
        links.links_of(request, "prague", "chair")


def test_one_browser_holds_several(house) -> None:
    client = Client()
    secrets = [chair_link(house)[1] for _ in range(links.MOST_LINKS + 2)]
    for secret in secrets:
        client.get(f"/prague/open/{secret}/")
    held = links.links_of(request_with(client.cookies[settings.LINK_COOKIE_NAME].value), "prague", "chair")
    assert [link.digest for link in held] == [
        links.digest_of(s) for s in secrets[: -links.MOST_LINKS - 1 : -1]
    ]


@pytest.mark.parametrize("cookie", ["", "nonsense", "[1]:x:y", "WzFd:1abc:forged"])
def test_a_forged_cookie_holds_nothing(house, cookie: str) -> None:
    chair_link(house)
    assert links.links_of(request_with(cookie), "prague", "chair") == []


def test_use_is_noted_to_the_minute(house) -> None:
    link, _secret = chair_link(house)
    links.note_use(link)
    first = PrivateLink.objects.get(pk=link.pk).last_used_at
    assert first is not None
    links.note_use(link)
    assert PrivateLink.objects.get(pk=link.pk).last_used_at == first
