"""A document's Markdown export read again is the same document; and no bytes break anything."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from papers.importing import Block, Document, UnreadablePaper, read
from papers.importing.document import PARTS
from papers.importing.exporting import to_markdown
from papers.importing.finishing import finish
from papers.importing.notes import NoteLinks
from papers.importing.pieces import Piece
from papers.importing.words import words
from tests.papers.test_importing_properties import MARKDOWN

SNIPPETS = st.sampled_from(
    [
        *"*_`[]()!#>-|\\<>&^~:;.+=0123 \n\t",
        *[
            "a",
            "Bě",
            "word ",
            "**b**",
            "*i*",
            "<em>e</em>",
            "<sup>1</sup>",
            "<br>",
            "&amp;",
            "&#8232;",
            "&nbsp;",
        ],
        *[
            "[t](http://x.y/?a=1&b=2)",
            "[^1]",
            "[^n]",
            "![p](x.png)",
            "http://x.y/z_(a)",
            "modus vivendi",
            "`co  de`",
        ],
        *[
            "- ",
            "1. ",
            "1) ",
            "Table: ",
            "| a |",
            "---",
            "<!-- page 3 -->",
            "\u00a0",
            "²",
            '<span lang="es">s</span>',
        ],
        *["[x](<a b>)", "<a@b.cz>", "<http://ü.cz/ž>", "https://ü.cz/ž?<", "    ", "&#32;" * 12, "\\\n"],
    ]
)
SOURCE = st.lists(SNIPPETS, min_size=1, max_size=12).map("".join)
PAGE = st.one_of(st.none(), st.integers(1, 400))


def same(one: Document, other: Document) -> None:
    """Fails unless both say the same, whatever was done to get there."""
    account = {"dropped": [], "joined": [], "doubtful": []}
    assert replace(one, **account) == replace(other, **account)


@st.composite
def pieces(draw: st.DrawFn) -> Piece:
    """A piece of any kind."""
    kind = draw(
        st.sampled_from(["heading", "paragraph", "list_item", "quote", "table", "figure", "footnote"])
    )
    source, page, part = draw(SOURCE), draw(PAGE), draw(st.sampled_from(PARTS))
    piece = Piece(kind, [source.replace("\n", " ")], 1, page, part=part)
    if kind == "heading":
        piece.level = draw(st.integers(2, 6))
    if kind == "list_item":
        piece.level = draw(st.integers(1, 4))
        piece.marker = draw(st.sampled_from(["", "", "3\\. ", "12\\) "]))
    if kind == "footnote":
        piece.label = draw(st.sampled_from(["1", "2", "n", "*", ""]))
    if kind == "figure":
        piece.source, piece.caption = draw(st.sampled_from(["", "![p\\*](x.png)"])), source.replace("\n", " ")
    if kind == "table":
        cell = st.lists(SNIPPETS.filter(lambda text: "\n" not in text), max_size=4).map("".join)
        width = draw(st.integers(1, 3))
        piece.rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=4))
        piece.caption = draw(st.sampled_from(["", "Ports *and* docks"]))
    return piece


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(pieces(), min_size=1, max_size=6), st.text(min_size=1), st.lists(st.text(), max_size=3))
@example([Piece("footnote", ["[^1]"], 1, None, part="body")], "T", [])
@example([Piece("footnote", [""], 1, None, part="body", label="1")], "T", [])
def test_a_built_document_survives_its_export(built: list[Piece], text: str, names: list[str]) -> None:
    blocks, _, _ = finish(built, NoteLinks(built), "en")
    document = Document(
        title="The " + text, subtitle=text, authors=names, rights=text, language="en", blocks=blocks
    )
    again = read(to_markdown(document).encode())
    assert again.source_kind == "export"
    same(again, document)
    # The blocks say which lines of the export they are.
    for block in again.blocks:
        assert block.lines is not None


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(MARKDOWN, st.text(min_size=1), st.lists(SOURCE, max_size=8).map("\n\n".join)))
@example("# T\n\n```\n  code\n   more `x`\n```\n")
@example("a[^1] b[^1]\n\n[^1]: note\n\n[^1]: again")
@example("# T\n\nx<sup>1</sup>\n\n<sup>1</sup> note\n\n²")
@example("- a\n\n  b\n- 1. c")
@example("<!-- only a comment -->")
def test_a_read_document_survives_its_export(source: str) -> None:
    try:
        document = read(source.encode())
    except UnreadablePaper:
        return
    same(read(to_markdown(document).encode()), document)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(
        [
            b"",
            b"PK\x03\x04",
            b"%PDF-1.7\n",
            b"<html>",
            b"\xff\xfe",
            b"---\npaper-markdown: 1\n",
            b"<html><body><table><tr>",
        ]
    ),
    st.one_of(st.binary(max_size=400), SOURCE.map(str.encode)),
)
@example(b"---\npaper-markdown: 1\n", b'title: "T"\n---\n\n| a\n\n> \n\n##\n\n- \n\n[^]:\n\n![\n')
@example(b"---\npaper-markdown: 1\n", b"title: [1]\n---\n")
def test_no_bytes_break_anything(begin: bytes, rest: bytes) -> None:
    try:
        document = read(begin + rest)
    except UnreadablePaper:
        return
    assert all(isinstance(block, Block) and block.text for block in document.blocks)


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A web page of nested elements, and its words, each of them different."""
    said: list[str] = []

    def word() -> str:
        said.append(f"w{len(said)}x")
        return said[-1]

    def inner(depth: int) -> str:
        parts = []
        for _ in range(draw(st.integers(1, 3))):
            tag = draw(st.sampled_from(TAGS))
            if depth >= 4 or not tag:
                form = draw(st.sampled_from(["{}", "({})", "*{}*", "# {}", "{} <br>", "- {}", "{}|"]))
                parts.append(form.format(word()))
            else:
                parts.append(f"<{tag}>{inner(depth + 1)}</{tag.split()[0]}>")
        return draw(st.sampled_from([" ", "\n"])).join(parts)

    return f"<html><body><h1>{word()}</h1>{inner(0)}</body></html>", said


TAGS = [
    "",
    "",
    "p",
    "div",
    "b",
    "em",
    "span style='font-weight:bold'",
    "ul",
    "ol",
    "li",
    "blockquote",
    "h2",
    "h4",
]
TAGS += [
    "table",
    "tr",
    "td",
    "th",
    "figure",
    "figcaption",
    "section",
    "dl",
    "dt",
    "dd",
    "a href='#x'",
    "pre",
    "main",
]
TAGS += [
    "a href='https://example.org'",
    "center",
    "article",
    "nav",
    "footer",
    "code",
    "caption",
    "q",
    "mark",
    "sup",
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pages())
def test_no_word_of_a_web_page_is_lost_and_none_doubled(page: tuple[str, list[str]]) -> None:
    source, said = page
    document = read(source.encode())
    kept = [
        document.title,
        document.subtitle,
        *document.authors,
        document.note,
        document.rights,
        document.date,
    ]
    kept += [each.text for each in (*document.blocks, *document.dropped)]
    found = Counter(word for word in words(" ".join(kept)) if word.startswith("w"))
    assert found == Counter(said)
