"""What the joining pages tell the live part, and whose signals they hear."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from conference.board.orphans import follow
from conference.event.models import CONFERENCE_PATTERN, Conference, ConferencePaper, Membership
from conference.event.signals import conference_changed, staff_changed
from conference.live.registry import CachedRoute, register_pages
from conference.live.services import announce
from conference.live.topics import CONFERENCES, HALL, hall_topic, staff_topic
from papers.models import BLOCK_PATTERN, Edition, Paper
from papers.signals import edition_stored

SLUG = r"[a-z0-9-]+"


def register() -> None:
    """Cached pages, and what happens to them when a paper or a conference changes."""
    register_pages([CachedRoute(r"/"), CachedRoute(rf"/{CONFERENCE_PATTERN}/")])
    for route in (rf"/people/{SLUG}/", r"/practical/"):
        register_pages([CachedRoute(rf"/{CONFERENCE_PATTERN}{route}")])
    paper, sort = rf"/papers/{SLUG}", frozenset({"sort"})
    for route, params in (("/", frozenset[str]()), ("/comments/", sort), (rf"/{BLOCK_PATTERN}/", sort)):
        register_pages([CachedRoute(rf"/{CONFERENCE_PATTERN}{paper}{route}", params)])
        register_pages([CachedRoute(rf"/{CONFERENCE_PATTERN}/hall{paper}{route}", params, audience=HALL)])
    for route in (r"\.epub", r"/card\.png", r"/cite\.(?:bib|ris|json)"):
        register_pages([CachedRoute(rf"/{CONFERENCE_PATTERN}{paper}{route}")])
    edition_stored.connect(_edition_stored, dispatch_uid="pages-edition-stored")
    for changed in (post_save, post_delete):
        changed.connect(_staff_changed, sender=Membership, dispatch_uid="pages-staff-changed")
    staff_changed.connect(_link_closed, dispatch_uid="pages-link-closed")
    conference_changed.connect(_conference_changed, dispatch_uid="pages-conference-changed")


def _edition_stored(sender: object, paper: Paper, edition: Edition, **kwargs: Any) -> None:
    """A new text: every conference that discusses the paper shows it, and open pages say so.

    Comments whose words stand in another paragraph now go there first. Conference by conference, by ascending id: see
    `live.services.announce`.
    """
    links = ConferencePaper.objects.filter(paper=paper).order_by("conference_id")
    for conference_id in links.values_list("conference_id", flat=True):
        if edition.published_by is not None:
            follow(conference_id=conference_id, paper=paper, by=edition.published_by)
        announce(
            conference_id=conference_id,
            topics=[f"{conference_id}/paper/{paper.slug}"],
            events=[("public", "refresh", "")],
        )


def _conference_changed(sender: object, conference: Conference, **kwargs: Any) -> None:
    """Its own row, its papers, its clock or its hall code: nothing that was kept may stay."""
    announce(
        conference_id=conference.pk,
        topics=[CONFERENCES, hall_topic(conference.pk), f"{conference.pk}/agenda"],
        events=[("public", "refresh", "")],
    )


def _staff_changed(sender: object, instance: Membership, **kwargs: Any) -> None:
    """A role was given or taken away: the desk's open streams are authorised again, in every process."""
    with transaction.atomic():
        announce(conference_id=instance.conference_id, topics=[staff_topic(instance.conference_id)])


def _link_closed(sender: object, conference_id: int, **kwargs: Any) -> None:
    """A private link was revoked: what it opened is closed at once, and says so."""
    announce(conference_id=conference_id, topics=[staff_topic(conference_id)])
