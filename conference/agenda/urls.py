"""Addresses of the programme below a conference; `pages.urls` adds the session pages."""

from django.urls import path

from conference.agenda import publish_views, staff_views, views

public = [
    path("agenda/", views.programme, name="agenda"),
    path("agenda/now/", views.now, name="now"),
    path("organise/", staff_views.index, name="organise"),
    path("organise/items/add/", staff_views.add, name="organise-add"),
    path("organise/items/<slug:item>/", staff_views.edit, name="organise-edit"),
    path("organise/items/<slug:item>/cancel/", staff_views.cancel, name="organise-cancel"),
    path("organise/agenda/publish/", publish_views.publish, name="organise-publish"),
]
hall = [
    path("agenda/", views.programme, {"hall": True}, name="hall-agenda"),
    path("agenda/now/", views.now, {"hall": True}, name="hall-now"),
]
