"""Published questions that ask much the same: PostgreSQL finds those that share words, rapidfuzz compares them."""

from __future__ import annotations

from functools import cache

from django.db.models import BooleanField, FloatField
from django.db.models.expressions import RawSQL
from rapidfuzz import fuzz

from conference.board import words
from conference.board.access import visible_to
from conference.board.models import Post
from conference.board.states import Release, Stage
from conference.event.access import Audience
from conference.event.models import Conference

# Of 100: worth showing while somebody types, worth a question before sending, hardly a doubt.
HINT, OFFER, SAME = 58, 68, 92
MOST = 3
# What PostgreSQL hands over for a closer look.
LOOKED_AT = 60

_VECTOR = "to_tsvector('simple', lower(translate(conference_post.text, %s, %s)))"
_QUERY = "to_tsquery('simple', %s)"


@cache
def _folding() -> tuple[str, str]:
    return words.sql_folding()


def similar_to(text: str, *, audience: Audience, conference: Conference, least: int) -> list[Post]:
    """Up to three questions that `audience` may read and vote for, the most similar first (one query at most).

    `least` is one of HINT, OFFER, SAME. A text of few words is similar to nothing.
    """
    asked = words.content_words(text)
    if len(set(asked)) < 3:
        return []
    query = " | ".join(f"'{stem}':*" for stem in sorted({words.stem(word)[:40] for word in asked})[:40])
    posts = (
        visible_to(audience, conference)
        .filter(
            kind=Post.Kind.QUESTION,
            release=Release.PUBLISHED,
            merged_into__isnull=True,
            stage__in=[Stage.NONE, Stage.SHORTLISTED, Stage.LIVE],
        )
        .filter(RawSQL(f"{_VECTOR} @@ {_QUERY}", [*_folding(), query], output_field=BooleanField()))
        .annotate(
            rank=RawSQL(f"ts_rank({_VECTOR}, {_QUERY})", [*_folding(), query], output_field=FloatField())
        )
        .order_by("-rank", "pk")
    )
    scored = [(likeness(text, post.text), post) for post in posts[:LOOKED_AT]]
    best = sorted((pair for pair in scored if pair[0] >= least), key=lambda pair: (-pair[0], pair[1].pk))
    return [post for _, post in best[:MOST]]


def likeness(one: str, other: str) -> float:
    """How much two texts ask the same, 0 to 100. Different numbers make different questions."""
    first, second = words.content_words(one), words.content_words(other)
    if not first or not second or _numbers(first) != _numbers(second):
        return 0.0
    stems, others = {words.stem(word) for word in first}, {words.stem(word) for word in second}
    shared = len(stems & others)
    if shared < 2 and stems != others:
        return 0.0
    common = 100 * shared / min(len(stems), len(others))
    all_words = 100 * shared / len(stems | others)
    letters = fuzz.token_sort_ratio(" ".join(first), " ".join(second))
    return 0.35 * common + 0.3 * all_words + 0.35 * letters


def _numbers(of: list[str]) -> set[str]:
    return {word for word in of if any(sign.isdigit() for sign in word)}
