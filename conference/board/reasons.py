"""The reasons that a conference's desk has ready for not including a post."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from conference.board.staff_models import CannedReason, DeskRules
from conference.event.models import Conference, User

DEFAULTS = (
    ("Asked already", "Tato otázka už zazněla."),
    ("Not about this session", "Netýká se této části programu."),
    ("The organisers can answer this at the registration desk.", "Na to odpoví pořadatelé u registrace."),
    ("A statement rather than a question", "Je to spíše prohlášení než otázka."),
    ("Please ask without attacking anybody.", "Prosíme, zeptejte se bez osobních útoků."),
)

# What a post is sent back with when nothing was typed: English, Czech.
SHORTEN = (
    "Please make it shorter and send it again.",
    "Prosíme, zkraťte svůj příspěvek a pošlete ho znovu.",
)


class RulesChanged(Exception):
    """Somebody saved meanwhile: nothing was written. `rules` is what is saved now, with who saved it."""

    def __init__(self, rules: DeskRules) -> None:
        super().__init__("The rules changed meanwhile.")
        self.rules = rules


def give_defaults(sender: object, instance: Conference, created: bool, **kwargs: Any) -> None:
    """A new conference starts with reasons to edit rather than with none (signal `post_save`)."""
    if created:
        CannedReason.objects.bulk_create(
            CannedReason(conference=instance, position=position, text_en=english, text_cs=czech)
            for position, (english, czech) in enumerate(DEFAULTS, start=1)
        )


def ready_reasons(conference: Conference) -> list[CannedReason]:
    """The reasons in use, in their order (one query)."""
    return list(CannedReason.objects.filter(conference=conference, retired=False))


def rules_of(conference: Conference) -> DeskRules:
    """What the desk looks out for; a fresh, unsaved row where nobody has said anything yet (one query)."""
    found = DeskRules.objects.filter(conference=conference).select_related("changed_by").first()
    return found or DeskRules(conference=conference, version=0)


@transaction.atomic
def save_rules(
    *, conference: Conference, by: User, version: int, words: str, lines: list[dict[str, Any]]
) -> DeskRules:
    """Replace the words and the reasons of a conference, as they were at `version` (0 before the first time).

    `lines` are {"pk", "text_en", "text_cs"} in their order; one without texts, or that is not among them, is retired:
    what was declined with it keeps it. A reason is not reworded but replaced, so that what was said stays said.
    Raises RulesChanged.
    """
    locked = Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    rules = rules_of(locked)
    if rules.version != version:
        raise RulesChanged(rules)
    rules.version, rules.words, rules.changed_by = version + 1, words, by
    rules.save()
    present = {reason.pk: reason for reason in ready_reasons(locked)}
    kept = set()
    for position, line in enumerate(lines, start=1):
        texts = (line["text_en"], line["text_cs"])
        if not all(texts):
            continue
        reason = present.get(line["pk"])
        if reason is None or (reason.text_en, reason.text_cs) != texts:
            reason = CannedReason(conference=locked, text_en=texts[0], text_cs=texts[1])
        reason.position = position
        reason.save()
        kept.add(reason.pk)
    CannedReason.objects.filter(pk__in=present.keys() - kept).update(retired=True)
    return rules
