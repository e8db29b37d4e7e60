"""Private links: what an organiser makes and closes, and what their holders open."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.event import links as private_links
from conference.event.access import ORGANISER_ROLES, Staff, staff_conference
from conference.event.links import LinkClosed
from conference.event.models import Conference, Person, PrivateLink, Room
from conference.event.services import set_stage_options
from conference.event.staff import staff_context
from conference.pages.qr import qr_code

KIND = PrivateLink.Kind


class LinkForm(forms.Form):
    """For whom a link is: `what` names the kind and the room or person, as in `chair:main-hall`."""

    what = forms.ChoiceField(label=_("For whom"))

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = [
            (room.slug, room.name) for room in Room.objects.filter(conference=conference).order_by("name")
        ]
        people = Person.objects.filter(conference=conference).order_by("name").values_list("slug", "name")
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (f"{kind}:{slug}", f"{kind.label} · {name}")
            for kind in KIND
            for slug, name in (people if kind == KIND.SPEAKER else rooms)
        ]


class StageOptionsForm(forms.ModelForm):
    """What an organiser switches for the stage and for what comes after it."""

    class Meta:
        model = Conference
        fields = ["screen_shows_wanted", "answers_need_approval", "show_tally"]


@never_cache
@require_safe
def open_link(request: HttpRequest, conference: str, secret: str) -> HttpResponse:
    """Where a private link leads: the browser keeps a cookie for it, and the secret leaves the address at once."""
    link = private_links.link_of_secret(conference, secret)
    if link is None:
        raise LinkClosed
    response = redirect(_place_of(link))
    response.status_code = 303
    response["Referrer-Policy"] = "no-referrer"
    private_links.give_link_cookie(request, response, link)
    return response


def _place_of(link: PrivateLink) -> str:
    if link.room is not None:
        name = "stage" if link.kind == KIND.CHAIR else "screen"
        return reverse(name, args=[link.conference.slug, link.room.slug])
    assert link.person is not None  # a constraint says so
    return reverse("speaker", args=[link.conference.slug, link.person.slug])


@never_cache
@require_http_methods(["GET", "POST"])
def links(request: HttpRequest, conference: str) -> HttpResponse:
    """The private links of a conference, one to be made, and the switches of the stage."""
    row, staff = staff_conference(request, conference, ORGANISER_ROLES)
    if request.method == "POST" and request.POST.get("options"):
        options = StageOptionsForm(request.POST, instance=row)
        if options.is_valid():
            set_stage_options(conference=row, **options.cleaned_data)
            messages.success(request, _t("Saved."))
        response = redirect("links", conference)
        response.status_code = 303
        return response
    if request.method == "GET":
        return _links_page(request, row, staff, LinkForm(conference=row))
    form = LinkForm(request.POST, conference=row)
    if not form.is_valid():
        return _links_page(request, row, staff, form, status=422)
    kind, _colon, slug = form.cleaned_data["what"].partition(":")
    room = Room.objects.get(conference=row, slug=slug) if kind != KIND.SPEAKER else None
    person = Person.objects.get(conference=row, slug=slug) if kind == KIND.SPEAKER else None
    link, secret = private_links.make_link(conference=row, kind=kind, by=staff.user, room=room, person=person)
    # Shown on the answer itself and nowhere else: nobody can read the secret again, us included.
    address = settings.BASE_URL + reverse("open-link", args=[row.slug, secret])
    made = {"made_link": link, "address": address, "qr": qr_code(address)}
    return _links_page(request, row, staff, LinkForm(conference=row), made)


@never_cache
@require_POST
def revoke(request: HttpRequest, conference: str, link: int) -> HttpResponse:
    """Close a link; its open pages and streams are cut within a second."""
    row, _staff = staff_conference(request, conference, ORGANISER_ROLES)
    found = PrivateLink.objects.filter(conference=row, pk=link).first()
    if found is None:
        raise Http404
    private_links.revoke_link(link=found)
    messages.success(request, _t("This link is closed. Whoever has it sees nothing any more."))
    response = redirect("links", conference)
    response.status_code = 303
    return response


def _links_page(
    request: HttpRequest,
    row: Conference,
    staff: Staff,
    form: LinkForm,
    made: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **staff_context(row, staff),
        "form": form,
        "options": StageOptionsForm(instance=row),
        "links": private_links.all_links(row),
        **(made or {}),
    }
    return render(request, "stage/links.html", context, status=status)
