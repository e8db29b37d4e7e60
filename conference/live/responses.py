"""What a view tells the front about its page."""

from collections.abc import Mapping

from django.http import HttpResponse


def mark(
    response: HttpResponse,
    *,
    revisions: Mapping[str, int],
    until: float | None = None,
    dense: bool = False,
) -> HttpResponse:
    """Allow the front to keep `response`, and return it.

    `revisions` come from `services.read_revisions`, called before anything else was read. `until` is the
    number of seconds after which the page would look different although nothing changed: the next boundary of
    the conference's clock, seen from now; None when there is none. `dense` has the front compress the page as well
    as it can. The front strips these headers from what it sends.
    """
    response["X-Live-Topics"] = ",".join(f"{name}={revision}" for name, revision in revisions.items())
    if until is not None:
        response["X-Live-Until"] = f"{until:.3f}"
    if dense:
        response["X-Live-Dense"] = "1"
    return response
