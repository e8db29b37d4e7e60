"""Forms for people, rooms and materials."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.agenda.material_models import Material
from conference.agenda.materials import MOST_BYTES
from conference.agenda.models import AgendaItem
from conference.event.models import Conference

MOST_PHOTO_BYTES = 15 << 20


class PersonDetailsForm(forms.Form):
    """Somebody on the programme."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    name = forms.CharField(label=_("Name"), max_length=120)
    affiliation = forms.CharField(label=_("Affiliation"), max_length=200, required=False)
    biography = forms.CharField(
        label=_("Short biography"), max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("It is made small, and what the camera wrote into it is taken out."),
    )
    drop_photo = forms.BooleanField(label=_("Take the photo off"), required=False)

    def clean_photo(self) -> Any:
        """Not larger than a camera makes them."""
        photo = self.cleaned_data["photo"]
        if photo is not None and photo.size > MOST_PHOTO_BYTES:
            raise forms.ValidationError(_("The photo is larger than 15 MB."))
        return photo


class RoomForm(forms.Form):
    """A room of the venue."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    name = forms.CharField(label=_("Name"), max_length=100)
    capacity = forms.IntegerField(label=_("Capacity"), min_value=1, max_value=100_000, required=False)
    way_finding = forms.CharField(
        label=_("How to get there"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class MaterialForm(forms.Form):
    """A file or a link of a session, and from when it is seen."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Material.Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=200)
    url = forms.URLField(label=_("Address"), required=False, assume_scheme="https", max_length=200)
    upload = forms.FileField(label=_("or a file (at most 20 MB)"), required=False)
    visible_from = forms.DateTimeField(
        label=_("Seen from"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Left empty, at once."),
    )

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference

    def clean(self) -> dict[str, Any]:
        """A file or an address; times are the conference's own."""
        data = super().clean() or self.cleaned_data
        if bool(data.get("url")) == bool(data.get("upload")) and not self.errors:
            self.add_error("url", _("Give a file or an address, one of the two."))
        if data.get("upload") is not None and data["upload"].size > MOST_BYTES:
            self.add_error("upload", _("The file is empty or larger than 20 MB."))
        if moment := data.get("visible_from"):
            data["visible_from"] = timezone.make_aware(timezone.make_naive(moment), self.conference.zone)
        return data

    def values(self) -> dict[str, Any]:
        """What `materials.add` takes."""
        data = self.cleaned_data
        upload = data["upload"]
        kept = {name: data[name] for name in ("kind", "title", "url")}
        kept["visible_from"] = data.get("visible_from")
        return {**kept, "upload": (upload.name, upload.read()) if upload else None}


class ProposalForm(forms.Form):
    """What speakers correct about themselves; it names the texts that it was made on."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    affiliation = PersonDetailsForm.base_fields["affiliation"]
    biography = PersonDetailsForm.base_fields["biography"]


class SpeakerMaterialForm(MaterialForm):
    """A file or link for one of a speaker's own sessions; the organiser decides from when it is seen."""

    visible_from = None  # type: ignore[assignment]
    item = forms.ChoiceField(label=_("Session"))

    field_order = ("item", "kind", "title", "url", "upload")

    def __init__(self, *args: Any, conference: Conference, sessions: list[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, conference=conference, auto_id="material_%s", **kwargs)
        choices = [(each.slug, each.title) for each in sessions]
        self.fields["item"].choices = choices  # type: ignore[attr-defined]
