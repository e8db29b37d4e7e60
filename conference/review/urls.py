"""Addresses of reviewing papers, and of what reviewing leaves for readers, below a conference."""

from django.urls import path

from conference.review import draft_views, publication_views, staff_views, views

_PAPERS = "organise/papers/"
_DRAFT = "organise/papers/drafts/<int:draft>/"

public = [
    path("papers/<slug:paper>/editions/<int:number>/", views.edition, name="paper-edition"),
    path("papers/<slug:paper>/original/", views.original, name="paper-original"),
    path("preview/<str:secret>/", views.preview, name="paper-preview"),
]
staff = [
    path(_PAPERS, staff_views.index, name="organise-papers"),
    path(f"{_PAPERS}upload/", staff_views.upload, name="organise-upload"),
    path(f"{_PAPERS}of/<slug:paper>/", staff_views.paper, name="organise-paper"),
    path(f"{_PAPERS}of/<slug:paper>/original/", staff_views.offer_original, name="organise-original"),
    path(_DRAFT, draft_views.review, name="review"),
    path(f"{_DRAFT}blocks/<str:key>/", draft_views.block, name="review-block"),
    path(f"{_DRAFT}fields/", draft_views.fields, name="review-fields"),
    path(f"{_DRAFT}correct/", draft_views.correct, name="review-correct"),
    path(f"{_DRAFT}undo/", draft_views.undo, name="review-undo"),
    path(f"{_DRAFT}source/", draft_views.source, name="review-source"),
    path(f"{_DRAFT}discard/", draft_views.discard, name="review-discard"),
    path(f"{_DRAFT}publish/", publication_views.publish, name="review-publish"),
    path(f"{_DRAFT}unschedule/", publication_views.unschedule, name="review-unschedule"),
    path(f"{_DRAFT}links/", staff_views.make_link, name="review-link"),
    path(f"{_DRAFT}links/<int:link>/revoke/", staff_views.revoke_link, name="review-revoke"),
]
