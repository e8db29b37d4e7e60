"""A paper as an EPUB 3 publication (W3C EPUB 3.3, EPUB Accessibility 1.1), for readers of books.

The same paper gives the same bytes: no clock, no random identifier.
"""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from papers.citing import Work
from papers.models import Block

# What the file is called inside; readers never see it.
_TEXT = "text.xhtml"
_VOID = frozenset({"br", "hr", "img", "wbr", "col"})
# XML 1.0, section 2.2: signs that no document may hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PAGE = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
_CSS = """body { line-height: 1.5; }
h1, h2, h3, h4 { line-height: 1.2; text-align: left; hyphens: none; break-after: avoid; }
.byline, .series, .rights { font-size: .9em; }
table { border-collapse: collapse; }
td, th { border: 1px solid; padding: .2em .5em; text-align: left; vertical-align: top; }
aside { font-size: .9em; }
"""
_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles><rootfile full-path="OEBPS/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def write_epub(work: Work, blocks: list[Block], *, modified: datetime, contents: str, about: str) -> bytes:
    """The publication: `blocks` in order; `modified` (aware) is when this text was published.

    `contents` names the table of contents in the reader's language; `about` is one plain sentence on where the file
    comes from, for the title page.
    """
    pages = _pages(blocks)
    files = {
        "META-INF/container.xml": _CONTAINER,
        "OEBPS/package.opf": _package(work, modified, has_pages=bool(pages)),
        "OEBPS/nav.xhtml": _nav(work, blocks, pages, contents),
        f"OEBPS/{_TEXT}": _text(work, blocks, pages, about),
        "OEBPS/style.css": _CSS,
    }
    stamp = modified.astimezone(UTC)
    date = max(stamp, datetime(1980, 1, 1, tzinfo=UTC)).timetuple()[:6]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        # Open Container Format, section 4.3: first and not compressed, for those who look at the first bytes.
        archive.writestr(zipfile.ZipInfo("mimetype", date), "application/epub+zip", zipfile.ZIP_STORED)
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, date), _FORBIDDEN.sub("", content), zipfile.ZIP_DEFLATED)
    return written.getvalue()


def to_xhtml(html: str, *, notes: frozenset[str] = frozenset()) -> str:
    """HTML as nh3 leaves it, as XML; references to one of `notes` (ids) become EPUB's."""
    parser = _Xhtml(notes)
    parser.feed(html)
    parser.close()
    return parser.finished()


