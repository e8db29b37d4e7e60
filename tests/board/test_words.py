"""Words as a computer compares them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.board import words
from conference.board.similar import likeness


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(words.fold(text)) == len(text)
    assert words.fold(words.fold(text)) == words.fold(text)


@given(st.text(alphabet="aábcčďéěíňóřšťúůýžАБВйё XYZ", max_size=40))
def test_postgresql_is_told_to_fold_as_python_does(text: str) -> None:
    assert text.translate(str.maketrans(*words.sql_folding())).lower() == words.fold(text)


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 100.0001
    assert likeness(one, other) == pytest.approx(likeness(other, one))


@given(st.text(max_size=200))
def test_what_tells_is_a_part_of_the_text(text: str) -> None:
    assert words.tells_who(text) in text


@pytest.mark.parametrize(
    "text",
    [
        "As the ambassador of Norway I ask",
        "I am from Estonia, and",
        "Our ministry believes that",
        "My name is Smith",
        "I work for a bank",
        "On behalf of Poland",
        "Jako poslankyně se ptám",
        "Jsem z Brna a",
        "Naše velvyslanectví si myslí",
        "Pracuji na ministerstvu",
        "Jmenuji se Novák",
        "write me at jan@example.org",
    ],
)
def test_it_may_tell_who_asks(text: str) -> None:
    assert words.tells_who(text)


@pytest.mark.parametrize(
    "text",
    [
        "I am wondering why",
        "As the paper says, identity matters",
        "Četl jsem, že to jde",
        "Jako první se ptám, proč",
        "Why does NATO wait?",
        "Jsem zvědav, co dál",
    ],
)
def test_it_does_not(text: str) -> None:
    assert words.tells_who(text) == ""
