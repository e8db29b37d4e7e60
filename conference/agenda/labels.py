"""What organisers read about fields, differences and problems."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from conference.agenda import checks, diff
from conference.agenda.content import MOMENTS
from conference.agenda.models import Appearance, Attribution, BoardMode, Kind
from conference.event.models import Conference

FIELDS: dict[str, str | Promise] = {
    "title": _("Title"),
    "kind": _("Kind"),
    "start": _("Starts"),
    "end": _("Ends"),
    "room": _("Room"),
    "people": _("People"),
    "abstract": _("Description"),
    "papers": _("Papers"),
    "language": _("Language"),
    "interpretation": _("Interpretation"),
    "attribution": _("What may be quoted"),
    "stream_url": _("Address of the stream"),
    "fixed": _("Keeps its time when the day is late"),
    "board_mode": _("Questions"),
    "board_opens_at": _("Questions open at"),
    "hide_votes": _("Keep the numbers of votes for the question desk"),
    "cancelled": _("Cancelled"),
    "removed": _("Taken off the draft"),
    "day_start": _("Expected to start"),
    "day_end": _("Expected to end"),
    "started_at": _("Started"),
    "ended_at": _("Ended"),
}
DIFFERENCES: dict[str, str | Promise] = {
    diff.NEW: _("new"),
    diff.GONE: _("gone"),
    diff.CANCELLED: _("cancelled"),
    diff.BACK: _("back on the programme"),
    diff.MOVED: _("moved"),
    diff.RENAMED: _("renamed"),
    diff.ROOM: _("another room"),
    diff.PEOPLE: _("people"),
    diff.RULE: _("what may be quoted"),
    diff.OTHER: _("other details"),
}
PROBLEMS: dict[str, str | Promise] = {
    checks.NO_TITLE: _("It has no title."),
    checks.ENDS_BEFORE_START: _("It ends before it starts."),
    checks.OUTSIDE_DAYS: _("It is outside the days of the conference."),
    checks.UNKNOWN: _("“%(about)s” is not known here: choose again."),
    checks.ROOM_TAKEN: _("%(about)s is taken at the same time."),
    checks.PERSON_TWICE: _("%(about)s is in two places at once."),
    checks.NO_GAP: _("%(about)s has less than five minutes to change rooms."),
    checks.BREAK_MISSING: _("More than two and a half hours without a break."),
    checks.PAST_CLOSING: _("It runs past the closing time of the venue."),
    checks.NO_ROOM: _("It has no room yet."),
    checks.NO_CHAIR: _("The panel has no chair."),
    checks.NOT_REPLACED: _("%(about)s cancelled and nobody takes the place."),
}
GRADES: dict[str, str | Promise] = {
    checks.ERROR: _("Error"),
    checks.WARNING: _("Warning"),
    checks.NOTE: _("Note"),
}
_CHOICES = {"kind": Kind, "attribution": Attribution, "board_mode": BoardMode}
_TIMES = frozenset({"start", "end", *MOMENTS})


class Names:
    """Names of rooms, people and papers by their slugs, for showing contents (three queries)."""

    def __init__(self, conference: Conference) -> None:
        self.zone = conference.zone
        self.several_days = conference.starts_on != conference.ends_on
        self.rooms = dict(conference.rooms.values_list("slug", "name"))
        self.people = dict(conference.people.values_list("slug", "name"))
        papers = conference.conference_papers.values_list("paper__slug", "paper__title")
        self.papers = dict(papers)

    def of(self, slug: str) -> str:
        """Whatever has this slug; the slug itself when nothing has."""
        return self.people.get(slug) or self.rooms.get(slug) or self.papers.get(slug) or slug

    def value(self, field: str, content: Mapping[str, Any] | None) -> str:
        """A field's value for people; a dash for nothing."""
        value = None if content is None else content.get(field)
        if value in (None, "", []):
            return "—"
        if field in _TIMES:
            return self.moment(value)
        if field in _CHOICES:
            return self._choice(field, str(value))
        if field == "people":
            return "; ".join(self.person(each) for each in value)
        if field in ("papers", "room"):
            return ", ".join(self.of(slug) for slug in ([value] if field == "room" else value))
        if field == "language":
            return {"en": _t("English"), "cs": _t("Czech")}.get(value, str(value))
        if isinstance(value, bool):
            return _t("yes") if value else _t("no")
        return str(value)

    def moment(self, iso: str) -> str:
        """The time of day, with the date when the conference lasts longer than a day."""
        local = datetime.fromisoformat(iso).astimezone(self.zone)
        clock = f"{local:%H:%M}"
        # Translators: a short date, in Django's format letters.
        return f"{date_format(local.date(), _t('D j M'))} {clock}" if self.several_days else clock

    def person(self, each: Mapping[str, Any]) -> str:
        """One person of an item in one line."""
        parts = [self.of(each["person"]), str(Appearance.Role(each["role"]).label)]
        if each.get("cancelled"):
            parts.append(_t("cancelled"))
            if each.get("replaced_by"):
                parts.append(_t("replaced by %(name)s") % {"name": self.of(each["replaced_by"])})
        elif not each.get("coming", True):
            parts.append(_t("to be confirmed"))
        if each.get("remote"):
            parts.append(_t("remotely"))
        return ", ".join(parts)

    @staticmethod
    def _choice(field: str, value: str) -> str:
        # A release keeps what was a choice then, also when it is none any more.
        known = {str(key): str(label) for key, label in _CHOICES[field].choices}
        return known.get(value, value)

    def problem(self, problem: checks.Problem) -> str:
        """A finding in one sentence."""
        return str(PROBLEMS[problem.code]) % {"about": self.of(problem.about)}


def field_lines(names: Names, before: Any, after: Any, fields: Any) -> list[dict[str, str]]:
    """What changed, field by field: [{"label", "before", "after"}]."""
    return [
        {
            "field": field,
            "label": str(FIELDS[field]),
            "before": names.value(field, before),
            "after": names.value(field, after),
        }
        for field in fields
    ]


def difference_lines(names: Names, found: list[diff.Difference]) -> list[dict[str, Any]]:
    """Differences for a page: each with its words and its fields."""
    return [
        {
            "slug": each.slug,
            "title": each.title,
            "language": (each.after or each.before or {}).get("language", "en"),
            "kinds": [str(DIFFERENCES[kind]) for kind in each.kinds],
            "when": names.moment((each.after or each.before or {})["start"]),
            "fields": field_lines(names, each.before, each.after, each.fields),
        }
        for each in found
    ]
