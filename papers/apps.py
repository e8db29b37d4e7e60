"""Django's entry for the papers app."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Stands alone: it never imports `conference`."""

    name = "papers"
