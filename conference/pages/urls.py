"""Every address below a conference: the joining pages, and those of the features."""

from django.urls import include, path

from conference.agenda import urls as agenda
from conference.board import urls as board
from conference.pages import (
    link_views,
    organise_views,
    paper_urls,
    preflight_views,
    speaker_forms_views,
    speaker_views,
    stage_views,
    views,
)
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

_chair, _screen = {"kind": "chair"}, {"kind": "screen"}
_stage = [
    path("open/<str:secret>/", link_views.open_link, name="open-link"),
    path("organise/links/", link_views.links, name="links"),
    path("organise/links/<int:link>/revoke/", link_views.revoke, name="revoke-link"),
    path("stage/", stage_views.rooms, _chair, name="stages"),
    path("stage/<slug:room>/", stage_views.chair, name="stage"),
    path("stage/<slug:room>/decide/", stage_views.chair_decide, name="stage-decide"),
    path("stage/<slug:room>/close/", stage_views.chair_close, name="stage-close"),
    path("stage/<slug:room>/say/", stage_views.chair_say, name="stage-say"),
    path("stage/<slug:room>/seen/", stage_views.seen, _chair, name="stage-seen"),
    path("stage/<slug:room>/live/", stage_views.stage_live, name="stage-live"),
    path("speaker/", speaker_views.own, name="speakers"),
    path("speaker/<slug:person>/", speaker_views.speaker, name="speaker"),
    path("speaker/<slug:person>/answer/<slug:public_id>/", speaker_views.answer, name="speaker-answer"),
    path("speaker/<slug:person>/about/", speaker_forms_views.about, name="speaker-about"),
    path("speaker/<slug:person>/materials/", speaker_forms_views.material, name="speaker-materials"),
    path("speaker/<slug:person>/seen/", speaker_views.seen, name="speaker-seen"),
    path("screen/", stage_views.rooms, _screen, name="screens"),
    path("screen/<slug:room>/", stage_views.screen, name="screen"),
    path("screen/<slug:room>/seen/", stage_views.seen, _screen, name="screen-seen"),
    path("screen/<slug:room>/live/", stage_views.screen_live, name="screen-live"),
]

urlpatterns = [
    *_stage,
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
