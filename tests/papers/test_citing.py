"""References as programs read them: goldens of a paper of our own, with every sign that needs care."""

from __future__ import annotations

import json
import re

import pytest

from papers import citing
from papers.models import Paper

URL = "https://conference.example/harbours/papers/tides/"


def paper(**fields: object) -> Paper:
    values: dict[str, object] = {
        "slug": "tides",
        "title": "T & Tariffs: 100% of $5_000 {or} #1?",
        "subtitle": "By ~Sea~ and ^Law \\ Custom",
        "authors": [
            "PhDr. Žofie van der Loděnice, Ph.D.",
            "Association of Small Harbours",
            "J. R. Přístavní",
        ],
        "date": "December 2013",
        "series": "Harbour Paper",
        "number": "5/2013",
        "publisher": "Institute of Quays & Piers",
        "language": "en",
    }
    return Paper(**{**values, **fields})


TITLE_IN_LATEX = (
    r"T \& Tariffs: 100\% of \$5\_000 \{or\} \#1? By \textasciitilde{}Sea\textasciitilde{} "
    r"and \textasciicircum{}Law \textbackslash{} Custom"
)
BIBTEX = rf"""@techreport{{vanderlodenice2013tariffs,
  author = {{van der Loděnice, Žofie and {{Association of Small Harbours}} and Přístavní, J. R.}},
  title = {{{{{TITLE_IN_LATEX}}}}},
  type = {{Harbour Paper}},
  number = {{5/2013}},
  institution = {{Institute of Quays \& Piers}},
  year = {{2013}},
  month = dec,
  language = {{en}},
  url = {{https://conference.example/harbours/papers/tides/}},
}}
"""

RIS = """TY  - RPRT
AU  - van der Loděnice, Žofie
AU  - Association of Small Harbours
AU  - Přístavní, J. R.
TI  - T & Tariffs: 100% of $5_000 {or} #1? By ~Sea~ and ^Law \\ Custom
PY  - 2013
DA  - 2013/12/
PB  - Institute of Quays & Piers
M3  - Harbour Paper
SN  - 5/2013
LA  - en
UR  - https://conference.example/harbours/papers/tides/
ER  -"""

CSL = [
    {
        "id": "vanderlodenice2013tariffs",
        "type": "report",
        "title": "T & Tariffs: 100% of $5_000 {or} #1? By ~Sea~ and ^Law \\ Custom",
        "author": [
            {"family": "van der Loděnice", "given": "Žofie"},
            {"literal": "Association of Small Harbours"},
            {"family": "Přístavní", "given": "J. R."},
        ],
        "issued": {"date-parts": [[2013, 12]]},
        "publisher": "Institute of Quays & Piers",
        "genre": "Harbour Paper",
        "number": "5/2013",
        "language": "en",
        "URL": URL,
    }
]


def test_bibtex() -> None:
    written = citing.bibtex(citing.Work(paper(), URL))
    assert written == BIBTEX
    assert written.replace(r"\{", "").replace(r"\}", "").count("{") == written.replace(r"\{", "").replace(
        r"\}", ""
    ).count("}")


def test_ris() -> None:
    written = citing.ris(citing.Work(paper(), URL))
    assert written.split("\r\n") == [*RIS.split("\n")[:-1], "ER  - ", ""]
    broken = citing.ris(citing.Work(paper(title="One\r\nER  - \r\nTY  - BOOK"), URL))
    assert len(re.findall(r"(?m)^TY  - ", broken)) == 1


def test_csl() -> None:
    assert json.loads(citing.csl_json(citing.Work(paper(), URL))) == CSL


def test_formatted_and_tags() -> None:
    work = citing.Work(paper(title="Tides", subtitle="A view"), URL)
    assert work.formatted == (
        "van der Loděnice, Žofie; Association of Small Harbours; Přístavní, J. R. Tides: A view. "
        "Harbour Paper 5/2013. Institute of Quays & Piers, December 2013."
    )
    assert dict(work.meta)["citation_publication_date"] == "2013/12"
    authors = [content for name, content in work.meta if name == "citation_author"]
    assert authors == ["van der Loděnice, Žofie", "Association of Small Harbours", "Přístavní, J. R."]


def test_linked_data_cannot_leave_its_element() -> None:
    written = citing.Work(paper(title="</script><script>alert(1)</script>", subtitle=""), URL).linked_data
    assert "<" not in written
    assert json.loads(written)["headline"] == "</script><script>alert(1)</script>"


def test_what_the_title_page_does_not_say_is_left_out() -> None:
    bare = citing.Work(paper(authors=[], date="", series="", number="", publisher="", subtitle=""), URL)
    for written in (citing.bibtex(bare), citing.ris(bare), citing.csl_json(bare)):
        assert "None" not in written
        assert "{}" not in written.replace("\\textasciicircum{}", "")
    assert citing.bibtex(bare).startswith("@misc{tariffs,")
    assert "PY" not in citing.ris(bare)


def test_a_summary_is_never_cited() -> None:
    with pytest.raises(ValueError, match="summary"):
        citing.Work(paper(is_summary=True), URL)


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("December 2013", (2013, 12)),
        ("17 December 2013", (2013, 12, 17)),
        ("December 17, 2013", (2013, 12, 17)),
        ("prosinec 2013", (2013, 12)),
        ("17. prosince 2013", (2013, 12, 17)),
        ("17. 12. 2013", (2013, 12, 17)),
        ("2013-12-17", (2013, 12, 17)),
        ("12/2013", (2013, 12)),
        ("2013", (2013,)),
        ("Autumn 2013", (2013,)),
        ("2013-31-12", (2013,)),
        ("May 99", ()),
        ("", ()),
    ],
)
def test_dates(written: str, date: tuple[int, ...]) -> None:
    assert citing.parse_date(written) == date


@pytest.mark.parametrize(
    ("written", "sorted_name"),
    [
        ("Anna Nováková", "Nováková, Anna"),
        ("doc. Ing. Jan Novák, CSc., MBA", "Novák, Jan"),
        ("Vincent van Gogh", "van Gogh, Vincent"),
        ("Nováková, Anna", "Nováková, Anna"),
        ("Plato", "Plato"),
        ("Ministry of Tides, Department of Ebb", "Ministry of Tides, Department of Ebb"),
    ],
)
def test_names(written: str, sorted_name: str) -> None:
    assert citing.parse_name(written).sorted == sorted_name
