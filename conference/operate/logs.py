"""What is written to the log: everything but the secrets of private addresses.

Django puts the path of a request that failed into its record, and whoever may read the log should not be able to open
somebody's link with it.
"""

from __future__ import annotations

import logging
import re

BLANK = "[secret]"
_SLASH = r"(?:/|%2f)"
# In a path the part behind these words, in a query the value of `token`; also inside the encoded value of `next`.
_IN_PATH = rf"{_SLASH}(?:open|preview|accounts{_SLASH}link){_SLASH}"
_IN_QUERY = r"token(?:=|%3d)"
_SECRET = re.compile(rf"({_IN_PATH}|{_IN_QUERY})[^\s/?&#'\"<>]+", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """The text with the secret part of every private address in it blanked: links of rooms and speakers, previews,
    signing in, and carrying a device's questions along."""
    return _SECRET.sub(rf"\1{BLANK}", text)


class Formatter(logging.Formatter):
    """Blanks secrets last of all, so that they are neither in the message nor in its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished text of a record."""
        return without_secrets(super().format(record))
