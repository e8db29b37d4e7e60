"""Written answers: what was passed on to whom, what they write, and when it is published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from conference.board.access import given_to, visible_to
from conference.board.announcing import announce_post
from conference.board.changing import (
    Decider,
    NotAllowed,
    Stale,
    check_version,
    last_decision,
    lock_all,
    move,
    record,
)
from conference.board.models import Post
from conference.board.states import ANSWERING, PUBLISHED, Release, Stage
from conference.event.access import Audience
from conference.event.models import Conference, Person

LONGEST_ANSWER = 4000


class AlreadyPublished(Exception):
    """A published answer stands as it is; its author asks the question desk to change it."""


def passed_on_to(person: Person, conference: Conference) -> list[Post]:
    """The questions that somebody on the programme has been given to answer, in the order of the day (two queries).

    Theirs, or their panel's; also those that nobody approved. Each has `own_answer` and the published `answers`.
    """
    audience = Audience(person=person)
    posts = visible_to(audience, conference).filter(given_to(person))
    questions = list(posts.order_by("item__start", "item_id", "-vote_count", "pk"))
    attach_answers(audience, conference, questions)
    for question in questions:
        answers = question.answers or []
        own = [answer for answer in answers if answer.author_id == person.pk]
        question.own_answer = own[0] if own else None
        question.answers = [answer for answer in answers if answer not in own]
    return questions


def attach_answers(audience: Audience, conference: Conference, posts: Iterable[Post]) -> None:
    """Give each post the written `answers` that `audience` may read, oldest first (one query for all of them)."""
    asked = list(posts)
    found: dict[int | None, list[Post]] = defaultdict(list)
    answers = visible_to(audience, conference).filter(
        kind=Post.Kind.ANSWER, parent__in=[post.pk for post in asked]
    )
    for answer in answers.select_related("item", "author").order_by("pk"):
        found[answer.parent_id].append(answer)
    for post in asked:
        post.answers = found[post.pk]


def put_answers(audience: Audience, conference: Conference, *lists: list[Post]) -> None:
    """Give the posts of these lists that were answered in writing their `answers` (one query, none where none was)."""
    written = [post for posts in lists for post in posts if post.stage == Stage.ANSWERED_IN_WRITING]
    if written:
        attach_answers(audience, conference, written)


@transaction.atomic
def write_answer(*, question: Post, author: Person, by: Decider, text: str, version: int) -> Post:
    """Store what `author` answers to a question that was passed on to them, or change it; `version` is 0 for a new one.

    There is one answer of each author to a question, so the same text sent again is success and never a second answer.
    It is published at once where the organiser has said so and the question is public, else it waits for the desk.
    Raises NotAllowed, Stale, AlreadyPublished.
    """
    conference = question.conference
    if not visible_to(Audience(person=author), conference).filter(given_to(author), pk=question.pk).exists():
        raise NotAllowed
    asked = lock_all([question])[0]
    found = Post.objects.filter(parent=asked, author=author, kind=Post.Kind.ANSWER).first()
    if found is None:
        if version:
            raise Stale(asked, last_decision(asked))
        found = Post.objects.create(
            conference=conference,
            kind=Post.Kind.ANSWER,
            parent=asked,
            item=asked.item,
            block=asked.block,
            author=author,
            text=text,
        )
        row = lock_all([found])[0]
    else:
        row = lock_all([found])[0]
        if row.text == text and row.release != Release.DECLINED:
            return row
        if row.release == Release.PUBLISHED:
            raise AlreadyPublished
        if row.release == Release.HIDDEN:
            raise NotAllowed
        check_version(row, version)
        row.text, row.release, row.reason = text, Release.PENDING, ""
        row.reason_cs, row.canned_reason, row.may_resend = "", None, False
        record(row, action="rewrite", by=by)
    if conference.answers_need_approval or asked.release != Release.PUBLISHED:
        announce_post(row, was_visible=False, kind="post")
        return row
    return move(row, PUBLISHED, actors=ANSWERING, by=by, action="answer")
