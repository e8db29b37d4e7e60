"""Every address below a conference: the joining pages, and those of the features."""

from django.urls import include, path

from conference.agenda import urls as agenda
from conference.board import urls as board
from conference.pages import organise_views, paper_urls, preflight_views, views
from conference.review import urls as review

_hall = [
    path("", views.hall, name="hall"),
    path("pass/", views.hall_pass, name="hall-pass"),
    path("live/", views.live, {"hall": True}, name="hall-live"),
    *agenda.hall,
    path("agenda/<slug:item>/", views.session, {"hall": True}, name="hall-session"),
    *paper_urls.hall,
    *board.hall,
]

urlpatterns = [
    path("", views.home, name="home"),
    path("live/", views.live, name="live"),
    path("hall/", include(_hall)),
    *agenda.public,
    path("organise/preflight/", preflight_views.page, name="organise-preflight"),
    path("organise/preflight/code/", preflight_views.code, name="organise-preflight-code"),
    path("agenda/<slug:item>/", views.session, name="session"),
    path("people/<slug:person>/", views.person, name="person"),
    path("practical/", views.practical_page, name="practical"),
    path("organise/practical/", organise_views.edit_practical, name="organise-practical"),
    path("organise/print/", organise_views.print_sheets, name="organise-print"),
    *review.public,
    *review.staff,
    *paper_urls.public,
    *board.public,
]
