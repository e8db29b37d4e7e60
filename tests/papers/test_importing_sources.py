"""Word documents, web pages and PDFs: what kind a file is, what is refused and why, and what comes of each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from papers.importing import Document, UnreadablePaper, read
from papers.importing import refusals as why

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(build: Callable[[docx.document.Document], None]) -> bytes:
    """A Word document made by `build`."""
    document, file = docx.Document(), io.BytesIO()
    build(document)
    document.save(file)
    return file.getvalue()


def with_part(source: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A Word document with one of its parts changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, change(content) if entry.filename == name else content)
    return file.getvalue()


def pdf(draw: Callable[[canvas.Canvas], None], **options: object) -> bytes:
    """A PDF made by `draw`."""
    file = io.BytesIO()
    page = canvas.Canvas(file, **options)
    draw(page)
    page.showPage()
    page.save()
    return file.getvalue()


def refusal(source: bytes) -> str:
    """The message with which a file is refused."""
    with pytest.raises(UnreadablePaper) as caught:
        read(source)
    assert str(caught.value) == caught.value.message % caught.value.values
    return caught.value.message


def shape(document: Document) -> list[tuple[str, int | None, str]]:
    """Kind, level and text of all blocks."""
    return [(block.kind, block.level, block.text) for block in document.blocks]


PLAIN = word(lambda document: document.add_paragraph("The harbour is quiet in winter."))


def test_bombs_and_other_wrong_archives_are_refused() -> None:
    def bomb(_: bytes) -> bytes:
        return b"<w:document>" + b" " * 60_000_000

    bombed = with_part(PLAIN, "word/document.xml", bomb)
    assert len(bombed) < 100_000
    assert refusal(bombed) == why.BOMB
    # An archive that says less of a part's size than there is, is not believed.
    at = bombed.rindex(b"PK\x01\x02", 0, bombed.rindex(b"word/document.xml"))
    lying = bombed[: at + 24] + (100).to_bytes(4, "little") + bombed[at + 28 :]
    assert refusal(lying) in (why.BOMB, why.BROKEN_WORD)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert refusal(archive.getvalue()) == why.NOT_WORD
    assert refusal(PLAIN[: len(PLAIN) // 2]) == why.BROKEN_WORD
    assert refusal(PLAIN + b"\x00" * 20_000_000) == why.TOO_LARGE


@pytest.mark.parametrize(
    ("declaration", "said"),
    [
        ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', why.ENTITIES),
        ('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', why.ENTITIES),
        ("<unclosed>", why.BROKEN_WORD),
    ],
)
def test_xml_that_strangers_made_is_not_trusted(declaration: str, said: str) -> None:
    xml = f"<?xml version='1.0'?>{declaration}<w:document {W}><w:body/></w:document>"
    assert refusal(with_part(PLAIN, "word/document.xml", lambda _: xml.encode())) == said
    assert refusal(with_part(PLAIN, "word/styles.xml", lambda _: xml.encode("utf-16"))) == said


def test_nesting_beyond_reason_is_refused() -> None:
    deep = f"<w:document {W}>" + "<w:p>" * 5_000 + "</w:p>" * 5_000 + "</w:document>"
    assert refusal(with_part(PLAIN, "word/document.xml", lambda _: deep.encode())) == why.TOO_NESTED
    assert refusal(b"<html><body>" + b"<div>" * 300_000 + b"Words.") == why.TOO_NESTED
    fonts = b"".join(b"<font color=%d>" % number for number in range(10_000))
    assert refusal(b"<html><body>" + fonts + b"<p>a" * 10_000) == why.TOO_NESTED


@pytest.mark.parametrize(
    "begin",
    [
        b"",
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"<html>",
        b"<html><meta charset=windows-1250>",
        b"---\npaper-markdown: 1\n",
    ],
)
def test_fifty_megabytes_are_refused_whatever_they_are(begin: bytes) -> None:
    assert refusal(begin + b"word " * 10_000_000) == why.TOO_LARGE


def test_old_and_locked_word_documents_are_told_apart() -> None:
    begin = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
    assert refusal(begin) == why.OLD_WORD
    assert refusal(begin + "EncryptedPackage".encode("utf-16-le")) == why.ENCRYPTED_WORD


def test_pdfs_without_text_locked_or_broken_are_told_apart() -> None:
    assert refusal(pdf(lambda page: page.rect(10, 10, 300, 300, fill=1))) == why.IMAGE_PDF
    locked = pdf(lambda page: page.drawString(72, 700, "Secret"), encrypt=StandardEncryption("open sesame"))
    assert refusal(locked) == why.ENCRYPTED_PDF
    assert refusal(b"%PDF-1.7\nnothing more") == why.BROKEN_PDF

    def many(page: canvas.Canvas) -> None:
        for _ in range(501):
            page.showPage()

    assert refusal(pdf(many)) == why.TOO_MANY_PAGES


def test_a_pdf_that_only_its_owner_may_change_is_read() -> None:
    free = pdf(
        lambda page: page.drawString(72, 700, "The harbour is quiet."),
        encrypt=StandardEncryption("", ownerPassword="x", canModify=0),
    )
    assert read(free).source_kind == "pdf"


def test_a_large_first_letter_is_part_of_its_paragraph() -> None:
    def draw(page: canvas.Canvas) -> None:
        page.setFont("Times-Roman", 36)
        page.drawString(72, 714, "T")
        page.setFont("Times-Roman", 11)
        page.drawString(96, 730, "he harbour is quiet in winter, and the committees of the")
        page.drawString(96, 716, "valley met there and agreed on very little that matters")
        page.drawString(72, 702, "to its people, as they always did in the old days and as they do.")

    (block,) = read(pdf(draw)).blocks
    assert block.text.startswith("The harbour is quiet in winter, and the committees of the valley met there")
    assert block.text.endswith("to its people, as they always did in the old days and as they do.")


def test_the_kind_is_told_by_the_bytes() -> None:
    assert read(PLAIN).source_kind == "docx"
    assert read(b"<!DOCTYPE html><title>T</title><p>The harbour is quiet.").source_kind == "html"
    assert read(b"\xef\xbb\xbf  <html><p>The harbour is quiet.").source_kind == "html"
    assert read("<html><p>Přístav je tichý.".encode("utf-16")).blocks[0].text == "Přístav je tichý."
    assert read(b"# About %PDF- files\n\nText of it.").source_kind == "text"
    assert read(b"<div align='center'>\n\n# Title\n\n</div>\n\nText.").source_kind == "text"


def test_a_page_that_says_its_charset_is_read_by_it() -> None:
    html = '<html><head><meta charset="windows-1250"></head><body><p>Přístav je tichý.</p></body></html>'
    assert read(html.encode("cp1250")).blocks[0].text == "Přístav je tichý."
    assert refusal(html.replace("windows-1250", "koi8-r").encode("cp1250")) == why.NOT_UTF8


HOSTILE = """<html><body><h1>T</h1><script>alert(1)</script><style>p{}</style><p onclick="x()">One
<a href="javascript:alert(1)">two</a> <img src=x onerror=alert(1) alt="three"> <b style="position:fixed">four</b>
&lt;script&gt;five&lt;/script&gt; <a href="https://example.org/?a=1&amp;copy=2">six</a></p><iframe src="//x"></iframe>
<svg onload=alert(1)><text>seven</text></svg><p id="note-1">eight</p><form action="//x"><input name=q></form>
<table><tr><td><p onmouseover=x>nine</p></td><td>ten</td></tr></table></body></html>"""


def test_hostile_html_comes_out_harmless() -> None:
    html = " ".join(block.html for block in read(HOSTILE.encode()).blocks)
    for bad in (
        "<script",
        "javascript:",
        "onerror",
        "onclick",
        "<img",
        "style",
        "<iframe",
        "<svg",
        "id=",
        "<form",
    ):
        assert bad not in html
    assert "&lt;script&gt;five&lt;/script&gt;" in html
    assert '<a href="https://example.org/?a=1&amp;copy=2" rel="noopener noreferrer">six</a>' in html
    assert all(word in html for word in ("One", "two", "three", "four", "nine", "ten"))


def test_what_leads_around_a_site_is_dropped_and_accounted_for() -> None:
    document = read(
        b"<html><body><header><a href='/'>Our site</a></header><nav><ul><li>Menu</li></ul></nav>"
        b"<main><h1>Tides</h1><p>Water comes and goes.</p><aside>Read also</aside></main>"
        b"<footer>Contact us</footer></body></html>"
    )
    assert document.title == "Tides"
    assert [block.text for block in document.blocks] == ["Water comes and goes."]
    dropped = " ".join(gone.text for gone in document.dropped)
    assert {gone.reason for gone in document.dropped} == {"navigation"}
    assert all(word in dropped for word in ("Our site", "Menu", "Read also", "Contact us"))
    # A web page has no pages.
    assert {block.page for block in document.blocks} == {None}


def test_text_that_looks_like_markup_stays_text() -> None:
    texts = [
        "- not a list",
        "1. not a list either",
        "# 5 * 3 * 2 = 30, and **so** on",
        "[a](b) ![c](d) `e` <b>f</b> &amp; &lt; [^g] | h |",
        "> quoted, \\ and _under_score_",
        "+ plus",
        "=====",
        "Setext",
        "---",
        "    indented",
        "~~~",
        "<!-- no comment -->",
    ]

    def build(document: docx.document.Document) -> None:
        document.add_heading("Signs", 0)
        document.add_heading("First", 1)
        for text in texts:
            document.add_paragraph(text)

    document = read(word(build))
    assert [(block.kind, block.text) for block in document.blocks[1:]] == [
        ("paragraph", " ".join(text.split())) for text in texts
    ]
