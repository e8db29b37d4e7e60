"""What the checks find, made ready for organisers' pages."""

from __future__ import annotations

from typing import Any

from conference.agenda import checks, publishing, words
from conference.agenda.labels import GRADES, Names
from conference.agenda.records import DraftItem
from conference.event.models import Conference


def problem_lines(
    conference: Conference, names: Names, wrong: list[checks.Problem], found: list[DraftItem]
) -> dict[str, list[dict[str, Any]]]:
    """Findings for a page: grade, sentence, the items that they are about; acknowledged ones by themselves."""
    by_slug, said = {draft.slug: draft for draft in found}, words.words_of(conference)
    lines = [
        {
            "grade": problem.grade,
            "label": GRADES[problem.grade],
            "text": names.problem(problem),
            "key": problem.key,
            "items": [by_slug[slug] for slug in problem.slugs if slug in by_slug],
            "word": said.get(problem.key) if words.may_be_acknowledged(problem) else None,
            "may_be_acknowledged": words.may_be_acknowledged(problem),
        }
        for problem in wrong
    ]
    return {
        "problems": [line for line in lines if line["word"] is None],
        "acknowledged": [line for line in lines if line["word"] is not None],
    }


def problems_of(conference: Conference, found: list[DraftItem]) -> dict[str, list[dict[str, Any]]]:
    """What the checks find in the draft, for a page."""
    wrong = checks.problems({draft.slug: draft.content for draft in found}, publishing.venue_of(conference))
    return problem_lines(conference, Names(conference), wrong, found)
