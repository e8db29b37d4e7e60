"""What changed, for whoever follows from afar: the version of an export, and an Atom feed (RFC 4287)."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conference.agenda import diff
from conference.agenda.calendars import clean
from conference.agenda.labels import DIFFERENCES
from conference.agenda.leaving import guid, leaving
from conference.agenda.models import AgendaItem, Attribution
from conference.agenda.records import Release
from conference.event.models import Conference

ATOM = "http://www.w3.org/2005/Atom"
MOST_RELEASES = 20


def version(conference: Conference, items: list[AgendaItem]) -> str:
    """What an export calls itself: the moment of the last change that it holds, in the conference's zone."""
    changed = [item.changed_at for item in leaving(items)]
    return max(changed).astimezone(conference.zone).isoformat(timespec="seconds") if changed else "0"


def atom(conference: Conference, items: list[AgendaItem], *, home: str) -> bytes:
    """The feed: an entry for each release, and one for each item that the day changed. One query."""
    # `items` are what may be told now; a session that became one for those present only is told of no longer.
    told = {item.slug for item in leaving(items)}
    entries = [*_of_the_day(conference, items, home), *_of_releases(conference, told, home)]
    entries.sort(key=lambda entry: entry[1], reverse=True)
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    title = _("Changes of the programme")
    _text(feed, "title", f"{title} · {conference.title}")
    _text(feed, "id", f"urn:uuid:{guid(conference, 'changes', '')}")
    _text(feed, "updated", _stamp(entries[0][1] if entries else _begin(conference)))
    _link(feed, "self", f"{home}changes.atom", "application/atom+xml")
    _link(feed, "alternate", f"{home}agenda/", "text/html")
    author = ElementTree.SubElement(feed, f"{{{ATOM}}}author")
    _text(author, "name", conference.organiser_name or conference.title)
    for identity, at, heading, lines, address in entries:
        entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
        _text(entry, "title", heading)
        _text(entry, "id", f"urn:uuid:{identity}")
        _text(entry, "updated", _stamp(at))
        _link(entry, "alternate", address, "text/html")
        content = _text(entry, "content", "\n".join(lines) or heading)
        content.set("type", "text")
    ElementTree.indent(feed)
    return bytes(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True))


Entry = tuple[str, datetime, str, list[str], str]


def _of_releases(conference: Conference, told: set[str], home: str) -> list[Entry]:
    newest = list(Release.objects.filter(conference=conference).order_by("-number")[: MOST_RELEASES + 1])
    entries: list[Entry] = []
    for index, release in enumerate(newest[:MOST_RELEASES]):
        before = newest[index + 1].items if index + 1 < len(newest) else {}
        # The oldest that was read may have others before it: what it changed is not known here.
        known = release.number == 1 or index + 1 < len(newest)
        lines = [release.note] if release.note else []
        if known and release.number > 1:
            lines += _lines(before, release.items, told)
        at = release.at.astimezone(conference.zone)
        # Translators: a short date and a time of day, in Django's format letters.
        heading = _("Programme as of %(when)s") % {"when": date_format(at, _("j M, H:i"))}
        entries.append(
            (guid(conference, "release", str(release.number)), release.at, heading, lines, f"{home}agenda/")
        )
    return entries


def _lines(before: diff.Programme, after: diff.Programme, told: set[str]) -> list[str]:
    """One line for each item that differs. No names: who came or went is not told here, under any rule."""
    lines = []
    for each in diff.differences(before, after):
        contents = [content for content in (each.before, each.after) if content is not None]
        if each.slug not in told or any(c["attribution"] == Attribution.THOSE_PRESENT for c in contents):
            continue
        kinds = ", ".join(str(DIFFERENCES[kind]) for kind in each.kinds)
        line = f"{each.title}: {kinds}"
        if diff.MOVED in each.kinds and each.before and each.after:
            line += f" ({_span(each.before)} → {_span(each.after)})"
        lines.append(line)
    return lines


def _span(content: dict[str, str]) -> str:
    start, end = (datetime.fromisoformat(content[name]) for name in ("start", "end"))
    return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}"


def _of_the_day(conference: Conference, items: list[AgendaItem], home: str) -> list[Entry]:
    """What is otherwise than planned now: late, or cancelled."""
    entries: list[Entry] = []
    for item in leaving(items):
        if item.cancelled:
            heading = _("Cancelled: %(title)s") % {"title": item.title}
        elif item.delay_minutes:
            heading = _("%(title)s: expected at %(expected)s, planned for %(planned)s") % {
                "title": item.title,
                "expected": f"{item.expected_start.astimezone(conference.zone):%H:%M}",
                "planned": f"{item.start.astimezone(conference.zone):%H:%M}",
            }
        else:
            continue
        identity = guid(conference, "change", f"{item.slug}/{item.version}")
        entries.append((identity, item.changed_at, heading, [], f"{home}agenda/{item.slug}/"))
    return entries


def _begin(conference: Conference) -> datetime:
    day = conference.starts_on
    return datetime(day.year, day.month, day.day, tzinfo=conference.zone)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _text(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = clean(text)
    return element


def _link(parent: ElementTree.Element, rel: str, href: str, kind: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=href, type=kind)
