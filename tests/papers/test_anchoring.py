"""Passages that are found again, and those that must not be: over five kinds of a newer edition, and over any text."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from papers.anchoring import FLOOR, Place, Quote, comparable, context_of, find, locate

TEXT = (
    "The second dock was built of steel, cost nine times as much and rusted within a decade. "
    "Nobody in the town council can say today who signed the contract for the third of them."
)


def words_at(text: str, place: Place | None) -> str | None:
    """What the place points at."""
    return text[place.start : place.end] if place else None


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        (TEXT, "rusted within a decade", "rusted within a decade"),
        ("It’s a “good” day – or so.", "It's a \"good\" day - or so.", "It’s a “good” day – or so."),
        ("Two\u00a0words  and\n more", "two words and more", "Two\u00a0words  and\n more"),
        ("Pr\u030ci\u0301liv a odliv", "příliv", "Pr\u030ci\u0301liv"),
        ("an of\u00adfice in the ﬁrst house", "office in the first", "of\u00adfice in the ﬁrst"),
        (TEXT, "steel, cost ten times as much and rusted", "steel, cost nine times as much and rusted"),
        (
            TEXT,
            "The second dock was built from steel and cost nine times as much",
            "The second dock was built of steel, cost nine times as much",
        ),
        # Nothing is found in other words, in parts of words, or for a short word that is only alike.
        (TEXT, "The first bridge was made of oak and lasted a hundred winters", None),
        ("the party is over", "art", None),
        ("the cars go by", "cats", None),
        # Not one word is the same, though all are alike.
        (
            "harbour masters counted vessels beneath lantern towers yesterday",
            "harbors master count vessel beneaths lanterns tower yesterdays",
            None,
        ),
        (TEXT, "", None),
        (TEXT, " \n", None),
        ("", "dock", None),
    ],
)  # fmt: skip
def test_examples(text: str, quote: str, found: str | None) -> None:
    assert words_at(text, find(text, quote)) == found


def test_the_context_tells_equal_words_apart() -> None:
    text = "Trust is earned in years. Later, trust is lost in days. At last trust is gone."
    for start in (0, 33, 64):
        quote = context_of(text, start, start + 8)
        place = find(text, quote.quote, quote.prefix, quote.suffix)
        assert place is not None
        assert place.start == start


def test_a_short_quote_in_a_strange_context_is_not_found() -> None:
    assert find("The new bridge of the town.", "the", "council said that ", " navy would pay") is None
    assert find("The council said that the navy will pay.", "the", "council said that ", " navy would pay")


def test_a_quote_needs_words() -> None:
    with pytest.raises(ValueError, match="at least one sign"):
        context_of("text", 2, 2)
    assert context_of("text", 0, 4) == Quote("text")


def test_a_split_paragraph_is_searched_in_both_halves_and_a_double_finds_nothing() -> None:
    cut = TEXT.index("Nobody")
    quote = context_of(TEXT, cut + 7, cut + 40)
    halves = {"a": TEXT[:cut], "b": TEXT[cut:]}
    found = locate(halves, "a", quote.quote, quote.prefix, quote.suffix)
    assert found is not None
    assert (found[0], halves["b"][found[1].start : found[1].end]) == ("b", quote.quote)
    twice = {"a": TEXT[:cut], "b": TEXT[cut:], "c": TEXT[cut:]}
    assert locate(twice, "a", quote.quote, quote.prefix, quote.suffix) is None
    assert locate({"a": TEXT[:cut]}, "a", quote.quote, quote.prefix, quote.suffix) is None


LETTERS = "abcdefghijklmnoprstuvyzáčěíšž"


@st.composite
def paragraphs(draw: st.DrawFn) -> list[str]:
    """Words, none of them twice."""
    chance = random.Random(draw(st.integers(0, 10**9)))
    made = {
        "".join(chance.choices(LETTERS, k=chance.randint(3, 10))) for _ in range(draw(st.integers(30, 60)))
    }
    return sorted(made, key=lambda _: chance.random())


@st.composite
def passages(draw: st.DrawFn) -> tuple[list[str], int, int]:
    """The words of a paragraph, and the first and last of a quoted run of at least twelve."""
    words = draw(paragraphs())
    first = draw(st.integers(0, len(words) - 12))
    last = draw(st.integers(first + 12, min(len(words), first + 24)))
    return words, first, last


def quoted(words: list[str], first: int, last: int) -> Quote:
    """These words as a quote from their paragraph."""
    text = " ".join(words)
    start = len(" ".join(words[:first])) + (1 if first else 0)
    return context_of(text, start, start + len(" ".join(words[first:last])))


def again(texts: dict[str, str], quote: Quote) -> str | None:
    """The words that the quote finds now, and None for an orphan."""
    found = locate(texts, "home", quote.quote, quote.prefix, quote.suffix)
    return texts[found[0]][found[1].start : found[1].end] if found else None


@settings(max_examples=80, deadline=None)
@given(passages(), paragraphs(), st.data())
def test_an_anchor_survives_five_kinds_of_a_newer_edition(
    passage: tuple[list[str], int, int], others: list[str], data: st.DataObject
) -> None:
    words, first, last = passage
    assume(not set(words) & set(others))
    quote = quoted(words, first, last)
    text, other = " ".join(words), " ".join(others)
    # Moved: the paragraph is the same wherever it stands. Merged: it continues another.
    assert again({"other": other, "home": text}, quote) == quote.quote
    assert again({"home": f"{other} {text}"}, quote) == quote.quote
    # Split outside of the quote, whichever half kept the address.
    cut = data.draw(st.sampled_from([*range(1, first + 1), *range(last, len(words))]))
    before, after = " ".join(words[:cut]), " ".join(words[cut:])
    for home, new in ((before, after), (after, before)):
        assert again({"home": home, "new": new}, quote) == quote.quote
    # Reworded: one word of the quote is another one now.
    changed = data.draw(st.integers(first, last - 1))
    reworded = [*words[:changed], others[0][: len(words[changed])], *words[changed + 1 :]]
    found = again({"home": " ".join(reworded)}, quote)
    assert found is not None
    assert set(found.split()) >= set(reworded[first:last]) - {reworded[changed]}
    assert set(found.split()) <= set(reworded[first:last])
    # Removed: an orphan, though other paragraphs are there.
    assert again({"other": other}, quote) is None


SIGNS = st.text(alphabet="ab c’'-–.\u00ad\u0301ßŘ\n", max_size=60)


@settings(max_examples=300, deadline=None)
@given(SIGNS, SIGNS, SIGNS, SIGNS)
def test_a_place_never_points_at_other_words(text: str, quote: str, prefix: str, suffix: str) -> None:
    place = find(text, quote, prefix, suffix)
    if place is None:
        return
    assert 0 <= place.start < place.end <= len(text)
    assert FLOOR <= place.score <= 1
    likeness = Levenshtein.normalized_similarity(
        "".join(filter(str.isalnum, comparable(text[place.start : place.end]))),
        "".join(filter(str.isalnum, comparable(quote))),
    )
    assert likeness >= 0.6


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=120), st.data())
def test_every_passage_of_any_text_is_found_where_it_is(text: str, data: st.DataObject) -> None:
    assume(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = context_of(text, start, end)
    assume(comparable(quote.quote))
    place = find(text, quote.quote, quote.prefix, quote.suffix)
    assert place is not None
    assert comparable(text[place.start : place.end]) == comparable(quote.quote)
