"""The picture that messengers and networks show beside a shared link: 1200 by 630, as Open Graph asks."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
_FONTS = Path(__file__).with_name("fonts")
_PAPER, _INK, _SOFT, _ACCENT, _LIVE = "#fdfcf9", "#1d1f21", "#5a6066", "#1f4e6b", "#8a3b12"
_MARGIN = 80
_WIDTH = SIZE[0] - 2 * _MARGIN
_BIGGEST, _SMALLEST = 68, 36
_MOST_LINES = 4


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"{name}.ttf", size, layout_engine=ImageFont.Layout.BASIC)


def draw_card(*, title: str, subtitle: str, byline: str, event: str, stamp: str = "") -> bytes:
    """A PNG with a paper's title and author and the conference's name; `stamp` is framed above the title."""
    image = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 16, SIZE[1]), fill=_ACCENT)
    top = 70
    if stamp:
        font = _font("DejaVuSans", 26)
        wide = min(draw.textlength(stamp, font), _WIDTH - 32)
        draw.rounded_rectangle((_MARGIN, top, _MARGIN + wide + 32, top + 52), 8, outline=_LIVE, width=2)
        draw.text((_MARGIN + 16, top + 26), _cut(draw, stamp, font, _WIDTH - 32), _LIVE, font, anchor="lm")
        top += 84
    size, lines = _fitted(draw, title)
    for line in lines:
        draw.text((_MARGIN, top), line, _INK, _font("DejaVuSerif-Bold", size))
        top += round(size * 1.25)
    top += 12
    small = _font("DejaVuSans", 32)
    for line in _lines(draw, subtitle, small)[: 2 if top < 400 else 1]:
        draw.text((_MARGIN, top), _cut(draw, line, small, _WIDTH), _SOFT, small)
        top += 44
    draw.text((_MARGIN, SIZE[1] - 132), _cut(draw, byline, small, _WIDTH), _INK, small)
    foot = _font("DejaVuSans", 26)
    draw.text((_MARGIN, SIZE[1] - 80), _cut(draw, event, foot, _WIDTH), _SOFT, foot)
    written = io.BytesIO()
    image.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


def _fitted(draw: ImageDraw.ImageDraw, title: str) -> tuple[int, list[str]]:
    """The largest size at which the title takes few enough lines; at the smallest the rest is cut."""
    for size in range(_BIGGEST, _SMALLEST, -4):
        lines = _lines(draw, title, _font("DejaVuSerif-Bold", size))
        if len(lines) <= _MOST_LINES - (size > 52):
            return size, lines
    font = _font("DejaVuSerif-Bold", _SMALLEST)
    lines = _lines(draw, title, font)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], _cut(draw, " ".join(lines[_MOST_LINES - 1 :]), font, _WIDTH)]
    return _SMALLEST, lines


def _lines(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and draw.textlength(longer, font) <= _WIDTH:
            lines[-1] = longer
        else:
            lines.append(_cut(draw, word, font, _WIDTH))
    return lines


def _cut(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """The text, or as much of it as fits, with an ellipsis."""
    if draw.textlength(text, font) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if draw.textlength(f"{text[:middle].rstrip()}…", font) <= width:
            low = middle
        else:
            high = middle - 1
    return f"{text[:low].rstrip()}…"
