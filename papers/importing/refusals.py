"""Why a file cannot be read as a paper: every reason is a constant here, in English, ready to be translated."""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """Marks a message for the catalogue of translations; the importer itself knows no translations."""
    return message


class UnreadablePaper(ValueError):
    """The file cannot be read as a paper.

    `message` is one of this module's constants (to be looked up in a catalogue) and `values` what its placeholders
    stand for: a page shows `gettext(error.message) % error.values`. `str(error)` is the English sentence.
    """

    def __init__(self, message: str, **values: int | str) -> None:
        super().__init__(message % values)
        self.message = message
        self.values = values


TOO_LARGE = gettext_noop("The file is larger than %(limit)s MB: no paper’s text is.")
EMPTY = gettext_noop("The file is empty.")
NO_WORDS = gettext_noop("The file holds no words.")
NOT_A_TEXT = gettext_noop(
    "The file is not a text: it looks like a picture, an archive or another binary file."
)
CONTROL_CHARACTERS = gettext_noop("The file is not a text: it holds control characters.")
NOT_UTF8 = gettext_noop(
    "The file is not UTF-8: byte %(byte)s cannot be read. Save it again as UTF-8 and send that."
)
NOT_UTF16 = gettext_noop("The file begins as UTF-16 but cannot be read as such. Save it again as UTF-8.")
TOO_MANY_PAGES = gettext_noop("The file has more than %(limit)s pages: no paper does.")
TOO_NESTED = gettext_noop("The file is nested too deeply to be a paper.")

OLD_WORD = gettext_noop("This is an old Word document (.doc). Save it as .docx and send that.")
NOT_WORD = gettext_noop(
    "The file is an archive but no Word document. Of office documents only .docx can be read: save it as that."
)
BROKEN_WORD = gettext_noop("The Word document is damaged and cannot be opened.")
ENCRYPTED_WORD = gettext_noop("The Word document is protected by a password. Save it without one.")
BOMB = gettext_noop("The Word document unpacks to more than %(limit)s MB: it is not read.")
ENTITIES = gettext_noop("The Word document declares its own XML entities: it is not read.")

ENCRYPTED_PDF = gettext_noop("The PDF is protected by a password. Save it without one.")
BROKEN_PDF = gettext_noop("The PDF is damaged and cannot be opened.")
IMAGE_PDF = gettext_noop(
    "The PDF holds pictures of pages and no text. Run text recognition (OCR) on it and send what that gives."
)
