"""Forms of the import: the file, and what its columns are."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from conference.agenda.importing import FIELDS

# The file travels in the form from step to step: nothing is stored before somebody says so.
MOST_FILE_BYTES = 600_000
MOST_UNPACKED_BYTES = 4 << 20

COLUMN_NAMES = {
    "": _("(not read)"),
    "id": _("ID"),
    "date": _("Date"),
    "time": _("Time (from–to)"),
    "start": _("Start"),
    "end": _("End"),
    "duration": _("Duration"),
    "title": _("Title"),
    "kind": _("Kind"),
    "room": _("Room"),
    "language": _("Language"),
    "people": _("People"),
    "chair": _("Panel chair"),
    "discussants": _("Discussants"),
    "affiliation": _("Affiliation"),
    "abstract": _("Description"),
    "attribution": _("What may be quoted"),
    "status": _("Status"),
}
assert set(COLUMN_NAMES) == {"", *FIELDS}


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.json"}),
        help_text=_(
            "CSV or XLSX from any spreadsheet, or schedule.json. Look at a preview before anything is stored."
        ),
    )

    name = ""

    def clean_file(self) -> bytes:
        """The bytes of the file; `name` is then how it was called."""
        file = self.cleaned_data["file"]
        self.name = str(file.name)
        if file.size > MOST_FILE_BYTES:
            raise forms.ValidationError(
                _t("This file is too large for a programme. Leave pictures out of it.")
            )
        return bytes(file.read())


class PreviewForm(forms.Form):
    """The same file with what its columns were taken for, and the draft that the preview was compared with."""

    packed = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def clean_packed(self) -> bytes:
        """The bytes of the file again."""
        try:
            data = base64.urlsafe_b64decode(self.cleaned_data["packed"].encode())
            unpacker = zlib.decompressobj()
            unpacked = unpacker.decompress(data, MOST_UNPACKED_BYTES)
        except (ValueError, binascii.Error, zlib.error):
            raise forms.ValidationError(_t("The file did not arrive whole. Choose it again.")) from None
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise forms.ValidationError(_t("The file did not arrive whole. Choose it again."))
        return unpacked


def packed(data: bytes) -> str:
    """A file as the preview's form carries it."""
    return base64.urlsafe_b64encode(zlib.compress(data, 9)).decode()


def columns_chosen(data: Any) -> list[str] | None:
    """What somebody chose for each column; None where nothing was chosen."""
    chosen: list[str] = []
    while f"column-{len(chosen)}" in data and len(chosen) < 200:
        value = data[f"column-{len(chosen)}"]
        chosen.append(value if value in FIELDS else "")
    return chosen or None
