"""The paper's pages through the client: reading, passages, comments, references."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import brotli
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conference.board.models import Post
from conference.event.access import hall_pass_value
from conference.event.services import attach_paper
from conference.live.pages import DENSE_QUALITY
from papers.importing import read
from papers.services import store_edition


def get(path: str, client: Client | None = None) -> str:
    response = (client or Client()).get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_references_have_addresses(house) -> None:
    house.paper.date = "December 2013"
    house.paper.save()
    for form, part in (
        ("bib", "@misc{author2013paper,"),
        ("ris", "TY  - RPRT\r\n"),
        ("json", '"family": "Author"'),
    ):
        assert part in get(f"/prague/papers/a-paper/cite.{form}")
    page = get("/prague/papers/a-paper/")
    assert '<meta name="citation_author" content="Author, An">' in page
    data = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(data)["@type"] == "ScholarlyArticle"
    assert "cite.bib" in page


def test_a_summary_has_no_reference_anywhere(house) -> None:
    house.paper.is_summary = True
    house.paper.save()
    for path in ("a-paper/cite.bib", "a-paper/cite.ris", "a-paper/cite.json", "a-paper.epub"):
        assert Client().get(f"/prague/papers/{path}").status_code == 404
    page = get("/prague/papers/a-paper/")
    for word in ("citation_", "ld+json", "cite.bib", ".epub", "BibTeX"):
        assert word not in page
    for path in ("", f"{house.blocks[1].public_id}/", "comments/"):
        assert "not the author’s text" in get(f"/prague/papers/a-paper/{path}")
    # What is shared says so too, and under nobody's name.
    assert 'data-share="A paper (summary for this demonstration, not the author’s text)"' in page
    assert 'property="og:description" content="A paper (summary for this' in page


def test_to_take_along(house) -> None:
    book = Client().get("/prague/papers/a-paper.epub")
    assert book["Content-Type"] == "application/epub+zip"
    assert book["Content-Disposition"] == 'attachment; filename="a-paper.epub"'
    text = zipfile.ZipFile(io.BytesIO(book.content)).read("OEBPS/text.xhtml").decode()
    assert "The first paragraph." in text
    card = Client().get("/prague/papers/a-paper/card.png")
    assert (card["Content-Type"], card.content[:4]) == ("image/png", b"\x89PNG")
    page = get("/prague/papers/a-paper/")
    assert 'property="og:image" content="http://localhost:8000/prague/papers/a-paper/card.png"' in page


REAL = Path(__file__).resolve().parents[3] / "shared" / "paper" / "policy-paper-5-2013.md"


def test_the_real_paper_fits_the_first_flight(house) -> None:
    """Ten packets of 1460 bytes: the page as the front compresses it, with its headers."""
    if not REAL.is_file():
        pytest.skip(f"the paper's full text is not at {REAL}")
    source = REAL.read_bytes()
    edition = store_edition(document=read(source), slug="whole", source=source, source_name="whole.md")
    attach_paper(conference_slug="prague", paper=edition.paper)
    answer = Client().get("/prague/papers/whole/")
    headers = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    assert answer["X-Live-Dense"] == "1"
    assert len(brotli.compress(answer.content, quality=DENSE_QUALITY)) + headers + 150 <= 14 * 1024


def test_printed_pages_stand_where_they_begin(house) -> None:
    assert 'class="page"' not in get("/prague/papers/a-paper/")
    for block, page in zip(house.blocks, (3, 3, 4), strict=True):
        block.page = page
        block.save()
    shown = get("/prague/papers/a-paper/")
    assert (shown.count('id="page-3"'), shown.count('id="page-4"')) == (1, 1)


def test_a_passage_and_what_is_said_about_it(house, ask) -> None:
    ask("Well put", "published", kind="comment", block=house.blocks[1])
    ask("Unseen", "pending", kind="comment", block=house.blocks[1])
    ask("In the hall", "published", block=house.blocks[1], item=house.closed_door)
    house.open.papers.add(house.paper)
    path = f"papers/a-paper/{house.blocks[1].public_id}/"
    page = get(f"/prague/{path}")
    assert "Well put" in page
    assert "Keynote" in page
    assert "Unseen" not in page
    assert "In the hall" not in page
    inside = Client()
    inside.cookies["hall_pass"] = hall_pass_value(house.conference)
    assert "In the hall" in get(f"/prague/hall/{path}", inside)
    assert 'data-comments="1"' in get("/prague/papers/a-paper/")
    assert "Well put" in get("/prague/papers/a-paper/comments/?sort=time")


@pytest.mark.parametrize("block", ["bcdfghjk", "comments2", "original", "x"])
def test_a_passage_that_is_not_there(house, block: str) -> None:
    assert Client().get(f"/prague/papers/a-paper/{block}/").status_code == 404


def test_the_answer_stands_at_its_passage(house, ask) -> None:
    ask("Why the first?", "answered", block=house.blocks[1], quote="first")
    page = get("/prague/papers/a-paper/")
    assert "Why the first?" in page
    assert "1 question about this passage was answered" in page
    ask("And now?", "live", block=house.blocks[2])
    assert "And now?" not in page


def sent(text: str = "About it", **content: str) -> Post:
    client = Client()
    assert (
        client.post(
            "/prague/ask/", {"key": f"{hash(text) % 16**32:032x}", "text": text, **content}
        ).status_code
        == 303
    )
    return Post.objects.get(text=text)


def test_a_quote_is_kept_as_the_paragraph_has_it(house) -> None:
    block = house.blocks[1].public_id
    post = sent(kind="comment", block=block, quote="  FIRST   paragraph ")
    assert (post.quote, post.quote_prefix, post.quote_suffix) == ("first paragraph", "The ", ".")


def test_nobody_puts_words_into_the_authors_mouth(house) -> None:
    post = sent(kind="comment", block=house.blocks[1].public_id, quote="All harbours must burn")
    assert (post.block, post.quote) == (house.blocks[1], "")


def test_the_words_quoted_are_found_in_the_present_text(house, ask) -> None:
    block = house.blocks[1]
    block.text = "The tide. The other tide."
    block.save()
    ask(
        "Said",
        "published",
        kind="comment",
        block=block,
        quote="tide",
        quote_prefix="other ",
        quote_suffix=".",
    )
    assert 'data-marked="tide" data-nth="1"' in get(f"/prague/papers/a-paper/{block.public_id}/")
    block.text = "Something else altogether stands here now."
    block.save()
    assert "data-marked" not in get(f"/prague/papers/a-paper/{block.public_id}/")


def test_what_is_on_stage_stands_on_the_page(house, ask) -> None:
    ask("Inside", "live", block=house.blocks[1], item=house.closed_door)
    post = ask("And now?", "live", block=house.blocks[2], quote="second")
    page = get("/prague/papers/a-paper/")
    assert page.count("data-live=") - page.count("<body data-live=") == 1
    assert f'<a href="#{house.blocks[2].public_id}" data-live="{post.public_id}" data-quote="second">' in page


@pytest.mark.parametrize("page", ["", "comments/", "passage"])
def test_queries_do_not_grow_with_posts(house, ask, page: str) -> None:
    """At one and at thirty posts: conference, paper or block, posts, what stands under them, sessions."""
    block = house.blocks[1]
    house.open.papers.add(house.paper)
    path = f"/prague/papers/a-paper/{block.public_id + '/' if page == 'passage' else page}"

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            get(path)
        return len([query for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    def fill(posts: int) -> None:
        for number in range(posts):
            kind = "question" if number % 3 == 0 else "comment"
            parent = ask(
                f"{number}", "answered" if kind == "question" else "published", kind=kind, block=block
            )
            Post.objects.create(
                conference=house.conference,
                kind="answer" if kind == "question" else "reply",
                text="So it is",
                author=house.person if kind == "question" else None,
                participant=None if kind == "question" else house.device,
                parent=parent,
                block=block,
                release="published",
            )

    fill(2)
    at_two = count()
    fill(30)
    assert count() == at_two <= 7
