"""What the joining pages read."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from conference.agenda import materials
from conference.agenda import queries as agenda
from conference.agenda.models import AgendaItem
from conference.board.tally import rows_of_day, rows_of_session
from conference.event.models import Conference, ConferencePaper

BEFORE, DAY, BREAK, AFTER = "before", "day", "break", "after"


def face_of(conference: Conference, items: list[AgendaItem], moment: datetime) -> str:
    """Which of its four faces the home page shows at `moment` (conference time)."""
    standing = [item for item in items if not item.cancelled]
    today = moment.astimezone(conference.zone).date()
    if today < conference.starts_on:
        return BEFORE
    if today > conference.ends_on or (standing and all(item.finishes <= moment for item in standing)):
        return AFTER
    running = [item for item in standing if item.is_now(moment)]
    return DAY if any(item.has_board for item in running) else BREAK


def until_home_changes(items: list[AgendaItem], moment: datetime) -> float | None:
    """Seconds until something begins or ends, or until midnight while days are counted."""
    boundary = agenda.seconds_to_boundary(items, moment)
    if boundary is None:
        return None
    midnight = datetime.combine(moment.date() + timedelta(days=1), time(), moment.tzinfo)
    return min(boundary, (midnight - moment).total_seconds())


def beside_home() -> dict[str, Any]:
    """What the home page reads in the statement that reads the conference: its paper and its tally."""
    papers = ConferencePaper.objects.filter(conference=OuterRef("pk")).order_by("position", "id")
    shown = ("slug", "title", "language", "authors", "is_summary")
    paper = JSONObject(**{name: f"paper__{name}" for name in shown})
    return {"main_paper": Subquery(papers.values(row=paper)[:1]), "tally_rows": rows_of_day()}


def beside_session(item: str) -> dict[str, Any]:
    """What the page of a session reads in the statement that reads the conference, by the session's slug."""
    links = AgendaItem.papers.through.objects.filter(
        agendaitem__conference=OuterRef("pk"), agendaitem__slug=item
    )
    paper = JSONObject(slug="paper__slug", title="paper__title", language="paper__language")
    return {
        "papers_of_session": ArraySubquery(links.order_by("paper_id").values(row=paper)),
        "material_rows": materials.of_session(item),
        "tally_rows": rows_of_session(item),
    }
