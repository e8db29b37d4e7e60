"""Which session a question is for, when its sender has not said so. Pure; all times are conference time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from conference.agenda.models import AgendaItem

# People ask on their way out, too.
GRACE = timedelta(minutes=15)


def preset_item(items: Iterable[AgendaItem], moment: datetime, *, room: str = "") -> AgendaItem | None:
    """The one session that runs at `moment` and takes questions (in `room`, a slug, if given), or ended just before.

    None in a break, beyond the grace, and where parallel sessions leave a choice.
    """
    open_items = [
        item
        for item in items
        if item.takes_questions and (not room or (item.room is not None and item.room.slug == room))
    ]
    running = [item for item in open_items if item.is_now(moment)]
    if running:
        return running[0] if len(running) == 1 else None
    over = [item for item in open_items if item.finishes <= moment < item.finishes + GRACE]
    newest = max((item.finishes for item in over), default=None)
    last = [item for item in over if item.finishes == newest]
    return last[0] if len(last) == 1 else None
