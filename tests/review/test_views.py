"""The organiser's pages of a paper through the client, and what readers, the press and strangers see of them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from papers import drafts
from papers.models import Block, Edition, Paper
from tests.board.test_orphans import FOUR
from tests.review.test_drafts import ONE, THREE, TWO, publish, source, upload

PAPERS = "/prague/organise/papers/"


def send(client: Client, content: bytes, name: str = "docks.md", **fields: Any) -> Any:
    """Upload a file."""
    return client.post(f"{PAPERS}upload/", {"file": SimpleUploadedFile(name, content), **fields})


def text_of(answer: Any) -> str:
    """An answer's words, each space once."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_from_the_file_to_the_reader(house, client_of) -> None:
    client = client_of("organiser")
    answer = send(client, source(ONE, TWO))
    assert answer.status_code == 303
    address = answer["Location"]
    edition = Edition.objects.get(paper__slug="docks")
    assert address == f"{PAPERS}drafts/{edition.pk}/"
    page = text_of(client.get(address))
    assert "3 blocks" in page
    assert ONE in page
    step = {"version": 1, "op": "merge", "key": "b2"}
    answer = client.post(f"{address}correct/", step)
    assert (answer.status_code, answer["Location"]) == (303, f"{address}#b2")
    assert "Undo: joined two blocks" in text_of(client.get(address))
    assert client.post(f"{address}undo/", {"version": 2}).status_code == 303
    assert Client().get("/prague/papers/docks/").status_code == 404
    shown = text_of(client.get(f"{address}publish/"))
    assert "becomes public for the first time" in shown
    answer = client.post(f"{address}publish/", {"version": 3, "base": "", "when": "now", "main": "on"})
    assert (answer.status_code, answer["Location"]) == (303, PAPERS)
    assert ONE in text_of(Client().get("/prague/papers/docks/"))
    assert 'href="/prague/papers/docks/"' in Client().get("/prague/").content.decode()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.md", b" ", "The file is empty."),
        ("old.txt", "Přílivy".encode("cp1250"), "not UTF-8"),
        ("scan.png", b"\x89PNG\r\n\x1a\n\x00\x00", "not a text"),
    ],
)
def test_a_bad_file_is_refused_in_place(house, client_of, name: str, content: bytes, says: str) -> None:
    answer = send(client_of("organiser"), content, name, is_summary="on")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert "Nothing has changed" in page
    assert re.search(r'name="is_summary"[^>]*checked', page)
    assert Edition.objects.count() == 1


