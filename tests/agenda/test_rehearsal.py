"""A rehearsal is a copy: what happens in it leaves no trace in the real conference, and it can be thrown away."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from conference.agenda import day, drafts, publishing, rehearsal, services, undoing
from conference.agenda.models import AgendaItem
from conference.agenda.writing import NotPossible
from conference.board import keys
from conference.board import services as board
from conference.event.clocks import conference_now
from conference.event.models import Conference, Participant


def rows() -> dict[str, list[tuple]]:
    """Every row of the app, but for what goes on counting (topics, events) and the devices that came."""
    left_out = {"Topic", "LiveEvent", "Participant", "Allowance"}
    return {
        model.__name__: sorted(map(repr, model._default_manager.values_list()))
        for model in apps.get_app_config("conference").get_models(include_auto_created=True)
        if model.__name__ not in left_out
    }


def test_the_real_one_is_untouched_and_the_copy_goes_without_a_trace(house, ask) -> None:
    ask("A real question", "published")
    before = rows()
    copy = rehearsal.start(conference=house.conference, by=house.organiser)
    items = AgendaItem.objects.filter(conference=copy)
    assert [item.slug for item in items] == ["keynote", "secret", "table"]
    assert copy.memberships.count() == 3

    # Everything that a rehearsal is for.
    keynote = items.get(slug="keynote")
    post = board.send_post(
        conference=copy, key=keys.new_key(), participant=None, text="Only a test", item=keynote
    )
    for to in ("published", "shortlisted", "live"):
        post = board.decide(post=post, to=to, by=house.desk, roles=frozenset({"desk"}), version=post.version)
    draft = drafts.draft_of(copy, "secret")
    services.edit_item(item=draft, by=house.organiser, version=1, values={"title": "Rehearsed"})
    publishing.publish(conference=copy, by=house.organiser)
    day.run_late(conference=copy, by=house.organiser, first="secret", minutes=10, word="Ten minutes")
    undoing.undo(operation=undoing.next_undo(copy), by=house.organiser)

    assert rehearsal.throw_away(rehearsal=copy) > 20
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert rows() == before
    assert rehearsal.throw_away(rehearsal=copy) == 0
    assert Participant.objects.filter(pk=house.device.pk).exists()


def test_only_a_rehearsal_is_thrown_away_or_has_its_clock_set(house) -> None:
    with pytest.raises(NotPossible):
        rehearsal.throw_away(rehearsal=house.conference)
    with pytest.raises(NotPossible):
        rehearsal.set_clock(rehearsal=house.conference, moment=datetime.now().astimezone())
    copy = rehearsal.start(conference=house.conference, by=house.organiser)
    with pytest.raises(NotPossible):
        rehearsal.start(conference=copy, by=house.organiser)
    assert Conference.objects.filter(pk=house.conference.pk).exists()


def test_its_clock_is_its_own_and_its_address_is_told_to_staff_only(house, client_of) -> None:
    Conference.objects.filter(pk=house.conference.pk).update(
        demonstration=False, clock_from=None, clock_started_at=None
    )
    organiser = client_of("organiser")
    address = "/prague/organise/rehearsal/"
    assert organiser.post(address).status_code == 303
    copy = Conference.objects.get(rehearsal_of=house.conference)
    assert conference_now(copy).strftime("%H:%M") == "09:35"
    organiser.post(f"{address}{copy.slug}/", {"what": "clock", "clock": "11:00"})
    copy.refresh_from_db()
    assert conference_now(copy).strftime("%H:%M") == "11:00"
    assert abs(conference_now(house.conference) - datetime.now().astimezone()) > timedelta(days=365)
    page = Client().get(f"/{copy.slug}/agenda/").content.decode()
    assert "Rehearsal with a clock of its own" in page
    assert 'content="noindex"' in page
    assert copy.slug in organiser.get(address).content.decode()
    for path in ("/", "/prague/", "/prague/agenda/"):
        assert copy.slug not in Client().get(path).content.decode()
    for name in ("desk", "stranger"):
        assert client_of(name).get(address).status_code == 404
        assert client_of(name).post(f"{address}{copy.slug}/", {"what": "throw"}).status_code == 404
    organiser.post(f"{address}{copy.slug}/", {"what": "throw"})
    assert not Conference.objects.filter(rehearsal_of=house.conference).exists()
    assert Client().get(f"/{copy.slug}/agenda/").status_code == 404
