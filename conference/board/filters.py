"""Which posts of the board a reader chose. What names nothing is dropped, so that the addresses of pages are few."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from conference.agenda.models import AgendaItem
from conference.board.models import Post
from conference.board.queries import DONE_STAGES, SORTS
from papers.models import Block

PARAMETERS = ("answered", "item", "passage", "sort")
ANSWERED = ("no", "yes")


@dataclass(frozen=True)
class Filters:
    """What was chosen among `sessions` and `passages`, which are those of the posts that there are."""

    item: AgendaItem | None = None
    passage: Block | None = None
    answered: str = ""
    sort: str = "top"
    sessions: list[AgendaItem] = field(default_factory=list)
    passages: list[Block] = field(default_factory=list)

    @classmethod
    def read(cls, data: Mapping[str, str], posts: Iterable[Post]) -> Filters:
        """The choice that parameters name; what `posts` know nothing of is no choice."""
        sessions = {post.item.slug: post.item for post in posts if post.item is not None}
        passages = {post.block.public_id: post.block for post in posts if post.block is not None}
        answered, sort = data.get("answered", ""), data.get("sort", "")
        return cls(
            item=sessions.get(data.get("item", "")),
            passage=passages.get(data.get("passage", "")),
            answered=answered if answered in ANSWERED else "",
            sort=sort if sort in SORTS else "top",
            sessions=sorted(sessions.values(), key=lambda item: (item.start, item.pk)),
            passages=sorted(passages.values(), key=lambda block: (block.paper_id, block.order)),
        )

    @property
    def values(self) -> dict[str, str]:
        """The parameters that say so, none of them idle; empty for the plain board."""
        values = {
            "answered": self.answered,
            "item": self.item.slug if self.item else "",
            "passage": self.passage.public_id if self.passage else "",
            "sort": self.sort if self.sort != "top" else "",
        }
        return {name: value for name, value in values.items() if value}

    def says(self, data: Mapping[str, str]) -> bool:
        """Whether `data` are the parameters of this very choice, and no others that would make a page of their own."""
        given = {name: data[name] for name in PARAMETERS if name in data}
        if given.get("sort") == "top":
            del given["sort"]
        return given == self.values

    @property
    def query(self) -> str:
        """The choice as the query of an address, with its question mark."""
        return f"?{urlencode(self.values)}" if self.values else ""

    @property
    def by_sort(self) -> dict[str, str]:
        """The query of the same choice in each order."""
        rest = {name: value for name, value in self.values.items() if name != "sort"}
        return {sort: f"?{urlencode({**rest, 'sort': sort})}" for sort in SORTS}

    @property
    def is_set(self) -> bool:
        """Whether anything is left out."""
        return bool(self.item or self.passage or self.answered)

    def chosen(self, posts: Iterable[Post]) -> list[Post]:
        """Those of `posts` that were chosen, in their order."""
        return [post for post in posts if self._has(post)]

    def _has(self, post: Post) -> bool:
        if self.item is not None and post.item_id != self.item.pk:
            return False
        if self.passage is not None and post.block_id != self.passage.pk:
            return False
        if self.answered:
            return post.is_question and (post.stage in DONE_STAGES) == (self.answered == "yes")
        return True
