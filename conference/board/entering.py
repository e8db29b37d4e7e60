"""Who reads, and who must enter the hall code before they write."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from conference.board import keys
from conference.board.forms import KeyedForm
from conference.event import limits
from conference.event.access import HALL, PUBLIC, Audience, give_hall_pass, holds_hall_pass
from conference.event.models import Conference


def read_audience(request: HttpRequest, conference: Conference) -> Audience:
    """The hall's for a browser that entered its code, the public's for all others."""
    return Audience(HALL if holds_hall_pass(request, conference) else PUBLIC)


def code_wanted(request: HttpRequest, conference: Conference) -> Conference | None:
    """The conference whose hall code a form must ask for; None where it need not. Typed codes are counted."""
    if not conference.hall_code_to_ask or holds_hall_pass(request, conference):
        return None
    if request.method == "POST" and request.POST.get("code"):
        limits.take(limits.CODES_OF_ADDRESS, limits.client_address(request))
    return conference


def let_in(
    request: HttpRequest, response: HttpResponse, conference: Conference, form: KeyedForm
) -> HttpResponse:
    """Give the hall's pass to a browser whose form held the right code."""
    if form.code_of is not None and form.is_valid():
        give_hall_pass(request, response, conference)
    return response


def renew_key(request: HttpRequest, form: KeyedForm) -> None:
    """The key is spent; with a new one what was typed can be sent as something of its own."""
    data = request.POST.copy()
    data["key"] = keys.new_key()
    form.data = data
