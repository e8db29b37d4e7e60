"""Addresses of the programme below a conference; `pages.urls` adds the session pages."""

from django.urls import path

from conference.agenda import (
    day_views,
    feeds,
    history_views,
    import_views,
    publish_views,
    staff_views,
    views,
)

public = [
    path("agenda/", views.programme, name="agenda"),
    path("agenda/now/", views.now, name="now"),
    path("rooms/<slug:room>/", views.room_sign, name="room"),
    # Feeds and exports of what the public has.
    path("agenda.ics", feeds.calendar, name="agenda-ics"),
    path("agenda/<slug:item>.ics", feeds.item_calendar, name="item-ics"),
    path("agenda.csv", feeds.spreadsheet, {"form": "csv"}, name="agenda-csv"),
    path("agenda.xlsx", feeds.spreadsheet, {"form": "xlsx"}, name="agenda-xlsx"),
    path("schedule.json", feeds.schedule_json, name="schedule-json"),
    path("schedule.xml", feeds.schedule_xml, name="schedule-xml"),
    path("changes.atom", feeds.changes_feed, name="changes-atom"),
    # The draft, in and out.
    path("organise/agenda/import/", import_views.import_programme, name="organise-import"),
    path("organise/agenda/import/preview/", import_views.import_preview, name="organise-import-preview"),
    path("organise/agenda/export/<slug:form>/", import_views.export, name="organise-export"),
    path("agenda/notices/", views.notices, name="notices"),
    path("organise/", staff_views.index, name="organise"),
    path("organise/items/add/", staff_views.add, name="organise-add"),
    path("organise/items/<slug:item>/", staff_views.edit, name="organise-edit"),
    path("organise/items/<slug:item>/cancel/", staff_views.cancel, name="organise-cancel"),
    path("organise/agenda/publish/", publish_views.publish, name="organise-publish"),
    path("organise/agenda/acknowledge/", publish_views.acknowledge, name="organise-acknowledge"),
    path("organise/agenda/check/", publish_views.check, name="organise-check"),
    path("organise/agenda/history/", history_views.history, name="organise-history"),
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
]
