"""What the organisers decide about asking, under /<conf>/organise/questions/."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conference.agenda.queries import items_of
from conference.event.access import ORGANISER_ROLES, staff_conference
from conference.event.services import require_hall_code
from conference.event.staff import staff_context


@never_cache
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, conference: str) -> HttpResponse:
    """Whether the hall code is needed to ask and vote; and how each session takes questions."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    if request.method == "POST":
        require_hall_code(conference=row, required=request.POST.get("hall_code_to_ask") == "on")
        messages.success(request, _("Saved."))
        response = redirect("question-rules", conference)
        response.status_code = 303
        return response
    sessions = [item for item in items_of(row, cancelled=False) if item.has_board]
    return render(request, "organise/questions.html", {**staff_context(row, audience), "sessions": sessions})
