"""The organiser's form for one item. Times are typed and shown in the conference's own zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from conference.agenda.models import AgendaItem, Appearance
from conference.event.models import Conference, Person, Room


class ItemForm(forms.ModelForm):
    """Add or edit an item. `version` is the one that the form was made on (0 for a new item)."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    starts = forms.TimeField(
        label=_("Starts"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(label=_("Ends"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    speakers = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Speakers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    chair = forms.ModelChoiceField(Person.objects.none(), label=_("Panel chair"), required=False)
    opens = forms.DateTimeField(
        label=_("Questions open at"),
        required=False,
        help_text=_("Left empty, questions can be sent as soon as the programme is public."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    class Meta:
        model = AgendaItem
        fields = ["title", "kind", "abstract", "room", "language", "attribution", "board_mode", "hide_votes"]
        labels = {
            "title": _("Title"),
            "kind": _("Kind"),
            "abstract": _("Description"),
            "room": _("Room"),
            "language": _("Language"),
            "attribution": _("What may be quoted"),
            "board_mode": _("Questions"),
            "hide_votes": _("Keep the numbers of votes for the question desk"),
        }
        widgets = {
            "abstract": forms.Textarea(attrs={"rows": 4}),
            "language": forms.Select(choices=[("en", _("English")), ("cs", _("Czech"))]),
        }

    field_order = [
        "version",
        "title",
        "kind",
        "day",
        "starts",
        "ends",
        "room",
        "speakers",
        "chair",
        "abstract",
    ]

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        self.conference = conference
        item: AgendaItem | None = kwargs.get("instance")
        initial = kwargs.pop("initial", None) or {}
        kwargs["initial"] = {**self._initial(conference, item), **initial}
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = Room.objects.filter(conference=conference)  # type: ignore[attr-defined]
        people = Person.objects.filter(conference=conference).order_by("name")
        self.fields["speakers"].queryset = people  # type: ignore[attr-defined]
        self.fields["chair"].queryset = people  # type: ignore[attr-defined]

    @staticmethod
    def _initial(conference: Conference, item: AgendaItem | None) -> dict[str, Any]:
        if item is None:
            return {"version": 0, "day": conference.starts_on}
        zone = conference.zone
        appearances = list(item.appearances.all())
        chairs = [a.person_id for a in appearances if a.role == Appearance.Role.CHAIR]
        return {
            "version": item.version,
            "day": item.start.astimezone(zone).date(),
            "starts": item.start.astimezone(zone).time(),
            "ends": item.end.astimezone(zone).time(),
            "speakers": [a.person_id for a in appearances if a.role != Appearance.Role.CHAIR],
            "chair": chairs[0] if chairs else None,
            # A naive time of the conference's zone: aware ones would be shown in the server's.
            "opens": timezone.make_naive(item.board_opens_at, zone) if item.board_opens_at else None,
        }

    def clean(self) -> dict[str, Any]:
        """Join day and times to aware moments; an end before the start belongs to the next day only after 18:00."""
        cleaned = super().clean() or self.cleaned_data
        if opens := cleaned.get("opens"):
            # Typed in the conference's own zone, whatever the server's is.
            cleaned["opens"] = timezone.make_aware(timezone.make_naive(opens), self.conference.zone)
        day, starts, ends = cleaned.get("day"), cleaned.get("starts"), cleaned.get("ends")
        if day is None or starts is None or ends is None:
            return cleaned
        start = timezone.make_aware(datetime.combine(day, starts), self.conference.zone)
        end = timezone.make_aware(datetime.combine(day, ends), self.conference.zone)
        if end <= start and starts.hour >= 18:
            end = timezone.make_aware(datetime.combine(day + timedelta(days=1), ends), self.conference.zone)
        if end <= start:
            self.add_error("ends", _t("The end must come after the start."))
        cleaned["start"], cleaned["end"] = start, end
        return cleaned

    def values(self) -> dict[str, Any]:
        """What `agenda.services` takes."""
        names = ("title", "kind", "abstract", "start", "end", "room", "language", "attribution", "board_mode")
        values = {name: self.cleaned_data[name] for name in names}
        return {
            **values,
            "board_opens_at": self.cleaned_data["opens"],
            "hide_votes": self.cleaned_data["hide_votes"],
        }

    def people(self) -> list[tuple[Person, str]]:
        """Who appears in which role; an author keeps that role, and a chair is not a speaker too."""
        chair = self.cleaned_data["chair"]
        authors: set[int] = set()
        if self.instance.pk:
            held = Appearance.objects.filter(item=self.instance, role=Appearance.Role.AUTHOR)
            authors = set(held.values_list("person_id", flat=True))
        people: list[tuple[Person, str]] = [
            (person, Appearance.Role.AUTHOR if person.pk in authors else Appearance.Role.SPEAKER)
            for person in self.cleaned_data["speakers"]
            if person != chair
        ]
        return [*people, (chair, Appearance.Role.CHAIR)] if chair else people
