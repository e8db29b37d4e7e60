"""The review screen of a draft, and correcting it there."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from conference.event.access import ORGANISER_ROLES, Staff, staff_conference
from conference.event.models import Conference
from conference.event.staff import staff_context
from conference.review import queries
from conference.review.forms import FieldsForm, KindForm, LinkForm, StepForm, WordsForm
from conference.review.responses import see_other, stale
from conference.review.screen import DROPPED_REASONS, OPERATIONS, row_of, screen_of
from papers import drafts
from papers.draft import Draft, Impossible, Part
from papers.importing.document import FIELDS
from papers.models import Edition


@never_cache
def review(request: HttpRequest, conference: str, draft: int) -> HttpResponse:
    """The draft beside its source, with what was dropped, joined and doubtful."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    edition = queries.edition_for(row, draft)
    return _screen(request, row, audience, edition)


@never_cache
@require_http_methods(["GET", "POST"])
def block(request: HttpRequest, conference: str, draft: int, key: str) -> HttpResponse:
    """One block: its words, its kind, joining and dropping it."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    edition = queries.edition_for(row, draft)
    text = drafts.draft_of(edition)
    part = _part(text, key)
    if part is None:
        return stale(request, staff_context(row, audience), edition, None, request.POST.get("source", ""))
    wanted = request.POST.get("form", "")
    initial = {"version": edition.version}
    words = WordsForm(request.POST if wanted == "words" else None, part=part, initial=initial)
    kind = KindForm(request.POST if wanted == "kind" else None, part=part, initial=dict(initial))
    form = words if wanted == "words" else kind
    context = {
        **staff_context(row, audience),
        "edition": edition,
        "row": row_of(text, part),
        "words": words,
        "kind": kind,
    }
    if request.method == "POST" and form.is_valid():
        done = _correct(request, context, edition, audience, form.cleaned_data["version"], form.operation())
        return done or see_other(f"{_address(conference, edition)}#{key}")
    return render(request, "review/block.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def fields(request: HttpRequest, conference: str, draft: int) -> HttpResponse:
    """The title page."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    edition = queries.edition_for(row, draft)
    document = drafts.draft_of(edition).finished()
    values = {name: getattr(document, name) for name in FIELDS} | {"version": edition.version}
    form = FieldsForm(request.POST or None, initial=values | {"authors": "\n".join(document.authors)})
    context = {**staff_context(row, audience), "edition": edition, "form": form}
    if request.method == "POST" and form.is_valid():
        done = _correct(request, context, edition, audience, form.cleaned_data["version"], form.operation())
        return done or see_other(_address(conference, edition))
    return render(request, "review/fields.html", context, status=422 if form.errors else 200)


@require_POST
def correct(request: HttpRequest, conference: str, draft: int) -> HttpResponse:
    """A correction by one tap: join, split, drop, restore, settle a doubt."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    edition = queries.edition_for(row, draft)
    context = staff_context(row, audience)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _screen(request, row, audience, edition, refusal=_("This form is damaged. Open it again."))
    key = form.cleaned_data["key"]
    operation = form.operation(_part(drafts.draft_of(edition), key))
    done = _correct(request, context, edition, audience, form.cleaned_data["version"], operation)
    return done or see_other(f"{_address(conference, edition)}#{form.cleaned_data['next'] or key}")


@require_POST
def undo(request: HttpRequest, conference: str, draft: int) -> HttpResponse:
    """Leave the last correction out again."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    edition = queries.edition_for(row, draft)
    try:
        drafts.undo(edition=edition, by=audience.user, version=_version(request))
    except drafts.Stale as error:
        return stale(request, staff_context(row, audience), error.edition, error.last)
    except drafts.NotADraft:
        return stale(request, staff_context(row, audience), edition, None)
    return see_other(_address(conference, edition))


@never_cache
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, conference: str, draft: int) -> HttpResponse:
    """Put a draft away: a page with one button."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    edition = queries.edition_for(row, draft)
    context = {**staff_context(row, audience), "edition": edition}
    if request.method == "GET":
        return render(request, "review/discard.html", context)
    try:
        drafts.discard(edition=edition, by=audience.user, version=_version(request))
    except drafts.Stale as error:
        return stale(request, context, error.edition, error.last)
    except drafts.NotADraft:
        return stale(request, context, edition, None)
    return see_other(reverse("organise-papers", args=[conference]))


def _correct(
    request: HttpRequest,
    context: dict[str, Any],
    edition: Edition,
    audience: Staff,
    version: int,
    operation: dict[str, Any],
) -> HttpResponse | None:
    """Make the correction; the refusal to answer with, or None when it was made."""
    try:
        drafts.correct(edition=edition, by=audience.user, version=version, operation=operation)
    except drafts.Stale as error:
        return stale(request, context, error.edition, error.last, request.POST.get("source", ""))
    except drafts.NotADraft:
        return stale(request, context, edition, None, request.POST.get("source", ""))
    except Impossible as error:
        refused = context | {"edition": edition, "refusal": _(str(error))}
        if "words" in context or "form" in context:
            template = "review/block.html" if "words" in context else "review/fields.html"
            return render(request, template, refused, status=422)
        return render(request, "review/refused.html", refused, status=422)
    return None


def _screen(
    request: HttpRequest, row: Conference, audience: Staff, edition: Edition, refusal: str = ""
) -> HttpResponse:
    text = drafts.draft_of(edition)
    screen = screen_of(text)
    context = {
        **staff_context(row, audience),
        "edition": edition,
        "screen": screen,
        "language": text.finished().language,
        "last": OPERATIONS.get(screen.last["op"]) if screen.last else "",
        "reasons": DROPPED_REASONS,
        "links": queries.links_of(edition),
        "link_form": LinkForm(),
        "refusal": refusal,
        "zone": row.zone,
    }
    return render(request, "review/screen.html", context, status=422 if refusal else 200)


def _part(text: Draft, key: str) -> Part | None:
    return next((part for part in text.parts if part.key == key), None)


def _version(request: HttpRequest) -> int:
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 9 else 0


def _address(conference: str, edition: Edition) -> str:
    return reverse("review", args=[conference, edition.pk])


def source(request: HttpRequest, conference: str, draft: int) -> HttpResponse:
    """The file of an edition for those who review it, as a download."""
    row, _audience = staff_conference(request, conference, ORGANISER_ROLES)
    edition = queries.edition_for(row, draft)
    response = queries.download_of(edition)
    if response is None:
        raise Http404
    return response
