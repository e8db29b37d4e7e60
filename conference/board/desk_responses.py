"""What the desk answers: the lanes after a success with a way to undo it, a page that explains after a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page

from conference.agenda.models import WITH_BOARD, AgendaItem
from conference.board import queries, states
from conference.board.changing import (
    NotAllowed,
    QuestionUnpublished,
    ReasonMissing,
    SessionClosed,
    StageFull,
    Stale,
)
from conference.board.desk import Desk, sort_into_lanes
from conference.board.flags import flagged_posts, reasons_of
from conference.board.keys import KeyReused
from conference.board.labels import action_label, session_closed_text, state_label_for_desk
from conference.board.models import Decision, Post
from conference.board.orphans import orphans_of
from conference.board.reasons import ready_reasons
from conference.board.undoing import may_undo
from conference.board.word_views import words_context
from conference.event.access import DESK_ROLES, Staff, staff_conference
from conference.event.models import Conference
from conference.event.staff import staff_context
from conference.live.services import newest_event
from conference.live.topics import DESK


class AtDesk:
    """A member of staff at work in one conference's desk: what every view of the desk needs."""

    def __init__(self, request: HttpRequest, conference: Conference, staff: Staff) -> None:
        self.request = request
        self.conference = conference
        self.staff = staff

    @property
    def context(self) -> dict[str, Any]:
        """What every page of the desk shows."""
        return staff_context(self.conference, self.staff)

    @property
    def htmx(self) -> bool:
        """Whether the script asks, which wants a piece rather than a page."""
        return bool(self.request.headers.get("HX-Request"))

    @property
    def maker(self) -> dict[str, Any]:
        """Who decides, as the services take it."""
        return {"by": self.staff.user, "roles": self.staff.roles}

    def page(self, template: str, context: dict[str, Any]) -> HttpResponse:
        """A page of the desk."""
        return render(self.request, template, {**self.context, **context})

    def panel(self, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """A form about something: a page of its own, or for the script its content alone."""
        template = f"moderate/panels/{name}.html" if self.htmx else "moderate/panel.html"
        shown = {**self.context, **context, "panel": f"moderate/panels/{name}.html"}
        shown["item_slug"] = self.request.POST.get("item_filter") or self.request.GET.get("filter", "")
        return render(self.request, template, shown, status=status)

    def post_panel(self, name: str, post: Post, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """A form about one post."""
        desk = Desk.of(self.conference, self.staff)
        desk.dress([post])
        return self.panel(name, {"post": post, "desk": desk, **context}, status)

    def refused(self, text: str, status: int) -> HttpResponse:
        """Nothing was done, and why."""
        context = {**self.context, "refusal": text}
        return render(self.request, "moderate/refused.html", context, status=status)

    def refused_post(self, post: Post, text: str, status: int = 422) -> HttpResponse:
        """The post's own page with the refusal, keeping the reason that was typed."""
        shown = {
            **self.post_context(post),
            "refusal": text,
            "typed_reason": self.request.POST.get("reason", ""),
        }
        return render(self.request, "moderate/post.html", {**self.context, **shown}, status=status)

    def stale(self, stale: Stale) -> HttpResponse:
        """Somebody was faster: what happened, by whom, and the post as it is now."""
        wanted = self.request.POST.get("to", "")
        asked = state_label_for_desk(wanted) if wanted in states.STATES else ""
        shown = {**self.post_context(stale.post), "last": stale.last, "asked_label": asked}
        if stale.last is not None:
            dress_decision(stale.last)
        return render(self.request, "moderate/stale.html", {**self.context, **shown}, status=409)

    def post_context(self, post: Post) -> dict[str, Any]:
        """One post with its log."""
        desk = Desk.of(self.conference, self.staff)
        desk.dress([post])
        decisions = queries.decisions_of(post)
        for decision in decisions:
            dress_decision(decision)
            decision.may_undo = may_undo(decision, self.staff.roles)  # type: ignore[attr-defined]
        return {"post": post, "decisions": decisions, "desk": desk, "panel_post": True}

    def done(self, decision: Decision | None = None) -> HttpResponse:
        """To the queue as it was filtered, with a way to undo; to the script at once the lanes as they are now."""
        if self.htmx:
            return self.queue(decision)
        item = self.request.POST.get("item_filter", "")
        query = {"item": item} if item and item.replace("-", "").isalnum() else {}
        if decision is not None:
            query["done"] = str(decision.pk)
        pairs = "&".join(f"{name}={value}" for name, value in query.items())
        response = redirect(reverse("moderate", args=[self.conference.slug]) + (f"?{pairs}" if pairs else ""))
        response.status_code = 303
        return response

    def queue(self, decision: Decision | None = None) -> HttpResponse:
        """The desk: what waits, oldest first; what is approved; the stage."""
        conference = self.conference
        # Before the posts are read: an event in between is shown again rather than missed.
        number = newest_event(conference.pk, DESK)
        with_board = AgendaItem.objects.filter(conference=conference, kind__in=WITH_BOARD)
        items = list(with_board.order_by("start"))
        wanted = self.request.POST.get("item_filter") or self.request.GET.get("item")
        chosen = next((item for item in items if item.slug == wanted), None)
        desk = Desk.of(conference, self.staff)
        if decision is not None:
            dress_decision(decision)
        context = {
            "desk": desk,
            "lanes": sort_into_lanes(
                queries.at_desk(self.staff, conference, chosen),
                desk,
                orphans=_of(chosen, orphans_of(conference)),
                flagged=_of(chosen, _flagged(conference)),
            ),
            "items": items,
            "item": chosen,
            "item_slug": chosen.slug if chosen else "",
            "event_number": number,
            "most_live": states.MAY_LIVE_AT_ONCE,
            "done": decision,
            "reasons": ready_reasons(conference),
            **({} if self.htmx else words_context(conference)),
        }
        template = "moderate/queue.html#lanes" if self.htmx else "moderate/queue.html"
        return render(self.request, template, {**self.context, **context})


def _flagged(conference: Conference) -> list[Post]:
    """What readers flagged, with why (two queries)."""
    posts = list(flagged_posts(conference))
    for post in posts:
        post.flag_reasons = reasons_of(post)  # type: ignore[attr-defined]
    return posts


def _of(item: AgendaItem | None, posts: Iterable[Post]) -> list[Post]:
    """Of these posts those of a session; all of them where none is chosen."""
    return [post for post in posts if item is None or post.item_id == item.pk]


def dress_decision(decision: Decision) -> None:
    """Give a row of the log its words."""
    decision.action_label = action_label(decision)  # type: ignore[attr-defined]
    decision.source_label = state_label_for_desk(decision.source)  # type: ignore[attr-defined]
    decision.target_label = state_label_for_desk(decision.target)  # type: ignore[attr-defined]


def at_desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the desk: `view(at, …)` for whoever may be there; what services refuse is explained in place."""

    # Hundreds of cards through a hall's Wi-Fi: the front compresses only what it keeps.
    @gzip_page
    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, conference: str, **kwargs: Any) -> HttpResponse:
        at = AtDesk(request, *staff_conference(request, conference, DESK_ROLES))
        try:
            return view(at, **kwargs)
        except Stale as stale:
            return at.stale(stale)
        except ReasonMissing:
            text, status = _("Please give a reason: it is what the author of the question reads."), 422
        except StageFull:
            text = _("Four questions are being answered already. Mark one of them as answered first.")
            status = 409
        except QuestionUnpublished:
            text = _("Publish the question first: an answer never publishes it.")
            status = 409
        except SessionClosed:
            text, status = session_closed_text(), 409
        except NotAllowed:
            text, status = _("This step is not possible from here."), 422
        except KeyReused:
            text, status = _("This was sent before with other words. Open the form again."), 409
        if "public_id" in kwargs:
            return at.refused_post(
                queries.post_for(at.staff, at.conference, kwargs["public_id"]), text, status
            )
        return at.refused(text, status)

    return wrapped
