"""Names of topics and of the streams' audiences. Pure: no Django.

A topic is what a page depends on; its revision grows with every change. Names start with the conference's id,
so that two conferences never meet: `7/board`, `7/board/item/12`. Features make up their own names behind that
prefix.
"""

PUBLIC = "public"
HALL = "hall"
DESK = "desk"
AUDIENCES = (PUBLIC, HALL, DESK)

# The list of conferences and each conference's own row (title, public or not). When it moves, every process
# forgets all its pages: a conference that was hidden must be in nobody's memory.
CONFERENCES = "conferences"


def conference_topic(conference_id: int) -> str:
    """The topic that moves with every announcement of a conference; always locked first (see `services`)."""
    return str(conference_id)


def event_topic(conference_id: int, audience: str = PUBLIC) -> str:
    """The topic whose revision is the number of the newest event on the streams of `audience`.

    Each audience counts for itself: one common counter would tell the public how many posts wait at the desk.
    """
    return f"{conference_id}/events/{audience}"


def agenda_topic(conference_id: int) -> str:
    """The topic of the published programme and its day facts; when it moves the next boundary is looked up."""
    return f"{conference_id}/agenda"


def staff_topic(conference_id: int) -> str:
    """The topic of who works for a conference; the desk's streams are authorised again when it moves."""
    return f"{conference_id}/staff"


def hall_topic(conference_id: int) -> str:
    """The topic of the hall code; the hall's passes and streams are checked again when it moves."""
    return f"{conference_id}/hall"


def parse_event_topic(topic: str) -> tuple[int, str] | None:
    """The conference and the audience of an event topic; None for any other topic."""
    conference, _, rest = topic.partition("/")
    events, _, audience = rest.partition("/")
    if events != "events" or audience not in AUDIENCES or not conference.isdecimal():
        return None
    return int(conference), audience
