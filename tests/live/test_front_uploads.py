"""Files: larger than any form, for one address only, from those only who may send them."""

import asyncio
import re

import pytest

from conference.live.registry import UploadRoute

from .support import View, World

ADDRESS = "/c/organise/papers/upload/"
FORM = b"<form>"


def world_with_form(*, allowed: bool = True) -> World:
    """A front with an upload of 2000 bytes where other bodies have 1000."""
    world = World(most_body_bytes=1000)
    world.registry.uploads.append(UploadRoute(re.compile(ADDRESS), 2000))
    if allowed:
        for address in (ADDRESS, f"/cs{ADDRESS}"):
            world.django.views[address] = View(FORM, topics=None)
    return world


@pytest.mark.parametrize("address", [ADDRESS, f"/cs{ADDRESS}"])
def test_a_file_is_handed_on_whole(address: str) -> None:
    async def story(world: World) -> None:
        reply = await world.get(address, method="POST", body=b"x" * 2000, headers={"cookie": "session=1"})
        assert reply.status == 200
        # Django was asked first whether this browser sees the form.
        assert [scope["method"] for scope in world.django.asked] == ["GET", "POST"]
        assert [len(body) for body in world.django.bodies] == [0, 2000]
        assert world.django.header("cookie", request=0) == "session=1"

    asyncio.run(story(world_with_form()))


def test_a_strangers_large_body_is_not_taken_in() -> None:
    async def story(world: World) -> None:
        assert (await world.get(ADDRESS, method="POST", body=b"x" * 1001)).status == 413
        assert [scope["method"] for scope in world.django.asked] == ["GET"]
        assert (await world.get(ADDRESS, method="POST", body=b"x" * 1000)).status == 404

    asyncio.run(story(world_with_form(allowed=False)))


@pytest.mark.parametrize("declared", [True, False])
def test_a_file_that_is_too_large_gets_the_forms_own_page(declared: bool) -> None:
    async def story(world: World) -> None:
        body = b"x" * 2001
        headers = {"content-type": "multipart/form-data; boundary=x", "x-front-too-large": "0"}
        if declared:
            headers["content-length"] = str(len(body))
        reply = await world.get(ADDRESS, method="POST", body=body, headers=headers)
        assert (reply.status, reply.body) == (413, FORM)
        assert [scope["method"] for scope in world.django.asked] == ["GET", "GET"]
        assert world.django.header("x-front-too-large") == "1"
        assert world.django.header("content-type") is None
        assert world.django.header("x-front-too-large", request=0) is None

    asyncio.run(story(world_with_form()))


def test_other_addresses_keep_their_limit() -> None:
    async def story(world: World) -> None:
        for address in (f"{ADDRESS}x/", "/c/organise/papers/", "/c/ask/"):
            assert (await world.get(address, method="POST", body=b"x" * 1001)).status == 413
        assert world.django.asked == []

    asyncio.run(story(world_with_form()))
