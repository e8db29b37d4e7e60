"""`manage.py load_demonstration`: the Prague conference, and its simulated clock started anew."""

from typing import Any

from django.core.management.base import BaseCommand

from conference.demonstration.load import load


class Command(BaseCommand):
    """See the module."""

    help = "Load the demonstration conference if it is not there, and start its simulated clock at 09:55."

    def handle(self, *args: Any, **options: Any) -> None:
        conference = load()
        self.stdout.write(f"“{conference.title}” is there; its clock starts at 09:55 of 17 December 2013.")
