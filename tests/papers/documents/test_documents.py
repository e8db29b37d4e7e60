"""Whole invented papers of different shapes, each compared with what a careful reader would make of it.

What is expected of `lighthouse.txt` stands in `lighthouse.txt.outline`, and so on.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from papers.importing import Document, read
from papers.importing.exporting import to_markdown
from tests.papers.documents.making import beacons_pdf, quay_docx

HERE = Path(__file__).parent
PAPERS: dict[str, Callable[[], bytes]] = {
    **{name: (HERE / name).read_bytes for name in ("lighthouse.txt", "fishery.md", "ferry.md", "tides.html")},
    "quay.docx": quay_docx,
    "beacons.pdf": beacons_pdf,
}
FIELDS = (
    "title",
    "subtitle",
    "authors",
    "date",
    "series",
    "number",
    "publisher",
    "language",
    "rights",
    "note",
)


def outline(document: Document) -> str:
    """A document as lines that a person can check: fields, blocks (and their HTML where it says more), account."""
    lines = [f"{name}: {getattr(document, name)}" for name in FIELDS if getattr(document, name)]
    for block in document.blocks:
        level = block.level or ""
        lines.append(f"{block.page or '-'} {block.part} {block.kind}{level}: {block.text}")
        if block.html != block.text.replace("&", "&amp;"):
            lines.append(f"    {block.html}")
    lines += [f"dropped {gone.page or '-'} {gone.reason}: {gone.text}" for gone in document.dropped]
    lines += [f"joined {seam.page}/{seam.next_page}: {seam.text}" for seam in document.joined]
    lines += [f"doubtful {place.page} {place.reason}: {place.text}" for place in document.doubtful]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_what_a_careful_reader_would_make_of_it(name: str) -> None:
    assert outline(read(PAPERS[name]())) == (HERE / f"{name}.outline").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_survives_its_export(name: str) -> None:
    document = read(PAPERS[name]())
    again = read(to_markdown(document).encode())
    assert replace(document, dropped=[], joined=[], doubtful=[]) == replace(again, doubtful=[])


@pytest.mark.parametrize("name", PAPERS)
def test_every_block_says_where_it_came_from(name: str) -> None:
    document = read(PAPERS[name]())
    for block in document.blocks:
        assert block.lines is not None
        first, last = block.lines
        assert 1 <= first <= last <= len(document.source_lines)
    for place in (*document.dropped, *document.joined, *document.doubtful):
        assert place.lines is None or place.lines[1] <= len(document.source_lines)


@pytest.mark.parametrize("name", PAPERS)
def test_the_command_shows_each_kind_without_a_database(name: str, tmp_path: Path) -> None:
    path, out = tmp_path / "paper.bin", StringIO()
    path.write_bytes(PAPERS[name]())
    call_command("import_paper", str(path), "--dry-run", "--json", stdout=out)
    assert Document.from_json(json.loads(out.getvalue())) == read(PAPERS[name]())
