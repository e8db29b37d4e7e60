"""Forms about the conference itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.event import practical
from conference.event.models import Conference


class PracticalForm(forms.ModelForm):
    """What is practical. `version` is the one that the form was made on; everything here is public."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=16)
    map_url = forms.URLField(
        label=_("Link to a map"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("A link that opens a map; nothing of it is loaded into our pages."),
    )

    class Meta:
        model = Conference
        fields = practical.FIELDS
        labels = {
            "address": _("Address of the venue"),
            "wifi_network": _("Wi-Fi network"),
            "wifi_password": _("Wi-Fi password"),
            "interpretation": _("Interpretation"),
            "cloakroom": _("Cloakroom"),
            "emergency": _("In an emergency"),
            "practical": _("Everything else"),
        }
        help_texts = {
            "wifi_password": _(
                "Everybody can read it here, also outside of the hall. Empty for an open network."
            ),
            "emergency": _("Whom to call, where the exits and the first aid are."),
            "interpretation": _("Languages, channels, where the receivers are."),
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("interpretation", "cloakroom", "emergency", "practical")
        } | {"wifi_password": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        conference = kwargs["instance"]
        kwargs["initial"] = {"version": practical.version(conference), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """What `practical.change_practical` takes."""
        return {name: self.cleaned_data[name] for name in practical.FIELDS}
