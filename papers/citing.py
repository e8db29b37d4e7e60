"""References to a paper for people and programs: formatted, BibTeX, RIS, CSL JSON, Google Scholar, schema.org.

Nothing here is for a summary: what somebody else wrote in their own words is not cited under the author's name.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from papers.models import Paper

_MONTHS = (
    ("jan", "january", "leden", "ledna", "lednu"),
    ("feb", "february", "únor", "února", "únoru"),
    ("mar", "march", "březen", "března", "březnu"),
    ("apr", "april", "duben", "dubna", "dubnu"),
    ("may", "may", "květen", "května", "květnu"),
    ("jun", "june", "červen", "června", "červnu"),
    ("jul", "july", "červenec", "července", "červenci"),
    ("aug", "august", "srpen", "srpna", "srpnu"),
    ("sep", "september", "sept", "září"),
    ("oct", "october", "říjen", "října", "říjnu"),
    ("nov", "november", "listopad", "listopadu"),
    ("dec", "december", "prosinec", "prosince", "prosinci"),
)
_MONTH_BY_NAME = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})(?:-(\d{1,2}))?\b")
_DOTTED = re.compile(r"\b(?:(\d{1,2})\s*[./]\s*)?(\d{1,2})\s*[./]\s*(\d{4})\b")
_DEGREE = re.compile(
    r"(?i)^(?:ph\.?\s?d\.?|c?sc\.?|drsc\.?|th\.?d\.?|m\.?b\.?a\.?|ll\.?m\.?|m\.?a\.?|di?s\.?|m\.?sc\.?|jr\.?|sr\.?)$"
)
_TITLE = re.compile(r"^(?!\w\.)(?:\w+\.)+$|^(?:Prof|Doc|Dr|Mgr|Ing|Sir|Dame)$", re.IGNORECASE)
_PARTICLES = frozenset(
    (
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "du",
        "la",
        "le",
        "ten",
        "ter",
        "zu",
        "zur",
        "af",
    )
)
_BODY = re.compile(
    r"(?i)\b(?:of|for|the|and|pro|institut\w*|association|asociace|university|univerzita|centre|center|ministry|"
    r"ministerstvo|committee|council|foundation|nadace|office|project|group|agency)\b|&"
)
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "{}$&#_%"},
}


@dataclass(frozen=True)
class Name:
    """An author: a person's two names, or a body's one (`family` alone, `literal` true)."""

    family: str
    given: str = ""
    literal: bool = False

    @property
    def sorted(self) -> str:
        """Family name first."""
        return f"{self.family}, {self.given}" if self.given else self.family


def parse_name(name: str) -> Name:
    """A name as it stands on a title page, without academic titles; particles belong to the family name."""
    parts = [part.strip() for part in name.split(",")]
    while len(parts) > 1 and _DEGREE.match(parts[-1]):
        parts.pop()
    if len(parts) == 2 and not _BODY.search(name):
        return Name(parts[0], parts[1])
    words = ", ".join(parts).split()
    if len(words) < 2 or len(parts) > 1 or _BODY.search(name):
        return Name(" ".join(words), literal=True)
    while len(words) > 1 and _TITLE.match(words[0]):
        words.pop(0)
    at = len(words) - 1
    while at > 1 and words[at - 1].casefold() in _PARTICLES and words[at - 1].islower():
        at -= 1
    return Name(" ".join(words[at:]), " ".join(words[:at]))


def parse_date(date: str) -> tuple[int, ...]:
    """`(year,)`, `(year, month)` or `(year, month, day)` of a date in English or Czech; empty for none."""
    if found := _ISO.search(date):
        return _checked(int(found[1]), int(found[2]), int(found[3] or 0))
    if found := _DOTTED.search(date):
        return _checked(int(found[3]), int(found[2]), int(found[1] or 0))
    year = _YEAR.search(date)
    if year is None:
        return ()
    words = re.findall(r"[^\W\d_]+|\d+", date.casefold())
    for at, word in enumerate(words):
        if month := _MONTH_BY_NAME.get(word):
            beside = [words[i] for i in (at - 1, at + 1) if 0 <= i < len(words)]
            day = next((int(each) for each in beside if re.fullmatch(r"\d{1,2}", each)), 0)
            return _checked(int(year[1]), month, day)
    return (int(year[1]),)


def _checked(year: int, month: int, day: int) -> tuple[int, ...]:
    if not 1 <= month <= 12:
        return (year,)
    return (year, month, day) if 1 <= day <= 31 else (year, month)


@dataclass(frozen=True)
class Work:
    """A paper at its permanent address. Raises ValueError for a summary."""

    paper: Paper
    url: str

    def __post_init__(self) -> None:
        if self.paper.is_summary:
            raise ValueError("A summary is not cited under the author's name.")

    @cached_property
    def title(self) -> str:
        """Title and subtitle in one."""
        return full_title(self.paper)

    @cached_property
    def names(self) -> list[Name]:
        """The authors."""
        return [parse_name(author) for author in self.paper.authors if author.strip()]

    @cached_property
    def date(self) -> tuple[int, ...]:
        """See `parse_date`."""
        return parse_date(self.paper.date)

    @property
    def series(self) -> str:
        """The series with its number: "Policy Paper 5/2013"."""
        return f"{self.paper.series} {self.paper.number}".strip()

    @property
    def formatted(self) -> str:
        """The reference in one line, without the address."""
        authors = "; ".join(name.sorted for name in self.names)
        published = ", ".join(filter(None, (self.paper.publisher, self.paper.date)))
        parts = filter(None, (authors, self.title, self.series, published))
        return " ".join(part if part[-1] in ".?!" else f"{part}." for part in parts)

    @property
    def meta(self) -> list[tuple[str, str]]:
        """Google Scholar's tags (scholar.google.com/intl/en/scholar/inclusion.html), in order."""
        tags = [("citation_title", self.title)]
        tags += [("citation_author", name.sorted) for name in self.names]
        tags += [
            ("citation_publication_date", "/".join(f"{part:02}" for part in self.date)),
            ("citation_technical_report_institution", self.paper.publisher),
            ("citation_technical_report_number", self.paper.number),
            ("citation_language", self.paper.language),
            ("citation_fulltext_html_url", self.url),
        ]
        return [(name, content) for name, content in tags if content]

    @property
    def linked_data(self) -> SafeString:
        """schema.org ScholarlyArticle as JSON-LD that may stand inside a `<script>`."""
        paper = self.paper
        data = {
            "@context": "https://schema.org",
            "@type": "ScholarlyArticle",
            "headline": self.title,
            "author": [
                {
                    "@type": "Organization" if name.literal else "Person",
                    "name": f"{name.given} {name.family}".strip(),
                }
                for name in self.names
            ],
            "datePublished": "-".join(f"{part:02}" for part in self.date),
            "publisher": {"@type": "Organization", "name": paper.publisher} if paper.publisher else None,
            "isPartOf": {"@type": "CreativeWorkSeries", "name": paper.series} if paper.series else None,
            "issueNumber": paper.number,
            "inLanguage": paper.language,
            "url": self.url,
        }
        written = json.dumps({name: value for name, value in data.items() if value}, ensure_ascii=False)
        for sign in "<>&\u2028\u2029":
            written = written.replace(sign, f"\\u{ord(sign):04x}")
        # Nothing in it can end the element: every < is written as an escape of JSON.
        return SafeString(written)


