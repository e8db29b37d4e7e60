"""Who appears in an item, from one cell: "Jan Novák (AMO), moderuje: Petra Malá"."""

from __future__ import annotations

import re

from conference.agenda.importing.document import Someone, fold

ROLE_WORDS = {
    "chair": (
        "chair chaired chairs chairperson chairman chairwoman moderator moderated moderates moderation moderuje "
        "moderatorka moderace moderatori ridi predseda predsedajici predsedajici facilitator uvadi"
    ),
    "discussant": "discussant discussants respondent respondents comments komentar diskutant diskutantka diskutanti",
    "author": "author authors autor autorka autori autoru",
    "speaker": (
        "speaker speakers keynote presenter presenters panelist panelists panellist panellists lecturer recnik "
        "recnici recnice prednasejici panelista panelistka panelisti hovori vystoupi vystupuje vystupuji hoste host "
        "hosts guest guests with s ucast prednasi speech ucastnici"
    ),
}
ROLE_BY_WORD = {word: role for role, words in ROLE_WORDS.items() for word in words.split()}
# What follows a comma after a name and belongs to it.
_DEGREES = (
    "phd ph.d ph.d. csc csc. drsc drsc. mba msc msc. m.sc. ma m.a. ba b.a. llm ll.m. ll.m mpa dis dis. jr jr. sr mp "
    "cbe obe th.d. prof. dr. ret. ret"
)
DEGREES = frozenset(_DEGREES.split())
STEMS = (
    "universit univerzit institut ustav minist akadem academ centr asociac association embass velvyslan depart fakult "
    "facult college foundation nadac agenc agentur redakt analyst analytik profesor professor researcher vyzkum "
    "parlament parliament senat poslan televiz rozhlas noviny spolecnost organiz organis ambassador studies vztah "
    "politik spokes redit namest predsed"
)
WHOLE = (
    "nato eu osn un council rada center centre school skola group office urad director editor company s.r.o a.s gmbh "
    "ltd inc llc news radio bank banka fellow head vedouci mission mise affairs policy vlada government mluvci deputy "
    "member clen clenka general of for pro the and v u na"
)
INSTITUTION = re.compile(
    rf"\b(?:(?:{'|'.join(STEMS.split())})|(?:{'|'.join(re.escape(word) for word in WHOLE.split())})(?!\w))"
)
NAME = re.compile(
    r"(?:(?:[A-Za-z]{1,6}\.\s*)+)?[^\W\d_][\w'’.-]*(?:\s+(?:(?:von|van|de|der|den|del|di|da|la|le|el|al|bin|ibn|st\.)\s+)*"
    r"[^\W\d_][\w'’.-]*){1,4}"
)


def people_of(cell: str, role: str = "speaker") -> list[Someone]:
    """Everyone named in a cell, with affiliation and role; `role` for those of whom nothing else is said."""
    found: list[Someone] = []
    for part in _parts(cell):
        if exact := _exact(part):
            found.append(exact)
            continue
        current, rest = _role_before(part)
        # A role that a line begins with holds for everyone in it.
        role_here = current or (found[-1].role if found and part.startswith("\a") else role)
        for someone in _named(rest.lstrip("\a"), role_here):
            if all(someone.name != each.name for each in found):
                found.append(someone)
    return found


def written(people: list[Someone]) -> str:
    """The same people as one cell, a line each, so that `people_of` reads them again exactly."""
    return "\n".join(_written(each) for each in people)


def _written(someone: Someone) -> str:
    prefix = f"{someone.role}: "
    plain = someone.name if not someone.affiliation else f"{someone.name} ({someone.affiliation})"
    if people_of(prefix + plain) == [someone]:
        return prefix + plain
    fields = [someone.role, someone.name, *([someone.affiliation] if someone.affiliation else [])]
    return " | ".join(field.replace("\\", "\\\\").replace("|", "\\p") for field in fields)


def _parts(cell: str) -> list[str]:
    """Lines, and within them what semicolons or a new role part. Parts of one line begin with a bell but the first."""
    parts: list[str] = []
    for line in cell.replace("\r", "\n").split("\n"):
        line = line.strip(" \t•·-–*").strip() if "|" not in line else line.strip()
        if not line:
            continue
        if _exact(line):
            parts.append(line)
            continue
        pieces = [piece.strip() for piece in _outside(line, ";") if piece.strip()]
        split: list[str] = []
        for piece in pieces:
            split += _at_roles(piece)
        parts += [piece if index == 0 else f"\a{piece}" for index, piece in enumerate(split)]
    return parts


def _at_roles(piece: str) -> list[str]:
    """A piece cut before each role that is named in it: "A, chair: B" is two."""
    cuts = [0]
    for colon in re.finditer(r"[,.]\s*([^,;:.()]{2,40}):", piece):
        if _role_of(colon[1]) and _depth(piece, colon.start()) == 0:
            cuts.append(colon.start() + 1)
    return [
        piece[begin:end].strip(" ,")
        for begin, end in zip(cuts, [*cuts[1:], len(piece)], strict=True)
        if piece[begin:end].strip(" ,")
    ]