def test_a_bad_file_is_refused_in_czech(house, client_of) -> None:
    answer = client_of("organiser").post(
        f"/cs{PAPERS}upload/", {"file": SimpleUploadedFile("a.md", "Přílivy".encode("cp1250"))}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "UTF-8: bajt 2" in page
    assert "Nic se nezměnilo" in page


def test_no_file_and_a_file_that_the_front_did_not_take_in(house, client_of) -> None:
    client = client_of("organiser")
    answer = client.post(f"{PAPERS}upload/", {})
    assert answer.status_code == 422
    assert "Choose a file first." in answer.content.decode()
    page = client.get(f"{PAPERS}upload/", headers={"X-Front-Too-Large": "1"}).content.decode()
    assert "larger than 20 MB" in page


def test_every_page_is_for_organisers_only(house, client_of) -> None:
    edition = upload(house, ONE)
    draft = f"{PAPERS}drafts/{edition.pk}/"
    pages = [PAPERS, f"{PAPERS}upload/", f"{PAPERS}of/docks/", draft]
    pages += [f"{draft}{each}/" for each in ("publish", "fields", "blocks/b1", "discard", "source")]
    acts = [f"{draft}{each}/" for each in ("correct", "undo", "publish", "discard", "links", "unschedule")]
    for page in pages:
        assert client_of("organiser").get(page).status_code == 200, page
        assert client_of("desk").get(page).status_code == 404
        assert "/accounts/sign-in/" in Client().get(page)["Location"]
    for act in [*acts, f"{PAPERS}of/docks/original/", f"{PAPERS}upload/"]:
        assert client_of("stranger").post(act, {"version": 1}).status_code == 404
        assert Client().post(act, {"version": 1}).status_code == 303
    edition.refresh_from_db()
    assert (edition.version, edition.is_draft) == (1, True)


def test_another_conferences_paper_is_not_theirs(house, client_of) -> None:
    from conference.event.models import Conference, Membership

    other = Conference.objects.create(
        slug="brno", title="Brno", starts_on="2014-01-01", ends_on="2014-01-01", hall_code="x"
    )
    Membership.objects.create(user=house.stranger, conference=other, role="organiser")
    edition = upload(house, ONE)
    client = client_of("stranger")
    assert client.get("/brno/organise/papers/").status_code == 200
    for path in (f"drafts/{edition.pk}/", f"drafts/{edition.pk}/publish/", "of/docks/", "of/a-paper/"):
        assert client.get(f"/brno/organise/papers/{path}").status_code == 404


def test_a_stale_form_is_409_and_keeps_what_was_typed(house, client_of) -> None:
    edition = upload(house, ONE, TWO)
    address = f"{PAPERS}drafts/{edition.pk}/"
    drafts.correct(edition=edition, by=house.organiser, version=1, operation={"op": "merge", "key": "b2"})
    from conference.event.models import Membership

    Membership.objects.create(user=house.desk, conference=house.conference, role="organiser")
    client = client_of("desk")
    typed = {"form": "words", "version": 1, "source": "What I typed."}
    for path, data in (
        ("blocks/b1/", typed),
        ("correct/", {"version": 1, "op": "drop", "key": "b1"}),
        ("undo/", {"version": 1}),
        ("discard/", {"version": 1}),
        ("publish/", {"version": 1, "base": "", "when": "now"}),
        ("fields/", {"version": 1, "title": "x", "language": "en"}),
    ):
        answer = client.post(address + path, data)
        assert answer.status_code == 409, path
        assert "organiser: joined two blocks" in text_of(answer)
    assert "What I typed." in client.post(f"{address}blocks/b1/", typed).content.decode()
    # A block that is gone meanwhile.
    gone = client.post(f"{address}blocks/b2/", {**typed, "version": 2})
    assert gone.status_code == 409
    assert "What I typed." in gone.content.decode()
    edition.refresh_from_db()
    assert (edition.version, edition.is_draft) == (2, True)


def test_words_kind_and_fields_are_forms(house, client_of) -> None:
    client = client_of("organiser")
    edition = upload(house, ONE, TWO)
    address = f"{PAPERS}drafts/{edition.pk}/"
    page = client.get(f"{address}blocks/b1/").content.decode()
    assert ONE in page
    answer = client.post(
        f"{address}blocks/b1/", {"form": "words", "version": 1, "source": "New *words*.\r\n\r\nMore."}
    )
    assert answer["Location"] == f"{address}#b1"
    kind = {"form": "kind", "version": 2, "kind": "heading", "level": "", "part": "body", "page": "3"}
    assert client.post(f"{address}blocks/s2/", kind).status_code == 303
    fields = {"version": 3, "title": "Quays", "authors": "A\r\n\r\n B ", "language": "cs"}
    assert client.post(f"{address}fields/", fields).status_code == 303
    document = drafts.draft_of(edition).finished()
    assert (document.title, document.authors, document.language) == ("Quays", ["A", "B"], "cs")
    assert [(b.kind, b.level, b.text) for b in document.blocks[1:3]] == [
        ("paragraph", None, "New words."),
        ("heading", 2, "More."),
    ]
    for path, data in (
        ("blocks/b1/", {"form": "words", "version": 4, "source": " "}),
        ("blocks/b1/", {**kind, "version": 4, "kind": "verse"}),
        ("fields/", {**fields, "version": 4, "title": ""}),
        ("fields/", {**fields, "version": 4, "series": "x" * 121}),
        ("correct/", {"version": 4, "op": "merge", "key": "b0"}),
        ("correct/", {"version": 4, "op": "verse", "key": "b0"}),
    ):
        assert client.post(address + path, data).status_code == 422, data
    assert Edition.objects.get(pk=edition.pk).version == 4


def test_hostile_words_stay_words(house, client_of) -> None:
    client = client_of("organiser")
    edition = upload(house, ONE, TWO)
    address = f"{PAPERS}drafts/{edition.pk}/"
    hostile = "<script>alert(1)</script> <img src=x onerror=y()> [a](javascript:z())"
    client.post(f"{address}blocks/b1/", {"form": "words", "version": 1, "source": hostile})
    for page in (address, f"{address}blocks/b1/", f"{address}publish/"):
        body = client.get(page).content.decode()
        assert "<script>alert" not in body
        assert "<img" not in body
        assert 'href="javascript' not in body


def test_the_comparison_shows_what_changes_word_by_word(house, client_of, ask) -> None:
    first = publish(house, upload(house, ONE, TWO, THREE))
    gone = Block.objects.get(text=THREE)
    ask("Gone?", "published", block=gone)
    draft = upload(house, ONE, TWO.replace("nine", "eleven"), FOUR, paper=first.paper)
    page = client_of("organiser").get(f"{PAPERS}drafts/{draft.pk}/publish/").content.decode()
    assert "<del>nine</del><ins>eleven</ins>" in page
    assert f"<del>{THREE}</del>" in page
    assert f"<ins>{FOUR}</ins>" in page
    assert ONE not in page
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "1 post is about a paragraph that goes" in shown
    for count in ("1 reworded", "1 new", "1 removed", "2 unchanged"):
        assert count in shown


def test_a_set_time_is_typed_in_the_conferences_zone(house, client_of) -> None:
    client = client_of("organiser")
    edition = upload(house, ONE)
    address = f"{PAPERS}drafts/{edition.pk}/"
    form = {"version": 1, "base": "", "when": "at"}
    for at in ("", "2013-12-17T10:00", "nonsense"):
        assert client.post(f"{address}publish/", {**form, "at": at}).status_code == 422
    assert client.post(f"{address}publish/", {**form, "at": "2099-07-01T10:30"}).status_code == 303
    edition.refresh_from_db()
    assert edition.publish_at is not None
    assert edition.publish_at.isoformat() == "2099-07-01T08:30:00+00:00"
    assert "publishes itself on Wednesday 1 July 2099 at 10:30" in text_of(client.get(PAPERS))
    assert client.post(f"{address}unschedule/", {"version": 2}).status_code == 303
    assert client.post(f"{address}discard/", {"version": 3}).status_code == 303
    assert text_of(client.get(PAPERS)).count("Review the draft") == 0


def test_the_press_reads_a_preview_and_nobody_keeps_it(house, client_of) -> None:
    client = client_of("organiser")
    edition = upload(house, ONE, TWO)
    address = f"{PAPERS}drafts/{edition.pk}/"
    page = client.post(f"{address}links/", {"label": "The Gazette"})
    secret = re.search(r"/prague/preview/([\w-]{32})/", page.content.decode())
    assert secret is not None
    assert secret[1] not in client.get(address).content.decode()
    answer = Client().get(f"/prague/preview/{secret[1]}/")
    assert answer.status_code == 200
    assert ONE in answer.content.decode()
    assert "Preview, not public yet." in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    # What is corrected meanwhile is seen; another conference's address and another secret show nothing.
    drafts.correct(edition=edition, by=house.organiser, version=2, operation={"op": "drop", "key": "b1"})
    assert ONE not in Client().get(f"/prague/preview/{secret[1]}/").content.decode()
    assert Client().get(f"/prague/preview/{'x' * 32}/").status_code == 404
    link = edition.preview_links.get()
    assert client.post(f"{address}links/{link.pk}/revoke/").status_code == 303
    ended = Client().get(f"/prague/preview/{secret[1]}/")
    assert ended.status_code == 404
    assert "has ended" in ended.content.decode()
    assert TWO not in ended.content.decode()


def test_a_preview_leads_to_the_paper_once_it_is_public(house) -> None:
    edition = upload(house, ONE)
    _link, secret = drafts.make_preview_link(edition=edition, by=house.organiser, label="x")
    publish(house, edition)
    answer = Client().get(f"/prague/preview/{secret}/")
    assert (answer.status_code, answer["Location"]) == (302, "/prague/papers/docks/")


def test_older_editions_stay_readable(house) -> None:
    first = publish(house, upload(house, ONE, TWO))
    publish(house, upload(house, ONE, THREE, paper=first.paper))
    draft = upload(house, FOUR, paper=first.paper)
    old, new = (Client().get(f"/prague/papers/docks/editions/{number}/") for number in (1, 2))
    assert (old.status_code, new.status_code) == (200, 200)
    page = old.content.decode()
    assert TWO in page
    assert THREE not in page
    assert "It is not the present one." in page
    assert 'href="/prague/papers/docks/"' in page
    assert "noindex" in old["X-Robots-Tag"]
    assert "It is the present one." in new.content.decode()
    for wrong in ("3", "0", "999999999"):
        assert Client().get(f"/prague/papers/docks/editions/{wrong}/").status_code == 404
    assert Client().get(f"/prague/papers/a-paper/editions/{draft.pk}/").status_code == 404


def test_an_edition_whose_words_were_not_kept_says_so(house) -> None:
    Edition.objects.filter(paper=house.paper).update(number=1)
    answer = Client().get("/prague/papers/a-paper/editions/1/")
    assert answer.status_code == 200
    assert "were not kept" in answer.content.decode()


def test_the_original_only_where_it_is_allowed_and_never_opened(house, client_of) -> None:
    html = b"<html><body><h1>Docks</h1><p>" + ONE.encode() + b"</p><script>x()</script></body></html>"
    edition = publish(house, upload(house, ONE))
    content = edition.content
    content.source, content.document["source_kind"] = html, "html"
    content.save()
    Edition.objects.filter(pk=edition.pk).update(source_name='..\\evil/"Docks" č.html')
    address = "/prague/papers/docks/original/"
    assert Client().get(address).status_code == 404
    client = client_of("organiser")
    assert client.post(f"{PAPERS}of/docks/original/", {"offered": "1"}).status_code == 303
    answer = Client().get(address)
    assert (answer.status_code, answer.content) == (200, html)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "evil" not in answer["Content-Disposition"]
    house.conference.is_public = False
    house.conference.save()
    assert Client().get(address).status_code == 404
    client.post(f"{PAPERS}of/docks/original/", {"offered": "0"})
    assert not Paper.objects.get(slug="docks").offers_original


def test_queries_do_not_grow(house, client_of) -> None:
    client = client_of("organiser")
    counts: dict[str, list[int]] = {}
    for paragraphs in (2, 40):
        words = [f"{ONE} {number}" for number in range(paragraphs)]
        paper = Paper.objects.filter(slug="docks").first()
        if paper is not None:
            publish(house, upload(house, *words[1:], paper=paper))
        edition = upload(house, *words, paper=paper)
        if paper is None:
            publish(house, edition)
            edition = upload(house, *words, paper=edition.paper)
        for version in range(1, 1 + paragraphs // 2):
            step = {"op": "drop", "key": f"b{version}"}
            drafts.correct(edition=edition, by=house.organiser, version=version, operation=step)
        draft = f"{PAPERS}drafts/{edition.pk}/"
        for name, path in (
            ("list", PAPERS),
            ("review", draft),
            ("publish", f"{draft}publish/"),
            ("block", f"{draft}blocks/b0/"),
            ("history", f"{PAPERS}of/docks/"),
            ("edition", "/prague/papers/docks/editions/1/"),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counts.setdefault(name, []).append(len(queries))
    assert all(one == other for one, other in counts.values()), counts
    assert counts["edition"][0] <= 5


def test_the_job_publishes_for_every_reader(house) -> None:
    edition = publish(house, upload(house, ONE), at=timezone.now() + timedelta(hours=1), makes_main=True)
    assert Client().get("/prague/papers/docks/").status_code == 404
    Edition.objects.filter(pk=edition.pk).update(publish_at=timezone.now())
    drafts.publish_due()
    assert ONE in Client().get("/prague/papers/docks/").content.decode()
