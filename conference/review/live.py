"""What reviewing tells the live part: pages that may be kept, large uploads, and the job that ends embargoes."""

from typing import Any

from conference.event.models import CONFERENCE_PATTERN
from conference.live.registry import CachedRoute, register_job, register_pages, register_upload
from conference.review.forms import LARGEST_UPLOAD
from conference.review.services import attach_published
from papers.drafts import publish_due
from papers.models import Edition
from papers.signals import edition_stored

# Beside the file itself: the form's other fields and the boundaries between them.
MARGIN = 100_000


def register() -> None:
    """Older editions, the upload of a paper's file, drafts whose time has come."""
    register_pages([CachedRoute(rf"/{CONFERENCE_PATTERN}/papers/[a-z0-9-]+/editions/[0-9]{{1,9}}/")])
    register_upload(rf"/{CONFERENCE_PATTERN}/organise/papers/upload/", LARGEST_UPLOAD + MARGIN)
    register_job("publication of papers", 2, publish_due)
    edition_stored.connect(_edition_stored, dispatch_uid="review-edition-stored")


def _edition_stored(sender: object, edition: Edition, **kwargs: Any) -> None:
    attach_published(edition)
