"""The organiser's papers, under /<conf>/organise/papers/: the list, uploading, a paper's history."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from conference.event.access import ORGANISER_ROLES, staff_conference
from conference.event.staff import staff_context
from conference.review import queries, services
from conference.review.forms import LARGEST_UPLOAD, LinkForm, UploadForm
from conference.review.responses import see_other, stale
from conference.review.screen import OPERATIONS
from papers import drafts
from papers.importing import UnreadablePaper
from papers.models import PreviewLink


@never_cache
def index(request: HttpRequest, conference: str) -> HttpResponse:
    """The papers that the conference discusses, with their drafts."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    context = {**staff_context(row, audience), "listed": queries.papers_of(row)}
    return render(request, "review/index.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, conference: str) -> HttpResponse:
    """Bring a file; what cannot be read is refused in place and nothing changes."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    papers = [each.paper for each in queries.papers_of(row)]
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*sent, papers=papers, initial={"paper": request.GET.get("paper")})
    # The front sends an upload here that is too large to be taken in at all.
    too_large = request.headers.get("X-Front-Too-Large") == "1"
    context = {**staff_context(row, audience), "form": form, "most": LARGEST_UPLOAD, "too_large": too_large}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            edition = services.upload(
                conference=row,
                by=audience.user,
                source=file.read(),
                source_name=file.name or "",
                paper=form.cleaned_data["paper"],
                is_summary=form.cleaned_data["is_summary"],
            )
        except UnreadablePaper as error:
            refusal = _(error.message) % error.values
            context |= {"refusal": refusal, "file_name": file.name}
            return render(request, "review/upload.html", context, status=422)
        return see_other(reverse("review", args=[conference, edition.pk]))
    return render(request, "review/upload.html", context, status=422 if form.errors else 200)


@never_cache
def paper(request: HttpRequest, conference: str, paper: str) -> HttpResponse:
    """A paper's editions with everything that was done to them."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    found = queries.paper_for(row, paper)
    editions = queries.history_of(found)
    for edition in editions:
        for change in edition.changes.all():
            change.label = OPERATIONS.get(change.operation["op"], "")  # type: ignore[attr-defined]
    context = {"paper": found, "editions": editions, "zone": row.zone}
    return render(request, "review/paper.html", {**staff_context(row, audience), **context})


@require_POST
def offer_original(request: HttpRequest, conference: str, paper: str) -> HttpResponse:
    """Let readers download the file, or no longer."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    found = queries.paper_for(row, paper)
    offered = request.POST.get("offered") == "1"
    try:
        drafts.offer_original(paper=found, by=audience.user, offered=offered)
    except drafts.NotADraft:
        messages.error(request, _("There is no published edition yet."))
    else:
        told = (
            _("Readers can download the original.") if offered else _("The original is not offered any more.")
        )
        messages.success(request, told)
    return see_other(reverse("organise-paper", args=[conference, found.slug]))


@require_POST
def make_link(request: HttpRequest, conference: str, draft: int) -> HttpResponse:
    """A secret address for a preview, shown this once."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    edition = queries.edition_for(row, draft)
    form = LinkForm(request.POST)
    context = {**staff_context(row, audience), "edition": edition, "form": form}
    if not form.is_valid():
        return render(request, "review/link.html", context, status=422)
    try:
        link, secret = drafts.make_preview_link(
            edition=edition, by=audience.user, label=form.cleaned_data["label"]
        )
    except drafts.NotADraft:
        return stale(request, context, edition, None)
    path = reverse("paper-preview", args=[conference, secret])
    context |= {"link": link, "address": request.build_absolute_uri(path)}
    response = render(request, "review/link.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def revoke_link(request: HttpRequest, conference: str, draft: int, link: int) -> HttpResponse:
    """End a secret address."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    edition = queries.edition_for(row, draft)
    found = get_object_or_404(PreviewLink.objects.select_related("edition"), pk=link, edition=edition)
    drafts.revoke_preview_link(link=found, by=audience.user)
    messages.success(request, _("The preview for %(label)s has ended.") % {"label": found.label})
    return see_other(reverse("review", args=[conference, edition.pk]))
