"""Which paragraph is which over a re-import: examples of every kind, and what holds for any two texts."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.comparing import rows, words_changed
from papers.matching import Matching, Text, match

ONE = "The first dock was built of oak and lasted for a hundred winters without any repair."
TWO = "The second dock was built of steel, cost nine times as much and rusted within a decade."
THREE = "Nobody in the town council can say today who signed the contract for the third of them."
FOUR = "A fund to which every ship pays by the ton would settle the matter for good."


def paragraphs(*texts: str) -> list[Text]:
    """Plain paragraphs."""
    return [Text("paragraph", text) for text in texts]


def matched(old: list[Text], new: list[Text]) -> Matching:
    """The matching, checked for what always holds."""
    found = match(old, new)
    olds = list(found.kept.values())
    assert len(olds) == len(set(olds)), "an id was given twice"
    assert not set(found.merged_into) & set(olds)
    assert not set(found.split_from) & set(found.kept)
    assert set(found.split_from.values()) <= set(olds)
    assert found.moved <= set(found.kept)
    shown = rows(old, new, found)
    assert [row.new for row in shown if row.old is None or row.old in olds] == list(range(len(new)))
    assert {row.old for row in shown if row.old is not None} == set(range(len(old)))
    return found


# It shares words with THREE, but nobody would call it the same.
OTHER = "Nobody in the harbour can say why the town has paid for the crane of the second dock today."
CUT = TWO.index("cost")


@pytest.mark.parametrize(
    ("old", "new", "kept", "split", "merged", "moved"),
    [
        # The same, one in between, one removed, moved.
        ((ONE, TWO), (ONE, TWO), {0: 0, 1: 1}, {}, {}, set()),
        ((ONE, TWO), (ONE, FOUR, TWO), {0: 0, 2: 1}, {}, {}, set()),
        ((ONE, TWO, THREE), (ONE, THREE), {0: 0, 1: 2}, {}, {}, set()),
        ((ONE, TWO, THREE), (THREE, ONE, TWO), {0: 2, 1: 0, 2: 1}, {}, {}, {0}),
        # Reworded, where it stood and elsewhere.
        ((ONE, TWO), (ONE, TWO.replace("nine", "eleven")), {0: 0, 1: 1}, {}, {}, set()),
        ((ONE, TWO, THREE), (TWO.replace("nine", "eleven"), ONE, THREE), {0: 1, 1: 0, 2: 2}, {}, {}, {0}),
        # Split: the larger half keeps the id. Merged: the block that stays keeps its own.
        ((ONE, TWO, THREE), (ONE, TWO[:CUT], TWO[CUT:], THREE), {0: 0, 2: 1, 3: 2}, {1: 1}, {}, set()),
        ((ONE, TWO, THREE), (ONE, f"{TWO} {THREE}"), {0: 0, 1: 1}, {}, {2: 1}, set()),
        ((ONE, TWO), (f"{TWO} {FOUR}", ONE), {0: 1, 1: 0}, {}, {}, {0}),
        # Replaced by something else: no false heir.
        ((ONE, TWO, THREE), (ONE, FOUR, THREE), {0: 0, 2: 2}, {}, {}, set()),
        ((ONE,), (FOUR,), {}, {}, {}, set()),
        ((ONE, TWO, THREE), (OTHER, ONE, TWO), {1: 0, 2: 1}, {}, {}, set()),
        ((), (ONE,), {}, {}, {}, set()),
        ((ONE,), (), {}, {}, {}, set()),
        # Equal texts: one to one.
        ((ONE, ONE, TWO), (ONE, TWO, ONE), {0: 1, 1: 2, 2: 0}, {}, {}, {2}),
    ],
)
def test_examples(old, new, kept, split, merged, moved) -> None:
    found = matched(paragraphs(*old), paragraphs(*new))
    assert (found.kept, found.split_from, found.merged_into) == (kept, split, merged)
    assert len(found.moved) == len(moved)


def test_a_heading_is_no_paragraph() -> None:
    old = [Text("heading", "The dock of the old town"), Text("paragraph", ONE)]
    new = [Text("paragraph", "The dock of the older town"), Text("paragraph", ONE)]
    assert matched(old, new).kept == {1: 1}


def test_what_typesetting_changed_is_no_change() -> None:
    old = paragraphs("It’s a “good” day – or so they said.")
    new = paragraphs('It\'s a  "good" day - or so they said.')
    assert matched(old, new).kept == {0: 0}


LETTERS = "abcdefghijklmnoprstuvyz"


@st.composite
def texts(draw: st.DrawFn) -> list[str]:
    """Paragraphs of words that no other paragraph has."""
    chance = random.Random(draw(st.integers(0, 10**9)))
    count = draw(st.integers(3, 9))
    return [
        " ".join(
            f"{LETTERS[number]}{''.join(chance.choices(LETTERS, k=chance.randint(3, 9)))}"
            for _ in range(chance.randint(12, 40))
        )
        for number in range(count)
    ]


@settings(max_examples=60, deadline=None)
@given(texts(), st.data())
def test_every_kind_of_change_leaves_the_others_alone(old: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(old) - 1))
    words = old[at].split()
    others = {n: n for n in range(len(old)) if n != at}

    reworded = [*old[:at], " ".join(["quite", *words[2:], "indeed"]), *old[at + 1 :]]
    assert matched(paragraphs(*old), paragraphs(*reworded)).kept == {**others, at: at}

    removed = [*old[:at], *old[at + 1 :]]
    assert matched(paragraphs(*old), paragraphs(*removed)).kept == {n if n < at else n - 1: n for n in others}

    half = len(words) // 2 + 1
    split = [*old[:at], " ".join(words[:half]), " ".join(words[half:]), *old[at + 1 :]]
    found = matched(paragraphs(*old), paragraphs(*split))
    assert {found.kept.get(at), found.kept.get(at + 1)} == {at, None}
    assert set(found.split_from.values()) == {at}

    to = data.draw(st.integers(0, len(old) - 1))
    moved = list(removed)
    moved.insert(to, old[at])
    found = matched(paragraphs(*old), paragraphs(*moved))
    assert {moved[n]: old[o] for n, o in found.kept.items()} == {text: text for text in old}
    assert bool(found.moved) == (to != at)

    if at + 1 < len(old):
        merged = [*old[:at], f"{old[at]} {old[at + 1]}", *old[at + 2 :]]
        found = matched(paragraphs(*old), paragraphs(*merged))
        assert {found.kept[at], *found.merged_into} == {at, at + 1}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text("ab c.", max_size=40), max_size=8), st.lists(st.text("ab c.", max_size=40), max_size=8)
)
def test_any_two_texts(old: list[str], new: list[str]) -> None:
    matched(paragraphs(*old), paragraphs(*new))
    again = matched(paragraphs(*new), paragraphs(*new))
    assert sorted(again.kept) == list(range(len(new)))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_the_words_that_changed_add_up_to_both_texts(old: str, new: str) -> None:
    runs = words_changed(old, new)
    assert "".join(run.text for run in runs if run.what != "come") == old
    assert "".join(run.text for run in runs if run.what != "gone") == new


def test_the_change_of_a_word_is_shown_as_such() -> None:
    runs = words_changed("cost nine times as much", "cost eleven times as much")
    assert [(run.what, run.text) for run in runs] == [
        ("equal", "cost "),
        ("gone", "nine"),
        ("come", "eleven"),
        ("equal", " times as much"),
    ]


def test_a_long_paper_of_other_words_is_compared_without_a_comparison_of_all_letters(monkeypatch) -> None:
    """Hundreds of blocks against as many others: only pairs that share words are looked at closely."""
    chance = random.Random(7)

    def paper(letter: str) -> list[Text]:
        return paragraphs(
            *(" ".join(letter + "".join(chance.choices(LETTERS, k=6)) for _ in range(90)) for _ in range(200))
        )

    calls = []
    from papers import matching

    real = matching.fuzz.partial_ratio
    monkeypatch.setattr(matching.fuzz, "partial_ratio", lambda *a, **k: calls.append(1) or real(*a, **k))
    assert matched(paper("x"), paper("q")).kept == {}
    assert len(calls) < 1000
