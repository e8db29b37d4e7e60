"""What every view of a cached page does first: the conference and the revisions of its topics, in one query."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import JSONField, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from conference.event.access import holds_hall_pass
from conference.event.clocks import conference_now
from conference.event.models import Conference, ConferencePaper
from conference.event.notices import seconds_to_end, shown_notices
from conference.live.access import front_vouches
from conference.live.responses import mark
from conference.live.topics import CONFERENCES, HALL, PUBLIC, event_topic

# One statement sees one moment: the row and the revisions belong together, and everything that is read later is at
# least as new as they are.
_REVISIONS = """(
    SELECT coalesce(jsonb_object_agg(name, revision), '{}'::jsonb) FROM conference_topic
    WHERE name = %s OR name IN (SELECT conference_conference.id || suffix FROM unnest(%s::text[]) AS suffix)
)"""


class Reading:
    """A conference as it is being read: its row, the topics' revisions for `mark`, the newest event's number."""

    def __init__(
        self,
        conference: Conference,
        suffixes: list[str],
        audience: str,
        found: dict[str, int],
        also: dict[str, Any],
    ) -> None:
        self.conference = conference
        self.paper_slug: str = getattr(conference, "paper_slug", None) or ""
        self.audience = audience
        # What the view asked for besides, by name.
        self.also = also
        self.event_number = found.get(event_topic(conference.pk, audience), 0)
        names = [CONFERENCES, *(f"{conference.pk}{suffix}" for suffix in suffixes)]
        self.revisions = {name: found.get(name, 0) for name in names}


def read_conference(
    slug: str, topics: Iterable[str], *, audience: str = PUBLIC, also: Mapping[str, Any] | None = None
) -> Reading:
    """The public conference at `slug` with the revisions of its `topics` (names without the conference's id).

    `also` are expressions over a conference, by name, that the same statement reads: they are in the reading's `also`.
    Raises Http404 for a conference that is absent or hidden: the two look alike.
    """
    found = _read(Conference.objects.filter(slug=slug, is_public=True), topics, audience, also or {})
    if not found:
        raise Http404
    return found[0]


def read_current(topics: Iterable[str], *, also: Mapping[str, Any] | None = None) -> list[Reading]:
    """The public conferences, newest first, as `read_conference` reads one; rehearsals are nobody's business."""
    shown = Conference.objects.filter(is_public=True, rehearsal_of__isnull=True)
    return _read(shown.order_by("-starts_on", "-pk"), topics, PUBLIC, also or {})


def _read(
    conferences: QuerySet[Conference], topics: Iterable[str], audience: str, also: Mapping[str, Any]
) -> list[Reading]:
    suffixes = [f"/{topic}" for topic in topics]
    wanted = [*suffixes, event_topic(0, audience).removeprefix("0")]
    main_paper = ConferencePaper.objects.filter(conference=OuterRef("pk")).order_by("position", "id")
    rows = conferences.annotate(
        paper_slug=Subquery(main_paper.values("paper__slug")[:1]),
        found=RawSQL(_REVISIONS, [CONFERENCES, wanted], output_field=JSONField()),
        **also,
    )
    return [
        Reading(row, suffixes, audience, row.found, {name: getattr(row, name) for name in also})
        for row in rows
    ]


class HallClosed(Exception):
    """A hall page without the hall's pass: the middleware shows the form for the code."""

    def __init__(self, slug: str) -> None:
        super().__init__("The hall code is missing.")
        self.slug = slug


def open_page(
    request: HttpRequest,
    slug: str,
    topics: Iterable[str],
    *,
    hall: bool,
    also: Mapping[str, Any] | None = None,
) -> Reading:
    """What a page of the public or of the hall stands on. `topics` starting with `~` have a hall variant of their own.

    `also` as in `read_conference`.
    Raises Http404, and HallClosed for a hall page when neither the front nor the browser's own pass vouches.
    """
    audience = HALL if hall else PUBLIC
    prefix = "hall/" if hall else ""
    names = [topic.replace("~", prefix) for topic in topics]
    reading = read_conference(slug, [*names, "hall"] if hall else names, audience=audience, also=also)
    if hall and not front_vouches(request) and not holds_hall_pass(request, reading.conference):
        raise HallClosed(slug)
    return reading


def respond(
    request: HttpRequest,
    reading: Reading,
    template: str,
    context: dict[str, Any],
    *,
    tab: str = "",
    until: float | None = None,
    dense: bool = False,
) -> HttpResponse:
    """Render a cached page and mark it for the front; `until` and `dense` as in `responses.mark`."""
    response = render(request, template, {**page_context(reading), "tab": tab, "live": True, **context})
    # What is announced ends by itself, on every page.
    ends = [seconds for seconds in (until, seconds_to_end(reading.conference)) if seconds is not None]
    until = min(ends, default=None)
    return mark(response, revisions=reading.revisions, until=until, dense=dense)


def page_context(reading: Reading) -> dict[str, Any]:
    """What the base template asks for."""
    conference = reading.conference
    home = reverse("home", args=[conference.slug])
    return {
        "conference": conference,
        "demonstration": conference.demonstration,
        "audience": reading.audience,
        "home": home,
        "prefix": f"{home}hall/" if reading.audience == HALL else home,
        "paper_slug": reading.paper_slug,
        "event_number": reading.event_number,
        "now": conference_now(conference),
        "notices": shown_notices(conference),
        # To the minute, as it is shown: processes that render the same page in the same minute agree on its ETag.
        "made": timezone.now().replace(second=0, microsecond=0).isoformat(timespec="minutes"),
    }
