"""Importing and exporting the draft, for organisers: upload, columns, a preview of every difference, then the deed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from conference.agenda import applying, drafts, feeds
from conference.agenda.import_forms import COLUMN_NAMES, PreviewForm, UploadForm, columns_chosen, packed
from conference.agenda.importing import FIELDS, Programme, Unreadable, read
from conference.agenda.labels import FIELDS as LABELS
from conference.agenda.models import Attribution, Kind
from conference.event.access import ORGANISER_ROLES, staff_conference
from conference.event.models import Conference
from conference.event.staff import staff_context


@require_http_methods(["GET", "POST"])
def import_programme(request: HttpRequest, conference: str) -> HttpResponse:
    """Choose a file; then look at what it would change."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    context = staff_context(row, audience)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data, name = form.cleaned_data["file"], form.name
        try:
            return render(request, "organise/import_preview.html", context | preview(row, data, name, None))
        except Unreadable as refusal:
            form.add_error("file", _(refusal.text))
    return render(
        request, "organise/import.html", context | {"form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["POST"])
def import_preview(request: HttpRequest, conference: str) -> HttpResponse:
    """Look again with other columns, or (`do=import`) write the chosen rows into the draft."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    context = staff_context(row, audience)
    form = PreviewForm(request.POST)
    if not form.is_valid():
        upload = UploadForm()
        return render(
            request, "organise/import.html", context | {"form": upload, "refused": form.errors}, status=422
        )
    data, name, columns = form.cleaned_data["packed"], form.cleaned_data["name"], columns_chosen(request.POST)
    try:
        shown = preview(row, data, name, columns)
    except Unreadable as refusal:
        upload = UploadForm()
        return render(
            request,
            "organise/import.html",
            context | {"form": upload, "refusal": _(refusal.text)},
            status=422,
        )
    if request.POST.get("do") != "import":
        return render(request, "organise/import_preview.html", context | shown)
    plan: applying.Plan = shown["plan"]
    only = {int(each) for each in request.POST.getlist("row") if each.isdecimal()}
    plan_seen = form.cleaned_data["seen"] or 0
    if plan_seen != plan.seen:
        return render(request, "organise/import_preview.html", context | shown | {"stale": True}, status=409)
    try:
        done = applying.apply_plan(conference=row, by=audience.user, plan=plan, told=shown["told"], only=only)
    except applying.Changed:
        shown = preview(row, data, name, columns)
        return render(request, "organise/import_preview.html", context | shown | {"stale": True}, status=409)
    told = _(
        "Imported into the draft: %(added)s added, %(changed)s changed. The public sees it when you publish."
    )
    messages.success(request, told % {"added": done.added, "changed": done.changed})
    return redirect("organise", conference)


def preview(row: Conference, data: bytes, name: str, columns: list[str] | None) -> dict[str, Any]:
    """What the preview shows. Raises Unreadable."""
    programme = read(
        data,
        zone=row.zone,
        first_day=row.starts_on,
        last_day=row.ends_on,
        language=row.language,
        columns=columns,
    )
    plan = applying.plan(row, programme)
    return {
        "plan": plan,
        "told": programme.told,
        "packed": packed(data),
        "file_name": name[:200],
        "news": plan.news,
        "changes": [(change, _lines(change)) for change in plan.changes],
        "same": len(plan.rows) - len(plan.news) - len(plan.changes),
        "problems": _problems(programme),
        "columns": _columns(programme),
    }


def _columns(programme: Programme) -> list[dict[str, Any]]:
    choices = [("", COLUMN_NAMES[""]), *((name, COLUMN_NAMES[name]) for name in FIELDS)]
    return [
        {"heading": heading or "—", "field": field, "choices": choices}
        for heading, field in zip(programme.headings, programme.columns, strict=True)
    ]


def _problems(programme: Programme) -> list[dict[str, Any]]:
    return [
        {"row": each.row, "column": each.column, "text": _(each.template) % each.values, "lost": each.lost}
        for each in programme.problems
    ]


def _lines(change: applying.Row) -> list[dict[str, str]]:
    """The fields of one change, as people read them."""
    return [
        {
            "label": str(LABELS[name]),
            "before": _value(name, change.before),
            "after": _value(name, change.item),
        }
        for name in change.fields
    ]


def _value(name: str, item: Any) -> str:
    value = getattr(item, name)
    if name in ("start", "end"):
        return f"{value:%Y-%m-%d %H:%M}"
    if name == "people":
        return "; ".join(f"{each.name} ({each.affiliation or '–'}, {each.role})" for each in value) or "—"
    if name == "kind":
        return str(Kind(value).label)
    if name == "attribution":
        return str(Attribution(value).label)
    if name == "cancelled":
        return _("yes") if value else _("no")
    return str(value) or "—"


@require_GET
def export(request: HttpRequest, conference: str, form: str) -> HttpResponse:
    """The whole draft as a spreadsheet for the organisers' own desk: everybody named, every session in it."""
    row, _audience = staff_conference(request, conference, ORGANISER_ROLES)
    if form not in ("csv", "xlsx"):
        raise Http404
    names = applying.Names(row)
    body, kind = feeds.sheet([applying.drafted(draft, names) for draft in drafts.drafts_of(row)], form)
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{row.slug}-draft.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response
