"""What the question desk types and presses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from conference.agenda.models import WITH_BOARD, AgendaItem
from conference.board import keys, states
from conference.board.labels import ACTIONS
from conference.board.models import Post
from conference.board.reasons import ready_reasons
from conference.board.services import LONGEST_TEXT
from conference.board.staff_models import CannedReason
from conference.event.models import Conference, Person, PrivateLink

LONGEST_LINE = 300
LONGEST_NOTE = 2000
MOST_PICKED = 100


class DecideForm(forms.Form):
    """A decision of the desk: where to, on which version, why."""

    to = forms.CharField(max_length=20)
    version = forms.IntegerField(min_value=0)
    reason = forms.CharField(max_length=500, required=False)
    canned = forms.ModelChoiceField(CannedReason.objects.none(), required=False)
    shorten = forms.BooleanField(required=False)

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = CannedReason.objects.filter(conference=conference, retired=False)
        self.fields["canned"].queryset = reasons  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """A step up or down on the shortlist, or a place on it."""

    direction = forms.ChoiceField(choices=[("up", "up"), ("down", "down")], required=False)
    rank = forms.IntegerField(min_value=0, required=False)
    version = forms.IntegerField(min_value=0)


class VersionForm(forms.Form):
    """A button on something that was seen at a version."""

    version = forms.IntegerField(min_value=0)


class EditForm(forms.Form):
    """The desk's wording of a post, and a line for the stage."""

    text = forms.CharField(
        label=_("What readers see"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
        error_messages={"required": _("A post needs words. To take it off the list, decline or remove it.")},
    )
    stage_line = forms.CharField(
        label=_("One line for the stage, in English (optional)"), max_length=LONGEST_LINE, required=False
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class NoteForm(forms.Form):
    """What the desk keeps for itself."""

    labels = forms.CharField(label=_("Labels, with commas between them"), max_length=200, required=False)
    note = forms.CharField(
        label=_("Note for the desk"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class KeyedForm(forms.Form):
    """Something that the desk writes; `key` makes sending it again safe."""

    key = forms.CharField(widget=forms.HiddenInput)

    def clean_key(self) -> str:
        """32 hexadecimal digits."""
        key: str = self.cleaned_data["key"]
        if keys.parsed(key) is None:
            raise forms.ValidationError(_t("This form is damaged. Open it again."))
        return key


class ReplyForm(KeyedForm):
    """The organisers' reply."""

    text = forms.CharField(
        label=_("Reply by the organisers"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
    )


class FloorForm(KeyedForm):
    """A question that somebody asked aloud."""

    text = forms.CharField(
        label=_("The question, in a sentence or two"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
    )
    name = forms.CharField(label=_("Who asks (optional)"), max_length=80, required=False)
    item = forms.ModelChoiceField(
        AgendaItem.objects.none(),
        label=_("Session"),
        required=False,
        to_field_name="slug",
        empty_label=_("The conference as a whole"),
    )
    addressee = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("For whom (optional)"),
        required=False,
        to_field_name="slug",
        empty_label=_("Anybody who can answer"),
    )
    to = forms.ChoiceField(choices=[(states.PUBLISHED, ""), (states.SHORTLISTED, "")])

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = AgendaItem.objects.filter(conference=conference, kind__in=WITH_BOARD, cancelled=False)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        people = Person.objects.filter(conference=conference).order_by("name")
        self.fields["addressee"].queryset = people  # type: ignore[attr-defined]


class PicksForm(forms.Form):
    """Several posts, each with the version that was seen, and what is to be done with all of them."""

    action = forms.ChoiceField(
        choices=[(to, to) for to in (states.PUBLISHED, states.DECLINED, states.SHORTLISTED, "round", "clear")]
    )
    to = forms.CharField(max_length=20, required=False)
    reason = forms.CharField(max_length=500, required=False)
    canned = forms.ModelChoiceField(CannedReason.objects.none(), required=False)

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference
        reasons = CannedReason.objects.filter(conference=conference, retired=False)
        self.fields["canned"].queryset = reasons  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Adds `picks`: the public ids with their versions, in the order of the page."""
        data = super().clean() or {}
        picks = []
        for each in self.data.getlist("pick")[:MOST_PICKED]:  # type: ignore[attr-defined]
            public_id, _colon, version = each.partition(":")
            if not version.isdecimal() or len(version) > 9:
                raise forms.ValidationError(_t("This form is damaged. Open it again."))
            picks.append((public_id, int(version)))
        if not picks:
            raise forms.ValidationError(_t("Tick the questions first."))
        data["picks"] = picks
        return data

    def posts(self, visible: Any) -> list[tuple[Post, int]]:
        """The picked posts of `visible` with their versions; what is not there is left out."""
        found = {post.public_id: post for post in visible.filter(public_id__in=[p for p, _ in self.picks])}
        return [(found[public_id], version) for public_id, version in self.picks if public_id in found]

    @property
    def picks(self) -> list[tuple[str, int]]:
        """What was picked."""
        picks: list[tuple[str, int]] = self.cleaned_data["picks"]
        return picks


class LogForm(forms.Form):
    """What to look for in the log. Times are the conference's own zone's."""

    word = forms.CharField(label=_("Word"), max_length=100, required=False)
    who = forms.ChoiceField(label=_("Who"), required=False)
    item = forms.ModelChoiceField(
        AgendaItem.objects.none(),
        label=_("Session"),
        required=False,
        to_field_name="slug",
        empty_label=_("All sessions"),
    )
    action = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateTimeField(
        label=_("From"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    until = forms.DateTimeField(
        label=_("Until"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = AgendaItem.objects.filter(conference=conference, kind__in=WITH_BOARD).order_by("start")
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        names = conference.memberships.order_by("user__username").values_list("user__username", flat=True)
        people = [(name, name) for name in dict.fromkeys(names)]
        kinds = [(kind, label) for kind, label in PrivateLink.Kind.choices]
        everyone = [("", _("Everybody")), *people, *kinds, ("author", _("its author"))]
        self.fields["who"].choices = everyone  # type: ignore[attr-defined]
        actions = [("", _("Everything")), ("decide", _("A step")), *ACTIONS.items()]
        self.fields["action"].choices = actions  # type: ignore[attr-defined]

        self.zone = conference.zone

    def clean(self) -> dict[str, Any]:
        """Times as the clock in the hall shows them."""
        data = super().clean() or {}
        for name in ("since", "until"):
            if data.get(name):
                data[name] = data[name].replace(tzinfo=self.zone)
        return data


def canned_choices(conference: Conference) -> list[CannedReason]:
    """The reasons that the desk's forms offer."""
    return ready_reasons(conference)
