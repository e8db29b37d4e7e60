"""Both languages, whole: every interface string has its Czech, and the compiled catalogue is the written one."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "conference" / "locale" / "cs" / "LC_MESSAGES" / "django.po"


def test_nothing_is_untranslated_or_doubtful() -> None:
    catalogue = polib.pofile(str(CATALOGUE))
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert len(catalogue) > 150


def test_the_compiled_catalogue_is_the_written_one() -> None:
    written = {entry.msgid: (entry.msgstr, entry.msgstr_plural) for entry in polib.pofile(str(CATALOGUE))}
    compiled = {
        entry.msgid: (entry.msgstr, entry.msgstr_plural)
        for entry in polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    }
    assert compiled == written


def test_placeholders_survive_translation() -> None:
    for entry in polib.pofile(str(CATALOGUE)):
        wanted = set(re.findall(r"%\(\w+\)s", entry.msgid + (entry.msgid_plural or "")))
        for translated in [entry.msgstr, *entry.msgstr_plural.values()]:
            if translated:
                assert set(re.findall(r"%\(\w+\)s", translated)) == wanted, entry.msgid


def test_every_string_of_the_code_is_in_the_catalogue(tmp_path: Path) -> None:
    """Extract anew and compare: a string added without its Czech fails here."""
    if shutil.which("xgettext") is None:
        pytest.fail("xgettext is missing. On Debian: apt-get install gettext")
    for name in ("conference", "papers", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "locale"))
    # Outside of an app's own folder: one catalogue for everything, and nothing is written into the checkout.
    (tmp_path / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "-l", "cs", "--keep-pot", "-i", "migrations"]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, env=environment)
    extracted = {entry.msgid for entry in polib.pofile(str(tmp_path / "locale" / "django.pot"))}
    known = {entry.msgid for entry in polib.pofile(str(CATALOGUE))}
    assert extracted - known == set()
    assert known - extracted == set()
