"""Footnotes linked both ways, headings in disguise, drop caps, captions, tables, foreign words."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from papers.importing import Block, Document, read, settled

TEXT = "The committees of the valley met last winter and agreed on very little that matters to its people"


def paper(body: str) -> Document:
    """A paper with this body, read."""
    return read(f"# Salt and Iron\n\n**Ada Lindqvist**\n\n*May 2031*\n\n## First\n\n{body}\n".encode())


def block(document: Document, begin: str) -> Block:
    """The only block whose text begins so."""
    (found,) = [each for each in document.blocks if each.text.startswith(begin)]
    return found


def headings(document: Document) -> list[tuple[int | None, str]]:
    """Level and text of all headings."""
    return [(each.level, each.text) for each in document.blocks if each.kind == "heading"]


def ids_and_targets(document: Document) -> tuple[list[str], list[str]]:
    """All ids in the document, and all places within it that something leads to."""
    html = " ".join(each.html for each in document.blocks)
    return re.findall(r'id="([^"]+)"', html), re.findall(r'href="#([^"]+)"', html)


def test_a_note_that_is_referred_to_twice_leads_back_to_both() -> None:
    document = paper("One[^3] and two[^3].\n\n[^3]: A *note*.")
    assert block(document, "One").html == (
        'One<sup><a href="#note-3" id="ref-3" role="doc-noteref">[3]</a></sup> and '
        'two<sup><a href="#note-3" id="ref-3-2" role="doc-noteref">[3]</a></sup>.'
    )
    assert block(document, "[3]").html == (
        '<sup id="note-3"><a href="#ref-3" role="doc-backlink">[3]</a></sup> A <em>note</em>. '
        '<a href="#ref-3-2" role="doc-backlink">↩2</a>'
    )
    assert block(document, "One").text == "One[3] and two[3]."


def test_numbers_that_begin_anew_on_each_page_find_their_own_note() -> None:
    pages = [
        f"Words of page {page}<sup>1</sup> and more of them here.\n\n<sup>1</sup> Note of page {page}."
        for page in ("one", "two", "three")
    ]
    document = paper("\n\n\n\n\n".join(pages))
    for number, page in enumerate(("one", "two", "three"), start=1):
        key = "1" if number == 1 else f"1n{number}"
        assert f'href="#note-{key}"' in block(document, f"Words of page {page}").html
        assert f'id="note-{key}"' in block(document, f"[1] Note of page {page}").html
    ids, targets = ids_and_targets(document)
    assert len(ids) == len(set(ids)) == 6
    assert set(targets) == set(ids)


def test_ids_stay_when_other_words_change_and_meet_no_blocks_id() -> None:
    before = ids_and_targets(paper("One[^1], two[^2].\n\n[^1]: First.\n\n[^2]: Second."))
    after = ids_and_targets(paper("New.\n\nOne[^1], and so two[^2].\n\n[^1]: The first.\n\n[^2]: Second."))
    assert before == after
    # A block's id is eight letters and digits (papers.models.new_block_id).
    assert all("-" in each for each in before[0])


@pytest.mark.parametrize(
    "body",
    [
        "A word² here.\n\n² The note.",
        "A word<sup>2</sup> here.\n\n<sup>2</sup> The note.",
        "A word[2] here.\n\n## Notes\n\n1. Another.\n2. The note.",
        "A word<sup>[2]</sup> here.\n\n## Endnotes\n\n[2] The note.",
        "A word<sup>1, 2</sup> here.\n\n[^1]: Another.\n[^2]: The note.",
    ],
)
def test_signs_of_every_form_are_found(body: str) -> None:
    document = paper(body)
    assert 'href="#note-2" id="ref-2"' in block(document, "A word").html
    assert block(document, "[2]").kind == "footnote"
    assert 'href="#ref-2"' in block(document, "[2]").html


def test_raised_numbers_without_a_note_stay_what_they_are() -> None:
    document = paper("A field of 20 m² and E = mc<sup>2</sup>[2].\n\n[^1]: A note.")
    assert block(document, "A field").html == "A field of 20 m² and E = mc<sup>2</sup>[2]."
    assert [(each.reason, each.text) for each in document.doubtful] == [("note_without_sign", "[1]")]


def test_a_corrected_document_is_linked_anew() -> None:
    document = paper("One[^1] and two[^2].\n\nThree.\n\n[^1]: First.\n\n[^2]: Second.\n\n3. Made by hand.")
    kept = [each for each in document.blocks if not each.text.startswith("[2]")]
    kept = [
        replace(each, kind="footnote", level=None) if each.text == "3. Made by hand." else each
        for each in kept
    ]
    kept = [
        replace(each, html="Three<sup>3</sup>.", text="Three3.") if each.text == "Three." else each
        for each in kept
    ]
    again = settled(replace(document, blocks=kept))
    assert block(again, "One").html.endswith("and two<sup>[2]</sup>.")
    assert 'href="#note-3"' in block(again, "Three[3]").html
    assert block(again, "[3]").text == "[3] Made by hand."
    assert settled(again) == again
    assert settled(document) == document


def test_headings_in_disguise() -> None:
    document = paper(
        f"{TEXT}.\n\n**What It Costs**\n\n{TEXT}.\n\nTHE SECOND PART\n\n{TEXT}.\n\n"
        f"**A bold sentence is no heading, since it ends.**\n\n{TEXT}.\n\nNATO\n\n{TEXT}."
    )
    assert headings(document) == [(2, "First"), (3, "What It Costs"), (3, "THE SECOND PART")]
    assert [each.text for each in document.doubtful if each.reason == "heading_by_its_looks"] == [
        "What It Costs",
        "THE SECOND PART",
    ]
    assert document.doubtful[0].block == document.blocks.index(block(document, "What It Costs"))


def test_numbered_headings_have_their_depth_and_lists_stay_lists() -> None:
    long = f"{TEXT}, and so did the others."
    document = read(
        f"Salt and Iron\n\nMay 2031\n\n1. Salt\n\n{long}\n\n1.1 Old salt\n\n{long}\n\n1.2 New salt\n\n{long}\n\n"
        f"2. Iron\n\n{long}\n\n1. Buy it.\n2. Sell it.\n\n{long}\n".encode()
    )
    assert headings(document) == [(2, "1. Salt"), (3, "1.1 Old salt"), (3, "1.2 New salt"), (2, "2. Iron")]
    assert [each.text for each in document.blocks if each.kind == "list_item"] == [
        "1. Buy it.",
        "2. Sell it.",
    ]


@pytest.mark.parametrize(
    ("source", "begins"),
    [
        ("T\nhe harbour is quiet.", "The harbour"),
        ("T\n\nhe harbour is quiet.", "The harbour"),
        ("# T\n\nHE HARBOUR is quiet.", "THE HARBOUR"),
        ("A\n\nharbour is quiet, and the harbour is old.", "A harbour"),
        ("A\n\nfter the storm it is quiet.", "After the"),
        ("A\n\nThe harbour is quiet.", "A"),
    ],
)
def test_drop_caps_join_their_word(source: str, begins: str) -> None:
    assert paper(source).blocks[1].text.startswith(begins)
    assert paper(source).blocks[1].text.split()[0] == begins.split()[0]


def test_tables_say_what_heads_what() -> None:
    document = paper(
        "Table 2: Costs\n\n| | 1801 | 1802 |\n|---|---|---|\n| **Wages** | 1 | 2 |\n| **Glass** | 3 | 4 |\n\n"
        "| | |\n|---|---|\n| a | b |"
    )
    first, second = [each for each in document.blocks if each.kind == "table"]
    assert first.html == (
        '<table><caption>Table 2: Costs</caption><thead><tr><td></td><th scope="col">1801</th>'
        '<th scope="col">1802</th></tr></thead><tbody><tr><th scope="row">Wages</th><td>1</td><td>2</td></tr>'
        '<tr><th scope="row">Glass</th><td>3</td><td>4</td></tr></tbody></table>'
    )
    assert first.text == "Table 2: Costs\n | 1801 | 1802\nWages | 1 | 2\nGlass | 3 | 4"
    assert second.html == "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"


def test_foreign_words_say_their_language_and_names_do_not() -> None:
    document = paper(
        "The *reconquista* and Putin's équipe found a modus vivendi. Modus vivendi or raison d’être, "
        "`modus vivendi`, [modus vivendi](https://example.org/) and détente; the Reconquista Society met."
    )
    html = block(document, "The reconquista").html
    assert '<em><span lang="es">reconquista</span></em>' in html
    assert '<span lang="fr">équipe</span>' in html
    assert '<span lang="la">Modus vivendi</span>' in html
    assert '<span lang="fr">raison d’être</span>' in html
    assert html.count("<span") == 5
    czech = read("# Přívozy\n\n## Úvod\n\nJe to soft power a v tom se to ví na řece i u nás.\n".encode())
    assert '<span lang="en">soft power</span>' in czech.blocks[-1].html


def test_bare_addresses_become_links_without_what_follows_them() -> None:
    document = paper("See (https://example.org/a_(b)), https://example.org/x?a=1&b=2. `https://c.org`")
    html = block(document, "See").html
    assert 'href="https://example.org/a_(b)"' in html
    assert 'href="https://example.org/x?a=1&amp;b=2"' in html
    assert html.count("<a ") == 2
