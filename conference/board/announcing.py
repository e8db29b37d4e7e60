"""Which topics and events a change of a post moves. Nothing that waits is ever announced but to the desk."""

from dataclasses import dataclass

from conference.board.models import Post
from conference.board.states import Release
from conference.live.services import announce
from conference.live.topics import DESK, HALL, PUBLIC


def audience_of_post(post: Post) -> str:
    """The widest audience that may read the post once it is published."""
    return HALL if post.item is not None and post.item.hall_only else PUBLIC


def topics_of(post: Post) -> list[str]:
    """The topics of the pages that may show a post. A hall's question moves no public page, not even its time."""
    names = ["board"]
    if post.item is not None:
        names.append(f"item/{post.item.slug}")
    if post.block is not None:
        names.append(f"comments/{post.block.paper.slug}")
    prefixes = ("hall/",) if audience_of_post(post) == HALL else ("", "hall/")
    return [f"{post.conference_id}/{prefix}{name}" for prefix in prefixes for name in names]


def announce_post(post: Post, *, was_visible: bool, kind: str, desk_only: bool = False) -> None:
    """Tell the desk, and the post's audience if it could read the post before or can now."""
    events = [(DESK, "queue", post.public_id)]
    shown = not desk_only and (was_visible or post.release == Release.PUBLISHED)
    if shown:
        events.append((audience_of_post(post), kind, post.public_id))
    # The tally of a closed session changes with what nobody sees, too.
    counted = post.item is not None and post.item.is_closed
    topics = topics_of(post) if shown or counted else []
    announce(conference_id=post.conference_id, topics=topics, events=events)


@dataclass(frozen=True)
class Place:
    """Where readers find a published post: whose streams tell of it, and the topics of the pages that show it."""

    audience: str
    topics: tuple[str, ...]


def place_of(post: Post) -> Place | None:
    """Where readers find a post; None when it is not published."""
    if post.release != Release.PUBLISHED:
        return None
    return Place(audience_of_post(post), tuple(topics_of(post)))


def announce_change(post: Post, *, was: Place | None, kind: str = "post") -> None:
    """Tell everybody who could read a post before or can now: it may have gone, come, moved, or been reworded.

    What the public's streams tell reaches the hall too, so that of two audiences the wider one is enough.
    """
    places = [place for place in (was, place_of(post)) if place is not None]
    events = [(DESK, "queue", post.public_id)]
    if places:
        wider = PUBLIC if PUBLIC in [place.audience for place in places] else HALL
        events.append((wider, kind, post.public_id))
    topics = sorted({topic for place in places for topic in place.topics})
    announce(conference_id=post.conference_id, topics=topics, events=events)