def full_title(paper: Paper) -> str:
    """Title and subtitle in one line."""
    if not paper.subtitle:
        return paper.title
    return f"{paper.title}{'' if paper.title[-1:] in '?!.:' else ':'} {paper.subtitle}"


def bibtex(work: Work) -> str:
    """A BibTeX entry in UTF-8. The title keeps its capitals, which styles would otherwise take away."""
    paper = work.paper
    fields = {
        "author": " and ".join(
            f"{{{_latex(name.family)}}}" if name.literal else _latex(name.sorted) for name in work.names
        ),
        "title": f"{{{_latex(work.title)}}}",
        "type": _latex(paper.series),
        "number": _latex(paper.number),
        "institution" if paper.publisher and paper.series else "publisher": _latex(paper.publisher),
        "year": str(work.date[0]) if work.date else "",
        "month": _MONTHS[work.date[1] - 1][0] if len(work.date) > 1 else "",
        "language": paper.language,
        "url": work.url,
    }
    kind = "techreport" if paper.publisher and paper.series else "misc"
    lines = [
        f"  {name} = {value if name == 'month' else f'{{{value}}}'},"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([f"@{kind}{{{_key(work)},", *lines, "}", ""])


def ris(work: Work) -> str:
    """A RIS record: one value a line, lines end with CR LF."""
    paper, date = work.paper, work.date
    rows = [("TY", "RPRT"), *(("AU", name.sorted) for name in work.names), ("TI", work.title)]
    if date:
        month, day = (f"{part:02}" if part else "" for part in (*date[1:], 0, 0)[:2])
        rows += [("PY", str(date[0])), ("DA", f"{date[0]}/{month}/{day}")]
    rows += [
        ("PB", paper.publisher),
        ("M3", paper.series),
        ("SN", paper.number),
        ("LA", paper.language),
        ("UR", work.url),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in rows if value.strip()]
    return "\r\n".join([*lines, "ER  - ", ""])


def csl_json(work: Work) -> str:
    """CSL JSON (citationstyles.org), a list of one item."""
    paper = work.paper
    item: dict[str, Any] = {
        "id": _key(work),
        "type": "report",
        "title": work.title,
        "author": [
            {"literal": name.family} if name.literal else {"family": name.family, "given": name.given}
            for name in work.names
        ],
        "issued": {"date-parts": [list(work.date)]} if work.date else None,
        "publisher": paper.publisher,
        "genre": paper.series,
        "number": paper.number,
        "language": paper.language,
        "URL": work.url,
    }
    kept = {name: value for name, value in item.items() if value}
    return json.dumps([kept], ensure_ascii=False, indent=2) + "\n"


def _latex(text: str) -> str:
    return " ".join("".join(_LATEX.get(sign, sign) for sign in text).split())


def _key(work: Work) -> str:
    """`karasek2013destined`: letters and digits that every program takes."""
    first = work.names[0].family if work.names else ""
    word = next((each for each in re.findall(r"\w+", work.paper.title) if len(each) > 3), "")
    year = str(work.date[0]) if work.date else ""
    plain = [
        unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode() for part in (first, year, word)
    ]
    return re.sub(r"[^a-z0-9]", "", "".join(plain).lower()) or "paper"
