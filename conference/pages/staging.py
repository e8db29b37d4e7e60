"""What the chair's page and the screen of a room show: which session, which questions, what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest

from conference.agenda import queries as agenda
from conference.agenda.models import AgendaItem
from conference.board.access import visible_to
from conference.board.models import Post
from conference.board.states import Release, Stage
from conference.event import links
from conference.event.access import DESK_ROLES, HALL, STAFF, Audience, NotSignedIn, staff_conference
from conference.event.clocks import conference_now
from conference.event.models import Conference, PrivateLink, Role, Room, User

# A session that overruns keeps its stage for so long after its end.
GRACE = timedelta(minutes=30)
# The rule of a session is shown large for so long after its start.
OPENING = timedelta(minutes=5)
MOST_WANTED = 5
MOST_NEXT = 12


@dataclass(frozen=True)
class Holder:
    """Who stands before a room's page: a member of staff, or whoever came by its private link."""

    conference: Conference
    room: Room
    by: User | PrivateLink
    roles: frozenset[str]

    @property
    def link(self) -> PrivateLink | None:
        """The private link, when it is one."""
        return self.by if isinstance(self.by, PrivateLink) else None


def holder_of(request: HttpRequest, conference: str, room: str, kind: str) -> Holder:
    """Who asks for a room's page of `kind` (chair or screen).

    Raises NotSignedIn for a stranger, links.LinkClosed after a revocation, Http404 for everybody else.
    """
    if request.user.is_authenticated:
        try:
            row, staff = staff_conference(request, conference, DESK_ROLES)
        except Http404:
            pass  # not of the staff here, but perhaps with a link
        else:
            found = Room.objects.filter(conference=row, slug=room).first()
            if found is None:
                raise Http404
            return Holder(row, found, staff.user, staff.roles)
    for link in links.links_of(request, conference, kind):
        if link.room is not None and link.room.slug == room:
            roles = frozenset({str(Role.CHAIR)}) if kind == PrivateLink.Kind.CHAIR else frozenset()
            return Holder(link.conference, link.room, link, roles)
    if request.user.is_authenticated:
        raise Http404
    raise NotSignedIn


def rooms_of(request: HttpRequest, conference: str, kind: str) -> tuple[Conference, list[Room], Room | None]:
    """The conference, the rooms whose pages of `kind` whoever asks may open, and the one where something runs now.

    Raises as `holder_of` does.
    """
    held = [link for link in links.links_of(request, conference, kind) if link.room is not None]
    if held and not request.user.is_authenticated:
        rooms = list({link.room.pk: link.room for link in held if link.room is not None}.values())
        return held[0].conference, rooms, rooms[0]
    row, _staff = staff_conference(request, conference, DESK_ROLES)
    rooms = list(Room.objects.filter(conference=row).order_by("name"))
    moment = conference_now(row)
    busy = {item.room_id for item in agenda.items_of(row, cancelled=False) if item.is_now(moment)}
    running = [room for room in rooms if room.pk in busy]
    only = rooms if len(rooms) == 1 else running
    return row, rooms, only[0] if len(only) == 1 else None


@dataclass
class OnStage:
    """What is on a room's stage at a moment."""

    item: AgendaItem | None = None
    live: list[Post] = field(default_factory=list)
    # In the desk's order.
    shortlist: list[Post] = field(default_factory=list)
    wanted: list[Post] = field(default_factory=list)
    # Seconds until the session's end, negative when it overruns; None when nothing runs.
    seconds_left: int | None = None
    opening: bool = False
    running: list[AgendaItem] = field(default_factory=list)
    coming: list[AgendaItem] = field(default_factory=list)


def session_in(items: list[AgendaItem], moment: datetime, wanted: str = "") -> AgendaItem | None:
    """The session on a room's stage at `moment`: the one asked for, what runs now, or what overruns its end."""
    sessions = [item for item in items if item.has_board and not item.cancelled]
    asked = [item for item in sessions if item.slug == wanted]
    running = [item for item in sessions if item.is_now(moment)]
    late = [
        item for item in sessions if item.finishes <= moment < item.finishes + GRACE and not item.is_closed
    ]
    chosen = asked or running or late[-1:]
    return chosen[0] if chosen else None


def on_stage(conference: Conference, room: Room, *, chair: bool, wanted: str = "") -> OnStage:
    """What a room's chair (`chair`) or its screen shows now, through the gate of the desk or of the hall.

    A constant number of queries.
    """
    moment = conference_now(conference)
    everywhere = agenda.describe(agenda.items_of(conference, cancelled=False), moment)
    items = [item for item in everywhere if item.room_id == room.pk]
    running, _ = agenda.now_and_next(items, moment)
    coming = [item for item in items if item.begins > moment]
    shown = OnStage(session_in(items, moment, wanted), running=running, coming=coming)
    item = shown.item
    if item is None:
        return shown
    shown.seconds_left = round((item.finishes - moment).total_seconds())
    shown.opening = item.begins <= moment < item.begins + OPENING
    audience = Audience(STAFF, roles=frozenset({str(Role.CHAIR)})) if chair else Audience(HALL)
    posts = visible_to(audience, conference).filter(
        item=item, kind=Post.Kind.QUESTION, release=Release.PUBLISHED, merged_into__isnull=True
    )
    for post in posts.filter(stage__in=[Stage.LIVE, Stage.SHORTLISTED, Stage.NONE]).order_by(
        "stage_at", "pk"
    ):
        if post.stage == Stage.LIVE:
            shown.live.append(post)
        elif post.stage == Stage.SHORTLISTED:
            shown.shortlist.append(post)
        if post.stage != Stage.LIVE:
            shown.wanted.append(post)
    shown.shortlist.sort(key=lambda post: post.position or 0)
    shown.wanted.sort(key=lambda post: (-post.vote_count, post.pk))
    del shown.shortlist[MOST_NEXT:], shown.wanted[MOST_WANTED:]
    return shown
