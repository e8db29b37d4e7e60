"""Storing a paper: permanent ids over every kind of re-import, and what the database itself forbids."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from papers.importing import read
from papers.models import Block, Edition, Paper, new_block_id
from papers.queries import contents, current_blocks
from papers.services import store_edition
from papers.signals import edition_stored

pytestmark = pytest.mark.django_db

ONE = "The first dock was built of oak and lasted for a hundred winters without any repair."
TWO = "The second dock was built of steel, cost nine times as much and rusted within a decade."
THREE = "Nobody in the town council can say today who signed the contract for the third of them."
FOUR = "A fund to which every ship pays by the ton would settle the matter for good."


def paper_of(*paragraphs: str) -> bytes:
    """The source of a paper with these paragraphs under one heading."""
    return ("# Docks\n\n**Ada Lindqvist**\n\n## History\n\n" + "\n\n".join(paragraphs) + "\n").encode()


def store(source: bytes, **options: Any) -> Edition:
    """Read and store as the paper `docks`."""
    return store_edition(
        document=read(source), slug="docks", source=source, source_name="docks.md", **options
    )


def ids() -> dict[str, str]:
    """The permanent id of each present text."""
    return {block.text: block.public_id for block in current_blocks(Paper.objects.get())}


def test_a_first_import_fills_the_paper() -> None:
    edition = store(paper_of(ONE, TWO))
    paper = Paper.objects.get()
    assert (paper.slug, paper.title, paper.authors, paper.language) == (
        "docks",
        "Docks",
        ["Ada Lindqvist"],
        "en",
    )
    assert (edition.paper, edition.current, edition.source_name) == (paper, True, "docks.md")
    assert [(b.order, b.kind, b.level, b.text) for b in current_blocks(paper)] == [
        (1, "heading", 2, "History"),
        (2, "paragraph", 0, ONE),
        (3, "paragraph", 0, TWO),
    ]


def test_the_same_source_again_is_the_same_edition() -> None:
    first = store(paper_of(ONE, TWO))
    assert store(paper_of(ONE, TWO)) == first
    assert Edition.objects.count() == 1


def test_the_same_source_read_better_is_a_new_edition_with_the_old_ids() -> None:
    source = paper_of(ONE, TWO)
    store(source)
    before = ids()
    better = replace(read(source), subtitle="A Short History")
    store_edition(document=better, slug="docks", source=source, source_name="docks.md")
    assert Paper.objects.get().subtitle == "A Short History"
    assert Edition.objects.count() == 2
    assert ids() == before


@pytest.mark.parametrize(
    ("paragraphs", "kept"),
    [
        ([ONE, TWO.replace("nine times", "eleven times"), THREE], [ONE, TWO, THREE]),  # reworded
        ([ONE, FOUR, TWO, THREE], [ONE, TWO, THREE]),  # one came in between
        ([THREE, ONE, TWO], [ONE, TWO, THREE]),  # moved
        ([ONE, THREE], [ONE, THREE]),  # removed
        ([ONE, f"{TWO} Rust it was.", THREE], [ONE, TWO, THREE]),  # grown
        ([ONE, FOUR, THREE], [ONE, THREE]),  # replaced by something else: no false heir
    ],
)
def test_ids_survive_a_corrected_edition(paragraphs: list[str], kept: list[str]) -> None:
    store(paper_of(ONE, TWO, THREE))
    before = ids()
    store(paper_of(*paragraphs))
    now = set(ids().values())
    assert {text for text in (ONE, TWO, THREE) if before[text] in now} == set(kept)
    assert len(now) == len(paragraphs) + 1
    assert [b.text for b in current_blocks(Paper.objects.get())][1:] == paragraphs


def test_a_reworded_paragraph_has_its_new_text_at_its_old_address() -> None:
    store(paper_of(ONE, TWO))
    address = ids()[TWO]
    corrected = TWO.replace("rusted", "*rusted*").replace("decade", "few years")
    store(paper_of(ONE, corrected))
    block = Block.objects.get(public_id=address)
    assert (block.text, block.removed) == (corrected.replace("*", ""), False)
    assert "<em>rusted</em>" in block.safe_html


def test_what_is_gone_is_kept_as_removed_and_is_itself_again_when_it_returns() -> None:
    store(paper_of(ONE, TWO, THREE))
    before = ids()
    store(paper_of(ONE, THREE))
    gone = Block.objects.get(public_id=before[TWO])
    assert (gone.removed, gone.text) == (True, TWO)
    store(paper_of(ONE, THREE, TWO))
    assert ids() == before
    assert Block.objects.filter(removed=True).count() == 0


def test_permalinks_of_merged_paragraphs_lead_to_where_their_words_are() -> None:
    store(paper_of(ONE, TWO, THREE, FOUR))
    before = ids()
    store(paper_of(ONE, f"{TWO} {THREE}", FOUR))
    store(paper_of(f"{ONE} {TWO} {THREE}", FOUR))
    former = {b.text: b.former for b in current_blocks(Paper.objects.get())}  # type: ignore[attr-defined]
    assert former[FOUR] == []
    assert {before[TWO], before[THREE], before[ONE]} == {
        *former[f"{ONE} {TWO} {THREE}"],
        ids()[f"{ONE} {TWO} {THREE}"],
    }
    # Parted again, each is itself again.
    store(paper_of(ONE, TWO, THREE, FOUR))
    assert ids() == before
    assert not any(b.former for b in current_blocks(Paper.objects.get()))  # type: ignore[attr-defined]


def test_only_the_newest_edition_is_current() -> None:
    store(paper_of(ONE))
    newest = store(paper_of(TWO))
    assert list(Edition.objects.filter(current=True)) == [newest]


def test_a_summary_and_a_full_text_never_become_each_other() -> None:
    store(paper_of(ONE), is_summary=True)
    with pytest.raises(ValueError, match="holds a summary"):
        store(paper_of(TWO))
    assert Paper.objects.get().is_summary
    assert [b.text for b in current_blocks(Paper.objects.get())][1:] == [ONE]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": ""}, "no title"),
        ({"title": "x" * 301}, "title has more than 300"),
        ({"date": "x" * 61}, "date"),
    ],
)
def test_what_does_not_fit_is_refused_whole(change: dict[str, str], says: str) -> None:
    document = replace(read(paper_of(ONE)), **change)
    with pytest.raises(ValueError, match=says):
        store_edition(document=document, slug="docks", source=b"x", source_name="x")
    assert not Paper.objects.exists()


def test_listeners_hear_of_it_inside_the_transaction() -> None:
    heard: list[tuple[Paper, Edition]] = []

    def listen(sender: object, paper: Paper, edition: Edition, **kwargs: Any) -> None:
        assert connection.in_atomic_block
        heard.append((paper, edition))

    edition_stored.connect(listen)
    try:
        edition = store(paper_of(ONE))
        store(paper_of(ONE))
    finally:
        edition_stored.disconnect(listen)
    assert heard == [(edition.paper, edition)]


def test_a_listener_that_fails_takes_the_edition_back() -> None:
    def refuse(**kwargs: Any) -> None:
        raise RuntimeError("no")

    edition_stored.connect(refuse)
    try:
        with pytest.raises(RuntimeError, match="no"), transaction.atomic():
            store(paper_of(ONE))
    finally:
        edition_stored.disconnect(refuse)
    assert not Paper.objects.exists()


def test_reading_is_one_query_however_long_the_paper_is() -> None:
    store(paper_of(ONE))
    paper = Paper.objects.get()
    for paragraphs in ((ONE, TWO), (ONE, TWO, THREE, FOUR)):
        store(paper_of(*paragraphs))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            blocks = current_blocks(paper)
            assert [heading.text for heading in contents(blocks)] == ["History"]
        assert len(queries) == 1
        assert len(blocks) == len(paragraphs) + 1


def test_contents_leave_front_and_back_matter_out() -> None:
    store(paper_of(ONE) + b"\n## About the author\n\nShe writes.\n")
    assert [b.text for b in contents(current_blocks(Paper.objects.get()))] == ["History"]


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "verse"}, {"part": "middle"}, {"kind": "heading", "level": 1}, {"kind": "heading", "level": 7}],
)
def test_the_database_refuses_impossible_blocks(wrong: dict[str, Any]) -> None:
    edition = store(paper_of(ONE))
    values = {"kind": "paragraph", "text": "x", "html": "x", "order": 9, **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(paper=edition.paper, edition=edition, **values)


def test_the_database_refuses_two_current_editions_and_a_deleted_text() -> None:
    edition = store(paper_of(ONE))
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(paper=edition.paper, source_name="x", source_sha256="x")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("delete from papers_paper")


def test_block_ids_are_valid_html_ids_without_words() -> None:
    made = {new_block_id() for _ in range(500)}
    assert len(made) == 500
    for one in made:
        assert len(one) == 8
        assert one[0].isalpha()
        assert not set(one) & set("aeiou01ly")
