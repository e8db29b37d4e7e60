"""Taking the board along: questions, comments, answers, votes and decisions as CSV, XLSX and JSON.

Two scopes. *Public* holds what was published, as it may be passed on. *Desk* also holds what waits, was declined or was
removed, with the desk's notes, and says of itself that it is internal. Neither says from which device anything came; a
session for those present only is in neither; under the Chatham House rule nobody is named in either.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce, TruncMinute
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from conference.agenda.models import Attribution
from conference.board.access import visible_to
from conference.board.models import Decision, Post, Vote
from conference.board.states import Stage
from conference.event.access import HALL, Audience, Staff
from conference.event.models import Conference

TABLES = ("questions", "comments", "answers", "votes", "decisions")
INTERNAL = "INTERNAL, not for publication"
PUBLISHED = "may be published"
# What a spreadsheet takes for a formula, or for the beginning of one (CWE-1236).
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
_KINDS = {
    "questions": (Post.Kind.QUESTION,),
    "comments": (Post.Kind.COMMENT, Post.Kind.REPLY),
    "answers": (Post.Kind.ANSWER,),
}
# Steps that readers never see: the shortlist would be a promise, a note is the desk's own.
_UNSEEN = ("note", "order", "mute", "unmute", "settle-flags")

Row = dict[str, Any]


@dataclass(frozen=True)
class Export:
    """One scope of one conference's board, read through the gate."""

    conference: Conference
    staff: Staff
    internal: bool

    @property
    def marked(self) -> str:
        """What every row says of itself."""
        return INTERNAL if self.internal else PUBLISHED

    def file_name(self, ending: str, table: str = "") -> str:
        """What the file is called; an internal one says so in its name."""
        parts = [self.conference.slug, "INTERNAL" if self.internal else "public", table]
        return "-".join(part for part in parts if part) + f".{ending}"

    def posts(self) -> QuerySet[Post]:
        """The posts of this scope. For those present only means: in no file."""
        audience = self.staff if self.internal else Audience(HALL)
        present = Attribution.THOSE_PRESENT
        return (
            visible_to(audience, self.conference)
            .exclude(item__attribution=present)
            .exclude(parent__item__attribution=present)
            .select_related("item", "block__paper", "addressee", "author", "parent", "merged_into")
            .order_by("pk")
        )

    def table(self, name: str) -> list[Row]:
        """The rows of one of `TABLES`."""
        if name == "votes":
            return self._votes()
        if name == "decisions":
            return self._decisions()
        return [self._post(post) for post in self.posts() if post.kind in _KINDS[name]]

    def _post(self, post: Post) -> Row:
        named = post.item is None or post.item.names_speakers
        row = {
            "scope": self.marked,
            "id": post.public_id,
            "kind": post.kind,
            "session": post.item.title if post.item else "",
            "text": post.text,
            "from": "device" if post.participant_id else "organisers" if post.staff_id else "programme",
            "edited": post.edited_by_desk,
            "name": post.name if named else "",
            "institution": post.institution if named else "",
            "answered_by": post.author.name if post.author and named else "",
            "to": post.addressee.name if post.addressee and named else "",
            "state": self._state(post.state),
            "votes": self._votes_of(post),
            "belongs_to": post.parent.public_id if post.parent else "",
            "paper": post.block.paper.slug if post.block else "",
            "paragraph": post.block.public_id if post.block else "",
            "quote": post.quote,
            "sent_at": _moment(post.sent_at),
            "stage_at": _moment(post.stage_at) if self._state(post.state) == post.state else "",
        }
        if self.internal:
            row |= {
                "original_text": post.original_text,
                "proposed_text": post.proposed_text,
                "stage_line": post.stage_line,
                "joined_with": post.merged_into.public_id if post.merged_into else "",
                "reason": post.reason,
                "may_send_again": post.may_resend,
                "labels": ", ".join(post.labels),
                "note": post.note,
            }
        return row

    def _votes_of(self, post: Post) -> int | str:
        return post.vote_count if self.internal or post.votes_shown else ""

    def _votes(self) -> list[Row]:
        """Votes as they were cast, by minute: nobody's hand is told from another's."""
        votes = Vote.objects.filter(active=True, post__in=self.posts().order_by())
        if not self.internal:
            votes = votes.exclude(post__item__hide_votes=True)
        rows = (
            votes.annotate(
                question=Coalesce("post__merged_into__public_id", "post__public_id"), minute=TruncMinute("at")
            )
            .order_by()
            .values_list("question", "minute")
            .annotate(n=Count("pk"))
            .order_by("minute", "question")
        )
        return [
            {"scope": self.marked, "id": question, "minute": _moment(minute), "votes": n}
            for question, minute, n in rows
        ]

    def _decisions(self) -> list[Row]:
        found = Decision.objects.filter(post__in=self.posts().order_by()).select_related(
            "post__item", "by", "by_link__room", "by_link__person"
        )
        if not self.internal:
            found = found.exclude(action__in=_UNSEEN)
        rows = []
        for decision in found.order_by("pk"):
            source, target = self._state(decision.source), self._state(decision.target)
            if not self.internal and source == target and decision.action in ("", "decide", "round", "clear"):
                continue
            row = {
                "scope": self.marked,
                "id": decision.post.public_id,
                "at": _moment(decision.at),
                "action": decision.action,
                "from": source,
                "to": target,
                "by": self._maker(decision),
            }
            if self.internal:
                row["reason"] = decision.reason
            rows.append(row)
        return rows

    def _state(self, state: str) -> str:
        """A state as this scope knows it: "shortlisted" is never told outside."""
        return "published" if state == Stage.SHORTLISTED and not self.internal else state

    def _maker(self, decision: Decision) -> str:
        if decision.by_author:
            return "author"
        if decision.by_link is not None:
            return str(decision.by_link.kind)
        return decision.maker if self.internal else "desk"


