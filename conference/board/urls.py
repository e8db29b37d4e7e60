"""Addresses of the board and its desk below a conference."""

from django.urls import path

from conference.board import action_views, desk_rules_views, log_views, staff_views, views

public = [
    path("board/", views.board, name="board"),
    path("board/<slug:public_id>/", views.post, name="post"),
    path("board/<slug:public_id>/card/", views.card, name="card"),
    path("board/<slug:public_id>/vote/", views.vote, name="vote"),
    path("board/<slug:public_id>/unvote/", views.vote, {"active": False}, name="unvote"),
    path("board/<slug:public_id>/withdraw/", views.withdraw, name="withdraw"),
    path("ask/", views.ask, name="ask"),
    path("me/", views.me, name="me"),
    path("moderate/", staff_views.queue, name="moderate"),
    path("moderate/live/", staff_views.live, name="moderate-live"),
    path("moderate/close/<slug:item>/", staff_views.close, name="moderate-close"),
    path("moderate/undo/", staff_views.undo, name="moderate-undo-last"),
    path("moderate/undo/<int:decision>/", staff_views.undo, name="moderate-undo"),
    path("moderate/floor/", action_views.floor, name="moderate-floor"),
    path("moderate/clear/", action_views.clear, name="moderate-clear"),
    path("moderate/bulk/", action_views.bulk, name="moderate-bulk"),
    path("moderate/help/", action_views.help_page, name="moderate-help"),
    path("moderate/log/", log_views.logbook, name="moderate-log"),
    path("moderate/export/", log_views.exports, name="moderate-exports"),
    path("moderate/export/<slug:scope>.xlsx", log_views.export, {"ending": "xlsx"}, name="export-xlsx"),
    path("moderate/export/<slug:scope>.json", log_views.export, {"ending": "json"}, name="export-json"),
    path("moderate/export/<scope>-<table>.csv", log_views.export, {"ending": "csv"}, name="export-csv"),
    path("moderate/<slug:public_id>/", staff_views.post, name="moderate-post"),
    path("moderate/<slug:public_id>/decide/", staff_views.decide, name="decide"),
    path("moderate/<slug:public_id>/move/", staff_views.move, name="move"),
    path("moderate/<slug:public_id>/claim/", staff_views.claim, name="claim"),
    path("moderate/<slug:public_id>/decline/", action_views.decline, name="decline"),
    path("moderate/<slug:public_id>/edit/", action_views.edit, name="moderate-edit"),
    path("moderate/<slug:public_id>/join/", action_views.join, name="join"),
    path("moderate/<slug:public_id>/session/", action_views.session, name="moderate-session"),
    path("moderate/<slug:public_id>/reply/", action_views.reply, name="moderate-reply"),
    path("moderate/<slug:public_id>/note/", action_views.note, name="moderate-note"),
    path("moderate/<slug:public_id>/mute/", action_views.mute, name="mute"),
    path("moderate/<slug:public_id>/place/", action_views.place, name="place"),
    path("organise/desk/", desk_rules_views.rules, name="desk-rules"),
]
hall = [
    path("board/", views.board, {"hall": True}, name="hall-board"),
    path("board/<slug:public_id>/", views.post, {"hall": True}, name="hall-post"),
    path("board/<slug:public_id>/card/", views.card, {"hall": True}, name="hall-card"),
]
