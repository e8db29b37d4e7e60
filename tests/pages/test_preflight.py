"""The page for 08:30 says what is well and what is not, and one test question goes all the way."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from conference.agenda import drafts, services
from conference.agenda.records import Release
from conference.board.models import Post
from conference.event.models import Conference, PrivateLink
from conference.pages import preflight


def states(conference: Conference) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for finding in preflight.look(conference):
        found.setdefault(finding.what, set()).add(finding.state)
    return found


def test_it_sees_what_is_not_right(house, settings) -> None:
    settings.BASE_URL = "https://conference.example"
    found = states(house.conference)
    assert found["The programme"] == {"good"}
    assert found["The address of the QR codes"] == {"good"}
    # The simulated clock of a demonstration is nothing for a real day.
    assert found["The clock"] == {"doubtful"}
    draft = drafts.draft_of(house.conference, "keynote")
    services.edit_item(item=draft, by=house.organiser, version=1, values={"title": "New", "end": draft.start})
    settings.BASE_URL = "http://localhost:8000"
    found = states(house.conference)
    assert found["The programme"] == {"good", "doubtful"}
    assert found["The address of the QR codes"] == {"bad"}
    Release.objects.all().delete()
    assert states(house.conference)["The programme"] == {"bad"}


def test_one_question_goes_all_the_way_and_is_gone(house, client_of) -> None:
    organiser = client_of("organiser")
    answer = organiser.post("/prague/organise/preflight/", follow=True)
    assert "went all the way" in answer.content.decode()
    post = Post.objects.get()
    assert (post.release, post.decisions.count()) == ("hidden", 2)
    assert post.text not in Client().get("/prague/board/").content.decode()


@pytest.mark.parametrize("path", ["", "code/"])
def test_only_for_organisers(house, client_of, path: str) -> None:
    assert client_of("organiser").get(f"/prague/organise/preflight/{path}").status_code == 200
    for name in ("desk", "chair", "stranger"):
        assert client_of(name).get(f"/prague/organise/preflight/{path}").status_code == 404
    assert Client().get(f"/prague/organise/preflight/{path}").status_code == 303


def test_a_link_that_nobody_opened_is_not_well_yet(house) -> None:
    what = "Main hall: Panel chair"
    assert states(house.conference)[what] == {"doubtful"}
    link = PrivateLink.objects.create(
        conference=house.conference, kind="chair", room=house.room, digest="0" * 64, made_by=house.organiser
    )
    assert states(house.conference)[what] == {"doubtful"}
    PrivateLink.objects.filter(pk=link.pk).update(last_used_at=timezone.now())
    assert states(house.conference)[what] == {"good"}
