"""Reads a paper from a file and stores it, or shows what would be stored."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, transaction

from papers import slugs
from papers.importing import Document, UnreadablePaper, read


class Command(BaseCommand):
    """`import_paper FILE`: the same file twice changes nothing; a corrected file keeps the paragraphs' addresses."""

    help = "Import a paper: Markdown or plain text, .docx, a web page (.html), or a PDF that holds text."
    # With --dry-run no database may be touched, so checks that ask one are left out.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE and the options."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--conference", metavar="SLUG", help="make it the paper of this conference")
        parser.add_argument("--slug", help="the paper's address (default: from its title)")
        parser.add_argument("--summary", action="store_true", help="a summary, not the author's own text")
        parser.add_argument(
            "--draft",
            action="store_true",
            help="keep it for review; nothing public changes (needs --conference)",
        )
        parser.add_argument("--dry-run", action="store_true", help="store nothing; needs no database")
        parser.add_argument(
            "--json", action="store_true", help="with --dry-run: print the whole document as JSON"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, then print or store. Raises CommandError with one line for what cannot be done."""
        path: Path = options["file"]
        if options["json"] and not options["dry_run"]:
            raise CommandError("--json goes with --dry-run.")
        if options["draft"] and not options["conference"]:
            raise CommandError("--draft needs --conference: its organisers review the paper.")
        source = _bytes_of(path)
        try:
            document = read(source)
        except UnreadablePaper as error:
            raise CommandError(f"{path}: {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(document.to_json(), ensure_ascii=False, indent=2))
        elif options["dry_run"]:
            self.stdout.write(_account(document))
        else:
            slug = _slug(options["slug"], document, is_summary=options["summary"])
            self._store(document, slug, source, path, options)

    def _store(
        self, document: Document, slug: str, source: bytes, path: Path, options: dict[str, Any]
    ) -> None:
        # Here and not above: a dry run needs neither models nor a database.
        from conference.event.models import Conference
        from conference.event.services import UnknownConference, attach_paper
        from conference.review.services import keep
        from papers.services import store_edition

        try:
            if options["draft"]:
                conference = Conference.objects.filter(slug=options["conference"]).first()
                if conference is None:
                    raise UnknownConference
                kept = keep(
                    conference=conference,
                    by=None,
                    document=document,
                    source=source,
                    source_name=path.name,
                    slug=slug,
                    is_summary=options["summary"],
                )
                place = f"/{conference.slug}/organise/papers/drafts/{kept.pk}/"
                self.stdout.write(
                    f"Kept as a draft of {slug}, to be reviewed at {place}. {_account(document)}"
                )
                return
            with transaction.atomic():
                edition = store_edition(
                    document=document,
                    slug=slug,
                    source=source,
                    source_name=path.name,
                    is_summary=options["summary"],
                )
                if options["conference"]:
                    attach_paper(conference_slug=options["conference"], paper=edition.paper, is_main=True)
        except UnknownConference as error:
            raise CommandError(f"There is no conference “{options['conference']}”.") from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            reason = str(error).strip().splitlines()[-1]
            raise CommandError(f"The database cannot be used: {reason}") from error
        self.stdout.write(f"Stored as {slug}. {_account(document)}")


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}.") from error


def _slug(wanted: str | None, document: Document, *, is_summary: bool) -> str:
    """The slug asked for, or one made of the title. Raises CommandError if neither will do."""
    if wanted is not None:
        if not slugs.PATTERN.match(wanted) or len(wanted) > slugs.LONGEST:
            raise CommandError(f"--slug: “{wanted}” is not of the form lower-case-words-and-digits.")
        return wanted
    slug = slugs.slug_of(document.title, is_summary=is_summary)
    if not slug:
        raise CommandError("No title was found: give the paper's address with --slug.")
    return slug


def _account(document: Document) -> str:
    headings = sum(block.kind == "heading" for block in document.blocks)
    lines = [
        f"“{document.title}”: {len(document.blocks)} blocks, {headings} headings, "
        f"{len(document.dropped)} places dropped, {len(document.joined)} seams joined, "
        f"{len(document.doubtful)} doubtful."
    ]
    for place in document.doubtful:
        pages = f"page {place.page}/{place.next_page}: " if place.page else ""
        lines.append(f"  look at {pages}{place.text} ({place.reason.replace('_', ' ')})")
    return "\n".join(lines)