class _Xhtml(HTMLParser):
    """Writes what it reads, every element closed and every attribute quoted."""

    def __init__(self, notes: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._notes = notes
        self._parts: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element; one without content is closed at once."""
        values = {name: value or "" for name, value in attrs if re.fullmatch(r"[a-z][a-z-]*", name)}
        target = values.get("href", "")
        if tag == "a" and target.startswith("#") and target[1:] in self._notes:
            values |= {"epub:type": "noteref", "role": "doc-noteref"}
        if "lang" in values:
            values["xml:lang"] = values["lang"]
        # Opening links elsewhere is the reading system's business, and `rel` means nothing to it.
        written = "".join(
            f" {name}={quoteattr(value)}" for name, value in values.items() if name not in ("target", "rel")
        )
        if tag in _VOID:
            self._parts.append(f"<{tag}{written}/>")
        else:
            self._parts.append(f"<{tag}{written}>")
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element with all that was left open in it; nothing for one that is not open."""
        if tag in self._open:
            while self._open:
                closed = self._open.pop()
                self._parts.append(f"</{closed}>")
                if closed == tag:
                    break

    def handle_data(self, data: str) -> None:
        """Words."""
        self._parts.append(escape(data))

    def finished(self) -> str:
        """Everything, closed."""
        while self._open:
            self._parts.append(f"</{self._open.pop()}>")
        return "".join(self._parts)


def _pages(blocks: list[Block]) -> dict[str, int]:
    """The printed page that begins at each block, by its id; none where there are not two pages."""
    begins: dict[str, int] = {}
    page = None
    for block in blocks:
        if block.page and block.page != page:
            page = block.page
            begins[block.public_id] = page
    return begins if len(set(begins.values())) > 1 else {}


def _package(work: Work, modified: datetime, *, has_pages: bool) -> str:
    paper = work.paper
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, work.url).urn
    date = "-".join(f"{part:02}" for part in work.date)
    people = "".join(
        f"<dc:creator id={quoteattr(f'author-{n}')}>{escape(f'{name.given} {name.family}'.strip())}</dc:creator>"
        f'<meta refines={quoteattr(f"#author-{n}")} property="file-as">{escape(name.sorted)}</meta>'
        for n, name in enumerate(work.names, start=1)
    )
    optional = "".join(
        f"<dc:{tag}>{escape(value)}</dc:{tag}>"
        for tag, value in (("publisher", paper.publisher), ("date", date), ("rights", paper.rights))
        if value
    )
    features = [
        "tableOfContents",
        "readingOrder",
        "structuralNavigation",
        *(["pageBreakMarkers"] if has_pages else []),
    ]
    accessible = "".join(
        f'<meta property="schema:accessibilityFeature">{feature}</meta>' for feature in features
    )
    printed = f"<dc:source>{escape(work.formatted)}</dc:source>" if has_pages else ""
    source = '<meta property="pageBreakSource">' + escape(work.formatted) + "</meta>" if has_pages else ""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{escape(paper.language)}">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:identifier id="id">{identifier}</dc:identifier>
    <dc:title>{escape(work.title)}</dc:title>
    <dc:language>{escape(paper.language)}</dc:language>
    {people}{optional}{printed}{source}
    <meta property="dcterms:modified">{modified.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</meta>
    <meta property="schema:accessMode">textual</meta>
    <meta property="schema:accessModeSufficient">textual</meta>
    {accessible}
    <meta property="schema:accessibilityHazard">none</meta>
    <meta property="schema:accessibilitySummary">Headings, lists, tables, notes and languages are marked up.</meta>
  </metadata>
  <manifest>
    <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="text" href="{_TEXT}" media-type="application/xhtml+xml"/>
    <item id="style" href="style.css" media-type="text/css"/>
  </manifest>
  <spine><itemref idref="text"/></spine>
</package>
"""


def _document(language: str, title: str, body: str) -> str:
    return (
        f'{_PAGE}<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{escape(language)}" xml:lang="{escape(language)}">\n'
        f'<head><title>{escape(title)}</title><link rel="stylesheet" href="style.css"/></head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _nav(work: Work, blocks: list[Block], pages: dict[str, int], contents: str) -> str:
    headings = [
        (block.level, block.public_id, block.text) for block in blocks if block.kind == Block.Kind.HEADING
    ]
    entries = _nested([(2, "title", work.paper.title), *headings])
    body = f'<nav epub:type="toc" role="doc-toc" id="toc"><h1>{escape(contents)}</h1>{entries}</nav>'
    if pages:
        listed = "".join(f'<li><a href="{_TEXT}#page-{id_}">{page}</a></li>' for id_, page in pages.items())
        body += (
            f'\n<nav epub:type="page-list" role="doc-pagelist" id="pages" hidden=""><ol>{listed}</ol></nav>'
        )
    return _document(work.paper.language, work.title, body)


def _nested(headings: list[tuple[int, str, str]]) -> str:
    """Ordered lists in each other, one depth for each level that occurs."""
    written: list[str] = []
    depths: list[int] = []
    for level, id_, text in headings:
        while len(depths) > 1 and depths[-2] >= level:
            written.append("</li></ol>")
            depths.pop()
        if not depths or level > depths[-1]:
            written.append("<ol>")
            depths.append(level)
        else:
            # A level that was left out on the way down stands beside those below it.
            written.append("</li>")
            depths[-1] = min(depths[-1], level)
        written.append(f'<li><a href="{_TEXT}#{id_}">{escape(text)}</a>')
    return "".join(written) + "</li></ol>" * len(depths)


def _text(work: Work, blocks: list[Block], pages: dict[str, int], about: str) -> str:
    paper = work.paper
    anchors = re.compile(r'\bid="([^"]+)"')
    notes = frozenset(
        id_
        for block in blocks
        if block.kind == Block.Kind.FOOTNOTE
        for id_ in (block.public_id, *anchors.findall(block.html))
    )
    head = [
        f'<p class="series">{escape(work.series)}</p>' if work.series else "",
        f'<h1 id="title">{escape(paper.title)}</h1>',
        f'<p class="subtitle">{escape(paper.subtitle)}</p>' if paper.subtitle else "",
        f'<p class="byline">{escape(paper.author_line)}</p>',
        f'<p class="byline">{escape(", ".join(filter(None, (paper.publisher, paper.date))))}</p>',
        f'<p class="rights">{escape(about)} <a href={quoteattr(work.url)}>{escape(work.url)}</a></p>',
        *(f'<p class="rights">{escape(line)}</p>' for line in (paper.note, paper.rights) if line),
    ]
    return _document(
        paper.language, work.title, "\n".join(filter(None, [*head, *_elements(blocks, pages, notes)]))
    )


def _elements(blocks: list[Block], pages: dict[str, int], notes: frozenset[str]) -> Iterator[str]:
    for is_item, group in groupby(blocks, key=lambda block: block.kind == Block.Kind.LIST_ITEM):
        written = [_element(block, pages, notes) for block in group]
        yield f"<ul>{''.join(written)}</ul>" if is_item else "\n".join(written)


def _element(block: Block, pages: dict[str, int], notes: frozenset[str]) -> str:
    page = pages.get(block.public_id)
    inner = to_xhtml(block.html, notes=notes)
    if page is not None:
        mark = f'epub:type="pagebreak" role="doc-pagebreak" id="page-{block.public_id}" aria-label="{page}"'
        inner = f"<span {mark}></span>{inner}"
    if block.kind == Block.Kind.FOOTNOTE:
        return f'<aside epub:type="footnote" role="doc-footnote" id="{block.public_id}">{inner}</aside>'
    if block.kind == Block.Kind.QUOTE and not inner.lstrip().startswith("<p"):
        inner = f"<p>{inner}</p>"
    tag = {
        Block.Kind.HEADING: f"h{block.level}",
        Block.Kind.LIST_ITEM: "li",
        Block.Kind.QUOTE: "blockquote",
        Block.Kind.TABLE: "div",
        Block.Kind.FIGURE: "div",
    }.get(Block.Kind(block.kind), "p")
    return f'<{tag} id="{block.public_id}">{inner}</{tag}>'
