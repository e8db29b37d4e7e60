"""Papers of other shapes than the two scans: other headers, other title pages, other endings."""

from __future__ import annotations

from papers.importing import Document, Doubtful, Dropped, read

SEAM = "\n\n\n\n"
VALLEY = (
    "The {} committees of the valley met last winter and agreed on very little that matters to its people."
)


def scan(*pages: str) -> Document:
    """The pages as one scan, read."""
    return read(SEAM.join(pages).encode())


def shape(document: Document) -> list[tuple[str, str]]:
    """Headings and their parts."""
    return [(block.text, block.part) for block in document.blocks if block.kind == "heading"]


def test_a_header_in_one_line_and_numbers_of_the_form_2_of_6() -> None:
    def page(number: int, body: str) -> str:
        return f"Northern Notes | Water and Salt | March 2024\n\n{body}\n\n{number} / 4"

    document = scan(
        "# Water and Salt\n\n## Who pays for canals\n\nJana Nová, Karel Starý\n\nMarch 2024",
        page(2, f"## Executive Summary\n\n{VALLEY.format('two')}"),
        page(3, f"## Water and Salt\n\n{VALLEY.format('three')}\n\n## End\n\nThe canal sta-"),
        page(4, "ys open for now."),
    )
    assert (document.title, document.subtitle) == ("Water and Salt", "Who pays for canals")
    assert (document.authors, document.date) == (["Jana Nová", "Karel Starý"], "March 2024")
    assert shape(document) == [("Executive Summary", "summary"), ("Water and Salt", "body"), ("End", "body")]
    assert document.blocks[-1].text == "The canal stays open for now."
    assert document.blocks[-1].page == 3
    assert [gone.reason for gone in document.dropped] == ["running_header", "page_number"] * 3


def test_headers_of_odd_and_even_pages_and_numbers_that_begin_elsewhere() -> None:
    pages = ["# The Long Frontier\n\n**A. Writer** and **B. Author**\n\n2 May 2020\n\n" + VALLEY.format(11)]
    for number in range(12, 19):
        header = "The Long Frontier" if number % 2 else "A. Writer and B. Author"
        pages.append(f"{header}\n\n{VALLEY.format(number)}\n\n– {number} –")
    pages[0] += "\n\n– 11 –"
    document = scan(*pages)
    assert document.authors == ["A. Writer", "B. Author"]
    assert [(block.page, block.part) for block in document.blocks] == [(n, "body") for n in range(11, 19)]
    assert {gone.text for gone in document.dropped if gone.reason == "running_header"} == {
        "The Long Frontier",
        "A. Writer and B. Author",
    }


def test_a_heading_of_the_text_that_often_stands_below_the_header_stays() -> None:
    pages = ["# Report on Salt\n\n**Eva Malá**\n\n2019"]
    for number, name in enumerate("abcdef"):
        heading = "Recommendations" if number % 2 else f"Findings of {name}"
        pages.append(f"Salt Report\n\n—\n\n2019\n\n## {heading}\n\n{VALLEY.format(name * 3)}")
    document = scan(*pages)
    assert [text for text, _ in shape(document)].count("Recommendations") == 3
    assert {gone.text for gone in document.dropped} == {"Salt Report\n2019"}


def test_a_title_page_without_header_whose_title_is_the_header_of_all_others() -> None:
    pages = [f"# The Price of Salt\n\n—\n\nMarch 2020\n\n{VALLEY.format(number)}" for number in range(2, 7)]
    document = scan("# The Price of Salt\n\n## An Inquiry\n\n**Eva Malá**\n\n*March 2020*", *pages)
    assert (document.title, document.subtitle) == ("The Price of Salt", "An Inquiry")
    assert (document.authors, document.date) == (["Eva Malá"], "March 2020")
    assert {block.kind for block in document.blocks} == {"paragraph"}
    assert [gone.page for gone in document.dropped] == [2, 3, 4, 5, 6]


def test_rights_in_the_footer() -> None:
    document = scan(
        *(
            f"## Section {name}\n\n    {VALLEY.format(name)}\n\n(c) 2020 Centre for Salt · page {number}"
            for number, name in enumerate("abcde", start=1)
        )
    )
    assert (document.rights, document.publisher) == ("(c) 2020 Centre for Salt", "Centre for Salt")
    assert document.dropped[0] == Dropped(1, "running_footer", "(c) 2020 Centre for Salt · page 1")
    assert document.doubtful == [Doubtful(None, None, "no_title_page", "Section a")]
    assert len([block for block in document.blocks if block.kind == "paragraph"]) == 5  # indented, no code


def test_a_full_title_page_in_two_languages_and_references_at_the_end() -> None:
    document = read(
        "# Iron: A History\n\n**Jana Nová, Ph.D., and Karel van der Berg**\n\nInstitute of Metals, Brno\n\n"
        "Policy Brief No. 14\n\n17. prosince 2013\n\nThis paper was prepared for the Metals Conference in Brno.\n\n"
        "© 2013 Institute of Metals\n\n## Abstract\n\nShort text.\n\n# Iron Age\n\n### Deep\n\nText one.\n\n"
        "# Notes\n\nA section of the text that only sounds like an ending.\n\n# Steel\n\nText.\n\n"
        "# References\n\n1. A book.\n".encode()
    )
    assert (document.title, document.subtitle) == ("Iron", "A History")
    assert document.authors == ["Jana Nová, Ph.D.", "Karel van der Berg"]
    assert (document.series, document.number) == ("Policy Brief", "14")
    assert (document.date, document.publisher) == ("17. prosince 2013", "Institute of Metals")
    assert document.note == "This paper was prepared for the Metals Conference in Brno."
    assert (document.blocks[0].text, document.blocks[0].part) == (
        "Institute of Metals, Brno",
        "front",
    )
    assert shape(document) == [
        ("Abstract", "summary"),
        ("Iron Age", "body"),
        ("Deep", "body"),
        ("Notes", "body"),
        ("Steel", "body"),
        ("References", "back"),
    ]


def test_a_sentence_that_opens_two_pages_is_no_header() -> None:
    pages = [f"Salt Wars {number}\n\n{VALLEY.format('same')}\n\nThen {number}." for number in (2, 3)]
    pages += [f"Salt Wars {number}\n\n{VALLEY.format(number * 'x')}" for number in (4, 5, 6)]
    document = scan("# Salt Wars\n\n**Eva Malá**\n\n2020", *pages)
    assert [block.text for block in document.blocks].count(VALLEY.format("same")) == 2
    assert {gone.text[:9] for gone in document.dropped} == {"Salt Wars"}
    assert all("\n" not in gone.text for gone in document.dropped)
