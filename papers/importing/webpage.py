"""Web pages: the paper's part of the page, without what leads around in the site."""

from __future__ import annotations

import codecs
import re

from papers.importing.document import Dropped
from papers.importing.flow import sheets_of
from papers.importing.opened import Opened, opened
from papers.importing.refusals import TOO_LARGE, UnreadablePaper
from papers.importing.source import LARGEST, decode, normalised
from papers.importing.tree import Node, parse
from papers.importing.words import words

_BEGINS = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9_-]{3,20})""", re.IGNORECASE)
# A page that says it is written in one of these is read so; bytes of another one would be told apart by nobody.
_CHARSETS = {"windows-1250", "windows-1252", "iso-8859-1", "iso-8859-2", "iso-8859-15"}
_AROUND = {"nav", "form"}
_AROUND_ROLES = ("navigation", "banner", "contentinfo", "search", "complementary", "doc-toc", "skip-link")
_NOTE_ROLES = ("doc-endnotes", "doc-footnotes", "footnotes", "endnotes", "doc-footnote")

_NOTE_IDS = ("fn", "note", "_ftn")


def is_webpage(source: bytes) -> bool:
    """Whether bytes begin like a whole web page; a fragment of HTML in Markdown is no page."""
    begin = source[:8192].removeprefix(codecs.BOM_UTF8)
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        begin = begin[2:].replace(b"\x00", b"")
    return bool(_BEGINS.match(begin))


def open_webpage(source: bytes) -> Opened:
    """The paper on a web page. Raises UnreadablePaper."""
    if len(source) > LARGEST:
        raise UnreadablePaper(TOO_LARGE, limit=LARGEST // 1_000_000)
    html = _decode(source)
    root, navigation = _paper_of(parse(html))
    dropped = [Dropped(None, "navigation", text) for text in navigation if words(text)]
    made, lost = sheets_of(root)
    dropped += [Dropped(None, "markup", " ".join(lost))] if lost else []
    sheets = [(sheet.lines, sheet.number, sheet.whole) for sheet in made]
    return opened("html", sheets, paged=len(sheets) > 1, dropped=dropped)


def _decode(source: bytes) -> str:
    declared = _CHARSET.search(source[:4096])
    name = declared[1].decode("ascii").lower() if declared else ""
    if name in _CHARSETS and not source.startswith(codecs.BOM_UTF8):
        return normalised(source.decode(name, errors="replace")).replace("\f", " ")
    return decode(source).replace("\f", " ")


def _paper_of(body: Node) -> tuple[Node, list[str]]:
    """The part of a page that is the paper, and the texts of what is around it."""
    main = next((node for node in body.walk() if node.tag == "main" or node.has("main")), None)
    articles = [node for node in body.walk() if node.tag == "article"]
    root = main or (articles[0] if len(articles) == 1 else body)
    title = next((node for node in body.walk() if node.tag == "h1"), None)
    outside = body if root is not body else None
    navigation = [_text_without(outside, root, title)] if outside else []
    navigation += _prune(root)
    if outside and title is not None and root not in title.up():
        root.children.insert(0, title)
    return root, navigation


def _text_without(node: Node, *left_out: Node | None) -> str:
    """The words below an element, without those of some others."""
    texts: list[str] = []

    def collect(at: Node) -> None:
        for child in at.children:
            if isinstance(child, str):
                texts.append(child)
            elif not any(child is other for other in left_out):
                collect(child)

    collect(node)
    return " ".join(" ".join(texts).split())


def _prune(root: Node) -> list[str]:
    """Take away what leads around; returns its texts."""
    gone: list[str] = []
    kept: list[Node | str] = []
    for child in root.children:
        if isinstance(child, Node) and _leads_around(child):
            gone.append(" ".join(child.text().split()))
            continue
        if isinstance(child, Node):
            gone += _prune(child)
        kept.append(child)
    root.children = kept
    return gone


def _leads_around(node: Node) -> bool:
    around = node.tag in _AROUND or node.has(*_AROUND_ROLES)
    edge = node.tag in ("header", "footer", "aside")
    if not (around or edge) or any(inner.has(*_NOTE_ROLES) for inner in node.walk()):
        return False
    if around:
        return True
    # The site's own head and foot; an article's head may hold its title.
    holds_title = any(inner.tag == "h1" for inner in node.walk())
    holds_notes = any(inner.attributes.get("id", "").lower().startswith(_NOTE_IDS) for inner in node.walk())
    return not holds_title and not holds_notes and not _in_article(node)


def _in_article(node: Node) -> bool:
    return any(around.tag == "article" for around in node.up())
