"""Texts that organisers write in Markdown, as HTML that is safe to show."""

import nh3
from django import template
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

register = template.Library()

TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "a", "blockquote", "code"}
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False})


@register.filter
def prose(text: str) -> SafeString:
    """CommonMark without raw HTML, headings and pictures; links lead to http, https and mailto only."""
    html = nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    # Cleaned by ammonia in the line above: nothing but the tags of TAGS is left.
    return SafeString(html)
