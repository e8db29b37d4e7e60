"""What the timetable sends: one item moved, a block moved, an item added in one line, a programme taken over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.agenda.forms import moment
from conference.agenda.models import Kind
from conference.event.models import Conference

KEEP = "*"


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def _room(conference: Conference, *first: tuple[str, Any]) -> list[tuple[str, Any]]:
    return [*first, *conference.rooms.order_by("pk").values_list("slug", "name")]


class MoveItemForm(forms.Form):
    """New times and room of one item, on the version that was seen."""

    version = forms.IntegerField(min_value=0)
    day = forms.DateField()
    start = _clock(_("Starts"))
    end = _clock(_("Ends"))
    room = forms.ChoiceField(required=False)
    all_after = forms.BooleanField(required=False)
    seen = forms.IntegerField(min_value=0, required=False)

    def __init__(self, data: Any = None, *, conference: Conference) -> None:
        super().__init__(data)
        self.conference = conference
        self.fields["room"].choices = _room(conference, ("", ""))  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What `moving.move_item` takes."""
        data = self.cleaned_data
        start = moment(self.conference, data["day"], data["start"])
        end = moment(self.conference, data["day"], data["end"])
        if end <= start:
            end = moment(self.conference, data["day"] + timedelta(days=1), data["end"])
        kept = {name: data[name] for name in ("version", "room", "all_after", "seen")}
        return {**kept, "start": start, "end": end}


class BlockForm(forms.Form):
    """Several items to another day, by minutes, to another room."""

    items = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    day = forms.DateField(
        label=_("To the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    minutes = forms.IntegerField(
        label=_("Later by minutes"),
        required=False,
        min_value=-1440,
        max_value=1440,
        help_text=_("-15 is earlier."),
    )
    room = forms.ChoiceField(label=_("To the room"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, conference: Conference, slugs: list[str], **kwargs: Any) -> None:
        super().__init__(data, auto_id="block_%s", **kwargs)
        self.fields["items"].choices = [(slug, slug) for slug in slugs]  # type: ignore[attr-defined]
        rooms = _room(conference, (KEEP, _("the same room")), ("", _("no room")))
        self.fields["room"].choices = rooms  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What `moving.move_block` takes."""
        data = self.cleaned_data
        return {
            "slugs": data["items"],
            "day": data["day"],
            "minutes": data["minutes"] or 0,
            "room": None if data["room"] == KEEP else data["room"],
            "seen": data["seen"],
        }


class QuickForm(forms.Form):
    """A new item in one line of the timetable."""

    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    day = forms.DateField(widget=forms.HiddenInput)
    start = _clock(_("Starts"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=1440, initial=45)
    room = forms.ChoiceField(label=_("Room"), required=False)

    def __init__(self, data: Any = None, *, conference: Conference, **kwargs: Any) -> None:
        super().__init__(data, auto_id="quick_%s", **kwargs)
        self.conference = conference
        self.fields["room"].choices = _room(conference, ("", _("no room")))  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What `services.add_item` takes."""
        data = self.cleaned_data
        start = moment(self.conference, data["day"], data["start"])
        kept = {name: data[name] for name in ("title", "kind", "room")}
        return {**kept, "start": start, "end": start + timedelta(minutes=data["minutes"])}


class TakeOverForm(forms.Form):
    """Which conference to start from."""

    source = forms.ChoiceField(label=_("Start from"))
    with_people = forms.BooleanField(label=_("With its people"), required=False)

    def __init__(self, data: Any = None, *, sources: list[Conference]) -> None:
        super().__init__(data)
        self.fields["source"].choices = [(each.slug, each.title) for each in sources]  # type: ignore[attr-defined]
