"""Django's entry for the conference app: features register here with the live part."""

from django.apps import AppConfig


class ConferenceConfig(AppConfig):
    """One app, split by feature."""

    name = "conference"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from conference.agenda import live as agenda
        from conference.board import live as board
        from conference.pages import live as pages
        from conference.review import live as review

        agenda.register()
        board.register()
        # Before the pages: a paper is attached to its conference first, then every page of it is told.
        review.register()
        pages.register()
