"""Times as people of a conference read them: in its own zone, in the reader's language."""

from datetime import date, datetime

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conference.event.models import Conference

register = template.Library()


@register.filter
def clock(moment: datetime | None, conference: Conference) -> str:
    """The time of day, 24 hours: 10:45. Empty for None."""
    return f"{moment.astimezone(conference.zone):%H:%M}" if moment else ""


@register.filter
def day(moment: datetime | date | None, conference: Conference) -> str:
    """The date in words: Tuesday 17 December 2013. Empty for None."""
    if moment is None:
        return ""
    local = moment.astimezone(conference.zone).date() if isinstance(moment, datetime) else moment
    # Translators: a date in words, in Django's format letters.
    return date_format(local, _("l j F Y"))
