"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from conference.pages.critical import critical_css

NAMES = {"en": "English", "cs": "Čeština"}


def house(request: HttpRequest) -> dict[str, Any]:
    """The language, the same page in the other language, and the critical styles."""
    language = get_language() or settings.LANGUAGE_CODE
    other = "cs" if language == "en" else "en"
    path = request.path
    url = f"/cs{path}" if other == "cs" else path.removeprefix("/cs") or "/"
    return {
        "LANGUAGE_CODE": language,
        "other_language": {
            "code": other,
            "name": NAMES[other],
            "url": url,
            "address": settings.BASE_URL + url,
        },
        "critical_css": critical_css(),
    }
