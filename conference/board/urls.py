"""Addresses of the board and its desk below a conference."""

from django.urls import path

from conference.board import staff_views, views

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
    path("moderate/<slug:public_id>/", staff_views.post, name="moderate-post"),
    path("moderate/<slug:public_id>/decide/", staff_views.decide, name="decide"),
    path("moderate/<slug:public_id>/move/", staff_views.move, name="move"),
]
hall = [
    path("board/", views.board, {"hall": True}, name="hall-board"),
    path("board/<slug:public_id>/", views.post, {"hall": True}, name="hall-post"),
    path("board/<slug:public_id>/card/", views.card, {"hall": True}, name="hall-card"),
]
