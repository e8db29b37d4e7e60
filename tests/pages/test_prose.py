"""Markdown of organisers becomes HTML that can do nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.pages.templatetags.prose import TAGS, prose


def test_what_organisers_write() -> None:
    html = prose("First *line*.\n\n- one\n- [two](https://example.org/)\n")
    assert "<em>line</em>" in html
    assert "<li>one</li>" in html
    assert 'href="https://example.org/"' in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://elsewhere.example/track.png)",
        "<a href='x' onclick='alert(1)'>y</a>",
        "[x](data:text/html;base64,AAAA)",
        "<img src=x onerror=alert(1)>",
    ],
)
def test_what_they_might_paste(text: str) -> None:
    html = prose(text)
    assert not re.search(r"<(script|img|iframe)|<[^>]+\son\w+=|href=.(javascript|data)", html)


@given(st.text(alphabet="<>ab/\"'[]()!*_`#-=:\n &;javscript", max_size=80))
def test_nothing_but_the_allowed_tags(text: str) -> None:
    assert {tag.lower() for tag in re.findall(r"<\s*/?\s*([a-zA-Z][a-zA-Z0-9]*)", prose(text))} <= TAGS
