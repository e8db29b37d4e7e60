"""Addresses of a conference's papers."""

from django.urls import path, register_converter

from conference.pages import paper_views as views
from papers.models import BLOCK_PATTERN


class BlockConverter:
    """A block's permanent id."""

    regex = BLOCK_PATTERN

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(BlockConverter, "block")

public = [
    path("papers/<slug:paper>/", views.reading_page, name="paper"),
    path("papers/<slug:paper>.epub", views.epub, name="paper-epub"),
    path("papers/<slug:paper>/card.png", views.card, name="paper-card"),
    path("papers/<slug:paper>/comments/", views.comments, name="paper-comments"),
    *(
        path(f"papers/<slug:paper>/cite.{form}", views.cite, {"form": form}, name=f"cite-{form}")
        for form in views.CITATIONS
    ),
    path("papers/<slug:paper>/<block:block>/", views.passage, name="passage"),
]
hall = [
    path("papers/<slug:paper>/", views.reading_page, {"hall": True}, name="hall-paper"),
    path("papers/<slug:paper>/comments/", views.comments, {"hall": True}, name="hall-paper-comments"),
    path("papers/<slug:paper>/<block:block>/", views.passage, {"hall": True}, name="hall-passage"),
]
