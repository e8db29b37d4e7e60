"""The organiser's forms of a paper: upload, title page, one block, publication."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.event.models import Conference
from conference.review.screen import KINDS
from papers.draft import Part
from papers.importing.document import FIELDS
from papers.models import Block, Paper
from papers.wording import Wording, wording

# Bytes; the front refuses what is larger before anything is kept.
LARGEST_UPLOAD = 20_000_000
KEY = r"^[a-z]\d{1,7}(?:\.\d{1,7})?$"
PARTS = {
    "front": _("Before the text"),
    "summary": _("Summary"),
    "body": _("Text"),
    "back": _("About the publisher"),
}


class UploadForm(forms.Form):
    """A file, and what it is: a new paper or a newer text of one that is there."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "Markdown or plain text (.md, .txt), Word (.docx), a web page (.html) or a PDF with text; at most 20 MB."
        ),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("The file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".md,.markdown,.txt,.text,.docx,.html,.htm,.pdf"}),
    )
    paper = forms.ModelChoiceField(
        Paper.objects.none(),
        label=_("What it is"),
        required=False,
        empty_label=_("A new paper"),
        to_field_name="slug",
    )
    is_summary = forms.BooleanField(
        label=_("A summary in our own words, not the author’s text"),
        required=False,
        help_text=_("It is stamped as such wherever it is shown. Only for a new paper."),
    )

    def __init__(self, *args: Any, papers: list[Paper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["paper"]
        choices.queryset = Paper.objects.filter(pk__in=[paper.pk for paper in papers])
        choices.label_from_instance = lambda paper: _("A newer text of “%(title)s”") % {"title": paper.title}


class FieldsForm(forms.Form):
    """What the title page says."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=300)
    subtitle = forms.CharField(label=_("Subtitle"), max_length=300, required=False)
    authors = forms.CharField(
        label=_("Authors"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line."),
    )
    date = forms.CharField(label=_("Date"), max_length=60, required=False)
    series = forms.CharField(label=_("Series"), max_length=120, required=False)
    number = forms.CharField(label=_("Number in the series"), max_length=40, required=False)
    publisher = forms.CharField(label=_("Publisher"), max_length=200, required=False)
    language = forms.RegexField(
        r"^[a-z]{2,3}$",
        label=_("Language of the text"),
        help_text=_("Its code in two or three letters: en, cs, de."),
    )
    rights = forms.CharField(label=_("Rights"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def operation(self) -> dict[str, Any]:
        """The correction that this form asks for."""
        values = {name: self.cleaned_data[name] for name in FIELDS}
        values["authors"] = [line.strip() for line in values["authors"].split("\n") if line.strip()]
        return {"op": "fields", "values": values}


class WordsForm(forms.Form):
    """The words of one block."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    source = forms.CharField(label=_("Words"), max_length=100_000, strip=False, widget=forms.Textarea)

    def __init__(self, *args: Any, part: Part, **kwargs: Any) -> None:
        self.wording: Wording = wording(part.block.html)
        self.key = part.key
        rows = min(24, max(3, len(self.wording.source) // 90 + 2))
        kwargs.setdefault("initial", {})["source"] = self.wording.source
        super().__init__(*args, **kwargs)
        self.fields["source"].widget.attrs |= {"rows": rows, "spellcheck": "true"}
        self.fields["source"].help_text = (
            _(
                "This block holds links or cells that only HTML can say. Tags that are not allowed are taken out."
            )
            if self.wording.is_html
            else _("*emphasis*, **strong**, [words](address). An empty line makes two blocks of it.")
        )

    def operation(self) -> dict[str, Any]:
        """The correction that this form asks for."""
        source = self.cleaned_data["source"].replace("\r\n", "\n")
        return {"op": "text", "key": self.key, "source": source, "html": self.wording.is_html}


class KindForm(forms.Form):
    """What one block is and where it stands."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()))
    level = forms.IntegerField(
        label=_("Level"),
        required=False,
        min_value=1,
        max_value=6,
        help_text=_("Of a heading: 2 to 6. Of a list item: how deep it is."),
    )
    part = forms.ChoiceField(label=_("Part"), choices=list(PARTS.items()))
    page = forms.IntegerField(label=_("Printed page"), required=False, min_value=1, max_value=100_000)

    def __init__(self, *args: Any, part: Part, **kwargs: Any) -> None:
        self.key = part.key
        block = part.block
        kwargs.setdefault("initial", {}).update(
            kind=block.kind, level=block.level, part=block.part, page=block.page
        )
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """A heading without a level is one of the second."""
        data = super().clean() or {}
        if data.get("kind") == Block.Kind.HEADING:
            data["level"] = max(data.get("level") or 2, 2)
        return data

    def operation(self) -> dict[str, Any]:
        """The correction that this form asks for."""
        data = self.cleaned_data
        return {
            "op": "kind",
            "key": self.key,
            "kind": data["kind"],
            "level": data["level"],
            "part": data["part"],
            "page": data["page"],
        }


class StepForm(forms.Form):
    """A correction by one tap."""

    version = forms.IntegerField()
    op = forms.ChoiceField(
        choices=[(op, op) for op in ("merge", "split", "drop", "restore", "seen", "paragraph")]
    )
    key = forms.RegexField(KEY)
    offset = forms.IntegerField(required=False, min_value=1)
    # Where to go on reading afterwards, if not at the block itself.
    next = forms.RegexField(KEY, required=False)

    def operation(self, draft_part: Part | None) -> dict[str, Any]:
        """The correction that this tap asks for; `draft_part` is the block with this key, if there is one."""
        op, key = self.cleaned_data["op"], self.cleaned_data["key"]
        if op == "split":
            return {"op": op, "key": key, "offset": self.cleaned_data["offset"] or 0}
        if op == "paragraph":
            block = draft_part.block if draft_part else None
            part, page = (block.part, block.page) if block else ("body", None)
            return {"op": "kind", "key": key, "kind": "paragraph", "level": None, "part": part, "page": page}
        return {"op": op, "key": key}


class PublishForm(forms.Form):
    """When a draft is published, and whether its paper becomes the tab's. Times are in the conference's zone."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
    when = forms.ChoiceField(
        label=_("When"),
        choices=[("now", _("Now")), ("at", _("At a set time"))],
        widget=forms.RadioSelect,
        initial="now",
    )
    at = forms.DateTimeField(
        label=_("Day and time"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    main = forms.BooleanField(label=_("Make it the paper of the conference’s tab"), required=False)

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        self.conference = conference
        super().__init__(*args, **kwargs)
        self.fields["at"].help_text = _("By the clock on the wall, in the zone %(zone)s.") % {
            "zone": conference.time_zone
        }

    def clean(self) -> dict[str, Any]:
        """A set time is needed where it is asked for, and lies ahead."""
        data = super().clean() or {}
        if data.get("when") == "at" and "at" not in self.errors:
            at = self._local(data.get("at"))
            if at is None:
                self.add_error("at", _("Say when."))
            elif at <= timezone.now():
                self.add_error("at", _("This time has passed. Publish now, or choose a later time."))
            data["at"] = at
        return data

    def _local(self, at: datetime | None) -> datetime | None:
        """What was typed, in the conference's own zone and not in the server's."""
        return at.replace(tzinfo=self.conference.zone) if at is not None else None


class LinkForm(forms.Form):
    """For whom a preview link is."""

    label = forms.CharField(label=_("For whom"), max_length=80)
