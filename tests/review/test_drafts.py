"""Drafts: nothing public changes before publishing, every change is logged, the stale change nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from conference.event.models import ConferencePaper
from conference.live.services import read_revisions
from conference.review import services
from conference.review.models import Upload
from papers import drafts
from papers.draft import Impossible
from papers.importing import UnreadablePaper, read
from papers.models import Block, Edition, Paper, PreviewLink
from papers.queries import current_blocks
from papers.services import store_edition

ONE = "The first dock was built of oak and lasted for a hundred winters without any repair."
TWO = "The second dock was built of steel, cost nine times as much and rusted within a decade."
THREE = "Nobody in the town council can say today who signed the contract for the third of them."


def source(*paragraphs: str) -> bytes:
    """A paper of these paragraphs."""
    return ("# Docks\n\n**Ada Lindqvist**\n\n## History\n\n" + "\n\n".join(paragraphs) + "\n").encode()


def upload(house: SimpleNamespace, *paragraphs: str, **options: Any) -> Edition:
    """A draft of the paper `docks`, or of the paper given."""
    return services.upload(
        conference=house.conference,
        by=house.organiser,
        source=source(*paragraphs),
        source_name="docks.md",
        **options,
    )


def publish(house: SimpleNamespace, edition: Edition, **options: Any) -> Edition:
    """Publish a draft as it is."""
    edition.refresh_from_db()
    current = edition.paper.editions.filter(current=True).first()
    named = {"by": house.organiser, "version": edition.version, "base": current and current.number}
    return services.publish(edition=edition, **{**named, "makes_main": False, **options})


def test_an_upload_changes_nothing_public(house: SimpleNamespace) -> None:
    links = list(ConferencePaper.objects.values_list("pk", "paper", "position"))
    topics = [str(house.conference.pk), "conferences", f"{house.conference.pk}/events/public"]
    before = read_revisions(topics)
    edition = upload(house, ONE, TWO)
    assert (edition.is_draft, edition.current, edition.number, edition.made_by) == (
        True,
        False,
        None,
        house.organiser,
    )
    assert not Block.objects.filter(paper=edition.paper).exists()
    assert list(ConferencePaper.objects.values_list("pk", "paper", "position")) == links
    assert read_revisions(topics) == before
    assert bytes(edition.content.source) == source(ONE, TWO)


def test_what_cannot_be_read_is_not_kept(house: SimpleNamespace) -> None:
    with pytest.raises(UnreadablePaper):
        services.upload(conference=house.conference, by=house.organiser, source=b"", source_name="x.md")
    assert not Upload.objects.exists()
    assert Paper.objects.count() == 1


def test_publishing_makes_it_the_paper_of_the_conference(house: SimpleNamespace) -> None:
    edition = publish(house, upload(house, ONE, TWO), makes_main=True)
    assert (edition.current, edition.number, edition.published_by) == (True, 1, house.organiser)
    assert [b.text for b in current_blocks(edition.paper)] == ["History", ONE, TWO]
    assert ConferencePaper.objects.get(conference=house.conference, position=0).paper == edition.paper
    snapshot = edition.content.snapshot
    assert [block["text"] for block in snapshot["blocks"]] == ["History", ONE, TWO]
    assert [block["id"] for block in snapshot["blocks"]] == [
        b.public_id for b in current_blocks(edition.paper)
    ]
    assert snapshot["fields"]["title"] == "Docks"


def test_a_newer_text_keeps_ids_and_the_older_text(house: SimpleNamespace) -> None:
    first = publish(house, upload(house, ONE, TWO))
    ids = {b.text: b.public_id for b in current_blocks(first.paper)}
    reworded = TWO.replace("nine", "eleven")
    second = publish(house, upload(house, THREE, ONE, reworded, paper=first.paper))
    assert second.number == 2
    now = {b.text: b.public_id for b in current_blocks(first.paper)}
    assert (now[ONE], now[reworded]) == (ids[ONE], ids[TWO])
    first.refresh_from_db()
    assert first.current is False
    assert [block["text"] for block in first.content.snapshot["blocks"]] == ["History", ONE, TWO]


def test_two_new_papers_of_one_title_have_two_addresses(house: SimpleNamespace) -> None:
    slugs = [upload(house, words).paper.slug for words in (ONE, TWO, THREE)]
    summary = upload(house, ONE, is_summary=True).paper
    assert slugs == ["docks", "docks-2", "docks-3"]
    assert (summary.slug, summary.is_summary) == ("docks-summary", True)


def test_a_doubled_upload_is_one_draft_until_somebody_touches_it(house: SimpleNamespace) -> None:
    first = upload(house, ONE)
    assert upload(house, ONE) == first
    assert upload(house, ONE, paper=house.paper) != first
    drafts.correct(edition=first, by=house.organiser, version=1, operation={"op": "drop", "key": "b0"})
    assert upload(house, ONE) != first


def test_a_full_text_takes_the_place_of_a_summary_only_when_published(house: SimpleNamespace) -> None:
    house.paper.is_summary = True
    house.paper.save()
    edition = upload(house, ONE)
    assert Upload.objects.get(edition=edition).makes_main
    assert ConferencePaper.objects.get(conference=house.conference, position=0).paper == house.paper
    # A newer text of the summary stays a summary.
    assert upload(house, ONE, paper=house.paper).paper == house.paper
    with pytest.raises(ValueError, match="holds a summary"):
        store_edition(document=read(source(ONE)), slug="a-paper", source=b"x", source_name="x")


MERGE = {"op": "merge", "key": "b2"}


def test_corrections_are_logged_and_undone(house: SimpleNamespace) -> None:
    edition = upload(house, ONE, TWO)
    edition = drafts.correct(edition=edition, by=house.organiser, version=1, operation=MERGE)
    assert [part.block.text for part in drafts.draft_of(edition).parts] == ["History", f"{ONE} {TWO}"]
    edition = drafts.undo(edition=edition, by=house.desk, version=2)
    assert len(drafts.draft_of(edition).parts) == 3
    # With nothing left to undo nothing happens.
    assert drafts.undo(edition=edition, by=house.desk, version=3).version == 3
    log = [(change.version, change.operation["op"], change.by) for change in edition.changes.all()]
    assert log == [(1, "upload", house.organiser), (2, "merge", house.organiser), (3, "undo", house.desk)]


def test_a_stale_correction_changes_nothing_and_tells_what_happened(house: SimpleNamespace) -> None:
    edition = upload(house, ONE, TWO)
    drafts.correct(edition=edition, by=house.organiser, version=1, operation=MERGE)
    with pytest.raises(drafts.Stale) as stale:
        drafts.correct(edition=edition, by=house.chair, version=1, operation={"op": "drop", "key": "b1"})
    assert stale.value.last is not None
    assert (stale.value.last.operation, stale.value.last.by) == (MERGE, house.organiser)
    # The same tap twice, its answer lost: success, once.
    again = drafts.correct(edition=edition, by=house.organiser, version=1, operation=MERGE)
    assert again.version == 2
    # The same correction by somebody else is not the same tap.
    with pytest.raises(drafts.Stale):
        drafts.correct(edition=edition, by=house.chair, version=1, operation=MERGE)


def test_what_cannot_be_done_is_not_logged(house: SimpleNamespace) -> None:
    edition = upload(house, ONE, TWO)
    with pytest.raises(Impossible):
        drafts.correct(edition=edition, by=house.organiser, version=1, operation={"op": "merge", "key": "b0"})
    edition.refresh_from_db()
    assert (edition.version, edition.changes.count()) == (1, 1)


def test_what_was_corrected_is_what_is_published(house: SimpleNamespace) -> None:
    edition = upload(house, ONE, TWO)
    values = {"title": "Quays", "authors": ["B"]}
    for version, operation in enumerate([MERGE, {"op": "fields", "values": values}], start=1):
        drafts.correct(edition=edition, by=house.organiser, version=version, operation=operation)
    paper = publish(house, edition).paper
    paper.refresh_from_db()
    assert (paper.title, paper.authors) == ("Quays", ["B"])
    assert [b.text for b in current_blocks(paper)] == ["History", f"{ONE} {TWO}"]


def test_a_published_or_discarded_edition_takes_no_correction(house: SimpleNamespace) -> None:
    for end in (publish, lambda house, row: drafts.discard(edition=row, by=house.organiser, version=1)):
        edition = end(house, upload(house, ONE, TWO))
        for act in (drafts.undo, drafts.unschedule):
            with pytest.raises(drafts.NotADraft):
                act(edition=edition, by=house.organiser, version=edition.version)
        with pytest.raises(drafts.NotADraft):
            drafts.correct(edition=edition, by=house.organiser, version=edition.version, operation=MERGE)


def test_publishing_twice_is_once_and_a_discarded_draft_stays_where_it_is(house: SimpleNamespace) -> None:
    edition = upload(house, ONE)
    named = {"edition": edition, "by": house.organiser, "version": 1, "base": None, "makes_main": False}
    first, again = services.publish(**named), services.publish(**named)
    assert (first, again.version) == (again, first.version)
    assert edition.changes.filter(operation__op="publish").count() == 1
    gone = drafts.discard(edition=upload(house, TWO), by=house.organiser, version=1)
    assert drafts.discard(edition=gone, by=house.organiser, version=1) == gone
    assert gone.content.source


def test_a_text_published_meanwhile_makes_the_comparison_stale(house: SimpleNamespace) -> None:
    first = publish(house, upload(house, ONE, TWO))
    drafts_of_it = [upload(house, ONE, paper=first.paper), upload(house, TWO, paper=first.paper)]
    publish(house, drafts_of_it[0])
    with pytest.raises(drafts.Stale):
        publish(house, drafts_of_it[1], base=1)
    assert [b.text for b in current_blocks(first.paper)] == ["History", ONE]


def test_an_embargo_ends_by_itself(house: SimpleNamespace) -> None:
    edition = upload(house, ONE)
    at = timezone.now() + timedelta(hours=1)
    edition = publish(house, edition, at=at)
    assert (edition.is_draft, edition.publish_at) == (True, at)
    drafts.publish_due()
    assert not Block.objects.filter(paper=edition.paper).exists()
    # A slip of the pen can still be mended.
    drafts.correct(
        edition=edition,
        by=house.organiser,
        version=edition.version,
        operation={"op": "text", "key": "b1", "source": TWO, "html": False},
    )
    Edition.objects.filter(pk=edition.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    topic = f"{house.conference.pk}/paper/docks"
    before = read_revisions([topic])[topic]
    drafts.publish_due()
    drafts.publish_due()
    edition.refresh_from_db()
    assert (edition.current, edition.publish_at, edition.published_by) == (True, None, house.organiser)
    assert [b.text for b in current_blocks(edition.paper)] == ["History", TWO]
    assert read_revisions([topic])[topic] == before + 1
    assert edition.changes.filter(operation__op="publish").count() == 1


def test_a_set_time_can_be_taken_back(house: SimpleNamespace) -> None:
    edition = publish(house, upload(house, ONE), at=timezone.now() + timedelta(hours=1))
    edition = drafts.unschedule(edition=edition, by=house.organiser, version=edition.version)
    assert edition.publish_at is None
    assert drafts.unschedule(edition=edition, by=house.organiser, version=1) == edition
    with pytest.raises(services.Unfinished):
        publish(house, edition, at=timezone.now() - timedelta(minutes=1))


def test_a_draft_without_a_title_waits_for_one(house: SimpleNamespace) -> None:
    edition = services.keep(
        conference=house.conference,
        by=house.organiser,
        document=replace(read(source(ONE)), title=""),
        source=source(ONE),
        source_name="Scan 3.txt",
    )
    assert edition.paper.slug == "scan-3-txt"
    with pytest.raises(services.Unfinished):
        publish(house, edition)
    assert Upload.objects.get(edition=edition).makes_main is False
    Edition.objects.filter(pk=edition.pk).update(
        publish_at=timezone.now() - timedelta(seconds=1), published_by=house.organiser
    )
    drafts.publish_due()
    edition.refresh_from_db()
    assert (edition.is_draft, edition.publish_at) == (True, None)
    assert "no title" in edition.changes.last().operation["why"]


def test_preview_links_keep_no_secret(house: SimpleNamespace) -> None:
    edition = upload(house, ONE)
    link, secret = drafts.make_preview_link(edition=edition, by=house.organiser, label="The Gazette")
    assert secret not in str(PreviewLink.objects.filter(pk=link.pk).values())
    assert link.digest == drafts.digest_of(secret)
    for _ in range(2):
        link = drafts.revoke_preview_link(link=link, by=house.organiser)
    assert edition.changes.filter(operation__op="revoke").count() == 1
    publish(house, edition)
    with pytest.raises(drafts.NotADraft):
        drafts.make_preview_link(edition=edition, by=house.organiser, label="Too late")


def test_the_original_is_offered_by_decision_only(house: SimpleNamespace) -> None:
    edition = upload(house, ONE)
    with pytest.raises(drafts.NotADraft):
        drafts.offer_original(paper=edition.paper, by=house.organiser, offered=True)
    edition = publish(house, edition)
    for _ in range(2):
        paper = drafts.offer_original(paper=edition.paper, by=house.organiser, offered=True)
    assert paper.offers_original
    assert edition.changes.filter(operation__op="offer").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"current": True, "published_at": None},
        {"current": False, "discarded_at": timezone.now()},
        {"current": False, "publish_at": timezone.now()},
        {"current": False, "number": 1},
    ],
)
def test_the_database_refuses_impossible_editions(house: SimpleNamespace, wrong: dict[str, Any]) -> None:
    edition = publish(house, upload(house, ONE))
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(paper=edition.paper, source_name="x", source_sha256="x", **wrong)
