"""What the board tells the live part."""

from django.db.models.signals import post_save

from conference.board.filters import PARAMETERS
from conference.board.reasons import give_defaults
from conference.board.votes import recount
from conference.event.models import CONFERENCE_PATTERN, Conference
from conference.live.registry import CachedRoute, register_fragment, register_job, register_pages
from conference.live.topics import HALL

POST = r"[a-z0-9]{10}"


def register() -> None:
    """Cached pages of the board, the cards that streams carry, and the recount of votes."""
    board, card = frozenset(PARAMETERS), frozenset[str]()
    for route, params in ((r"/board/", board), (rf"/board/{POST}/", card), (rf"/board/{POST}/card/", card)):
        register_pages([CachedRoute(rf"/{CONFERENCE_PATTERN}{route}", params)])
        register_pages([CachedRoute(rf"/{CONFERENCE_PATTERN}/hall{route}", params, audience=HALL)])
    for kind in ("post", "stage"):
        register_fragment(kind, _card_address)
    register_job("recount of votes", 0.5, recount)
    post_save.connect(give_defaults, sender=Conference, dispatch_uid="board-reasons")


def _card_address(conference_slug: str, subject: str, audience: str) -> str:
    return f"/{conference_slug}/{'hall/' if audience == HALL else ''}board/{subject}/card/"
