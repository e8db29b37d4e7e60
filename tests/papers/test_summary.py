"""The project's own summary of the paper: said to be one, whole, and nowhere the author's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from papers.importing import Document, read
from papers.importing.words import normal

ROOT = Path(__file__).parents[2]
SCAN = ROOT.parent / "shared" / "paper" / "policy-paper-5-2013.md"
# So many words in a row are no chance any more.
RUN = 6


@pytest.fixture(scope="module")
def summary() -> Document:
    """The summary, read by the importer like any paper."""
    return read((ROOT / "conference" / "demonstration" / "summary.md").read_bytes())


@pytest.fixture(scope="module")
def scan() -> Document:
    """The paper itself. Its rights are reserved, so it is not part of the project."""
    if not SCAN.exists():
        pytest.skip("the scan of the real paper is not beside the project (../shared/paper)")
    return read(SCAN.read_bytes())


def test_it_says_what_it_is_and_whose(summary: Document) -> None:
    assert summary.title == "Destined to Cooperate? A summary"
    assert summary.authors == ["Summary by the Conference Companion project"]
    assert summary.publisher == "Conference Companion"
    assert "written for this demonstration" in summary.rights
    assert (summary.date, summary.series, summary.number) == ("", "", "")
    opening = summary.blocks[0]
    assert opening.part == "front"
    assert "by Tomáš Karásek" in opening.text
    assert "not the author’s text" in opening.text
    assert (summary.dropped, summary.joined, summary.doubtful) == ([], [], [])


def test_it_has_every_section_and_a_fair_length(summary: Document) -> None:
    headings = [block for block in summary.blocks if block.kind == "heading"]
    assert [(block.level, block.part) for block in headings] == [(2, "summary")] + [(2, "body")] * 5
    assert sum(block.kind == "list_item" for block in summary.blocks) == 3
    assert 1300 <= sum(len(block.text.split()) for block in summary.blocks) <= 1800


def test_it_has_the_sections_of_the_paper(summary: Document, scan: Document) -> None:
    def sections(document: Document) -> list[str]:
        return [b.part for b in document.blocks if b.kind == "heading" and b.part != "back"]

    assert sections(summary) == sections(scan)


def test_no_run_of_words_is_the_authors(summary: Document, scan: Document) -> None:
    def runs(text: str) -> set[str]:
        words = normal(text).split()
        return {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}

    title = f"{scan.title} {scan.subtitle}"
    theirs = {run for block in scan.blocks for run in runs(block.text)} | runs(scan.note) | runs(scan.rights)
    assert theirs
    for block in summary.blocks:
        ours = normal(block.text).replace(normal(title), "")  # It is cited by its title, once.
        assert not runs(ours) & theirs
