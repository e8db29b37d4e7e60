"""Making the draft public."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conference.agenda import checks, drafts, publishing, words
from conference.agenda.content import complete
from conference.agenda.findings import problem_lines
from conference.agenda.forms import AcknowledgeForm, ItemForm, PublishForm
from conference.agenda.labels import Names, difference_lines
from conference.agenda.records import DraftItem
from conference.agenda.staff_views import see_other
from conference.agenda.writing import as_content
from conference.event.access import ORGANISER_ROLES, staff_conference
from conference.event.models import Conference
from conference.event.staff import staff_context


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, conference: str) -> HttpResponse:
    """What the public would get anew, what is wrong with it, and the button; POST makes the release."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    form = PublishForm(request.POST or None, initial={"seen": drafts.newest_operation(row)})
    status, refusal = 200, ""
    if request.method == "POST" and form.is_valid():
        try:
            release = publishing.publish(conference=row, by=audience.user, **form.cleaned_data)
        except publishing.Changed:
            status, refusal = (
                409,
                _("The draft changed while you looked. Here is what it is now; publish it again."),
            )
        except publishing.Blocked:
            status, refusal = 422, _("Nothing was published: the errors below come first.")
        except publishing.NothingToPublish:
            messages.info(request, _("The public has the whole draft already."))
            return see_other("organise", conference)
        else:
            messages.success(request, _("Published as number %(number)d.") % {"number": release.number})
            return see_other("organise", conference)
        form = PublishForm(initial={**form.cleaned_data, "seen": drafts.newest_operation(row)})
    elif request.method == "POST":
        status = 422
    found = drafts.drafts_of(row)
    context = {"form": form, "refusal": refusal, **_what_waits(row, found)}
    return render(
        request, "organise/publish.html", {**staff_context(row, audience), **context}, status=status
    )


def _what_waits(conference: Conference, found: list[DraftItem]) -> dict[str, Any]:
    names = Names(conference)
    programme = {draft.slug: draft.content for draft in found}
    wrong = checks.problems(programme, publishing.venue_of(conference))
    return {
        "changes": difference_lines(names, publishing.waiting(found)),
        **problem_lines(conference, names, wrong, found),
        "blocked": any(problem.grade == checks.ERROR for problem in wrong),
        "newest": drafts.newest_release(conference),
    }


@require_POST
def acknowledge(request: HttpRequest, conference: str) -> HttpResponse:
    """A word why a warning may stand."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    form = AcknowledgeForm(request.POST)
    if form.is_valid():
        words.acknowledge(conference=row, by=audience.user, **form.cleaned_data)
        messages.success(request, _("Noted: this warning may stand."))
    else:
        messages.error(request, _("Please say in a word why the warning may stand."))
    back = request.POST.get("back", "")
    return see_other(back if back in ("organise", "organise-timetable") else "organise-publish", conference)


@require_POST
def check(request: HttpRequest, conference: str) -> HttpResponse:
    """What the checks would find if the form were saved as it is: a fragment for the script; nothing is written."""
    row, _audience = staff_conference(request, conference, ORGANISER_ROLES)
    form = ItemForm(request.POST, conference=row)
    slug = request.POST.get("slug", "")
    lines: dict[str, Any] = {}
    if form.is_valid():
        found = drafts.drafts_of(row)
        typed = complete(as_content(form.values(), form.people(), row))
        programme = {draft.slug: draft.content for draft in found} | {slug: typed}
        wrong = checks.problems(programme, publishing.venue_of(row))
        mine = [problem for problem in wrong if slug in problem.slugs]
        lines = problem_lines(row, Names(row), mine, found)
    context = {**lines, "home": reverse("home", args=[row.slug]), "only_say": True}
    return render(request, "organise/problems.html", context)
