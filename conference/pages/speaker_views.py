"""A speaker's page: what was passed on to them, and their written answers; by private link or the staff's account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from conference.agenda import proposals
from conference.agenda.directory_forms import ProposalForm, SpeakerMaterialForm
from conference.board import answering, changing
from conference.board.forms import AnswerForm
from conference.board.models import Post
from conference.event import links
from conference.event.access import DESK_ROLES, NotSignedIn, staff_conference
from conference.event.clocks import conference_now
from conference.event.models import Conference, Person, PrivateLink, User

SPEAKER = PrivateLink.Kind.SPEAKER
WRITING_ROLES = DESK_ROLES - {"chair"}


@dataclass(frozen=True)
class Writer:
    """Whose page it is, and who is at it: the holder of the speaker's link, or a member of staff on their behalf."""

    conference: Conference
    person: Person
    by: User | PrivateLink


def writer_of(request: HttpRequest, conference: str, person: str) -> Writer:
    """Who asks for a speaker's page.

    Raises NotSignedIn for a stranger, links.LinkClosed after a revocation, Http404 for everybody else.
    """
    if request.user.is_authenticated:
        try:
            row, staff = staff_conference(request, conference, WRITING_ROLES)
        except Http404:
            pass  # not of the staff here, but perhaps with a link
        else:
            found = Person.objects.filter(conference=row, slug=person).first()
            if found is None:
                raise Http404
            return Writer(row, found, staff.user)
    for link in links.links_of(request, conference, SPEAKER):
        if link.person is not None and link.person.slug == person:
            return Writer(link.conference, link.person, link)
    if request.user.is_authenticated:
        raise Http404
    raise NotSignedIn


@never_cache
def own(request: HttpRequest, conference: str) -> HttpResponse:
    """Straight to the page of whoever came by a speaker's link; the staff chooses one."""
    for link in links.links_of(request, conference, SPEAKER):
        if link.person is not None:
            return redirect("speaker", conference, link.person.slug)
    row, _staff = staff_conference(request, conference, WRITING_ROLES)
    people = list(Person.objects.filter(conference=row).order_by("name"))
    return render(request, "speaker/people.html", {"conference": row, "people": people})


@never_cache
def speaker(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """What was passed on to a speaker, with a form for each answer."""
    return page(request, writer_of(request, conference, person))


@require_POST
def answer(request: HttpRequest, conference: str, person: str, public_id: str) -> HttpResponse:
    """Store an answer, or change one that is not published yet."""
    writer = writer_of(request, conference, person)
    if isinstance(writer.by, PrivateLink):
        links.note_use(writer.by)
    question = Post.objects.filter(conference=writer.conference, public_id=public_id).first()
    if question is None:
        raise Http404
    question.conference = writer.conference
    form = AnswerForm(request.POST)
    if not form.is_valid():
        text = _("Please write your answer first. It may have %(n)s characters.") % {
            "n": answering.LONGEST_ANSWER
        }
        return page(request, writer, refused=public_id, refusal=text, status=422)
    data = form.cleaned_data
    try:
        answering.write_answer(
            question=question,
            author=writer.person,
            by=writer.by,
            text=data["text"].replace("\r\n", "\n").strip(),
            version=data["version"],
        )
    except answering.AlreadyPublished:
        text = _("Your answer is published already. Ask the question desk if something has to be changed.")
        return page(request, writer, refused=public_id, refusal=text, status=409)
    except changing.Stale:
        text = _("Your answer was changed meanwhile, perhaps in another window. What you typed is kept here.")
        return page(request, writer, refused=public_id, refusal=text, status=409)
    except changing.NotAllowed:
        text = _(
            "This question is not yours to answer any more: it was answered, taken back or taken off the list."
        )
        return page(request, writer, refused=public_id, refusal=text, status=409)
    response = redirect("speaker", writer.conference.slug, writer.person.slug)
    response.status_code = 303
    response["Location"] += f"#q-{public_id}"
    return response


@require_POST
def seen(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """The page's script says that it is open: what the organiser's list of links shows."""
    writer = writer_of(request, conference, person)
    if isinstance(writer.by, PrivateLink):
        links.note_use(writer.by)
    return HttpResponse(status=204)


def proposal_start(person: Person) -> dict[str, Any]:
    """What the form about oneself begins with: what waits, else what stands; and the versions that it was made on."""
    last = proposals.newest(person)
    shown = last if last is not None and last.state == last.State.WAITING else person
    return {
        "number": last.number if last else 0,
        "version": person.version,
        "affiliation": shown.affiliation,
        "biography": shown.biography,
    }


def page(
    request: HttpRequest,
    writer: Writer,
    *,
    refused: str = "",
    refusal: str = "",
    about: ProposalForm | None = None,
    material: SpeakerMaterialForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page; a form that was refused comes as it was typed."""
    row = writer.conference
    sessions = proposals.sessions_of(writer.person)
    questions = answering.passed_on_to(writer.person, row)
    context = {
        "conference": row,
        "demonstration": row.demonstration,
        "person": writer.person,
        "questions": questions,
        "open_count": sum(question.own_answer is None for question in questions),
        "on_behalf": isinstance(writer.by, User),
        "about": about or ProposalForm(initial=proposal_start(writer.person)),
        "proposal": proposals.newest(writer.person),
        "sessions_of_own": sessions,
        "material": material or SpeakerMaterialForm(conference=row, sessions=sessions),
        "materials": proposals.materials_of(writer.person),
        "refused": refused,
        "refusal": refusal,
        "lost": refusal and all(question.public_id != refused for question in questions),
        "typed": request.POST.get("text", "") if refused else "",
        "longest": answering.LONGEST_ANSWER,
        "home": reverse("home", args=[row.slug]),
        "prefix": reverse("home", args=[row.slug]),
        "place": reverse("speaker", args=[row.slug, writer.person.slug]),
        "now": conference_now(row),
    }
    return render(request, "speaker/page.html", context, status=status)
