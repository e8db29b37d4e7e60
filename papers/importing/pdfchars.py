"""The characters of a PDF with their places, sizes and weights: all that is asked of PDFium, one thread at a time."""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

from papers.importing.refusals import (
    BROKEN_PDF,
    ENCRYPTED_PDF,
    IMAGE_PDF,
    TOO_LARGE,
    TOO_MANY_PAGES,
    UnreadablePaper,
)

# Bytes of the file (pictures included), pages, and characters of all pages.
LARGEST_FILE = 20_000_000
MOST_PAGES = 500
MOST_CHARACTERS = 3_000_000
# Fewer words on a page of pictures are stamps and page numbers, no text.
FEWEST_WORDS = 5

# PDFium is not thread-safe.
_ONE_AT_A_TIME = threading.Lock()
_BOLD = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_ITALIC = re.compile(rb"italic|oblique", re.IGNORECASE)
_BOLD_WEIGHT = 600
_ITALIC_FLAG = 1 << 6
# What PDFium puts for a hyphen at a line end, what symbol fonts have for bullets, ligatures.
_SIGNS = {"\ufffe": "-", "\x02": "-", "\uf0b7": "•", "\uf0a7": "▪", "\uf02d": "–", "\u00ad": "-"}
_SIGNS |= dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))


@dataclass(slots=True)
class Char:
    """A character: its left and right edge and its baseline in points from the page's lower left corner."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    italic: bool


@dataclass
class RawPage:
    """The characters of a page in the order of the file, its size in points, its label."""

    width: float
    height: float
    label: str
    chars: list[Char] = field(default_factory=list)


@dataclass
class RawPdf:
    """All pages, and the outline: for each entry its title and its depth from 0."""

    pages: list[RawPage]
    outline: list[tuple[str, int]]


def read_pdf(source: bytes) -> RawPdf:
    """The characters of all pages. Raises UnreadablePaper for a PDF that is too large, locked, broken or a picture."""
    if len(source) > LARGEST_FILE:
        raise UnreadablePaper(TOO_LARGE, limit=LARGEST_FILE // 1_000_000)
    with _ONE_AT_A_TIME, _opened(source) as pdf:
        if len(pdf) > MOST_PAGES:
            raise UnreadablePaper(TOO_MANY_PAGES, limit=MOST_PAGES)
        pages: list[RawPage] = []
        count = words = 0
        pictures = False
        for index in range(len(pdf)):
            page = pdf[index]
            raw = RawPage(page.get_width(), page.get_height(), pdf.get_page_label(index) or "")
            text = page.get_textpage()
            count += text.count_chars()
            if count > MOST_CHARACTERS:
                raise UnreadablePaper(TOO_LARGE, limit=MOST_CHARACTERS // 1_000_000)
            raw.chars = list(_chars(text))
            words += len("".join(char.text for char in raw.chars).split())
            pictures = pictures or any(
                True for _ in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2)
            )
            text.close()
            page.close()
            pages.append(raw)
        if not words or (pictures and words < FEWEST_WORDS * len(pages)):
            raise UnreadablePaper(IMAGE_PDF)
        return RawPdf(pages, _outline(pdf))


@contextmanager
def _opened(source: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        pdf = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise UnreadablePaper(ENCRYPTED_PDF if locked else BROKEN_PDF) from error
    try:
        yield pdf
    except pypdfium2.PdfiumError as error:
        raise UnreadablePaper(BROKEN_PDF) from error
    finally:
        pdf.close()


def _outline(pdf: pypdfium2.PdfDocument) -> list[tuple[str, int]]:
    return [(mark.get_title(), mark.level) for mark in pdf.get_toc(max_depth=6)]


def _chars(text: pypdfium2.PdfTextPage) -> Iterator[Char]:
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(128)
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, index)
        sign = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        sign = _SIGNS.get(sign, sign)
        if not sign or sign in "\r\n" or (ord(sign[0]) < 32 and sign != "\t"):
            continue
        pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top)
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        pdfium.FPDFText_GetFontInfo(text, index, name, 128, flags)
        bold = pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD_WEIGHT or bool(_BOLD.search(name.value))
        italic = bool(flags.value & _ITALIC_FLAG) or bool(_ITALIC.search(name.value))
        size = pdfium.FPDFText_GetFontSize(text, index) or 1.0
        yield Char(sign, left.value, right.value, y.value, abs(size), bold, italic)
