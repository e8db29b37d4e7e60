"""The address of a paper, made of its title. Pure Python: no Django."""

import re
import unicodedata

LONGEST = 60
PATTERN = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")


def slug_of(title: str, *, is_summary: bool = False) -> str:
    """Small letters, digits and hyphens, at most LONGEST; empty for a title without a letter or digit of ASCII."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    ending = "-summary" if is_summary else ""
    slug = "-".join(re.findall(r"[a-z0-9]+", letters))[: LONGEST - len(ending)].strip("-")
    return slug + ending if slug else ""
