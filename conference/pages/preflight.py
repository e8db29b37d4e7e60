"""What has to be right at 08:30: looked at in one go, so that one page says all is well or what is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.agenda import checks, drafts, publishing
from conference.agenda.queries import items_of
from conference.board import keys, services
from conference.board.access import visible_to
from conference.board.models import Post
from conference.event.access import PUBLIC, Audience
from conference.event.clocks import conference_now
from conference.event.models import Conference, PrivateLink, User

GOOD, DOUBTFUL, BAD = "good", "doubtful", "bad"
MOST_DRIFT = timedelta(seconds=2)


@dataclass(frozen=True)
class Finding:
    """One line of the page: how it stands, what was looked at, and what was found."""

    state: str
    what: str
    found: str
    link: str = ""


def look(conference: Conference) -> list[Finding]:
    """Everything that can be looked at without doing anything."""
    return [_clock(conference), *_programme(conference), _address(), _public(conference), *_links(conference)]


def _clock(conference: Conference) -> Finding:
    what = _("The clock")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
    drift = abs(there - timezone.now())
    at = f"{conference_now(conference):%H:%M}"
    if drift > MOST_DRIFT:
        text = _("Database and web server differ by %(n)d seconds.") % {"n": drift.total_seconds()}
        return Finding(BAD, what, text)
    if conference.demonstration:
        return Finding(
            DOUBTFUL, what, _("It is simulated: %(at)s. Only a demonstration has that.") % {"at": at}
        )
    return Finding(GOOD, what, _("Real: %(at)s in %(zone)s.") % {"at": at, "zone": conference.time_zone})


def _programme(conference: Conference) -> list[Finding]:
    what, link = _("The programme"), reverse("organise-publish", args=[conference.slug])
    release = drafts.newest_release(conference)
    if release is None:
        return [Finding(BAD, what, _("The public has no programme yet."), link)]
    findings = [Finding(GOOD, what, _("The public has release %(number)d.") % {"number": release.number})]
    waits = drafts.unpublished(conference)
    if waits:
        text = ngettext("%(n)d change is not public yet.", "%(n)d changes are not public yet.", waits)
        findings.append(Finding(DOUBTFUL, what, text % {"n": waits}, link))
    programme = {draft.slug: draft.content for draft in drafts.drafts_of(conference)}
    wrong = checks.errors(programme, publishing.venue_of(conference))
    if wrong:
        text = ngettext("The draft has %(n)d error.", "The draft has %(n)d errors.", len(wrong))
        findings.append(Finding(DOUBTFUL, what, text % {"n": len(wrong)}, link))
    today = conference_now(conference).date()
    if not [item for item in items_of(conference) if item.start.astimezone(conference.zone).date() == today]:
        findings.append(Finding(DOUBTFUL, what, _("Nothing is on it today.")))
    return findings


def _address() -> Finding:
    what, base = _("The address of the QR codes"), settings.BASE_URL
    host = urlsplit(base).hostname or ""
    if host in ("localhost", "127.0.0.1", "::1"):
        text = _("%(base)s leads nowhere from a phone. Set BASE_URL, or start with --host.") % {"base": base}
        return Finding(BAD, what, text)
    if not base.startswith("https://"):
        text = _("%(base)s is plain HTTP: pages open, but do not survive the Wi-Fi.") % {"base": base}
        return Finding(DOUBTFUL, what, text)
    return Finding(GOOD, what, base)


def _public(conference: Conference) -> Finding:
    what = _("The conference")
    if not conference.is_public:
        return Finding(BAD, what, _("It is not public: phones see nothing of it."))
    return Finding(GOOD, what, _("Public. Hall code: %(code)s") % {"code": conference.hall_code})


def _links(conference: Conference) -> list[Finding]:
    """For each room whether its chair and its screen have a link, and whether it was opened."""
    links = PrivateLink.objects.filter(conference=conference, revoked_at__isnull=True, room__isnull=False)
    opened: dict[tuple[int | None, str], bool] = {}
    for link in links:
        key = (link.room_id, link.kind)
        opened[key] = opened.get(key, False) or link.last_used_at is not None
    place = reverse("links", args=[conference.slug])
    findings = []
    for room in conference.rooms.order_by("pk"):
        for kind in (PrivateLink.Kind.CHAIR, PrivateLink.Kind.SCREEN):
            what = f"{room.name}: {PrivateLink.Kind(kind).label}"
            seen = opened.get((room.pk, kind))
            if seen:
                findings.append(Finding(GOOD, what, _("The link was opened.")))
            elif seen is None:
                findings.append(Finding(DOUBTFUL, what, _("There is no link yet."), place))
            else:
                findings.append(Finding(DOUBTFUL, what, _("The link was not opened yet."), place))
    return findings


@transaction.atomic
def send_test_question(*, conference: Conference, by: User, roles: frozenset[str]) -> bool:
    """One question all the way: sent, on the list where the public reads it, removed again; whether it was seen.

    It stays in the log as removed, and was never on a page longer than this takes.
    """
    post: Post = services.send_post(
        conference=conference, key=keys.new_key(), participant=None, text=_("Test of the organisers")
    )
    post = services.decide(post=post, to="published", by=by, roles=roles, version=post.version)
    seen = visible_to(Audience(PUBLIC), conference).filter(pk=post.pk).exists()
    reason = _("It was a test of the organisers.")
    services.decide(post=post, to="hidden", by=by, roles=roles, version=post.version, reason=reason)
    return seen and not visible_to(Audience(PUBLIC), conference).filter(pk=post.pk).exists()
