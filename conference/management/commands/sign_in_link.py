"""`manage.py sign_in_link USERNAME…`: one-time sign-in addresses, one a line."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from conference.event.models import User
from conference.event.services import sign_in_token


class Command(BaseCommand):
    """See the module."""

    help = "Print the address of a page with one button that signs a member of staff in, once, within a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("usernames", nargs="+", metavar="USERNAME")
        parser.add_argument("--base-url", default=settings.BASE_URL)

    def handle(self, *args: Any, **options: Any) -> None:
        for username in options["usernames"]:
            user = User.objects.filter(username=username, is_active=True).first()
            if user is None:
                raise CommandError(f"There is no active account “{username}”.")
            path = reverse("sign-in-link", args=[sign_in_token(user)])
            self.stdout.write(f"{options['base_url'].rstrip('/')}{path}")
