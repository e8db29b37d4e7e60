"""Every address below a conference, from the URL configuration itself: a new page cannot be forgotten."""

import io
import re
import zipfile
from types import SimpleNamespace

from django.urls import URLPattern, URLResolver, get_resolver

# Forms and staff pages need somebody; everything else is for everyone.
STAFF = ("moderate", "organise", "accounts", "stage", "screen", "speaker", "open")


def all_paths(house: SimpleNamespace, post: object) -> list[str]:
    """One path for each route and each item, in English and in Czech."""
    paths = set()
    for item in (house.open, house.closed_door, house.present):
        values = {
            "conference": house.conference.slug,
            "item": item.slug,
            "paper": house.paper.slug,
            "public_id": post.public_id,
            "block": house.blocks[1].public_id,
            "token": "no-token",
            "person": house.person.slug,
            "room": house.room.slug,
            "form": "xlsx",
            "secret": "no-secret",
            "scope": "public",
            "table": "questions",
            "number": "1",
        }
        for route in _routes(get_resolver().url_patterns, ""):
            path = "/" + route
            for name, value in values.items():
                path = re.sub(rf"<\w+:{name}>", value, path)
            paths.add(path.removeprefix("/cs"))
    return sorted(paths | {f"/cs{path}" for path in paths if "healthz" not in path and "readyz" not in path})


def public_paths(house: SimpleNamespace, post: object) -> list[str]:
    """Those that a stranger may ask for."""
    return [path for path in all_paths(house, post) if not any(f"/{name}/" in path for name in STAFF)]


def unpacked(body: bytes) -> bytes:
    """What a reader of `body` can read: a book or a spreadsheet is a ZIP archive, in which words would hide."""
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def _routes(patterns: list, prefix: str) -> list[str]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += _routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            found.append(prefix + str(pattern.pattern))
    return found
