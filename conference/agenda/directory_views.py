"""Organisers' pages for people, rooms and the materials of a session; and the files that everybody may fetch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.agenda import drafts, following, materials, proposals, queries
from conference.agenda.directory_forms import MaterialForm, PersonDetailsForm, RoomForm
from conference.agenda.material_models import Material
from conference.agenda.staff_views import see_other, version_in
from conference.agenda.writing import NotPossible
from conference.event import directory
from conference.event.access import HALL, ORGANISER_ROLES, PUBLIC, Audience, staff_conference
from conference.event.clocks import conference_now
from conference.event.models import Conference, Person, Room, StoredFile
from conference.event.pictures import NotAPicture
from conference.event.staff import staff_context
from conference.live.reading import open_page


@require_safe
def people(request: HttpRequest, conference: str) -> HttpResponse:
    """Everybody on the list, and the rooms."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    corrections, added = proposals.waiting(row)
    context = {
        "people": row.people.order_by("name"),
        "rooms": row.rooms.order_by("pk"),
        "corrections": corrections,
        "added": added,
    }
    return render(request, "organise/people.html", {**staff_context(row, audience), **context})


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, conference: str, person: str = "") -> HttpResponse:
    """Add or correct somebody; corrections are seen at once, everywhere."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    found = get_object_or_404(Person, conference=row, slug=person) if person else None
    form = PersonDetailsForm(request.POST or None, request.FILES or None, initial=_initial(found))
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        photo = data["photo"].read() if data["photo"] else None
        try:
            directory.save_person(
                conference=row,
                person=found,
                version=data["version"],
                values=data,
                photo=photo,
                drop_photo=data["drop_photo"],
            )
        except NotAPicture:
            form.add_error("photo", _("This file is no photo that can be read. JPEG, PNG and WebP can."))
        except directory.Stale:
            status = _stale(form, found)
        else:
            return see_other("organise-people", conference)
    return person_page(request, row, audience, found, form=form, status=status)


def person_page(
    request: HttpRequest,
    row: Conference,
    audience: Audience,
    found: Person | None,
    *,
    form: PersonDetailsForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The form, with what the speaker proposed and added beside it."""
    context = {
        "form": form or PersonDetailsForm(initial=_initial(found)),
        "person": found,
        "refusal": refusal,
        "proposal": proposals.newest(found) if found else None,
        "added": proposals.materials_of(found).filter(by__isnull=True, taken_off=False) if found else (),
    }
    page = {**staff_context(row, audience), **context}
    return render(request, "organise/person.html", page, status=status)


@require_http_methods(["GET", "POST"])
def room(request: HttpRequest, conference: str, room: str = "") -> HttpResponse:
    """Add or correct a room."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    found = get_object_or_404(Room, conference=row, slug=room) if room else None
    form = RoomForm(request.POST or None, initial=_initial(found))
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            directory.save_room(conference=row, room=found, version=data["version"], values=data)
        except directory.Stale:
            status = _stale(form, found)
        else:
            return see_other("organise-people", conference)
    context = {"form": form, "room": found}
    page = {**staff_context(row, audience), **context}
    return render(request, "organise/room.html", page, status=status)


def _initial(found: Person | Room | None) -> dict[str, Any]:
    if found is None:
        return {"version": 0}
    names = directory.PERSON_FIELDS if isinstance(found, Person) else directory.ROOM_FIELDS
    return {name: getattr(found, name) for name in ("version", *names)}


def _stale(form: Any, found: Person | Room | None) -> int:
    """What was typed stays; sending it again is a decision on what is there now."""
    assert found is not None
    found.refresh_from_db()
    data = form.data.copy()
    data["version"] = str(found.version)
    form.data = data
    now = " · ".join(str(value) for name, value in _initial(found).items() if name != "version" and value)
    text = _("Somebody changed this meanwhile to: %(now)s. Save again to put yours in its place.")
    form.add_error(None, text % {"now": now})
    return 409


@require_http_methods(["GET", "POST"])
def of_item(request: HttpRequest, conference: str, item: str) -> HttpResponse:
    """The materials of a session; POST adds one."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    draft = drafts.draft_of(row, item)
    form = MaterialForm(request.POST or None, request.FILES or None, conference=row)
    if request.method == "POST" and form.is_valid():
        try:
            materials.add(item=draft, by=audience.user, **form.values())
        except NotPossible as refusal:
            form.add_error("upload", str(refusal))
        else:
            return see_other("organise-materials", conference, item)
    found = Material.objects.filter(draft=draft).select_related("file", "speaker", "by").defer("file__data")
    context = {"item": draft, "form": form, "materials": found}
    status = 422 if request.method == "POST" else 200
    return render(
        request, "organise/materials.html", {**staff_context(row, audience), **context}, status=status
    )


@require_POST
def change_material(request: HttpRequest, conference: str, item: str, number: int) -> HttpResponse:
    """Take a material off, put it back, or take over a speaker's."""
    row, audience = staff_conference(request, conference, ORGANISER_ROLES)
    found = get_object_or_404(Material, draft__conference=row, draft__slug=item, pk=number)
    what = request.POST.get("what")
    off = {"off": True, "back": False}.get(what or "")
    try:
        materials.change(
            material=found,
            by=audience.user,
            version=version_in(request),
            taken_off=off,
            take_over=what == "take",
        )
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    return see_other("organise-materials", conference, item)


# Files for everybody ------------------------------------------------------------------------------------------


@never_cache
@require_safe
def material_file(
    request: HttpRequest, conference: str, item: str, number: int, hall: bool = False
) -> HttpResponse:
    """A session's file, as an attachment: only what this audience sees of the session now."""
    reading = open_page(request, conference, [], hall=hall)
    found, moment = queries.item_of(reading.conference, item), conference_now(reading.conference)
    seen = materials.shown(materials.of_item(found), found, HALL if hall else PUBLIC, moment)
    chosen = next((each.file for each in seen if each.pk == number and each.file is not None), None)
    if chosen is None:
        raise Http404
    file = StoredFile.objects.get(pk=chosen.pk)
    response = HttpResponse(bytes(file.data), content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@require_safe
def photo(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """The photo of somebody who is named on the public programme: without a page there is no photo either."""
    reading = open_page(request, conference, [], hall=False)
    row = reading.conference
    items = following.show(queries.items_of(row), conference_now(row))
    found = Person.objects.filter(conference=row, slug=person).select_related("photo").first()
    if found is None or found.photo is None or not following.sessions_of(items, person):
        raise Http404
    response = HttpResponse(bytes(found.photo.data), content_type=found.photo.content_type)
    response["Cache-Control"] = "public, max-age=600"
    return response
