"""The log of all decisions, searchable, and the exports of the board."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from conference.board import exporting, queries
from conference.board.desk_responses import AtDesk, at_desk, dress_decision
from conference.board.staff_forms import LogForm
from conference.event.access import ORGANISER_ROLES
from conference.event.models import Role

DECISIONS_ON_A_PAGE = 50
EXPORT_ROLES = ORGANISER_ROLES | {Role.DESK}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@at_desk
def logbook(at: AtDesk) -> HttpResponse:
    """Every decision, newest first, found by word, person, session, action and time."""
    form = LogForm(at.request.GET or None, conference=at.conference)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.decisions_where(at.staff, at.conference, **wanted)
    page = Paginator(found, DECISIONS_ON_A_PAGE).get_page(at.request.GET.get("page"))
    for decision in page:
        dress_decision(decision)
    query = at.request.GET.copy()
    query.pop("page", None)
    kept = f"{query.urlencode()}&" if query else ""
    return at.page("moderate/logbook.html", {"form": form, "page": page, "query": kept})


@at_desk
def exports(at: AtDesk) -> HttpResponse:
    """What can be taken along."""
    _may_export(at)
    scopes = [
        {
            "name": "public",
            "title": _("To be passed on"),
            "explained": _("What was published, as it may be quoted."),
        },
        {
            "name": "desk",
            "title": _("Internal: not for publication"),
            "explained": _(
                "Also what waits, was not included or was removed, with reasons, notes and who decided. "
                "Every row of it says that it is internal."
            ),
        },
    ]
    tables = list(exporting.tables_with_names())
    return at.page("moderate/export.html", {"scopes": scopes, "tables": tables})


@at_desk
def export(at: AtDesk, scope: str, ending: str, table: str = "") -> HttpResponse:
    """One file."""
    _may_export(at)
    if scope not in ("public", "desk") or (ending == "csv") != (table in exporting.TABLES):
        raise Http404
    taken = exporting.Export(at.conference, at.staff, internal=scope == "desk")
    if ending == "csv":
        body, kind = exporting.as_csv(taken.table(table)), "text/csv; charset=utf-8"
    elif ending == "json":
        body, kind = exporting.as_json(taken), "application/json"
    else:
        body, kind = exporting.as_xlsx(taken), XLSX
    response = HttpResponse(body, content_type=kind)
    name = taken.file_name(ending, table)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _may_export(at: AtDesk) -> None:
    """A panel chair runs a stage; files are for the desk and the organisers."""
    if not at.staff.roles & EXPORT_ROLES:
        raise Http404
