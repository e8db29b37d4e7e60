"""What speakers send about themselves and their sessions: it waits for the organiser."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from conference.agenda import materials, proposals, services
from conference.agenda.directory_forms import ProposalForm, SpeakerMaterialForm
from conference.agenda.writing import NotPossible
from conference.event import links
from conference.event.models import PrivateLink
from conference.pages.speaker_views import Writer, page, proposal_start, writer_of

MOST_WAITING = 20


@require_POST
def about(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """Keep a correction of the biography until the organiser decides."""
    writer = writer_of(request, conference, person)
    _note(writer)
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return page(request, writer, about=form, status=422)
    data = form.cleaned_data
    try:
        proposals.propose(
            person=writer.person,
            by=writer.by,
            affiliation=data["affiliation"].strip(),
            biography=data["biography"].replace("\r\n", "\n").strip(),
            number=data["number"],
            person_version=data["version"],
        )
    except proposals.Stale:
        writer.person.refresh_from_db()
        # Sending it again is a decision on what is there now.
        again = {**request.POST.dict(), **_names(writer)}
        form = ProposalForm(again)
        form.add_error(
            None,
            _("This was changed meanwhile. What you typed is kept; send it again to propose it instead."),
        )
        return page(request, writer, about=form, status=409)
    return _back(writer, "about")


@never_cache
@require_http_methods(["GET", "POST"])
def material(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """Add slides or a link to a session of one's own. The front asks by GET for the refusal of too large a file."""
    writer = writer_of(request, conference, person)
    sessions = proposals.sessions_of(writer.person)
    if not sessions:
        raise Http404
    form = SpeakerMaterialForm(
        request.POST or None, request.FILES or None, conference=writer.conference, sessions=sessions
    )
    if request.method == "GET":
        if "X-Front-Too-Large" not in request.headers:
            return redirect("speaker", writer.conference.slug, writer.person.slug)
        return page(request, writer, refusal=_("The file is empty or larger than 20 MB."), status=413)
    _note(writer)
    if not form.is_valid():
        return page(request, writer, material=form, status=422)
    item = next(each for each in sessions if each.slug == form.cleaned_data["item"])
    try:
        if (
            proposals.materials_of(writer.person).filter(by__isnull=True, taken_off=False).count()
            >= MOST_WAITING
        ):
            raise NotPossible(_("Enough waits for the organiser already. Please write to them."))
        materials.add(item=services.ensure_draft(item), by=None, speaker=writer.person, **form.values())
    except NotPossible as refusal:
        form.add_error("upload", str(refusal))
        return page(request, writer, material=form, status=422)
    return _back(writer, "materials")


def _note(writer: Writer) -> None:
    if isinstance(writer.by, PrivateLink):
        links.note_use(writer.by)


def _names(writer: Writer) -> dict[str, int]:
    start = proposal_start(writer.person)
    return {name: start[name] for name in ("number", "version")}


def _back(writer: Writer, place: str) -> HttpResponse:
    response = redirect("speaker", writer.conference.slug, writer.person.slug)
    response.status_code = 303
    response["Location"] += f"#{place}"
    return response
