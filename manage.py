#!/usr/bin/env python3
"""Django's command line for this project."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
    if "--dry-run" in sys.argv[2:]:
        # A dry run signs nothing and touches no database, so it works where neither has been set up.
        os.environ.setdefault("SECRET_KEY", "a dry run signs nothing")
        os.environ.setdefault("DATABASE_URL", "postgres://nobody@127.0.0.1:9/none")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
