"""The picture beside a shared link: its size, its letters, and titles of any length."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from papers.card import SIZE, _font, draw_card

CZECH = "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ„“–…"


@pytest.mark.parametrize(
    "title", ["A", "Destined to Cooperate?", "word " * 80, "Nejneobhospodařovávatelnější" * 9, ""]
)
@pytest.mark.parametrize("stamp", ["", "Shrnutí pro tuto ukázku, nikoli autorův text " * 3])
def test_any_title_fits(title: str, stamp: str) -> None:
    written = draw_card(
        title=title, subtitle="x " * 200, byline="Žofie", event="A conference " * 20, stamp=stamp
    )
    picture = Image.open(io.BytesIO(written))
    assert (picture.format, picture.size) == ("PNG", SIZE)
    assert len(written) < 60_000


@pytest.mark.parametrize("name", ["DejaVuSans", "DejaVuSerif-Bold"])
def test_every_letter_has_a_shape(name: str) -> None:
    """None of them is the box that stands for a letter that the font lacks."""
    font = _font(name, 40)
    missing = bytes(font.getmask("\ue123"))
    assert all(bytes(font.getmask(sign)) != missing for sign in CZECH)


def test_the_same_words_are_the_same_bytes() -> None:
    words = {"title": "Tides", "subtitle": "", "byline": "Žofie", "event": "A conference"}
    assert draw_card(**words) == draw_card(**words)
    assert draw_card(**words) != draw_card(**words, stamp="summary")