def as_csv(rows: list[Row]) -> bytes:
    """RFC 4180 with a byte order mark, which is how a spreadsheet knows UTF-8; what it would run is neutralised."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    columns = list(rows[0]) if rows else ["scope", "id"]
    writer.writerow(columns)
    writer.writerows([_cell(row[name]) for name in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_json(export: Export) -> bytes:
    """Everything in one document, texts as they are."""
    document = {
        "conference": export.conference.slug,
        "title": export.conference.title,
        "scope": export.marked,
        **{name: export.table(name) for name in TABLES},
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def as_xlsx(export: Export) -> bytes:
    """A workbook with a sheet for each table, the first one saying what it is; what a spreadsheet would run is text."""
    book = Workbook(write_only=True)
    about = book.create_sheet("About")
    for line in (
        (export.conference.title,),
        (export.marked,),
        (_("No device, and no session for those present only."),),
    ):
        about.append([_cell(value) for value in line])
    for name in TABLES:
        rows = export.table(name)
        sheet = book.create_sheet(name)
        columns = list(rows[0]) if rows else ["scope", "id"]
        sheet.append(columns)
        for row in rows:
            sheet.append([_cell(row[column]) for column in columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def neutralised(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe stands before what looks like a formula."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{clean}" if clean.startswith(RUNS) or text.startswith(RUNS) else clean


def _cell(value: Any) -> Any:
    return neutralised(value) if isinstance(value, str) else value


def _moment(moment: datetime | None) -> str:
    """Wall time in UTC, ISO 8601, to the second."""
    return moment.isoformat(timespec="seconds") if moment else ""


def tables_with_names() -> Iterable[tuple[str, str]]:
    """The tables with what people call them."""
    names = (_("questions"), _("comments and replies"), _("answers in writing"), _("votes"), _("decisions"))
    return zip(TABLES, names, strict=True)
