"""The documents whose files are not text, made anew for each test: invented papers as Word and PDF."""

from __future__ import annotations

import io
import zipfile

import docx
from docx.enum.text import WD_BREAK
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus.frames import Frame

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_NOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def quay_docx() -> bytes:
    """A Word paper: styles, bold lines as headings, typed bullets, footnotes, a table, a caption, page ends."""
    document = docx.Document()
    document.add_heading("The Quay That Was Not Built", 0)
    document.add_paragraph("A History of Waiting", style="Subtitle")
    document.add_paragraph().add_run("Tove Lind").bold = True
    document.add_paragraph("Winter 2031")
    document.add_heading("Summary", 1)
    for text in ("A quay is cheaper while it is not built.", "It is dearer afterwards."):
        document.add_paragraph(text, style="List Bullet")
    document.add_heading("First plans", 1)
    first = document.add_paragraph("The first plan was drawn on a ")
    first.add_run("napkin").italic = True
    first.add_run(
        ".NOTE2 It had no scale, and the engineers of the raison d’être commission measured the napkin."
    )
    document.add_paragraph().add_run("The second plan").bold = True
    document.add_paragraph(
        "The second plan was longer than the quay, says the council’s own annual report.NOTE3"
    )
    document.add_paragraph("• Stone was to come from the north;")
    document.add_paragraph("• wood was to come later.")
    cut = document.add_paragraph("It was discussed for eleven years, in which the sea moved")
    cut.add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("two hundred yards to the west, and the quay on paper with it.")
    table = document.add_table(3, 2)
    for row, cells in zip(
        table.rows, (("Plan", "Cost"), ("First", "2"), ("Second | later", "30")), strict=True
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_paragraph("Table 1: Costs in thousands", style="Caption")
    document.add_paragraph("Nobody builds a quay to stand on it.", style="Quote")
    document.add_heading("Conclusion", 1)
    document.add_paragraph("1932 was the last year in which anybody asked.")
    file = io.BytesIO()
    document.save(file)
    return _with_notes(
        file.getvalue(), {2: "It is kept in a drawer.", 3: "Page 4 of it & the cover, <i>unsigned</i>."}
    )


def _with_notes(source: bytes, notes: dict[int, str]) -> bytes:
    """A Word document in which each NOTEn became a reference to a footnote (the library cannot write them)."""
    parts = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:t>{_escaped(text)}</w:t></w:r></w:p></w:footnote>'
        for number, text in notes.items()
    )
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                for number in notes:
                    sign = f'</w:t><w:footnoteReference w:id="{number}"/><w:t xml:space="preserve">'
                    content = content.replace(f"NOTE{number}", sign)
            elif name == "word/_rels/document.xml.rels":
                link = f'<Relationship Id="rNotes" Type="{_NOTES}" Target="footnotes.xml"/>'
                content = content.replace("</Relationships>", link + "</Relationships>")
            elif name == "[Content_Types].xml":
                kind = f'<Override PartName="/word/footnotes.xml" ContentType="{_NOTES_TYPE}"/>'
                content = content.replace("</Types>", kind + "</Types>")
            new.writestr(name, content.encode("utf-8", "surrogateescape"))
        new.writestr("word/footnotes.xml", f"<w:footnotes {_W}>{parts}</w:footnotes>")
    return file.getvalue()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


_BODY = ParagraphStyle(
    "body", fontName="Times-Roman", fontSize=10, leading=12.5, spaceAfter=5, alignment=TA_JUSTIFY
)
_INDENTED = ParagraphStyle("indented", parent=_BODY, firstLineIndent=12, spaceAfter=0)
_ITEM = ParagraphStyle("item", parent=_BODY, leftIndent=12, bulletIndent=2, bulletFontSize=9)
_BOLD = ParagraphStyle("bold", parent=_BODY, fontName="Times-Bold", alignment=0)
_HEADING = ParagraphStyle(
    "heading", fontName="Helvetica-Bold", fontSize=13, leading=16, spaceBefore=8, spaceAfter=4
)
_TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=20, leading=24, spaceAfter=10)

_DOCKS = (
    "The dock was opened by a minister who had never seen water and who asked where the ships were kept. He was "
    "shown a drawing of one, and he approved of it, and the money was sent to the town that had made the drawing."
)
_CRANES = (
    "Cranes stand still for most of the year, and a crane that stands still costs as much as one that turns. The "
    "harbour master keeps a list of those that turned and of the reasons why, and it is not a long list at all."
)


def beacons_pdf() -> bytes:
    """A PDF in two columns: headers that differ on odd and even pages, notes at the foot, a cut sentence."""
    file = io.BytesIO()

    def edges(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        page = canvas.getPageNumber()
        if page % 2:
            canvas.drawRightString(535, 805, f"Beacons and Budgets | {page + 20}")
        else:
            canvas.drawString(60, 805, f"{page + 20} | Harbour Brief 9/2031")
        if page == 2:
            canvas.setFont("Times-Roman", 5.5)
            canvas.drawString(60, 63, "1")
            canvas.setFont("Times-Roman", 8)
            canvas.drawString(64, 60, "The list hangs behind the door of the")
            canvas.drawString(60, 50, "harbour master and is read aloud.")

    wide = Frame(60, 90, 475, 690, id="wide")
    left, right = Frame(54, 90, 236, 690, id="left"), Frame(304, 90, 236, 690, id="right")
    document = BaseDocTemplate(
        file,
        pagesize=A4,
        pageTemplates=[
            PageTemplate("title", [wide], onPage=edges),
            PageTemplate("columns", [left, right], onPage=edges),
        ],
        title="Beacons",
    )
    story = [
        Spacer(1, 120),
        Paragraph("Beacons and Budgets: Who Pays for the Light", _TITLE),
        Paragraph("Nils Aber, Runa Fjord", _BOLD),
        Paragraph("12 May 2031", _BODY),
        NextPageTemplate("columns"),
        PageBreak(),
        Paragraph("Summary", _HEADING),
        Paragraph("Light is free for those who see it.", _ITEM, bulletText="•"),
        Paragraph(
            "It is paid for by those who do not, and who live far from any coast, as a rule.",
            _ITEM,
            bulletText="•",
        ),
        Paragraph("Docks and ministers", _HEADING),
        Paragraph(_DOCKS, _BODY),
        Paragraph(
            f"{_CRANES} It has been kept since <i>the year of the frost</i>.<super size='6'>1</super>", _BODY
        ),
        Paragraph("A bold beginning", _BOLD),
        Paragraph(_DOCKS.replace("dock", "pier"), _INDENTED),
        Paragraph(_CRANES.replace("Cranes", "Lamps").replace("crane", "lamp"), _INDENTED),
        FrameBreak(),
        Paragraph(_DOCKS.replace("dock", "light"), _BODY),
        Paragraph("What the council did not say, and what every child along this part of the coast", _BODY),
        PageBreak(),
        Paragraph("knows by heart, is that light has no owner; it is only ever lent.", _BODY),
        Paragraph("Conclusion", _HEADING),
        Paragraph(_CRANES, _BODY),
        Paragraph(_DOCKS.replace("minister", "mayor"), _BODY),
        Paragraph(_CRANES.replace("harbour", "market"), _BODY),
        FrameBreak(),
        Paragraph(_DOCKS.replace("ships", "boats"), _BODY),
        Paragraph(_CRANES.replace("long", "short"), _BODY),
        Paragraph(_DOCKS.replace("town", "village"), _BODY),
    ]
    document.build(story)
    return file.getvalue()
