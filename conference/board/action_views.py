"""The desk's forms: each a page of its own that the script shows in place. GET shows it, POST does it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conference.agenda.models import WITH_BOARD, AgendaItem
from conference.agenda.queries import item_of
from conference.board import (
    converting,
    editing,
    flags,
    joining,
    keys,
    moving,
    muting,
    orphans,
    queries,
    rounds,
    speaking,
    states,
    wording,
)
from conference.board.access import visible_to
from conference.board.changing import NotAllowed, last_decision
from conference.board.desk_responses import AtDesk, at_desk
from conference.board.models import Post
from conference.board.staff_forms import (
    EditForm,
    FloorForm,
    NoteForm,
    PicksForm,
    ReplyForm,
    VersionForm,
    canned_choices,
)

MOST_CANDIDATES = 30
form_view = require_http_methods(["GET", "POST"])


@at_desk
def decline(at: AtDesk, public_id: str) -> HttpResponse:
    """The reasons for not including a post, ready to use; each button decides (`staff_views.decide`)."""
    found = queries.post_for(at.staff, at.conference, public_id)
    return at.post_panel("decline", found, {"reasons": canned_choices(at.conference)})


@form_view
@at_desk
def edit(at: AtDesk, public_id: str) -> HttpResponse:
    """The desk's wording of a post, beside the original."""
    found = queries.post_for(at.staff, at.conference, public_id)
    initial = {"text": found.text, "stage_line": found.stage_line, "version": found.version}
    form = EditForm(at.request.POST or None, initial=initial)
    if form.is_valid():
        row = wording.edit(post=found, **at.maker, **form.cleaned_data)
        return at.done(last_decision(row))
    return at.post_panel("edit", found, {"form": form}, status=422 if form.errors else 200)


@form_view
@at_desk
def join(at: AtDesk, public_id: str) -> HttpResponse:
    """The questions that this one can be joined with, the most similar first."""
    found = queries.post_for(at.staff, at.conference, public_id)
    if at.request.method == "POST":
        form = VersionForm(at.request.POST)
        if not form.is_valid():
            raise NotAllowed
        into = queries.post_for(at.staff, at.conference, at.request.POST.get("into", ""))
        row = joining.join(post=found, into=into, **at.maker, version=form.cleaned_data["version"])
        return at.done(last_decision(row))
    open_posts = queries.candidates(at.staff, at.conference, found)
    fitting = [post for post in open_posts if joining.can_join(found, post)]
    fitting.sort(key=lambda post: -joining.likeness(found.text, post.text))
    return at.post_panel("join", found, {"candidates": fitting[:MOST_CANDIDATES]})


@form_view
@at_desk
def session(at: AtDesk, public_id: str) -> HttpResponse:
    """The sessions that a post can be moved to; for a comment, become a question of."""
    found = queries.post_for(at.staff, at.conference, public_id)
    if at.request.method == "POST":
        form, slug = VersionForm(at.request.POST), at.request.POST.get("session", "")
        if not form.is_valid():
            raise NotAllowed
        item, version = item_of(at.conference, slug) if slug else None, form.cleaned_data["version"]
        if found.kind == Post.Kind.COMMENT and item is not None:
            row = converting.convert_to_question(post=found, item=item, **at.maker, version=version)
        else:
            row = moving.move_to_session(post=found, item=item, **at.maker, version=version)
        return at.done(last_decision(row))
    items = AgendaItem.objects.filter(conference=at.conference, kind__in=WITH_BOARD, cancelled=False)
    return at.post_panel("session", found, {"sessions": items.order_by("start")})


@form_view
@at_desk
def reply(at: AtDesk, public_id: str) -> HttpResponse:
    """The organisers' reply to a published post."""
    found = queries.post_for(at.staff, at.conference, public_id)
    form = ReplyForm(at.request.POST or None, initial={"key": keys.new_key()})
    if form.is_valid():
        row = speaking.reply_officially(post=found, **at.maker, **form.cleaned_data)
        return at.done(last_decision(row))
    return at.post_panel("reply", found, {"form": form}, status=422 if form.errors else 200)