def _role_of(words: str) -> str:
    """The role that a few words name, empty when none."""
    told = [ROLE_BY_WORD[word] for word in re.findall(r"[a-z]+", fold(words)) if word in ROLE_BY_WORD]
    return told[0] if told and len(words.split()) <= 4 else ""


def _role_before(part: str) -> tuple[str, str]:
    before, colon, rest = part.lstrip("\a").partition(":")
    if colon and (role := _role_of(before)):
        return role, rest.strip()
    verb = re.match(
        r"(?:moderuje|řídí|chaired by|moderated by)\s+(?=[^\W\d_])", part.lstrip("\a"), re.IGNORECASE
    )
    if verb:
        return "chair", part.lstrip("\a")[verb.end() :]
    return "", part


def _exact(line: str) -> Someone | None:
    """A line as `written` makes it for what could be misread."""
    role, *fields = line.split(" | ")
    if role not in ROLE_WORDS or len(fields) not in (1, 2):
        return None
    plain = [re.sub(r"\\(.)", lambda sign: "|" if sign[1] == "p" else sign[1], field) for field in fields]
    return Someone(plain[0], plain[1] if len(plain) > 1 else "", role)


def _named(text: str, role: str) -> list[Someone]:
    people: list[Someone] = []
    for piece in _outside(text, ","):
        for index, each in enumerate(_and(re.sub(r"^(?:and|a|&)\s+", "", piece.strip()))):
            if not each:
                continue
            if index == 0 and people and _belongs(each):
                people[-1] = _joined(people[-1], each)
            else:
                people.append(_one(each, role))
    return people


def _belongs(piece: str) -> bool:
    """Whether what follows a comma tells of the person before it and is nobody new."""
    folded = fold(piece.partition("(")[0]).strip()
    if folded in DEGREES or folded in ROLE_BY_WORD or not folded:
        return True
    words = piece.partition("(")[0].split()
    return bool(INSTITUTION.search(folded)) or not NAME.fullmatch(" ".join(words)) or not _capital(words)


def _capital(words: list[str]) -> bool:
    return sum(1 for word in words if word[:1].isupper()) >= 2


def _joined(someone: Someone, piece: str) -> Someone:
    if fold(piece) in DEGREES:
        return Someone(f"{someone.name}, {piece}", someone.affiliation, someone.role)
    if role := ROLE_BY_WORD.get(fold(piece)):
        return Someone(someone.name, someone.affiliation, role)
    degree, bracket, _rest = piece.partition("(")
    if bracket and fold(degree).strip() in DEGREES:
        return _one(f"{someone.name}, {piece}", someone.role)
    joined = f"{someone.affiliation}, {piece}" if someone.affiliation else piece
    return Someone(someone.name, joined, someone.role)


def _and(piece: str) -> list[str]:
    """ "A B and C D" are two people where what follows looks like a name; "War and Peace Studies" is an institute."""
    for joint in re.finditer(r"\s+(?:and|a|&)\s+", piece):
        left, right = piece[: joint.start()], piece[joint.end() :]
        words = right.partition("(")[0].split()
        if (
            _depth(piece, joint.start()) == 0
            and NAME.fullmatch(" ".join(words))
            and _capital(words)
            and not INSTITUTION.search(fold(f"{left.partition('(')[0]} {' '.join(words)}"))
        ):
            return [left, right]
    return [piece]


def _one(piece: str, role: str) -> Someone:
    name, affiliation = piece.strip(), ""
    first, _space, rest = name.partition(" ")
    if fold(first) in ROLE_BY_WORD and len(fold(first)) > 4 and _capital(rest.split()):
        # "moderuje Eva Malá"
        name, role = rest.strip(), ROLE_BY_WORD[fold(first)]
    opening = _last_group(name)
    if opening > 0:
        affiliation, name = name[opening + 1 : -1].strip(), name[:opening].strip()
    elif dash := re.search(r"\s+[–—-]\s+", name):
        affiliation, name = name[dash.end() :].strip(), name[: dash.start()].strip()
    told = [part.strip() for part in affiliation.split(",")]
    roles = [ROLE_BY_WORD[fold(part)] for part in told if fold(part) in ROLE_BY_WORD]
    if roles:
        affiliation = ", ".join(part for part in told if fold(part) not in ROLE_BY_WORD)
    return Someone(name, affiliation, roles[0] if roles else role)


def _last_group(text: str) -> int:
    """Where the bracket opens that closes at the end of the text; -1 when it does not end with one."""
    if not text.endswith(")"):
        return -1
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[index], 0)
        if depth == 0:
            return index
    return -1


def _outside(text: str, separator: str) -> list[str]:
    """The text cut at a separator that stands outside of brackets."""
    parts, start = [], 0
    for index, sign in enumerate(text):
        if sign == separator and _depth(text, index) == 0:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]


def _depth(text: str, end: int) -> int:
    return max(0, text.count("(", 0, end) - text.count(")", 0, end))
