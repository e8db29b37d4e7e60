"""The question desk, under /<conf>/moderate/: the lanes, one post with its log, and the steps of a post's life."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from conference.board import claims, queries, services, undoing
from conference.board.changing import NotAllowed, SessionClosed, last_decision
from conference.board.desk_responses import AtDesk, at_desk
from conference.board.models import Decision
from conference.board.staff_forms import DecideForm, MoveForm
from conference.event.access import DESK_ROLES, staff_conference
from conference.live.responses import mark
from conference.live.services import newest_event, read_revisions
from conference.live.topics import DESK, staff_topic


@at_desk
def queue(at: AtDesk) -> HttpResponse:
    """The desk: what waits, oldest first; what is approved; the stage. `done` names the decision made just now."""
    done = at.request.GET.get("done", "")
    decision = None
    if done.isdecimal() and len(done) < 18:
        decision = queries.decision_for(at.staff, at.conference, int(done))
    return at.queue(decision)


@at_desk
def post(at: AtDesk, public_id: str) -> HttpResponse:
    """One post with everything that can be done to it, and its log."""
    found = queries.post_for(at.staff, at.conference, public_id)
    if at.htmx:
        return at.panel("post", at.post_context(found))
    return at.page("moderate/post.html", at.post_context(found))


@require_POST
@at_desk
def decide(at: AtDesk, public_id: str) -> HttpResponse:
    """Move a post to another state, on the version that the card names."""
    found = queries.post_for(at.staff, at.conference, public_id)
    form = DecideForm(at.request.POST, conference=at.conference)
    if not form.is_valid():
        return at.refused_post(found, _("This form is damaged. Open it again."))
    data = form.cleaned_data
    data["may_resend"] = data.pop("shorten")
    row = services.decide(post=found, **at.maker, **data)
    return at.done(last_decision(row))


@require_POST
@at_desk
def move(at: AtDesk, public_id: str) -> HttpResponse:
    """Move a question up or down on the shortlist, or to a place on it."""
    found = queries.post_for(at.staff, at.conference, public_id)
    form = MoveForm(at.request.POST)
    if not form.is_valid():
        return at.refused_post(found, _("This form is damaged. Open it again."))
    data, version = form.cleaned_data, form.cleaned_data["version"]
    if data["rank"] is not None:
        row = services.place_on_shortlist(post=found, **at.maker, version=version, rank=data["rank"])
    else:
        up = data["direction"] == "up"
        row = services.move_on_shortlist(post=found, **at.maker, version=version, up=up)
    return at.done(last_decision(row) if row.version != version else None)


@require_POST
@at_desk
def undo(at: AtDesk, decision: int | None = None) -> HttpResponse:
    """Undo a decision; without its number the last one of one's own."""
    found: Decision | None
    if decision is not None:
        found = queries.decision_for(at.staff, at.conference, decision)
    else:
        found = undoing.last_undoable(at.conference, at.staff.user)
    if found is None:
        return at.refused(_("There is nothing of yours to undo."), 422)
    try:
        rows = undoing.undo(decision=found, **at.maker)
    except SessionClosed:
        raise
    except NotAllowed:
        return at.refused(_("This cannot be undone: it was not the desk’s decision."), 422)
    return at.done(last_decision(rows[0]))


@require_POST
@at_desk
def claim(at: AtDesk, public_id: str) -> HttpResponse:
    """Say that one has a card open (for a minute), or has closed it; answers who has it."""
    found = queries.post_for(at.staff, at.conference, public_id)
    if at.request.POST.get("open") == "0":
        claims.let_go(post=found, by=at.staff.user)
        return JsonResponse({"by": ""})
    holder = claims.claim(post=found, by=at.staff.user)
    return JsonResponse({"by": "" if holder == at.staff.user else holder.get_username()})


@never_cache
def live(request: HttpRequest, conference: str) -> HttpResponse:
    """What the front asks before it opens the desk's stream."""
    row, _audience = staff_conference(request, conference, DESK_ROLES)
    revisions = read_revisions([staff_topic(row.pk)])
    return mark(
        JsonResponse({"conference": row.pk, "event": newest_event(row.pk, DESK)}), revisions=revisions
    )
