"""Whatever a scan looks like, no word is lost, none invented, and no header is left in the text."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from dataclasses import dataclass

from hypothesis import example, given, settings
from hypothesis import strategies as st

from papers.importing import UnreadablePaper, read
from papers.importing.words import words

SMALL = st.text(alphabet="abcdefghijklmnoprstuvyzáčěíšž", min_size=2, max_size=9)
ENDS = st.sampled_from([".", "?", "!", ".”"])


@dataclass
class Scan:
    """A generated scan: its source, and what a reader who knew how it was made would expect."""

    source: str
    words: list[str]
    paragraphs: list[str]
    headings: list[str]
    cuts: int


@st.composite
def sentences(draw: st.DrawFn, place: str) -> str:
    """A sentence of small words, long enough to be no line of a title page, and nowhere else the same."""
    chosen = draw(st.lists(SMALL, min_size=9, max_size=24))
    return f"{chosen[0].capitalize()} {place} {' '.join(chosen[1:])} {place}{draw(ENDS)}"


@st.composite
def scans(draw: st.DrawFn) -> Scan:
    """Pages with a header on most, numbers above or below, and sentences cut by seams."""
    count = draw(st.integers(3, 7))
    series = f"Working Brief {draw(st.integers(1, 40))}/2031"
    title = " ".join(draw(st.lists(SMALL, min_size=2, max_size=5, unique=True))).capitalize()
    masthead = draw(st.sampled_from(["", "Ústav  \nInstitute\n\n"]))
    dash = st.sampled_from(["—\n\nMay 2031", "–  \nMay 2031", "May 2031"])
    bare = draw(st.sets(st.integers(2, count), max_size=max(0, count - 3)))
    numbering = draw(st.sampled_from(["none", "top", "bottom"]))
    lines: list[str] = []
    paragraphs: list[str] = []
    headings: list[str] = []
    cut, cuts = "", 0
    for number in range(1, count + 1):
        page: list[str] = []
        if number not in bare:
            page.append(f"{masthead if number in (1, 2, 3) else ''}# {series}\n\n{title}\n\n{draw(dash)}")
        if numbering == "top" and number > 1:
            page.insert(0, f"- {number} -")
        if number == 1:
            page += [f"## {title}", "**Ada Lindqvist**", "*May 2031*"]
        if cut:
            page.append(cut)
        own = [draw(sentences(f"p{number}s{index}")) for index in range(draw(st.integers(1, 3)))]
        if number > 1:
            # A heading of the running title's words is as good as any.
            heading = draw(st.sampled_from([title, f"Section {string.ascii_uppercase[number]}"]))
            headings.append(heading)
            page += [f"## {heading}", *own]
            paragraphs += own
            cut = ""
            if number < count and draw(st.booleans()):
                whole = draw(sentences(f"p{number}cut"))
                paragraphs.append(whole)
                parts = whole.split()
                at = draw(st.integers(3, len(parts) - 2))
                page.append(" ".join(parts[:at]))
                cut = " ".join(parts[at:])
                cuts += 1
        if numbering == "bottom" and number > 1:
            page.append(f"Page {number}")
        lines.append("\n\n".join(page))
    seam = draw(st.sampled_from(["\n\n\n\n", "\n\n\n\n\n\n", "\n \n\t\n\n"]))
    source = seam.join(lines) + "\n"
    return Scan(source, words(source), paragraphs, headings, cuts)


@settings(max_examples=150, deadline=None)
@given(scans())
def test_a_scan_comes_out_as_it_was_before_it_was_scanned(scan: Scan) -> None:
    document = read(scan.source.encode())
    assert [block.text for block in document.blocks if block.kind == "paragraph"] == scan.paragraphs
    assert [block.text for block in document.blocks if block.kind == "heading"] == scan.headings
    assert len(document.joined) == scan.cuts
    fields = [document.title, document.subtitle, *document.authors, document.date]
    kept = [*(block.text for block in document.blocks), *fields, *(gone.text for gone in document.dropped)]
    assert Counter(words(" ".join(kept))) == Counter(scan.words)


MARKDOWN = st.lists(
    st.one_of(
        st.text(alphabet="ab1 *_`[]()!#>-|\\.<^:~\n", max_size=20),
        st.sampled_from(["\n\n", "\n\n\n\n", "\f", "# ", "- ", "1. ", "```\n", "—\n", "co-\nop", "&amp;"]),
        st.sampled_from(["| a | b |\n|---|---|\n| c |", "[t](#)", "[t](http://x.y)", "<sup>1</sup>"]),
        st.sampled_from(["© 2013 X.", "**A B**", "Paper 5/2013", "A Name\n\n", "May 2031\n\n", "by A B"]),
    ),
    min_size=1,
    max_size=30,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(MARKDOWN)
@example("[a]: b\n\n[a]")
@example("1.\n2. b")
@example("- \n\n# \n\na")
def test_no_letter_of_any_text_is_lost_and_levels_never_jump(source: str) -> None:
    try:
        document = read(source.encode())
    except UnreadablePaper:
        controls = sum(unicodedata.category(sign) == "Cc" for sign in source)
        assert not words(source) or controls * 200 > len(source)
        return
    hrefs = " ".join(block.html for block in document.blocks if "href" in block.html)
    fields = [document.title, document.subtitle, *document.authors, document.date, document.series]
    fields += [document.number, document.note, document.rights]
    dropped = [gone.text for gone in document.dropped]
    kept = " ".join([*(block.text for block in document.blocks), *fields, *dropped, hrefs])
    # An HTML tag that is let through is markup and no word.
    plain = re.sub(r"</?(?:em|strong|b|i|u|sub|sup|code|br)\s*/?>", "", source.replace("&amp;", "&"))
    missing = Counter("".join(words(plain))) - Counter("".join(words(kept)))
    assert not missing
    previous = 1
    for block in document.blocks:
        if block.kind == "heading":
            assert block.level is not None
            assert 2 <= block.level <= previous + 1
            previous = block.level
