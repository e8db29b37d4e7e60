"""Publishing a draft: what it changes, now or at a set time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from conference.event.access import ORGANISER_ROLES, Staff, staff_conference
from conference.event.models import Conference
from conference.event.staff import staff_context
from conference.review import queries, services
from conference.review.forms import PublishForm
from conference.review.models import Upload
from conference.review.responses import see_other, stale
from papers import drafts
from papers.models import Edition


@never_cache
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, conference: str, draft: int) -> HttpResponse:
    """What readers would see change, and the form that does it."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    edition = queries.edition_for(row, draft)
    current = edition.paper.editions.filter(current=True).first()
    upload = Upload.objects.filter(edition=edition).first()
    initial = {
        "version": edition.version,
        "base": current.number if current else None,
        "main": upload is not None and upload.makes_main,
        "at": edition.publish_at.astimezone(row.zone).replace(tzinfo=None) if edition.publish_at else None,
        "when": "at" if edition.publish_at else "now",
    }
    form = PublishForm(request.POST or None, conference=row, initial=initial)
    context: dict[str, Any] = {**staff_context(row, audience), "edition": edition, "form": form}
    if request.method == "POST" and form.is_valid():
        done = _publish(request, context, row, audience, edition, form.cleaned_data)
        if done is not None:
            return done
    if not edition.is_draft:
        return stale(request, context, edition, None)
    document = drafts.draft_of(edition).finished()
    context |= {
        "comparison": queries.comparison(row, edition.paper, document),
        "document": document,
        "current": current,
        "zone": row.zone,
    }
    return render(request, "review/publish.html", context, status=422 if form.errors else 200)


@require_POST
def unschedule(request: HttpRequest, conference: str, draft: int) -> HttpResponse:
    """Take the set time back."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    edition = queries.edition_for(row, draft)
    version = request.POST.get("version", "")
    try:
        drafts.unschedule(
            edition=edition, by=audience.user, version=int(version) if version.isdecimal() else 0
        )
    except drafts.Stale as error:
        return stale(request, staff_context(row, audience), error.edition, error.last)
    except drafts.NotADraft:
        return stale(request, staff_context(row, audience), edition, None)
    messages.success(request, _("It will not publish itself any more."))
    return see_other(reverse("review", args=[conference, edition.pk]))


def _publish(
    request: HttpRequest,
    context: dict[str, Any],
    row: Conference,
    audience: Staff,
    edition: Edition,
    data: dict[str, Any],
) -> HttpResponse | None:
    """Publish or set the time; None where the form has an error to show."""
    named = {
        "edition": edition,
        "by": audience.user,
        "version": data["version"],
        "base": data["base"],
    }
    try:
        services.publish(makes_main=data["main"], at=data["at"] if data["when"] == "at" else None, **named)
    except drafts.Stale as error:
        return stale(request, context, error.edition, error.last)
    except drafts.NotADraft:
        return stale(request, context, edition, None)
    except services.Unfinished:
        context["form"].add_error(None, _("It cannot be published yet: a paper has a title and a text."))
        return None
    if data["when"] == "at":
        at = data["at"].astimezone(row.zone)
        told = _("It publishes itself on %(day)s at %(time)s.")
        messages.success(request, told % {"day": f"{at:%-d. %-m. %Y}", "time": f"{at:%H:%M}"})
    else:
        messages.success(request, _("Published. Readers see this text now."))
    return see_other(reverse("organise-papers", args=[row.slug]))
