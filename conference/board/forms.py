"""What attendees type; the desk's forms are at the end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.agenda.models import AgendaItem
from conference.board import keys, words
from conference.board.answering import LONGEST_ANSWER
from conference.board.models import Flag, Post
from conference.board.services import LONGEST_TEXT
from conference.event.access import code_opens
from conference.event.models import Conference, Person
from papers import anchoring
from papers.models import Block

LONGEST_QUOTE = 500
# Replies and answers have forms of their own.
KINDS = [(kind.value, kind.label) for kind in (Post.Kind.QUESTION, Post.Kind.COMMENT)]
# What a hidden field says once its sender has seen the questions that are similar, or the warning.
SEEN = "shown"


class KeyedForm(forms.Form):
    """A form whose `key` makes sending it again safe. With `code_of` it asks for that conference's hall code."""

    key = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Hall code"),
        max_length=40,
        error_messages={"required": _("Asking and voting is for the hall: please enter its code.")},
        help_text=_("It is shown on the screen and told at the registration desk."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, code_of: Conference | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code_of = code_of
        if code_of is None:
            del self.fields["code"]

    def clean_key(self) -> str:
        """32 hexadecimal digits."""
        key = self.cleaned_data["key"]
        if keys.parsed(key) is None:
            raise forms.ValidationError(gettext("This form is damaged. Open it again; your text is kept."))
        return key

    def clean_code(self) -> str:
        """The code of this hall."""
        code = self.cleaned_data["code"]
        if self.code_of is not None and not code_opens(self.code_of, code):
            raise forms.ValidationError(
                gettext(
                    "That is not the code of this hall. It is shown on the screen and told at the registration desk."
                )
            )
        return code


class SendForm(KeyedForm):
    """A text with who it is from, if they want to say so: a reply, and what a question begins with.

    `people` are the names on the programme. They belong to those people: they write by their own links.
    """

    text = forms.CharField(
        label=_("Your reply"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_TEXT}),
        error_messages={"required": _("Please write your text first.")},
    )
    name = forms.CharField(
        label=_("Your name (optional)"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Left empty, your question is anonymous."),
    )
    institution = forms.CharField(
        label=_("Your institution (optional)"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    warned = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people

    def clean_name(self) -> str:
        """Anything but the name of somebody on the programme."""
        name = self.cleaned_data["name"].strip()
        if words.same_person(name, (person.name for person in self.people)):
            raise forms.ValidationError(
                gettext(
                    "This is the name of somebody on the programme. If it is you, write by your own link, which the "
                    "organisers have sent you. Otherwise please add something to your name, or leave it empty."
                )
            )
        return name

    def content(self) -> dict[str, Any]:
        """What `services.send_post` takes besides conference, key and device."""
        data = self.cleaned_data
        return {
            "text": data["text"].strip(),
            "name": data["name"],
            "institution": data["institution"].strip(),
        }


class AskForm(SendForm):
    """A question or comment: only the text is needed. `items` is the programme that the public sees."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=KINDS, required=False, widget=forms.RadioSelect)
    item = forms.ChoiceField(label=_("Session"), required=False)
    to = forms.ChoiceField(label=_("For whom (optional)"), required=False)
    block = forms.ModelChoiceField(
        Block.objects.none(), required=False, to_field_name="public_id", widget=forms.HiddenInput
    )
    quote = forms.CharField(max_length=LONGEST_QUOTE, required=False, widget=forms.HiddenInput)
    # What stands around the quote: tells which of several equal places is meant.
    before = forms.CharField(required=False, widget=forms.HiddenInput)
    after = forms.CharField(required=False, widget=forms.HiddenInput)
    similar = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, conference: Conference, items: list[AgendaItem], **kwargs: Any) -> None:
        appearances = [each for item in items for each in item.appearances.all()]
        shown = [person for each in appearances for person in (each.person, each.replaced_by) if person]
        people = sorted({person.slug: person for person in shown}.values(), key=lambda p: words.fold(p.name))
        super().__init__(*args, people=people, **kwargs)
        # Nobody is asked who has cancelled everything.
        away = {each.person.slug for each in appearances if each.cancelled}
        away -= {each.person.slug for each in appearances if not each.cancelled}
        self.conference = conference
        self.open_items = {item.slug: item for item in items if item.takes_questions}
        self.addressees = {person.slug: person for person in people if person.slug not in away}
        self.fields["text"].label = _("Your question")
        self.fields["text"].error_messages["required"] = _("Please write your question first.")
        item, to = self.fields["item"], self.fields["to"]
        assert isinstance(item, forms.ChoiceField)
        assert isinstance(to, forms.ChoiceField)
        item.choices = [("", _("The conference as a whole"))] + [
            (slug, each.title) for slug, each in self.open_items.items()
        ]
        item.error_messages["invalid_choice"] = _(
            "This session takes no questions any more. Choose another, or the conference as a whole."
        )
        to.choices = [("", _("Anybody who can answer"))] + [
            (slug, person.name) for slug, person in self.addressees.items()
        ]
        self.fields["block"].queryset = self.blocks()  # type: ignore[attr-defined]

    def blocks(self) -> QuerySet[Block]:
        """The blocks of this conference's papers."""
        papers = self.conference.conference_papers.values("paper")
        return Block.objects.filter(paper__in=papers).select_related("paper")

    @property
    def chosen_item(self) -> AgendaItem | None:
        """The session that the form names, sent or not; None when it takes no questions."""
        return self.open_items.get(str(self["item"].value() or ""))

    def content(self) -> dict[str, Any]:
        """What `services.send_post` takes besides conference, key and device."""
        data = self.cleaned_data
        return {
            **super().content(),
            "kind": data["kind"] or Post.Kind.QUESTION,
            "item": self.open_items.get(data["item"]),
            "block": data["block"],
            "addressee": self.addressees.get(data["to"]),
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


class AnswerForm(forms.Form):
    """A written answer, on the version that its author saw; 0 for a new one."""

    text = forms.CharField(max_length=LONGEST_ANSWER)
    version = forms.IntegerField(min_value=0)


class EditForm(KeyedForm):
    """The author's new wording."""

    text = forms.CharField(
        label=_("Your text"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_TEXT}),
        error_messages={"required": _("Please write your text first, or take it back instead.")},
    )
    warned = forms.CharField(required=False, widget=forms.HiddenInput)


class FlagForm(KeyedForm):
    """Why a reader wants a published post looked at again."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=Flag.Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("In your words (optional)"), max_length=300, required=False)
