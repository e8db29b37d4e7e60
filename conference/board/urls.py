"""Addresses of the board and its desk below a conference."""

from django.urls import path

from conference.board import ask_views, own_views, rules_views, staff_views, views

public = [
    path("board/", views.board, name="board"),
    path("board/<slug:public_id>/", views.post, name="post"),
    path("board/<slug:public_id>/card/", views.card, name="card"),
    path("board/<slug:public_id>/vote/", views.vote, name="vote"),
    path("board/<slug:public_id>/unvote/", views.vote, {"active": False}, name="unvote"),
    path("board/<slug:public_id>/flag/", views.flag, name="flag"),
    path("board/<slug:public_id>/reply/", ask_views.reply, name="reply"),
    path("board/<slug:public_id>/edit/", own_views.edit, name="edit"),
    path("board/<slug:public_id>/withdraw/", own_views.withdraw, name="withdraw"),
    path("ask/", ask_views.ask, name="ask"),
    path("ask/similar/", ask_views.hints, name="similar"),
    path("me/", own_views.me, name="me"),
    path("me/carry/<str:token>/", own_views.carry, name="carry"),
    path("organise/questions/", rules_views.rules, name="question-rules"),
    path("moderate/", staff_views.queue, name="moderate"),
    path("moderate/live/", staff_views.live, name="moderate-live"),
    path("moderate/close/<slug:item>/", staff_views.close, name="moderate-close"),
    path("moderate/<slug:public_id>/", staff_views.post, name="moderate-post"),
    path("moderate/<slug:public_id>/decide/", staff_views.decide, name="decide"),
    path("moderate/<slug:public_id>/move/", staff_views.move, name="move"),
]
hall = [
    path("board/", views.board, {"hall": True}, name="hall-board"),
    path("board/<slug:public_id>/", views.post, {"hall": True}, name="hall-post"),
    path("board/<slug:public_id>/card/", views.card, {"hall": True}, name="hall-card"),
]
