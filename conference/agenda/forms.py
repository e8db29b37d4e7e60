"""The organiser's forms. Times are typed and shown in the conference's own zone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.agenda.content import Content
from conference.agenda.models import Appearance, Attribution, BoardMode, Kind
from conference.event.models import Conference, Person

# Empty rows for more people below those who are there.
SPARE_ROWS = 3
MOST_PEOPLE = 60
COMING, TO_BE_CONFIRMED, CANCELLED = "coming", "unconfirmed", "cancelled"


def moment(conference: Conference, day: Any, clock: Any) -> datetime:
    """Day and time of day in the conference's zone, aware."""
    return timezone.make_aware(datetime.combine(day, clock), conference.zone)


class PersonForm(forms.Form):
    """One person of an item. An empty `person` is an empty row; a ticked `drop` takes the person off."""

    person = forms.ChoiceField(label=_("Person"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Appearance.Role.choices, required=False)
    state = forms.ChoiceField(
        label=_("Coming"),
        choices=[(COMING, _("Coming")), (TO_BE_CONFIRMED, _("To be confirmed")), (CANCELLED, _("Cancelled"))],
        required=False,
    )
    replaced_by = forms.ChoiceField(label=_("Replaced by"), required=False)
    remote = forms.BooleanField(label=_("Joins remotely"), required=False)
    billed_as = forms.CharField(label=_("Announced as"), max_length=200, required=False)
    drop = forms.BooleanField(label=_("Take off"), required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, empty in (("person", "—"), ("replaced_by", _("nobody"))):
            self.fields[name].choices = [("", empty), *people]  # type: ignore[attr-defined]

    def as_content(self) -> dict[str, Any] | None:
        """The person as `agenda.content` has it; None for an empty row."""
        data = self.cleaned_data
        if not data["person"] or data["drop"]:
            return None
        cancelled = data["state"] == CANCELLED
        return {
            "person": data["person"],
            "role": data["role"] or str(Appearance.Role.SPEAKER),
            "billed_as": data["billed_as"].strip(),
            "coming": data["state"] != TO_BE_CONFIRMED,
            "remote": data["remote"],
            "cancelled": cancelled,
            "replaced_by": data["replaced_by"] if cancelled else "",
        }


class ItemForm(forms.Form):
    """Add or edit an item. `version` is the one that the form was made on (0 for a new item)."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    starts = forms.TimeField(
        label=_("Starts"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(label=_("Ends"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    fixed = forms.BooleanField(
        label=_("Keeps its time when the day is late"),
        required=False,
        help_text=_("Lunch, a bus, a guest who has to leave."),
    )
    room = forms.ChoiceField(label=_("Room"), required=False)
    abstract = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Markdown: an empty line for a new paragraph, *emphasis*, - for a list, [text](address)."
        ),
    )
    papers = forms.MultipleChoiceField(label=_("Papers"), required=False, widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=_("Language"), choices=[("en", _("English")), ("cs", _("Czech"))])
    interpretation = forms.CharField(
        label=_("Interpretation"),
        required=False,
        max_length=120,
        help_text=_("Into which language, on which channel."),
    )
    attribution = forms.ChoiceField(label=_("What may be quoted"), choices=Attribution.choices)
    board_mode = forms.ChoiceField(
        label=_("Questions"), choices=BoardMode.choices, help_text=_("Acts at once, without a release.")
    )
    opens = forms.DateTimeField(
        label=_("Questions open at"),
        required=False,
        help_text=_("Left empty, questions can be sent as soon as the programme is public."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    hide_votes = forms.BooleanField(
        label=_("Keep the numbers of votes for the question desk"), required=False
    )
    stream_url = forms.URLField(
        label=_("Address of the stream"), required=False, assume_scheme="https", max_length=200
    )

    def __init__(
        self, data: Any = None, *, conference: Conference, content: Content | None = None, version: int = 0
    ):
        """`content` is what the form starts from: None for an empty one."""
        self.conference = conference
        people = list(
            Person.objects.filter(conference=conference).order_by("name").values_list("slug", "name")
        )
        self.known = dict(people)
        super().__init__(data, initial=self._initial(content, version))
        rooms = conference.rooms.order_by("pk").values_list("slug", "name")
        self.fields["room"].choices = [("", "—"), *rooms]  # type: ignore[attr-defined]
        links = conference.conference_papers.select_related("paper")
        papers = [(link.paper.slug, link.paper.title) for link in links]
        self.fields["papers"].choices = papers  # type: ignore[attr-defined]
        self.rows = self._rows(data, content, people)

    def _initial(self, content: Content | None, version: int) -> dict[str, Any]:
        zone = self.conference.zone
        initial: dict[str, Any] = {"version": version, "day": self.conference.starts_on}
        if content is None:
            return initial
        start = datetime.fromisoformat(content["start"]).astimezone(zone)
        end = datetime.fromisoformat(content["end"]).astimezone(zone)
        opens = content["board_opens_at"]
        return {
            **content,
            **initial,
            "day": start.date(),
            "starts": start.time(),
            "ends": end.time(),
            # A naive time of the conference's zone: aware ones would be shown in the server's.
            "opens": timezone.make_naive(datetime.fromisoformat(opens), zone) if opens else None,
        }

    def _rows(self, data: Any, content: Content | None, people: list[tuple[str, str]]) -> list[PersonForm]:
        if data is not None:
            # As many rows as were sent: no count of its own that could contradict them.
            indexes = {int(part) for part in _indexes(data)}
            numbers = sorted(index for index in indexes if index < MOST_PEOPLE)
            return [PersonForm(data, prefix=f"people-{number}", people=people) for number in numbers]
        there = [] if content is None else content["people"]
        rows = [*(_row_of(each) for each in there), *([{}] * SPARE_ROWS)]
        return [
            PersonForm(prefix=f"people-{number}", people=people, initial=row)
            for number, row in enumerate(rows[:MOST_PEOPLE])
        ]

    def is_valid(self) -> bool:
        """The form and each of its rows."""
        rows = [row.is_valid() for row in self.rows]
        return super().is_valid() and all(rows)

    def clean(self) -> dict[str, Any]:
        """Join day and times; an end before a start in the evening is the next day's."""
        cleaned = super().clean() or self.cleaned_data
        if opens := cleaned.get("opens"):
            # Typed in the conference's own zone, whatever the server's is.
            cleaned["opens"] = timezone.make_aware(timezone.make_naive(opens), self.conference.zone)
        day, starts, ends = cleaned.get("day"), cleaned.get("starts"), cleaned.get("ends")
        if day is None or starts is None or ends is None:
            return cleaned
        start, end = moment(self.conference, day, starts), moment(self.conference, day, ends)
        if end <= start and starts.hour >= 18:
            end = moment(self.conference, day + timedelta(days=1), ends)
        cleaned["start"], cleaned["end"] = start, end
        return cleaned

    def values(self) -> dict[str, Any]:
        """What `agenda.services` takes."""
        left_out = ("version", "day", "starts", "ends", "opens")
        kept = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        return {**kept, "board_opens_at": self.cleaned_data["opens"]}

    def people(self) -> list[dict[str, Any]]:
        """Who appears, each person once, in the order of the rows."""
        found: dict[str, dict[str, Any]] = {}
        for row in self.rows:
            each = row.as_content()
            if each is not None:
                found.setdefault(each["person"], each)
        return list(found.values())


def _indexes(data: Mapping[str, Any]) -> Iterable[str]:
    for name in data:
        head, _dash, rest = name.partition("-")
        number = rest.partition("-")[0]
        if head == "people" and number.isascii() and number.isdecimal() and len(number) < 4:
            yield number


def _row_of(each: Mapping[str, Any]) -> dict[str, Any]:
    state = CANCELLED if each["cancelled"] else COMING if each["coming"] else TO_BE_CONFIRMED
    return {**each, "state": state}


class AcknowledgeForm(forms.Form):
    """Which warning may stand, and why."""

    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    word = forms.CharField(max_length=200)


class PublishForm(forms.Form):
    """What the organiser says about a release, and which draft was seen."""

    note = forms.CharField(
        label=_("A word about it (optional)"),
        max_length=300,
        required=False,
        help_text=_("It stands in the history and in the feed of changes."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
