"""What organisers type on the day, on a phone."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.agenda.announcing import LONGEST_TEXT, USUAL_MINUTES
from conference.agenda.day import MOST_MINUTES

EVERYWHERE = ""


class LateForm(forms.Form):
    """From which item on, by how many minutes, in which room (none: everywhere), and a word about it."""

    first = forms.SlugField(widget=forms.HiddenInput, max_length=60)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=MOST_MINUTES)
    room = forms.SlugField(widget=forms.HiddenInput, required=False, max_length=60)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    word = forms.CharField(
        label=_("A word to all phones (optional)"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("It is shown on every phone for half an hour."),
    )


class AnnounceForm(forms.Form):
    """A sentence to all phones, and for how long."""

    text = forms.CharField(label=_("To all phones"), max_length=LONGEST_TEXT)
    minutes = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        initial=USUAL_MINUTES,
        choices=[
            (10, _("10 minutes")),
            (30, _("half an hour")),
            (60, _("an hour")),
            (240, _("four hours")),
            (1440, _("the whole day")),
        ],
    )
