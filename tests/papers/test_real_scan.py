"""The paper of the Prague conference as it was scanned. Figures were counted by reading the scan by hand."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from papers.importing import Document, read
from papers.importing.words import normal, words

SCAN = Path(__file__).parents[3] / "shared" / "paper" / "policy-paper-5-2013.md"


@pytest.fixture(scope="module")
def source() -> bytes:
    """The scan. Its rights are reserved, so it is not part of the project."""
    if not SCAN.exists():
        pytest.skip("the scan of the real paper is not beside the project (../shared/paper)")
    return SCAN.read_bytes()


@pytest.fixture(scope="module")
def document(source: bytes) -> Document:
    """The scan, read."""
    return read(source)


def test_the_title_page(document: Document) -> None:
    assert document.title == "Destined to Cooperate?"
    assert document.subtitle == "NATO and Russia between Power, Identity and Institutions"
    assert document.authors == ["Tomáš Karásek"]
    assert document.date == "December 2013"
    assert (document.series, document.number) == ("Policy Paper", "5/2013")
    assert document.publisher == "Association for International Affairs"
    assert document.language == "en"
    assert document.rights.startswith("© 2013 Association for International Affairs.")
    assert document.note.startswith("The paper was")
    assert (len(words(document.note)), len(words(document.rights))) == (35, 22)


def test_the_headings(document: Document) -> None:
    headings = [block for block in document.blocks if block.kind == "heading"]
    assert [block.level for block in headings] == [2, 2, 2, 2, 2, 2, 2, 3, 2]
    assert [block.page for block in headings] == [3, 4, 4, 6, 7, 9, 11, 11, 11]
    assert [block.part for block in headings] == ["summary"] + ["body"] * 5 + ["back"] * 3
    assert headings[0].text == "Summary and Recommendations"
    # It is bold as a whole in the source.
    assert headings[4].html == headings[4].text
    assert headings[4].text.startswith("Beyond the ")


def test_the_blocks(document: Document) -> None:
    assert Counter((block.part, block.kind) for block in document.blocks) == {
        ("summary", "heading"): 1,
        ("summary", "list_item"): 3,
        ("body", "heading"): 5,
        ("body", "paragraph"): 25,
        ("back", "heading"): 3,
        ("back", "list_item"): 7,
        ("back", "paragraph"): 2,
    }


def test_seams_and_headers(document: Document) -> None:
    assert len(document.dropped) == 8  # eight of the eleven pages carry a header
    assert [entry.page for entry in document.dropped] == [1, 3, 5, 7, 8, 9, 10, 11]
    assert {entry.reason for entry in document.dropped} == {"running_header"}
    masthead = [entry.page for entry in document.dropped if "Asociace" in entry.text]
    assert masthead == [1, 10, 11]
    assert [(seam.page, seam.next_page) for seam in document.joined] == [
        (4, 5),
        (5, 6),
        (7, 8),
        (8, 9),
        (9, 10),
    ]
    assert [(place.page, place.next_page, place.reason) for place in document.doubtful] == [
        (6, 7, "one_paragraph_or_two")
    ]
    # The five sentences are whole: what stands on both sides of each seam is one block's text.
    blocks = [block.text for block in document.blocks]
    for seam in document.joined:
        assert sum(seam.text.strip("…") in text for text in blocks) == 1
    text = " ".join(block.text for block in document.blocks)
    for running in (
        "Policy Paper 5/2013",
        "pro mezinárodní",
        "Destined to Cooperate",
        "December 2013",
        "**",
        "](#)",
    ):
        assert running not in text


def test_emphasis_quotes_and_links(document: Document) -> None:
    html = "\n".join(block.html for block in document.blocks)
    assert html.count("<em>") == 4
    assert "<a" not in html
    text = "\n".join(block.text for block in document.blocks)
    assert "research and analysis of foreign policy" in text
    source_body = SCAN.read_text(encoding="utf-8")
    for sign in "‘’'\"":
        assert text.count(sign) == source_body.count(sign)


def test_nothing_lost_and_nothing_invented(source: bytes, document: Document) -> None:
    fields = [
        document.title,
        document.subtitle,
        *document.authors,
        document.date,
        document.note,
        document.rights,
    ]
    kept = [*(block.text for block in document.blocks), *fields, *(gone.text for gone in document.dropped)]
    assert Counter(words(" ".join(kept))) == Counter(words(source.decode()))
    # Word by word in the source's own order: a text that was moved or doubled would break a pair.
    pairs = set(pairwise(normal(source.decode()).split()))
    cut = len(document.joined)
    own = [pair for block in document.blocks for pair in pairwise(normal(block.text).split())]
    assert sum(pair not in pairs for pair in own) <= cut
