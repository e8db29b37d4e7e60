"""Reads a programme from a spreadsheet (CSV, XLSX) or from schedule.json."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError

from conference.agenda.importing import Programme, Unreadable, read

MOST_BYTES = 20 << 20


class Command(BaseCommand):
    """`import_agenda FILE [--conference SLUG] [--dry-run --json]`."""

    help = "Import a programme from CSV, XLSX or schedule.json into a conference's draft; nothing is ever deleted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, where it goes, and what the file itself may not tell."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--conference", metavar="SLUG", help="whose programme it is")
        parser.add_argument("--dry-run", action="store_true", help="read and tell; touch no database")
        parser.add_argument("--json", action="store_true", help="print what was read as JSON")
        parser.add_argument("--zone", default="Europe/Prague", help="time zone in a dry run (IANA name)")
        parser.add_argument("--day", type=date.fromisoformat, help="the day of rows without one (2013-12-17)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, and store unless it is a dry run."""
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        if len(data) > MOST_BYTES:
            raise CommandError("This file is larger than a programme can be.")
        if options["dry_run"]:
            self._tell(self._read(data, **_where(options)), as_json=options["json"])
            return
        if not options["conference"]:
            raise CommandError("Name the conference with --conference SLUG, or look first with --dry-run.")
        self._store(data, options)

    def _read(self, data: bytes, **where: Any) -> Programme:
        try:
            return read(data, **where)
        except Unreadable as refusal:
            raise CommandError(refusal.text) from None

    def _store(self, data: bytes, options: dict[str, Any]) -> None:
        # A dry run must work without a database, so its models are loaded here only.
        from conference.agenda import applying
        from conference.event.models import Conference, Membership, Role

        conference = Conference.objects.filter(slug=options["conference"]).first()
        if conference is None:
            raise CommandError(f"There is no conference “{options['conference']}”.")
        programme = self._read(
            data,
            zone=conference.zone,
            first_day=options["day"] or conference.starts_on,
            last_day=options["day"] or conference.ends_on,
            language=conference.language,
        )
        organisers = Membership.objects.filter(conference=conference, role=Role.ORGANISER).order_by("pk")
        organiser = organisers.select_related("user").first()
        if organiser is None:
            raise CommandError("This conference has no organiser in whose name the log could have it.")
        plan = applying.plan(conference, programme)
        done = applying.apply_plan(conference=conference, by=organiser.user, plan=plan, told=programme.told)
        self._tell(programme, as_json=options["json"])
        if not options["json"]:
            self.stdout.write(
                f"{done.added} added, {done.changed} changed, {done.same} as they were; "
                f"{len(plan.missing)} that are not in the file stay. It is in the draft: publish it when it is ready."
            )

    def _tell(self, programme: Programme, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(as_data(programme), ensure_ascii=False, indent=2))
            return
        for item in programme.items:
            self.stdout.write(f"{item.start:%Y-%m-%d %H:%M}–{item.end:%H:%M}  {item.title}  [{item.kind}]")
        for problem in programme.problems:
            self.stdout.write(f"row {problem.row}, {problem.column or 'all columns'}: {problem.text}")


def as_data(programme: Programme) -> dict[str, Any]:
    """What `--json` prints; times in ISO 8601 with offset."""
    return {
        "items": [
            {
                "title": item.title,
                "kind": item.kind,
                "start": item.start.isoformat(),
                "end": item.end.isoformat(),
                "room": item.room,
                "language": item.language,
                "abstract": item.abstract,
                "people": [
                    {"name": each.name, "affiliation": each.affiliation, "role": each.role}
                    for each in item.people
                ],
            }
            for item in programme.items
        ],
        "problems": [
            {"row": problem.row, "column": problem.column, "text": problem.text}
            for problem in programme.problems
        ],
    }


def _where(options: dict[str, Any]) -> dict[str, Any]:
    try:
        zone = ZoneInfo(options["zone"])
    except (ZoneInfoNotFoundError, ValueError):
        raise CommandError(f"There is no time zone “{options['zone']}”.") from None
    return {"zone": zone, "first_day": options["day"], "last_day": options["day"]}
