"""Addresses of the programme below a conference; `pages.urls` adds the session pages."""

from django.urls import path

from conference.agenda import (
    day_views,
    directory_views,
    history_views,
    publish_views,
    rehearsal_views,
    staff_views,
    table_views,
    views,
)

public = [
    path("agenda/", views.programme, name="agenda"),
    path("agenda/now/", views.now, name="now"),
    path("agenda/notices/", views.notices, name="notices"),
    path("agenda/<slug:item>/materials/<int:number>/", directory_views.material_file, name="material"),
    path("people/<slug:person>/photo/", directory_views.photo, name="photo"),
    path("organise/", staff_views.index, name="organise"),
    path("organise/items/add/", staff_views.add, name="organise-add"),
    path("organise/items/<slug:item>/", staff_views.edit, name="organise-edit"),
    path("organise/items/<slug:item>/cancel/", staff_views.cancel, name="organise-cancel"),
    path("organise/agenda/publish/", publish_views.publish, name="organise-publish"),
    path("organise/agenda/acknowledge/", publish_views.acknowledge, name="organise-acknowledge"),
    path("organise/agenda/check/", publish_views.check, name="organise-check"),
    path("organise/agenda/history/", history_views.history, name="organise-history"),
    path("organise/agenda/timetable/", table_views.timetable, name="organise-timetable"),
    path("organise/agenda/quick/", table_views.quick, name="organise-quick"),
    path("organise/agenda/block/", table_views.block, name="organise-block"),
    path("organise/agenda/take-over/", table_views.take_over, name="organise-take-over"),
    path("organise/agenda/move/<slug:item>/", table_views.move, name="organise-move"),
    path("organise/items/<slug:item>/duplicate/", table_views.duplicate, name="organise-duplicate"),
    path("organise/people/", directory_views.people, name="organise-people"),
    path("organise/people/add/", directory_views.person, name="organise-person-add"),
    path("organise/people/<slug:person>/", directory_views.person, name="organise-person"),
    path("organise/rooms/add/", directory_views.room, name="organise-room-add"),
    path("organise/rooms/<slug:room>/", directory_views.room, name="organise-room"),
    path("organise/items/<slug:item>/materials/", directory_views.of_item, name="organise-materials"),
    path(
        "organise/items/<slug:item>/materials/<int:number>/",
        directory_views.change_material,
        name="organise-material",
    ),
    path("organise/rehearsal/", rehearsal_views.rehearsals, name="organise-rehearsal"),
    path("organise/rehearsal/<slug:slug>/", rehearsal_views.change, name="organise-rehearsal-change"),
    path("organise/day/", day_views.today, name="organise-day"),
    path("organise/day/late/", day_views.late, name="organise-late"),
    path("organise/day/announce/", day_views.announce, name="organise-announce"),
    path("organise/day/announcements/<int:number>/", day_views.take_back, name="organise-take-back"),
    path("organise/day/items/<slug:item>/", day_views.mark, name="organise-mark"),
    path("organise/agenda/undo/", history_views.undo, name="organise-undo"),
    path("organise/agenda/releases/<int:number>/", history_views.release, name="organise-release"),
    path("organise/agenda/releases/<int:number>/restore/", history_views.restore, name="organise-restore"),
]
hall = [
    path("agenda/", views.programme, {"hall": True}, name="hall-agenda"),
    path("agenda/now/", views.now, {"hall": True}, name="hall-now"),
    path("agenda/notices/", views.notices, {"hall": True}, name="hall-notices"),
    path(
        "agenda/<slug:item>/materials/<int:number>/",
        directory_views.material_file,
        {"hall": True},
        name="hall-material",
    ),
]
