"""The one inline <style> of every page, and the hash by which the Content-Security-Policy allows it."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString

# Found from here and not by Django's settings: the settings need the hash.
STYLES = Path(__file__).resolve().parents[2] / "static" / "css"
FILES = ("variables.css", "critical.css")


@cache
def critical_css() -> SafeString:
    """Variables and critical styles in one line, without comments. The files are ours, so nothing is escaped."""
    css = "\n".join((STYLES / name).read_text() for name in FILES)
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", css).replace(": ", ":").replace(";}", "}")
    return SafeString(css.strip())


@cache
def critical_hash() -> str:
    """The CSP source for the style: 'sha256-…' (CSP Level 3, section 2.3.1)."""
    digest = hashlib.sha256(critical_css().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
