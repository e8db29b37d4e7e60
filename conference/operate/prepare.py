"""Make a database and its data folder ready to serve, in one process (each command would load Django).

Run by the launcher, which hands over the environment; prints its steps. The sign-in links go to a
descriptor of their own, one line `USERNAME URL` each, since they are shown last.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from conference.operate.words import complain, say, step

PEOPLE = ("organiser", "moderator", "chair")
DEMONSTRATION = "prague-2013"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the steps; returns 0, or 2 after one line about what an operator can put right."""
    parser = argparse.ArgumentParser(prog="conference.operate.prepare", description=__doc__)
    parser.add_argument("--paper", type=Path)
    parser.add_argument("--links-fd", type=int)
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")

    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError
    from django.db import OperationalError

    try:
        with step("Loading the application"):
            django.setup()
        _prepare(options.paper)
        if options.links_fd is not None:
            with os.fdopen(options.links_fd, "w") as links:
                links.writelines(f"{name} {url}\n" for name, url in _sign_in_links())
    except (CommandError, ImproperlyConfigured, OperationalError) as error:
        complain(" ".join(str(error).split()))
        return 2
    return 0


def _prepare(paper: Path | None) -> None:
    from django.core.management import call_command

    with step("Bringing the database up to date"):
        call_command("migrate", interactive=False, verbosity=0)
    with step("Collecting static files"):
        call_command("collectstatic", interactive=False, verbosity=0)

    from conference.models import Conference

    if not Conference.objects.exists():
        with step("Loading the demonstration conference"):
            call_command("load_demonstration", stdout=io.StringIO())
    elif Conference.objects.filter(slug=DEMONSTRATION, demonstration=True).exists():
        with step("Setting the demonstration's clock to 09:55"):
            call_command("load_demonstration", stdout=io.StringIO())
    if paper is not None:
        said = io.StringIO()
        with step(f"Importing {paper.name}"):
            call_command("import_paper", str(paper), conference=DEMONSTRATION, stdout=said)
        for line in said.getvalue().splitlines():
            say(f"  {line}")


def _sign_in_links() -> list[tuple[str, str]]:
    """One-time links for those of the demonstration's staff who have an account."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    known = set(get_user_model().objects.filter(username__in=PEOPLE).values_list("username", flat=True))
    people = [name for name in PEOPLE if name in known]
    if not people:
        return []
    said = io.StringIO()
    call_command("sign_in_link", *people, stdout=said)
    return list(zip(people, said.getvalue().split(), strict=True))


if __name__ == "__main__":
    sys.exit(main())
