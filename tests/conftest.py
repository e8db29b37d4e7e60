"""What all tests share: a conference with two sessions and three permanent people (desk, organiser, stranger)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone


def pytest_configure() -> None:
    """Sign people in fast: what a password's hash costs is no concern of these tests."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first, the browser last: its driver keeps an event loop running, in which Django refuses to work."""
    items.sort(key=lambda item: (item.get_closest_marker("browser") is not None, "slow" in item.keywords))


PRAGUE = ZoneInfo("Europe/Prague")


@pytest.fixture
def house(db: None) -> SimpleNamespace:
    """A public demonstration conference whose clock stands at 09:55, and the people around it."""
    return build_house()


def build_house() -> SimpleNamespace:
    """See `house`; a function of its own for tests that commit."""
    from conference.agenda.models import AgendaItem
    from conference.agenda.publishing import adopt
    from conference.event.models import Conference, Membership, Participant, Person, Room, User
    from conference.event.services import attach_paper
    from papers.models import Block, Edition, Paper

    start = datetime(2013, 12, 17, 9, 55, tzinfo=PRAGUE)
    conference = Conference.objects.create(
        slug="prague",
        title="A conference",
        starts_on=date(2013, 12, 17),
        ends_on=date(2013, 12, 17),
        place="Prague",
        hall_code="vltava",
        is_public=True,
        demonstration=True,
        clock_from=start,
        clock_started_at=timezone.now(),
    )
    room = Room.objects.create(conference=conference, slug="hall", name="Main hall")
    person = Person.objects.create(conference=conference, slug="an-author", name="An Author")

    def item(slug: str, minutes: int, **fields: object) -> AgendaItem:
        begins = start + timedelta(minutes=minutes)
        values = {"kind": "panel", "title": slug.capitalize(), "room": room, **fields}
        return AgendaItem.objects.create(
            conference=conference, slug=slug, start=begins, end=begins + timedelta(minutes=45), **values
        )

    paper = Paper.objects.create(slug="a-paper", title="A paper", authors=["An Author"], language="en")
    edition = Edition.objects.create(paper=paper, source_name="a.md", source_sha256="0" * 64)
    rows = [
        ("heading", 2, "First part"),
        ("paragraph", 0, "The first paragraph."),
        ("paragraph", 0, "The second."),
    ]
    blocks = [
        Block.objects.create(
            paper=paper, edition=edition, order=order, kind=kind, level=level, text=text, html=text
        )
        for order, (kind, level, text) in enumerate(rows)
    ]
    attach_paper(conference_slug="prague", paper=paper, is_main=True)
    people = {}
    for role in ("organiser", "desk", "chair"):
        people[role] = User.objects.create_user(role, password="a long pass phrase")
        Membership.objects.create(user=people[role], conference=conference, role=role)
    people["stranger"] = User.objects.create_user("stranger", password="a long pass phrase")
    sessions = {
        "open": item("keynote", -10),
        "closed_door": item("secret", 60, attribution="chatham_house"),
        "present": item("table", 60, attribution="those_present"),
    }
    adopt(conference=conference)
    return SimpleNamespace(
        conference=conference,
        room=room,
        person=person,
        **sessions,
        paper=paper,
        blocks=blocks,
        device=Participant.objects.create(),
        **people,
    )


@pytest.fixture
def ask(house: SimpleNamespace) -> Callable[..., object]:
    """Send a post as some device and have the desk bring it to a state."""
    return asker(house)


def asker(house: SimpleNamespace) -> Callable[..., object]:
    """See `ask`."""
    from conference.board import keys, services

    def send(text: str = "Why?", state: str = "pending", item: object = None, **content: object) -> object:
        post = services.send_post(
            conference=house.conference,
            key=keys.new_key(),
            participant=content.pop("participant", None) or house.device,
            text=text,
            item=item or house.open,
            **content,
        )
        for to in PATHS[state]:
            if to == "withdrawn":
                post = services.withdraw(post=post, participant=post.participant)
            else:
                post = services.decide(
                    post=post,
                    to=to,
                    by=house.desk,
                    roles=frozenset({"desk"}),
                    version=post.version,
                    reason="because",
                )
        return post

    return send


# How a post comes to each state that can be reached.
PATHS = {
    "pending": [],
    "published": ["published"],
    "declined": ["declined"],
    "hidden": ["published", "hidden"],
    "withdrawn": ["withdrawn"],
    "shortlisted": ["published", "shortlisted"],
    "live": ["published", "live"],
    "answered": ["published", "live", "answered"],
    "not_reached": ["published", "not_reached"],
    "passed_on": ["passed_on"],
}


@pytest.fixture
def client_of(house: SimpleNamespace) -> Callable[[str], Client]:
    """A signed-in client of one of the house's people."""

    def client(name: str) -> Client:
        signed_in = Client()
        signed_in.force_login(getattr(house, name), backend="django.contrib.auth.backends.ModelBackend")
        return signed_in

    return client


def conference_row() -> str:
    """An INSERT of conference 1 at `/c/` with whatever columns there are, for tests that go past Django."""
    from psycopg import sql

    from conference.event.models import Conference

    day = date(2030, 1, 1)
    row = Conference(pk=1, slug="c", title="C", starts_on=day, ends_on=day, hall_code="x", is_public=True)
    fields = Conference._meta.concrete_fields
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING;").format(
        sql.Identifier(Conference._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(field.column) for field in fields),
        sql.SQL(", ").join(sql.Literal(getattr(row, field.attname)) for field in fields),
    )
    return statement.as_string(None)
