"""What attendees and the desk type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from conference.agenda.models import WITH_BOARD, AgendaItem, BoardMode
from conference.board import keys
from conference.board.models import Post
from conference.board.services import LONGEST_TEXT
from conference.event.clocks import conference_now
from conference.event.models import Conference, Person
from papers import anchoring
from papers.models import Block

LONGEST_QUOTE = 500
# Replies and answers have forms of their own.
KINDS = [(kind.value, kind.label) for kind in (Post.Kind.QUESTION, Post.Kind.COMMENT)]


class AskForm(forms.Form):
    """A question or comment: only the text is needed. `key` makes sending it again safe."""

    key = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What is it?"), choices=KINDS, required=False, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_TEXT}),
        error_messages={"required": _("Please write your question first.")},
    )
    name = forms.CharField(
        label=_("Your name (optional)"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Left empty, your question is anonymous."),
    )
    item = forms.ModelChoiceField(
        AgendaItem.objects.none(),
        label=_("Session"),
        required=False,
        to_field_name="slug",
        empty_label=_("The conference as a whole"),
    )
    to = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("For whom (optional)"),
        required=False,
        to_field_name="slug",
        empty_label=_("Anybody who can answer"),
    )
    block = forms.ModelChoiceField(
        Block.objects.none(), required=False, to_field_name="public_id", widget=forms.HiddenInput
    )
    quote = forms.CharField(max_length=LONGEST_QUOTE, required=False, widget=forms.HiddenInput)
    # What stands around the quote: tells which of several equal places is meant.
    before = forms.CharField(required=False, widget=forms.HiddenInput)
    after = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference
        self.fields["item"].queryset = self.open_items()  # type: ignore[attr-defined]
        self.fields["item"].error_messages["invalid_choice"] = _(
            "This session takes no questions any more. Choose another, or the conference as a whole."
        )
        people = Person.objects.filter(conference=conference).order_by("name")
        self.fields["to"].queryset = people  # type: ignore[attr-defined]
        self.fields["block"].queryset = self.blocks()  # type: ignore[attr-defined]

    def open_items(self) -> QuerySet[AgendaItem]:
        """The sessions that take questions now."""
        now = conference_now(self.conference)
        return AgendaItem.objects.filter(
            Q(board_opens_at=None) | Q(board_opens_at__lte=now),
            conference=self.conference,
            kind__in=WITH_BOARD,
            cancelled=False,
        ).exclude(board_mode=BoardMode.CLOSED)

    def blocks(self) -> QuerySet[Block]:
        """The blocks of this conference's papers."""
        papers = self.conference.conference_papers.values("paper")
        return Block.objects.filter(paper__in=papers).select_related("paper")

    def clean_key(self) -> str:
        """32 hexadecimal digits."""
        key = self.cleaned_data["key"]
        if keys.parsed(key) is None:
            raise forms.ValidationError(_t("This form is damaged. Open it again; your text is kept."))
        return key

    def content(self) -> dict[str, Any]:
        """What `services.send_post` takes besides conference, key and device."""
        data = self.cleaned_data
        return {
            "kind": data["kind"] or Post.Kind.QUESTION,
            "text": data["text"].strip(),
            "name": data["name"].strip(),
            "item": data["item"],
            "block": data["block"],
            "addressee": data["to"],
            **_anchored(data),
        }


def _anchored(data: dict[str, Any]) -> dict[str, str]:
    """The quoted words as the paragraph has them, with their context; none that are not there.

    Nobody puts words into the author's mouth: what cannot be found leaves the paragraph as a whole.
    """
    block, quote = data["block"], data["quote"].strip()
    place = anchoring.find(block.text, quote, data["before"], data["after"]) if block and quote else None
    if place is None:
        return {"quote": ""}
    found = anchoring.context_of(block.text, place.start, place.end)
    return {"quote": found.quote, "quote_prefix": found.prefix, "quote_suffix": found.suffix}