@form_view
@at_desk
def note(at: AtDesk, public_id: str) -> HttpResponse:
    """Labels and a note, for the desk's eyes only."""
    found = queries.post_for(at.staff, at.conference, public_id)
    initial = {"note": found.note, "labels": ", ".join(found.labels), "version": found.version}
    form = NoteForm(at.request.POST or None, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        labels = wording.labels_of(data["labels"])
        row = wording.annotate(
            post=found, **at.maker, note=data["note"].strip(), labels=labels, version=data["version"]
        )
        return at.done(last_decision(row))
    return at.post_panel("note", found, {"form": form}, status=422 if form.errors else 200)


@require_POST
@at_desk
def mute(at: AtDesk, public_id: str) -> HttpResponse:
    """Mute the device that sent a post, or hear it again."""
    found = queries.post_for(at.staff, at.conference, public_id)
    form = VersionForm(at.request.POST)
    if not form.is_valid():
        raise NotAllowed
    muted = at.request.POST.get("muted") == "1"
    row = muting.mute(post=found, **at.maker, version=form.cleaned_data["version"], muted=muted)
    return at.done(last_decision(row))


@require_POST
@at_desk
def proposal(at: AtDesk, public_id: str) -> HttpResponse:
    """Accept an author's new wording of a published post, or keep the old one and say why."""
    found = queries.post_for(at.staff, at.conference, public_id)
    form = VersionForm(at.request.POST)
    if not form.is_valid():
        raise NotAllowed
    version = form.cleaned_data["version"]
    if at.request.POST.get("accept") == "1":
        row = editing.accept_edit(post=found, **at.maker, version=version)
    else:
        reason = at.request.POST.get("reason", "")[:500]
        row = editing.refuse_edit(post=found, **at.maker, version=version, reason=reason)
    return at.done(last_decision(row))


@require_POST
@at_desk
def settle(at: AtDesk, public_id: str) -> HttpResponse:
    """Leave a flagged post on the list: its readers' flags were looked at."""
    found = queries.post_for(at.staff, at.conference, public_id)
    form = VersionForm(at.request.POST)
    if not form.is_valid():
        raise NotAllowed
    row = flags.settle_flags(post=found, **at.maker, version=form.cleaned_data["version"])
    return at.done(last_decision(row))


@form_view
@at_desk
def place(at: AtDesk, public_id: str) -> HttpResponse:
    """The likeliest paragraphs for a post whose own went with a newer text."""
    found = queries.post_for(at.staff, at.conference, public_id)
    if at.request.method == "POST":
        form = VersionForm(at.request.POST)
        if not form.is_valid() or not at.staff.roles & states.DESK:
            raise NotAllowed
        block = queries.block_of(at.conference, at.request.POST.get("block", ""))
        row = orphans.reattach(
            post=found, block=block, by=at.staff.user, version=form.cleaned_data["version"]
        )
        return at.done(last_decision(row))
    return at.post_panel("place", found, {"suggestions": orphans.suggestions_for(found)})


@form_view
@at_desk
def floor(at: AtDesk) -> HttpResponse:
    """A question that somebody asked aloud: typed here, published or shortlisted at once."""
    initial = {"key": keys.new_key(), "item": at.request.GET.get("filter", "")}
    form = FloorForm(at.request.POST or None, initial=initial, conference=at.conference)
    if form.is_valid():
        row = speaking.ask_from_floor(conference=at.conference, **at.maker, **form.cleaned_data)
        return at.done(last_decision(row))
    return at.panel("floor", {"form": form}, status=422 if form.errors else 200)


@at_desk
def clear(at: AtDesk) -> HttpResponse:
    """What is being answered, session by session, with the two ways off the screen (`bulk` does it)."""
    live = visible_to(at.staff, at.conference).filter(stage=states.LIVE).order_by("item", "stage_at", "pk")
    by_item: dict[int | None, list[Post]] = {}
    for post in live:
        by_item.setdefault(post.item_id, []).append(post)
    return at.panel("clear", {"groups": list(by_item.values())})


@require_POST
@at_desk
def bulk(at: AtDesk) -> HttpResponse:
    """Several posts in one go: a round, clearing the screen, the ticked ones approved, declined or shortlisted."""
    form = PicksForm(at.request.POST, conference=at.conference)
    if not form.is_valid():
        errors = [str(error) for errors in form.errors.values() for error in errors]
        return at.refused(errors[0] if errors else _("This form is damaged. Open it again."), 422)
    data = form.cleaned_data
    picks = form.posts(visible_to(at.staff, at.conference))
    if data["action"] == "round":
        count = at.request.POST.get("first", "")
        rows = rounds.start_round(picks=picks[: int(count)] if count.isdecimal() else picks, **at.maker)
    elif data["action"] == "clear":
        rows = rounds.clear_stage(picks=picks, to=data["to"], **at.maker)
    else:
        rows = rounds.decide_many(
            picks=picks, to=data["action"], reason=data["reason"], canned=data["canned"], **at.maker
        )
    return at.done(last_decision(rows[0]))


@at_desk
def help_page(at: AtDesk) -> HttpResponse:
    """The keys and what each state means to the asker."""
    return at.panel("help", {})
