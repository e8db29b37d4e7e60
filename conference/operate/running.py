"""What a running ./run told its web processes, for commands in another shell.

A sign-in link that `manage.py` makes has to name the port that is really served.
"""

import json
from pathlib import Path

from conference.operate.cluster import write_private

NAMES = ("BASE_URL", "ALLOWED_HOSTS")


def environment(data_dir: Path) -> dict[str, str]:
    """The values of NAMES in the ./run that uses this data folder (or was killed in it); empty otherwise."""
    try:
        values: dict[str, str] = json.loads(_file(data_dir).read_text())
    except (FileNotFoundError, PermissionError):
        return {}
    return values


def write(data_dir: Path, values: dict[str, str]) -> None:
    """Note the values while we run."""
    write_private(_file(data_dir), json.dumps(values))


def remove(data_dir: Path) -> None:
    """We do not run any more."""
    _file(data_dir).unlink(missing_ok=True)


def _file(data_dir: Path) -> Path:
    return data_dir / "running.json"
