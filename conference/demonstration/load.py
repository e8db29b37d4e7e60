"""Loads the demonstration through the same services that people use."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path

from django.db import transaction

from conference.agenda import publishing
from conference.agenda import services as agenda
from conference.agenda.models import AgendaItem, Appearance, BoardMode
from conference.board import keys, services, votes
from conference.demonstration import programme
from conference.event.models import Conference, Membership, Person, Room, User
from conference.event.services import attach_paper, new_participant, start_demonstration_clock
from papers.importing import read
from papers.services import store_edition

SUMMARY = Path(__file__).with_name("summary.md")


@transaction.atomic
def load() -> Conference:
    """Make the Prague conference with staff, programme, paper summary and first questions; returns it.

    Where it is there already nothing is touched but its clock, which starts anew.
    """
    conference = Conference.objects.filter(slug=programme.SLUG).first()
    if conference is None:
        conference = _conference()
        staff = _staff(conference)
        _paper(conference)
        items = _items(conference, staff["organiser"])
        start_demonstration_clock(conference=conference)
        conference.refresh_from_db()
        _questions(conference, items, staff["moderator"])
    else:
        start_demonstration_clock(conference=conference)
    return conference


def _conference() -> Conference:
    return Conference.objects.create(
        slug=programme.SLUG,
        title="NATO and Russia: Geopolitical Competition or Pragmatic Partnership?",
        time_zone="Europe/Prague",
        starts_on=date(2013, 12, 17),
        ends_on=date(2013, 12, 17),
        place="Prague",
        organiser_name="Association for International Affairs (AMO)",
        practical=programme.PRACTICAL,
        **programme.VENUE,
        hall_code=programme.HALL_CODE,
        is_public=True,
        demonstration=True,
        clock_from=programme.CLOCK_FROM,
    )


def _staff(conference: Conference) -> dict[str, User]:
    staff = {}
    for username, role in programme.STAFF:
        user = User.objects.filter(username=username).first()
        if user is None:
            # No password until somebody sets one: the demonstration signs in by link.
            user = User.objects.create_user(username, password=None)
        Membership.objects.create(user=user, conference=conference, role=role)
        staff[username] = user
    return staff


def _items(conference: Conference, organiser: User) -> dict[str, AgendaItem]:
    rooms = {
        slug: Room.objects.create(conference=conference, slug=slug, name=name)
        for slug, name in programme.ROOMS
    }
    slug, name, affiliation = programme.AUTHOR
    author = Person.objects.create(conference=conference, slug=slug, name=name, affiliation=affiliation)
    for slug, kind, start, end, room, language, attribution, title, abstract in programme.ITEMS:
        values = {
            "kind": kind,
            "title": title,
            "abstract": abstract,
            "start": programme.at(start),
            "end": programme.at(end),
            "room": rooms.get(room),
            "language": language,
            "attribution": attribution,
            "board_mode": BoardMode.MODERATED,
            # Lunch waits for nobody: the kitchen has its time.
            "fixed": slug == "lunch",
            "papers": [programme.PAPER_SLUG] if slug == "destined-to-cooperate" else [],
        }
        people: list[tuple[Person, str]] = []
        if slug == "destined-to-cooperate":
            people = [(author, Appearance.Role.AUTHOR)]
        agenda.add_item(conference=conference, by=organiser, values=values, people=people, slug=slug)
    publishing.publish(conference=conference, by=organiser)
    return {item.slug: item for item in AgendaItem.objects.filter(conference=conference)}


def _paper(conference: Conference) -> None:
    source = SUMMARY.read_bytes()
    edition = store_edition(
        document=read(source),
        slug=programme.PAPER_SLUG,
        source=source,
        source_name=SUMMARY.name,
        is_summary=True,
    )
    attach_paper(conference_slug=conference.slug, paper=edition.paper, is_main=True)


def _questions(conference: Conference, items: dict[str, AgendaItem], moderator: User) -> None:
    devices = [new_participant() for _ in range(9)]
    roles = frozenset({"desk"})
    for number, (item, name, text, state, reason) in enumerate(programme.QUESTIONS):
        post = services.send_post(
            conference=conference,
            key=keys.new_key(),
            participant=devices[number],
            text=text,
            name=name,
            item=items[item],
        )
        steps = {"pending": [], "live": ["published", "live"]}.get(state, [state])
        for to in steps:
            post = services.decide(
                post=post, to=to, by=moderator, roles=roles, version=post.version, reason=reason
            )
        if votes.takes_votes(post):
            for device in secrets.SystemRandom().sample(devices, 3 + number):
                votes.cast_vote(post=post, participant=device, key=keys.new_key(), active=True)
    votes.recount()
