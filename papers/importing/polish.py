"""The last touch to a block's clean HTML: bare addresses become links, foreign words say their language."""

from __future__ import annotations

import html as entities
import re

from papers.importing.inline import clean, normal_address
from papers.importing.languages import foreign_words

_TAG = re.compile(r"(<[^>]*>)")
_ADDRESS = re.compile(r"https?://(?:(?!&(?:lt|gt|nbsp|quot);)[^\s<>\"“”„«»])+", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?)]}'’*_…"
_ENTITY = re.compile(r"&\w{1,10};$")
# In characters; what is longer is no address that a person would follow.
LONGEST_ADDRESS = 2_000
# Within these nothing is touched.
_UNTOUCHED = re.compile(r"<(/?)(?:a|code|span)\b")


def polish(html: str, language: str) -> str:
    """The HTML of a block in a paper of this language, its text unchanged."""
    if "://" not in html and not foreign_words(language):
        return html
    inside = 0
    parts = _TAG.split(html)
    for index, part in enumerate(parts):
        if index % 2:
            found = _UNTOUCHED.match(part)
            if found:
                inside += -1 if found[1] else 1
        elif not inside and part:
            parts[index] = _polished(part, language)
    return "".join(parts)


def _polished(text: str, language: str) -> str:
    pieces: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        address = found[0]
        if len(address) > LONGEST_ADDRESS:
            continue
        while address[-1:] and address[-1] in _AFTER_ADDRESS and not _belongs(address):
            address = address[:-1]
        if len(address) <= len("https://"):
            continue
        target = normal_address(entities.unescape(address))
        if target is None:
            continue
        pieces.append(_foreign(text[end : found.start()], language))
        pieces.append(clean(f'<a href="{entities.escape(target)}">{address}</a>'))
        end = found.start() + len(address)
    pieces.append(_foreign(text[end:], language))
    return "".join(pieces)


def _belongs(address: str) -> bool:
    """An address may end in a bracket that it opened itself, and in an escaped sign."""
    if address[-1] == ")":
        return address.count("(") == address.count(")")
    return address[-1] == ";" and bool(_ENTITY.search(address))


def _foreign(text: str, language: str) -> str:
    terms = foreign_words(language)
    if terms is None:
        return text
    return terms.pattern.sub(lambda found: terms.marked(found[0]), text)
