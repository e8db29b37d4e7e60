"""Corrections as data: every operation, undoing all of them, and words that come back as they were."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.draft import Draft, Impossible
from papers.editing import apply, corrected, effective
from papers.importing import Block, Document, Doubtful, Dropped, Joined
from papers.wording import Words, cut, plain, wording, words

LONG = "A sentence that was cut by the page and put together again."
TABLE = "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"
DOCUMENT = Document(
    title="Docks",
    blocks=[
        Block("heading", 2, "History", "History", 1, "body", (1, 1)),
        Block("paragraph", None, "The <first> dock.", "The <em>&lt;first&gt;</em> dock.", 1, "body", (3, 3)),
        Block("paragraph", None, LONG, LONG, 1, "body", (5, 9)),
        Block("paragraph", None, "The last one.", "The last one.", 2, "body", (11, 11)),
        Block("table", None, "a | b", TABLE, 2, "body", (13, 14)),
    ],
    dropped=[
        Dropped(2, "running_header", "# Docks\nMay 2031", (7, 8)),
        Dropped(None, "comment", "for the printer"),
    ],
    joined=[Joined(1, 2, "…was cut by…", (5, 9), 2, 24)],
    doubtful=[
        Doubtful(1, 2, "probably_one_sentence", "…was cut by…", (5, 9), 2),
        Doubtful(1, 2, "one_paragraph_or_two", "…again. ¶ The last…", (9, 11), 3),
        Doubtful(None, None, "no_title_page", "Docks"),
    ],
)  # fmt: skip


def draft(*operations: dict[str, Any]) -> Draft:
    """The document after these operations."""
    return corrected(DOCUMENT, operations)


def texts(found: Draft) -> list[str]:
    """The words of its blocks."""
    return [part.block.text for part in found.parts]


def test_without_corrections_the_draft_is_the_document() -> None:
    found = draft()
    assert found.finished() == DOCUMENT
    assert [part.key for part in found.parts] == ["b0", "b1", "b2", "b3", "b4"]
    assert [(gone.key, gone.reason) for gone in found.gone] == [("d0", "running_header"), ("d1", "comment")]
    assert [(doubt.key, doubt.at, doubt.seen) for doubt in found.doubts] == [
        ("q0", "b2", False),
        ("q1", "b3", False),
        ("q2", None, False),
    ]


def test_merge_joins_with_the_block_before_and_settles_the_doubt() -> None:
    found = draft({"op": "merge", "key": "b3"})
    assert texts(found)[2] == f"{LONG} The last one."
    assert found.parts[2].block.lines == (5, 11)
    assert found.parts[2].offsets == [24, len(LONG) + 1]
    assert [doubt.seen for doubt in found.doubts] == [False, True, False]
    # Where two were joined they can be parted again.
    again = draft({"op": "merge", "key": "b3"}, {"op": "split", "key": "b2", "offset": len(LONG) + 1})
    assert texts(again) == texts(draft())
    assert [part.key for part in again.parts] == ["b0", "b1", "b2", "s2", "b4"]


def test_a_hyphen_at_the_end_is_kept_without_a_space() -> None:
    found = draft({"op": "text", "key": "b2", "source": "geo-", "html": False}, {"op": "merge", "key": "b3"})
    assert texts(found)[2] == "geo-The last one."


def test_split_at_a_seam_settles_its_doubt() -> None:
    found = draft({"op": "split", "key": "b2", "offset": 24})
    assert texts(found)[2:4] == [LONG[:24].strip(), LONG[24:].strip()]
    assert [part.offsets for part in found.parts] == [[]] * 6
    assert found.doubts[0].seen


def test_words_are_markdown_and_an_empty_line_makes_two_blocks() -> None:
    source = "One *two*.\r\n\r\nThree <script>alert(1)</script>.\n \nFour"
    found = draft({"op": "text", "key": "b1", "source": source, "html": False})
    assert [part.key for part in found.parts] == ["b0", "b1", "s1", "s1.2", "b2", "b3", "b4"]
    assert found.parts[1].block.html == "One <em>two</em>."
    assert found.parts[2].block.html == "Three &lt;script&gt;alert(1)&lt;/script&gt;."
    assert all(part.corrected == part.key.startswith(("b1", "s1")) for part in found.parts)


def test_html_is_cleaned_like_an_import() -> None:
    cell = '<td><a href="javascript:z()">b</a></td>'
    source = f'<table onclick="x()"><tr><td>a<script>y()</script></td>{cell}</tr></table>'
    found = draft({"op": "text", "key": "b4", "source": source, "html": True})
    html = found.parts[4].block.html
    assert not any(word in html for word in ("script", "onclick", "x()", "y()"))
    assert found.parts[4].block.text == "a | b"


def test_html_with_a_note_is_split_by_an_empty_line_too() -> None:
    note = '<sup><a href="#note-1" id="ref-1" role="doc-noteref">[1]</a></sup>'
    source = f"One{note}.\n\n<em>Two."
    found = draft({"op": "text", "key": "b1", "source": source, "html": True})
    assert [part.block.html for part in found.parts[1:3]] == [f"One{note}.", "<em>Two.</em>"]


def test_kind_level_part_and_page() -> None:
    step = {"op": "kind", "key": "b1", "kind": "heading", "level": 3, "part": "summary", "page": 9}
    block = draft(step).parts[1].block
    assert (block.kind, block.level, block.part, block.page, block.text) == (
        "heading",
        3,
        "summary",
        9,
        "The <first> dock.",
    )
    assert draft({**step, "kind": "quote"}).parts[1].block.level is None
    assert draft({**step, "kind": "list_item", "level": None}).parts[1].block.level == 1


def test_drop_and_restore() -> None:
    found = draft({"op": "drop", "key": "b3"})
    assert "The last one." not in texts(found)
    assert (found.gone[-1].key, found.gone[-1].reason, found.doubts[1].seen) == ("b3", "by_hand", True)
    assert texts(draft({"op": "drop", "key": "b3"}, {"op": "restore", "key": "b3"})) == texts(draft())
    # Its neighbour went meanwhile: it goes where it stood in the source.
    steps = [{"op": "drop", "key": "b3"}, {"op": "drop", "key": "b2"}, {"op": "restore", "key": "b3"}]
    assert texts(draft(*steps)) == ["History", "The <first> dock.", "The last one.", "a | b"]


def test_what_the_importer_dropped_comes_back_at_its_place() -> None:
    found = draft({"op": "restore", "key": "d0"})
    assert [part.key for part in found.parts] == ["b0", "b1", "b2", "d0", "b3", "b4"]
    assert found.parts[3].block == Block("paragraph", None, "Docks May 2031", "Docks May 2031", 2, "body")
    assert [gone.key for gone in found.gone] == ["d1"]
    assert draft({"op": "restore", "key": "d1"}).parts[-1].key == "d1"


def test_fields_and_seen() -> None:
    found = draft(
        {"op": "fields", "values": {"title": "Quays", "authors": ["A", "B"]}}, {"op": "seen", "key": "q1"}
    )
    assert (found.finished().title, found.finished().authors) == ("Quays", ["A", "B"])
    assert [doubt.seen for doubt in found.doubts] == [False, True, True]


MERGE, DROP = {"op": "merge", "key": "b3"}, {"op": "drop", "key": "b1"}


def test_undo_leaves_the_newest_out_and_undoing_everything_is_the_import() -> None:
    undo = {"op": "undo"}
    assert texts(draft(MERGE, DROP, undo)) == texts(draft(MERGE))
    assert draft(MERGE, DROP, undo, undo, undo).finished() == DOCUMENT
    assert effective([{"op": "upload"}, MERGE, undo, DROP, {"op": "link"}]) == [(4, DROP)]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "merge", "key": "b0"},
        {"op": "merge", "key": "b4"},
        {"op": "merge", "key": "b9"},
        {"op": "split", "key": "b1", "offset": 0},
        {"op": "split", "key": "b1", "offset": 900},
        {"op": "split", "key": "b4", "offset": 1},
        {"op": "text", "key": "b1", "source": " \n\n ", "html": False},
        {"op": "kind", "key": "b1", "kind": "heading", "level": 7, "part": "body", "page": None},
        {"op": "kind", "key": "b1", "kind": "verse", "level": None, "part": "body", "page": None},
        {"op": "kind", "key": "b1", "kind": "table", "level": None, "part": "body", "page": None},
        {"op": "drop", "key": "s1"},
        {"op": "restore", "key": "b1"},
        {"op": "fields", "values": {"title": "  "}},
        {"op": "seen", "key": "q9"},
    ],
)
def test_what_cannot_be_done_changes_nothing(operation: dict[str, Any]) -> None:
    found = draft()
    with pytest.raises(Impossible):
        apply(found, 1, operation)
    assert found.finished() == DOCUMENT
    assert len(found.gone) == 2


def test_a_paper_keeps_one_block() -> None:
    steps = [{"op": "drop", "key": f"b{number}"} for number in range(4)]
    with pytest.raises(Impossible):
        draft(*steps, {"op": "drop", "key": "b4"})


INLINE = st.recursive(
    st.text(alphabet="ab *_[]<>&\\#`!-1.", min_size=1, max_size=8),
    lambda inner: st.one_of(
        inner.map(lambda text: f"*{text}*"),
        inner.map(lambda text: f"**{text}**"),
        inner.map(lambda text: f"[{text}](https://x.example/?a=1&b=2)"),
        inner.map(lambda text: f"<sup>{text}</sup>"),
        st.tuples(inner, inner).map(" ".join),
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(INLINE)
def test_editing_without_a_change_changes_nothing(source: str) -> None:
    for made in words(source, is_html=False):
        field = wording(made.html)
        assert words(field.source, is_html=field.is_html) == [Words(made.html, made.text)] or field.is_html
        if field.is_html:
            assert words(field.source, is_html=True)[0].html == made.html


@settings(max_examples=200, deadline=None)
@given(INLINE, st.integers(0, 60))
def test_both_halves_of_a_cut_hold_all_words_and_whole_marks(source: str, offset: int) -> None:
    for made in words(source, is_html=False):
        halves = cut(made.html, offset)
        if halves is None:
            continue
        first, second = halves
        assert "".join((first.text + second.text).split()) == "".join(made.text.split())
        for half in halves:
            assert plain(half.html) == half.text
            for tag in ("em", "strong", "sup", "a"):
                assert half.html.count(f"<{tag}") == half.html.count(f"</{tag}>")


def test_a_cut_goes_where_it_was_asked_for() -> None:
    assert cut("One <em>two &amp; three</em> four", 8) == (
        Words("One <em>two </em>", "One two"),
        Words("<em>&amp; three</em> four", "& three four"),
    )
    assert cut('x<sup><a href="#note-1" id="ref-1">[1]</a></sup> y', 2) is not None
