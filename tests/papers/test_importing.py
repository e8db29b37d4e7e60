"""Reading a synthetic scan with every defect a scan of ours is known to have, and plain Markdown."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from papers.importing import Block, Document, Doubtful, Dropped, Joined, UnreadablePaper, read
from papers.importing.words import words

SCAN = Path(__file__).parent / "scans" / "harbours.md"


@pytest.fixture(scope="module")
def source() -> str:
    """The synthetic scan."""
    return SCAN.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def document(source: str) -> Document:
    """The synthetic scan, read."""
    return read(source.encode())


def texts(document: Document, kind: str) -> list[str]:
    """The texts of all blocks of one kind."""
    return [block.text for block in document.blocks if block.kind == kind]


def one(document: Document, begin: str) -> Block:
    """The only block whose text begins so."""
    (block,) = [block for block in document.blocks if block.text.startswith(begin)]
    return block


def test_the_title_page_becomes_fields(document: Document) -> None:
    assert (document.title, document.subtitle) == (
        "Quiet Harbours",
        "Who Pays for the Dry Docks of Small Ports",
    )
    assert document.authors == ["Ada Lindqvist", "Petr Vrána, Ph.D."]
    assert document.date == "May 2031"
    assert (document.series, document.number) == ("Working Brief", "12/2031")
    assert document.publisher == "Institute for Coastal Studies"
    assert document.language == "en"
    assert document.rights == "© 2031 Institute for Coastal Studies. All rights reserved."
    assert document.note.startswith("This brief was prepared for the workshop “Ports without Ships?”")
    assert "©" not in document.note


def test_the_headings_are_a_clean_tree(document: Document) -> None:
    assert [(b.level, b.text, b.part) for b in document.blocks if b.kind == "heading"] == [
        (2, "Summary", "summary"),
        (2, "A Dock Is a Promise", "body"),
        (2, "Quiet Harbours", "body"),  # equals the running title, and is a real heading
        (3, "What It Costs", "body"),  # was of level 4 below level 2
        (2, "INSTITUTE FOR COASTAL STUDIES (ICS)", "back"),
        (3, "It wants to:", "back"),
        (2, "LIBRARY", "back"),
    ]
    assert one(document, "Quiet Harbours").html == "Quiet Harbours"


def test_headers_footers_and_mastheads_are_dropped_and_accounted_for(document: Document) -> None:
    assert [(entry.page, entry.reason, len(entry.text.split("\n"))) for entry in document.dropped] == [
        (1, "running_header", 8),
        (2, "page_number", 1),
        (3, "running_header", 8),
        (4, "page_number", 1),
        (5, "running_header", 4),
        (6, "page_number", 1),
        (7, "running_header", 4),
        (8, "running_header", 8),
        (1, "title_page", 1),
    ]
    assert document.dropped[-1] == Dropped(1, "title_page", "and")  # between the authors
    everything = "\n".join(block.text for block in document.blocks)
    for running in ("Working Brief", "pobřežní", "Who Pays for the Dry Docks", "May 2031", "—"):
        assert running not in everything


def test_blocks_know_the_printed_page(document: Document) -> None:
    assert one(document, "Summary").page == 3  # printed in the header
    assert one(document, "A Dock").page == 4  # printed in the footer
    assert one(document, "What the ports need").page == 4  # joined: where it begins
    assert one(document, "Nobody has").page == 7
    assert one(document, "LIBRARY").page == 8


def test_printed_numbers_win_over_the_count(source: str) -> None:
    shifted = source.replace("\n2\n", "\n102\n").replace("\n4\n", "\n104\n").replace("\n6\n", "\n106\n")
    for number in (3, 5, 7, 8):
        shifted = shifted.replace(f"2031 | {number}", f"2031 | 10{number}")
    assert one(read(shifted.encode()), "Nobody has").page == 107


def test_cut_sentences_are_joined_and_the_unclear_seam_is_reported(document: Document) -> None:
    assert document.joined == [
        Joined(4, 5, "…a rule that every owner understands at once, and that no…"),
        Joined(5, 6, "…and its money comes from the owners of cranes, none of whom…"),
    ]
    assert document.doubtful == [
        Doubtful(
            6, 7, "one_paragraph_or_two", "…was the end of the debate. ¶ Nobody has since built a dock…"
        ),
    ]
    whole = one(document, "What the ports need")
    assert whole.text == (
        "What the ports need is a rule that every owner understands at once, "
        "and that no later council can quietly forget."
    )
    # A footnote and a list stand between neither half.
    assert document.blocks.index(whole) < document.blocks.index(one(document, "1. Count"))


def test_hyphens_at_line_ends(document: Document) -> None:
    text = one(document, "A dry dock").text
    assert "are seldom those who" in text  # lower case continues
    assert "North-Haven says" in text  # a capital continues: the hyphen is meant
    assert "The well-known letter is now" in text  # the same paper writes it with a hyphen elsewhere


def test_a_pair_of_words_keeps_its_hyphen() -> None:
    (block,) = read(b"# T\n\nThe long-\nand short-term costs are low.\n").blocks
    assert block.text == "The long- and short-term costs are low."


def test_lists_tables_quotes_footnotes(document: Document) -> None:
    assert texts(document, "list_item") == [
        "Small ports keep three old docks for every new one, and nobody knows what they cost.",
        "A shared fund, paid by the ton, would be ‘cheap’ and fair.",
        "The “owner pays” rule should end in ten years.",
        "steel gates last longer",
        "wooden gates are kinder",
        "1. Count the docks.",
        "2. Publish the count.",
        "listen to ports;",
        "write short briefs.",
    ]
    assert texts(document, "table") == ["Port | Docks\nUlva | 3\nSand | 1"]
    assert (
        one(document, "Port |")
        .html.replace("\n", "")
        .startswith('<table><thead><tr><th scope="col">Port</th>')
    )
    assert texts(document, "quote") == ["The sea sends no invoices."]
    assert texts(document, "footnote") == ["[1] It was last seen in an old catalogue of the library."]
    assert one(document, "1974").kind == "paragraph"  # a year, not a list


def test_emphasis_links_and_raised_signs(document: Document) -> None:
    assert one(document, "Small ports").html.startswith("Small ports keep <em>three</em> old")
    assert one(document, "[1] It").html == (
        '<sup id="note-1"><a href="#ref-1" role="doc-backlink">[1]</a></sup> '
        "It was last seen in an old catalogue of the library."
    )
    html = one(document, "The title of").html
    assert '<a href="https://example.org/fund" rel="noopener noreferrer">its report</a>' in html
    assert "H<sub>2</sub>O" in html


def test_line_ends_and_a_byte_order_mark_change_nothing(source: str, document: Document) -> None:
    assert read(b"\xef\xbb\xbf" + source.replace("\n", "\r\n").encode()) == document
    assert read(source.replace("\n\n\n\n", "\n\f\n").encode()).blocks == document.blocks


def test_every_word_is_somewhere(source: str, document: Document) -> None:
    # What the import puts together or takes as markup, done by hand.
    by_hand = source.replace("sel-\ndom", "seldom").replace("well-\nknown", "well-known")
    by_hand = by_hand.replace("under-", "understands").replace("stands at once", "at once")
    by_hand = by_hand.replace("H<sub>2</sub>O", "H2O").replace("(https://example.org/fund)", "")
    fields = [
        document.title,
        document.subtitle,
        *document.authors,
        document.date,
        document.rights,
        document.note,
    ]
    kept = [*(block.text for block in document.blocks), *fields, *(gone.text for gone in document.dropped)]
    assert sorted(words(by_hand)) == sorted(words(" ".join(kept)))


def test_the_json_has_the_contracts_keys_in_order(document: Document) -> None:
    data = document.to_json()
    assert " ".join(data) == (
        "title subtitle authors date series number publisher language rights note blocks dropped joined doubtful "
        "source_kind source_lines field_lines"
    )
    assert all(
        list(block) == ["kind", "level", "text", "html", "page", "part", "lines"] for block in data["blocks"]
    )


def test_the_document_survives_its_json(document: Document) -> None:
    again = Document.from_json(json.loads(json.dumps(document.to_json())))
    assert again == document
    assert again.to_json() == document.to_json()


def test_everything_says_where_in_the_source_it_stood(source: str, document: Document) -> None:
    lines = source.split("\n")
    assert document.source_lines == lines

    def at(place: tuple[int, int] | None) -> str:
        return "\n".join(line for _, line in document.source_of(place))

    for block in document.blocks:
        # The block's words, cut or not, stand between its first and its last line.
        assert set("".join(words(block.text))) <= set("".join(words(at(block.lines))))
        assert words(at(block.lines))[0] in block.text or block.kind == "table"
    for gone in document.dropped:
        assert set(words(gone.text)) <= set(words(at(gone.lines)))
    cut = document.joined[0]
    assert cut.lines is not None
    assert lines[cut.lines[0] - 1].endswith("every owner under-")
    assert lines[cut.lines[1] - 1].startswith("stands at once")
    assert cut.block is not None
    assert document.blocks[cut.block].text[cut.offset :].startswith("stands at once")
    second = document.joined[1]
    assert second.block is not None
    assert document.blocks[second.block].text[second.offset :].startswith("owners of cranes")
    (apart,) = document.doubtful
    assert apart.block is not None
    assert document.blocks[apart.block].text.startswith("Nobody has since")
    assert document.source_of((1, 1), around=2) == [(1, lines[0]), (2, lines[1]), (3, lines[2])]
    assert {name: at(place) for name, place in document.field_lines.items()}["authors"].startswith("**Ada")


def test_a_plain_markdown_file() -> None:
    document = read(
        b"# Tides\n\nWhat they cost\n\n**Ada Lindqvist**\n\n*December 2013*\n\n"
        b"\xc2\xa9 2013 Some Institute. A summary.\n\nIn short, a lot of money.\n\n"
        b"## Summary\n\n- One.\n\n## First\n\nText.\n\n## About the author\n\nShe writes.\n"
    )
    assert (document.title, document.subtitle) == ("Tides", "What they cost")
    assert (document.authors, document.date) == (["Ada Lindqvist"], "December 2013")
    assert (document.rights, document.publisher) == ("© 2013 Some Institute. A summary.", "Some Institute")
    assert [(block.text, block.part) for block in document.blocks] == [
        ("In short, a lot of money.", "body"),
        ("Summary", "summary"),
        ("One.", "summary"),
        ("First", "body"),
        ("Text.", "body"),
        ("About the author", "back"),
        ("She writes.", "back"),
    ]
    assert (document.dropped, document.joined, document.doubtful) == ([], [], [])


def test_a_title_in_one_line_is_split_and_a_paper_without_one_says_so() -> None:
    assert (read(b"# Tides: a bill\n\nText.").title, read(b"# Tides: a bill\n\nText.").subtitle) == (
        "Tides",
        "a bill",
    )
    untitled = read(b"A long first sentence that is clearly no title at all.\n\n## Tides\n\nText.")
    assert untitled.title == "Tides"
    assert untitled.doubtful == [Doubtful(None, None, "no_title_page", "Tides")]
    assert [block.text for block in untitled.blocks][1] == "Tides"


def test_a_czech_paper_is_czech() -> None:
    text = "# Přílivy\n\n**Petr Vrána a Jana Dvořáková**\n\n*květen 2031*\n\nMoře je velké a na pobřeží se to ví.\n"
    document = read(text.encode())
    assert document.language == "cs"
    assert document.authors == ["Petr Vrána", "Jana Dvořáková"]
    assert document.date == "květen 2031"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        '<sup onclick="alert(1)">1</sup>',
        "![x](javascript:alert(1))",
        "`<script>alert(1)</script>`",
        "| <script>a</script> | b |\n|---|---|\n| c | d |",
        "```\n<script>alert(1)</script>\n```",
    ],
)
def test_hostile_markup_is_text_or_gone(hostile: str) -> None:
    document = read(f"# T\n\nBefore.\n\n{hostile}\n\nAfter.\n".encode())
    for block in document.blocks:
        assert "<script" not in block.html
        assert "<img" not in block.html
        assert "<sup " not in block.html
        assert 'href="' not in block.html


def test_what_markup_would_swallow_is_reported() -> None:
    source = "# T\n\nText.\n\n![harbour](pictures/dock.png)\n\n[old](page.html)\n\n"
    source += "| a | b |\n|---|---|\n| c | d | surplus |\n"
    document = read(source.encode())
    assert one(document, "harbour").kind == "figure"
    assert [(gone.reason, gone.text) for gone in document.dropped] == [
        ("markup", "surplus"),
        ("dead_link", "pictures/dock.png"),
        ("dead_link", "page.html"),
    ]
    assert read(b"# T\n\n<!-- page 7 -->\n\nText.").dropped == [Dropped(None, "comment", "page 7")]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"%PDF-1.7\n...", "PDF is damaged"),
        (b"abc\x00def", "not a text"),
        (b"abc\x01def", "control characters"),
        (b"word " * 1_000_001, "larger than 5 MB"),
        ("Přílivy".encode("cp1250"), "not UTF-8: byte 2"),
        ("Tides".encode("utf-16-le"), "not a text"),
        ("Tides".encode("utf-16") + b"x", "begins as UTF-16"),
        (b"\xff\xd8\xff\xe0JFIF", "not UTF-8: byte 1"),
        ("—\n\n***\n".encode(), "no words"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(source: bytes, says: str) -> None:
    with pytest.raises(UnreadablePaper, match=says):
        read(source)


def test_a_header_that_is_only_the_title_leaves_the_title_page_alone() -> None:
    page = "# The Price of Salt\n\n{}\n\n"
    source = "\n\n\n".join(
        ["# The Price of Salt\n\n**Eva Malá**, **Jan Velký**\n\n*March 2020*\n"]
        + [
            page.format(number) + f"## Part {number}\n\nSalt is dear in year {number}.\n"
            for number in (2, 3, 4)
        ]
    )
    document = read(source.encode())
    assert (document.title, document.authors) == ("The Price of Salt", ["Eva Malá", "Jan Velký"])
    assert document.dropped == [
        Dropped(number, "running_header", f"# The Price of Salt\n{number}") for number in (2, 3, 4)
    ]


def test_one_stray_control_character_is_a_space() -> None:
    text = "The harbour is quiet in winter. " * 20
    document = read(f"# T\n\nOne\x02two. {text}".encode())
    assert document.blocks[0].text.startswith("One two. The harbour")


def test_a_file_full_of_openings_is_read_in_reasonable_time() -> None:
    begin = time.monotonic()
    for hostile in (
        "<!--" * 20_000 + "a",
        "a" + " " * 100_000 + "b",
        "a-\n" * 20_000,
        "\n \n" * 50_000 + "a",
    ):
        read(hostile.encode())
    assert time.monotonic() - begin < 20
