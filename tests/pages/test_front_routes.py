"""What the front may answer from memory: pages of conferences, and nothing that depends on who asks."""

import pytest
from django.conf import settings

from conference.event.models import RESERVED_SLUGS
from conference.live.places import Places
from conference.live.registry import registered
from tests.pages.addresses import all_paths

PERSONAL = (
    "/accounts/",
    "/ask/",
    "/me/",
    "/vote/",
    "/unvote/",
    "/withdraw/",
    "/edit/",
    "/reply/",
    "/flag/",
    "/moderate/",
    "/organise/",
    "/stage/",
    "/screen/",
    "/speaker/",
    "/open/",
    "/pass/",
)


def find(path: str) -> object:
    """What the front makes of a path."""
    found = Places(registered.pages, ["cs"], settings.LANGUAGE_CODE).find(path, b"")
    return found and found[1]


@pytest.mark.parametrize("slug", RESERVED_SLUGS)
def test_no_page_of_ours_is_taken_for_a_conference(slug: str) -> None:
    for path in (f"/{slug}/", f"/cs/{slug}/", f"/{slug}/agenda/", f"/{slug}/board/"):
        found = find(path)
        # Under /cs/ the rest is looked at again: /cs/agenda/ would be a conference called “agenda”.
        assert found is None or slug in ("cs",), path


def test_personal_pages_always_reach_django(house, ask) -> None:
    paths = all_paths(house, ask("Listed", "published"))
    personal = [path for path in paths if any(part in path for part in PERSONAL)]
    assert len(personal) > 20
    for path in personal:
        found = find(path)
        assert found is None or found.stream, path


def test_files_are_kept_and_a_choice_in_the_address_is_not() -> None:
    for name in (
        "schedule.json",
        "schedule.xml",
        "agenda.csv",
        "agenda.xlsx",
        "changes.atom",
        "agenda/keynote.ics",
    ):
        assert find(f"/prague/{name}").audience == "public"
    # As many as there are people: Django makes it, with an ETag of its own.
    assert find("/prague/agenda.ics") is None


def test_pages_of_an_audience_do_not(house, ask) -> None:
    post = ask("Listed", "published")
    for path in ("", "agenda/", "agenda/keynote/", "agenda/now/", "board/", f"board/{post.public_id}/card/"):
        assert find(f"/prague/{path}").audience == "public"
        assert find(f"/cs/prague/{path}").language == "cs"
    for path in ("agenda/", "agenda/keynote/", "board/", f"board/{post.public_id}/", "papers/a-paper/"):
        assert find(f"/prague/hall/{path}").audience == "hall"
