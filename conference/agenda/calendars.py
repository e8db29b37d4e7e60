"""The programme as iCalendar (RFC 5545), so that a phone's calendar follows what changes.

There is no METHOD: these are published files, not invitations. UID stays for good, SEQUENCE and LAST-MODIFIED grow with
each change that the public could see, what was cancelled says so, and the same programme is always the same bytes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vDatetime, vDuration, vText

from conference.agenda.leaving import guid, leaving, named
from conference.agenda.models import AgendaItem, Kind
from conference.event.models import Conference

PRODUCT = "-//Conference Companion//Programme//EN"
# How often a calendar should look again; most look less often.
REFRESH = timedelta(minutes=15)
FREE_TIME = frozenset({Kind.BREAK, Kind.REGISTRATION, Kind.SOCIAL})


def calendar(conference: Conference, items: list[AgendaItem], *, home: str, name: str) -> bytes:
    """These items as one calendar. `home` is the conference's absolute address, ending in a slash."""
    shown = leaving(items)
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", clean(name))
    made.add("x-wr-timezone", conference.time_zone)
    made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    if shown:
        first = min(item.expected_start for item in shown).date() - timedelta(days=1)
        last = max(item.expected_end for item in shown).date() + timedelta(days=1)
        made.add_component(Timezone.from_tzid(conference.time_zone, first_date=first, last_date=last))
    for item in shown:
        made.add_component(_event(conference, item, home))
    return bytes(made.to_ical())


def _event(conference: Conference, item: AgendaItem, home: str) -> Event:
    event = Event()
    changed = item.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", guid(conference, "item", item.slug))
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", item.version)
    for key, moment in (("dtstart", item.expected_start), ("dtend", item.expected_end)):
        event.add(key, _local(moment, conference))
    event.add("summary", clean(item.title))
    event.add("status", "CANCELLED" if item.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if item.kind in FREE_TIME or item.cancelled else "OPAQUE")
    place = ", ".join(part for part in (item.room.name if item.room else "", conference.place) if part)
    if place:
        event.add("location", clean(place))
    address = f"{home}agenda/{item.slug}/"
    event.add("description", clean(_description(conference, item, address)))
    event.add("url", address)
    event.add("categories", [vText(str(item.get_kind_display()))])
    return event


def _local(moment: datetime, conference: Conference) -> vDatetime:
    local = vDatetime(moment.astimezone(conference.zone).replace(microsecond=0))
    local.params["TZID"] = conference.time_zone
    return local


def _description(conference: Conference, item: AgendaItem, address: str) -> str:
    lines = []
    if item.delay_minutes:
        planned = f"{item.start.astimezone(conference.zone):%H:%M}"
        lines.append(_("Planned for %(time)s; expected later.") % {"time": planned})
    lines += [f"{each.name} ({each.affiliation})" if each.affiliation else each.name for each in named(item)]
    if item.abstract:
        lines.append(item.abstract)
    if item.has_board:
        lines.append(str(item.get_attribution_display()))
    return "\n".join([*lines, address])


def clean(text: str) -> str:
    """Text without characters that no calendar and no XML may hold."""
    return "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or is_text(c))


def is_text(sign: str) -> bool:
    """Whether a character may stand in a text file: no control character, no half of a pair."""
    code = ord(sign)
    return not (code < 0x20 or 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE)
