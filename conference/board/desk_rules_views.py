"""What the desk of a conference uses: reasons ready to use and words to look at twice. For organisers and the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conference.board import reasons
from conference.board.staff_models import CannedReason
from conference.event.access import ORGANISER_ROLES, staff_conference
from conference.event.staff import staff_context

SPARE_LINES = 3
LONGEST_WORDS = 5000


@never_cache
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, conference: str) -> HttpResponse:
    """Edit the reasons and the words; a form that somebody overtook is kept and explained (409)."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    saved = reasons.rules_of(row)
    ready = reasons.ready_reasons(row)
    if request.method == "GET":
        lines: list[dict[str, Any]] = [
            {"pk": each.pk, "text_en": each.text_en, "text_cs": each.text_cs} for each in ready
        ]
        context = {"version": saved.version, "words": saved.words, "rows": _with_spare(lines)}
        return render(request, "moderate/rules.html", {**staff_context(row, audience), **context})
    lines, words = _typed(request), request.POST.get("words", "")[:LONGEST_WORDS]
    version = request.POST.get("version", "")
    context = {"version": version, "words": words, "rows": _with_spare(lines)}
    status = 422
    if version.isdecimal() and not any(line["error"] for line in lines):
        try:
            reasons.save_rules(
                conference=row, by=audience.user, version=int(version), words=words, lines=lines
            )
        except reasons.RulesChanged as changed:
            context |= {"stale": changed.rules, "version": changed.rules.version}
            context |= {"saved_reasons": reasons.ready_reasons(row)}
            status = 409
        else:
            messages.success(request, _("Saved."))
            return redirect("desk-rules", conference)
    return render(request, "moderate/rules.html", {**staff_context(row, audience), **context}, status=status)


def _typed(request: HttpRequest) -> list[dict[str, Any]]:
    longest = CannedReason._meta.get_field("text_en").max_length or 0
    columns = [request.POST.getlist(name) for name in ("reason-pk", "reason-en", "reason-cs")]
    lines = []
    for pk, english, czech in zip(*columns, strict=False):
        english, czech = english.strip()[:longest], czech.strip()[:longest]
        error = (
            _("Both languages, please: its asker may read either.") if bool(english) != bool(czech) else ""
        )
        number = int(pk) if pk.isdecimal() else None
        lines.append({"pk": number, "text_en": english, "text_cs": czech, "error": error})
    return lines


def _with_spare(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    filled = [line for line in lines if line["text_en"] or line["text_cs"]]
    return filled + [{"pk": "", "text_en": "", "text_cs": ""} for _number in range(SPARE_LINES)]
