"""The question desk, under /<conf>/moderate/."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from conference.agenda.models import WITH_BOARD, AgendaItem
from conference.agenda.queries import item_of
from conference.board import queries, services, states
from conference.board.forms import DecideForm, MoveForm
from conference.board.labels import STEP_LABELS, state_label_for_desk
from conference.board.models import Post
from conference.event.access import DESK_ROLES, staff_conference
from conference.event.staff import staff_context
from conference.live.responses import mark
from conference.live.services import newest_event, read_revisions
from conference.live.topics import DESK, staff_topic


@never_cache
def queue(request: HttpRequest, conference: str) -> HttpResponse:
    """The moderation queue: what waits, oldest first; then the stage."""
    row, audience = staff_conference(request, conference, DESK_ROLES)
    # Before the posts are read: an event in between is shown again rather than missed.
    number = newest_event(row.pk, DESK)
    items = list(AgendaItem.objects.filter(conference=row, kind__in=WITH_BOARD).order_by("start"))
    wanted = request.POST.get("item") or request.GET.get("item")
    chosen = next((item for item in items if item.slug == wanted), None)
    lanes = queries.queue(audience, row, chosen)
    for lane in lanes.values():
        for post in lane:
            _with_steps(post, audience.roles)
    context = {
        "lanes": lanes,
        "items": items,
        "item": chosen,
        "event_number": number,
        "most_live": states.MAY_LIVE_AT_ONCE,
    }
    template = "moderate/queue.html#lanes" if request.headers.get("HX-Request") else "moderate/queue.html"
    return render(request, template, {**staff_context(row, audience), **context})


@never_cache
def post(request: HttpRequest, conference: str, public_id: str) -> HttpResponse:
    """One post with its log."""
    row, audience = staff_conference(request, conference, DESK_ROLES)
    found = _with_steps(queries.post_for(audience, row, public_id), audience.roles)
    return render(request, "moderate/post.html", {**staff_context(row, audience), **_post_context(found)})


@require_POST
def decide(request: HttpRequest, conference: str, public_id: str) -> HttpResponse:
    """Move a post to another state, on the version that the card names."""
    row, audience = staff_conference(request, conference, DESK_ROLES)
    found = queries.post_for(audience, row, public_id)
    context = staff_context(row, audience)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _refused(request, context, found, audience.roles, _("This form is damaged. Open it again."))
    data = form.cleaned_data
    try:
        services.decide(post=found, by=audience.user, roles=audience.roles, **data)
    except services.Stale as stale:
        return _stale(request, context, stale, data["to"], audience.roles)
    except services.ReasonMissing:
        text = _("Please give a reason: it is what the author of the question reads.")
        return _refused(request, context, found, audience.roles, text)
    except services.StageFull:
        text = _("Four questions are being answered already. Mark one of them as answered first.")
        return _refused(request, context, found, audience.roles, text, status=409)
    except services.NotAllowed:
        return _refused(request, context, found, audience.roles, _("This step is not possible from here."))
    return _back(request, conference)


@require_POST
def move(request: HttpRequest, conference: str, public_id: str) -> HttpResponse:
    """Move a question up or down on the shortlist."""
    row, audience = staff_conference(request, conference, DESK_ROLES)
    found = queries.post_for(audience, row, public_id)
    context = staff_context(row, audience)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _refused(request, context, found, audience.roles, _("This form is damaged. Open it again."))
    data = form.cleaned_data
    up = data["direction"] == "up"
    try:
        services.move_on_shortlist(
            post=found, by=audience.user, roles=audience.roles, version=data["version"], up=up
        )
    except services.Stale as stale:
        return _stale(request, context, stale, states.SHORTLISTED, audience.roles)
    except services.NotAllowed:
        return _refused(request, context, found, audience.roles, _("This step is not possible from here."))
    return _back(request, conference)


@require_POST
def close(request: HttpRequest, conference: str, item: str) -> HttpResponse:
    """Close a session's board: what was not reached goes to the speaker."""
    row, audience = staff_conference(request, conference, DESK_ROLES)
    found = item_of(row, item)
    try:
        passed_on = services.close_session(item=found, by=audience.user, roles=audience.roles)
    except services.StillPending as error:
        text = ngettext(
            "%(count)s question still waits for approval. Decide it first, then close the session.",
            "%(count)s questions still wait for approval. Decide them first, then close the session.",
            error.count,
        )
        messages.error(request, text % {"count": error.count})
        return _back(request, conference)
    text = ngettext(
        "Closed. %(count)s question goes to the speaker for a written answer.",
        "Closed. %(count)s questions go to the speaker for a written answer.",
        passed_on,
    )
    messages.success(request, text % {"count": passed_on})
    return _back(request, conference)


@never_cache
def live(request: HttpRequest, conference: str) -> HttpResponse:
    """What the front asks before it opens the desk's stream."""
    row, _audience = staff_conference(request, conference, DESK_ROLES)
    revisions = read_revisions([staff_topic(row.pk)])
    return mark(
        JsonResponse({"conference": row.pk, "event": newest_event(row.pk, DESK)}), revisions=revisions
    )


def _with_steps(post: Post, roles: frozenset[str]) -> Post:
    steps = states.steps_for(post.state, roles, question=post.is_question)
    post.steps = [  # type: ignore[attr-defined]
        {"to": to, "label": STEP_LABELS[post.state, to], "needs_reason": step.needs_reason}
        for to, step in steps.items()
    ]
    post.desk_label = state_label_for_desk(post.state)  # type: ignore[attr-defined]
    return post


def _post_context(post: Post) -> dict[str, Any]:
    decisions = queries.decisions_of(post)
    for decision in decisions:
        decision.source_label = state_label_for_desk(decision.source)  # type: ignore[attr-defined]
        decision.target_label = state_label_for_desk(decision.target)  # type: ignore[attr-defined]
    return {"post": post, "decisions": decisions}


def _stale(
    request: HttpRequest, context: dict[str, Any], stale: services.Stale, to: str, roles: frozenset[str]
) -> HttpResponse:
    shown = _post_context(_with_steps(stale.post, roles))
    asked = {
        "asked_label": state_label_for_desk(to),
        "last": shown["decisions"][-1] if shown["decisions"] else None,
    }
    return render(request, "moderate/stale.html", {**context, **shown, **asked}, status=409)


def _refused(
    request: HttpRequest,
    context: dict[str, Any],
    post: Post,
    roles: frozenset[str],
    text: str,
    status: int = 422,
) -> HttpResponse:
    """The post's own page with the refusal, keeping the reason that was typed."""
    shown = _post_context(_with_steps(post, roles))
    typed = {"refusal": text, "typed_reason": request.POST.get("reason", "")}
    return render(request, "moderate/post.html", {**context, **shown, **typed}, status=status)


def _back(request: HttpRequest, conference: str) -> HttpResponse:
    """To the queue as it was filtered; to the script at once the lanes as they are now."""
    if request.headers.get("HX-Request"):
        return queue(request, conference)
    item = request.POST.get("item", "")
    query = f"?item={item}" if item and item.replace("-", "").isalnum() else ""
    response = redirect(reverse("moderate", args=[conference]) + query)
    response.status_code = 303
    return response
