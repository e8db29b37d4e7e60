"""The command `import_paper`: showing needs no database, storing is done twice without harm, errors are one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from conference.event.models import ConferencePaper
from papers.models import Block, Edition, Paper

ROOT = Path(__file__).parents[2]
SCAN = Path(__file__).parent / "scans" / "harbours.md"


def test_a_dry_run_prints_json_and_needs_no_database() -> None:
    environment = {**os.environ, "SECRET_KEY": "x", "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none"}
    done = subprocess.run(
        [sys.executable, "manage.py", "import_paper", str(SCAN), "--dry-run", "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    assert data["title"] == "Quiet Harbours"
    assert len(data["blocks"]) == 26


def test_a_dry_run_without_json_says_where_to_look() -> None:
    out = StringIO()
    call_command("import_paper", str(SCAN), "--dry-run", stdout=out)
    assert "26 blocks, 7 headings, 9 places dropped, 2 seams joined, 1 doubtful" in out.getvalue()
    assert "look at page 6/7: …was the end of the debate. ¶ Nobody has" in out.getvalue()


@pytest.mark.django_db
def test_storing_twice_is_one_edition_and_the_blocks_are_those_read() -> None:
    for _ in range(2):
        call_command("import_paper", str(SCAN), stdout=StringIO())
    paper = Paper.objects.get()
    assert (paper.slug, paper.title, paper.is_summary) == ("quiet-harbours", "Quiet Harbours", False)
    assert Edition.objects.count() == 1
    blocks = Block.objects.order_by("order")
    assert blocks.count() == 26
    assert blocks[0].text == "Summary"
    assert (blocks[0].level, blocks[0].page, blocks[0].part) == (2, 3, "summary")


@pytest.mark.django_db
def test_a_summary_has_an_address_of_its_own() -> None:
    call_command("import_paper", str(SCAN), "--summary", stdout=StringIO())
    call_command("import_paper", str(SCAN), "--slug", "harbours", stdout=StringIO())
    assert set(Paper.objects.values_list("slug", "is_summary")) == {
        ("quiet-harbours-summary", True),
        ("harbours", False),
    }
    with pytest.raises(CommandError, match="choose another slug"):
        call_command("import_paper", str(SCAN), "--slug", "harbours", "--summary", stdout=StringIO())


def test_it_becomes_the_conferences_paper(house: SimpleNamespace) -> None:
    slug = house.conference.slug
    call_command("import_paper", str(SCAN), "--conference", slug, stdout=StringIO())
    link = ConferencePaper.objects.get(conference=house.conference, position=0)
    assert link.paper.slug == "quiet-harbours"


def test_a_draft_is_kept_for_the_organisers_and_nothing_public_changes(house: SimpleNamespace) -> None:
    out = StringIO()
    call_command("import_paper", str(SCAN), "--draft", "--conference", "prague", stdout=out)
    edition = Edition.objects.get(paper__slug="quiet-harbours")
    assert edition.is_draft
    assert f"/prague/organise/papers/drafts/{edition.pk}/" in out.getvalue()
    assert not Block.objects.filter(paper=edition.paper).exists()
    assert not ConferencePaper.objects.filter(paper=edition.paper).exists()
    with pytest.raises(CommandError, match="--draft needs --conference"):
        call_command("import_paper", str(SCAN), "--draft", stdout=StringIO())
    with pytest.raises(CommandError, match="There is no conference “nowhere”"):
        call_command("import_paper", str(SCAN), "--draft", "--conference", "nowhere", stdout=StringIO())


@pytest.mark.django_db
def test_an_unknown_conference_stores_nothing() -> None:
    with pytest.raises(CommandError, match="There is no conference “nowhere”"):
        call_command("import_paper", str(SCAN), "--conference", "nowhere", stdout=StringIO())
    assert not Paper.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.md", b"", "The file is empty."),
        ("scan.pdf", b"%PDF-1.7\n", "PDF is damaged"),
        ("old.md", "Přílivy".encode("cp1250"), "not UTF-8"),
    ],
)
def test_a_bad_file_is_one_clear_line(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError, match=says) as caught:
        call_command("import_paper", str(path), "--dry-run", "--json")
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_and_wrong_options(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_paper", str(tmp_path / "none.md"), "--dry-run")
    with pytest.raises(CommandError, match="Is a directory"):
        call_command("import_paper", str(tmp_path), "--dry-run")
    with pytest.raises(CommandError, match="goes with --dry-run"):
        call_command("import_paper", str(SCAN), "--json")
    with pytest.raises(CommandError, match="not of the form"):
        call_command("import_paper", str(SCAN), "--slug", "No Slug")
