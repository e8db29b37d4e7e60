"""For a shell: `eval "$(python -m conference.operate.where)"` sets PG, the folder of PostgreSQL's programs
(pg_dump, psql …), and DATABASE_URL, the address of the server that runs in DATA_DIR."""

import os
import shlex
import sys
from pathlib import Path

from conference.operate.binaries import wheel_programs
from conference.operate.postgres import database_url
from conference.operate.web import ROOT
from conference.operate.words import Refusal, complain


def main() -> int:
    """Print the two assignments; returns the exit code."""
    try:
        programs = wheel_programs().folder
        url = os.environ.get("DATABASE_URL") or database_url(Path(os.environ.get("DATA_DIR") or ROOT / "var"))
    except (Refusal, RuntimeError) as problem:
        complain(str(problem))
        return 2
    print(f"PG={shlex.quote(str(programs))}")
    print(f"export DATABASE_URL={shlex.quote(url)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
