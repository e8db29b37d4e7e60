"""The one gate for posts (rule 2, docs/design.md): pages, fragments, streams and exports read through it."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from conference.agenda.models import Appearance, Attribution
from conference.board.models import Post
from conference.board.states import Release, Stage
from conference.event.access import DESK_ROLES, HALL, STAFF, Audience
from conference.event.clocks import conference_now
from conference.event.models import Conference, Person


def visible_to(audience: Audience, conference: Conference) -> QuerySet[Post]:
    """The posts of a conference that `audience` may read, with what their cards show.

    The public reads what is published outside of hall-only sessions; the hall also what is published inside them,
    until the end of a session for those present only; a device its own posts in any state; a speaker what was passed on
    to them, approved or not, and their answers; the desk everything. A reply or an answer is seen where what it belongs
    to is seen.
    """
    posts = Post.objects.filter(conference=conference).select_related(
        "item", "block__paper", "addressee", "parent", "author"
    )
    if audience.name == STAFF and audience.roles & DESK_ROLES:
        return posts
    allowed = Q(release=Release.PUBLISHED, merged_into__isnull=True) & (
        Q(parent__isnull=True) | Q(parent__release=Release.PUBLISHED, parent__merged_into__isnull=True)
    )
    on_record = Q(item__isnull=True) | Q(item__attribution=Attribution.ON_RECORD)
    if audience.name == HALL:
        posts = posts.alias(item_ends=Coalesce("item__ended_at", "item__day_end", "item__end"))
        over = Q(item__attribution=Attribution.THOSE_PRESENT, item_ends__lte=conference_now(conference))
        allowed &= Q(item__isnull=True) | ~over
    else:
        allowed &= on_record
    if audience.person is not None:
        allowed |= given_to(audience.person) | Q(author=audience.person)
    if audience.participant is not None:
        allowed |= Q(participant=audience.participant)
    return posts.filter(allowed)


def given_to(person: Person) -> Q:
    """The questions for which there was no time and which this person has been given: theirs, or their panel's."""
    there = Q(person=person, cancelled=False) | Q(replaced_by=person, cancelled=True)
    panels = Appearance.objects.filter(there).exclude(role=Appearance.Role.CHAIR).values("item")
    given = Q(addressee=person) | Q(addressee__isnull=True, item__in=panels)
    ended = Q(release=Release.PASSED_ON) | Q(
        release=Release.PUBLISHED, stage__in=[Stage.NOT_REACHED, Stage.ANSWERED_IN_WRITING]
    )
    return Q(kind=Post.Kind.QUESTION, merged_into__isnull=True) & given & ended
