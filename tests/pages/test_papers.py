"""The paper's pages through the client: reading, passages, comments, references."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from conference.board.models import Post
from conference.event.access import hall_pass_value


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
    for form in ("bib", "ris", "json"):
        assert Client().get(f"/prague/papers/a-paper/cite.{form}").status_code == 404
    page = get("/prague/papers/a-paper/")
    for word in ("citation_", "ld+json", "cite.bib", ".epub", "BibTeX"):
        assert word not in page
    for path in ("", f"{house.blocks[1].public_id}/", "comments/"):
        assert "not the author’s text" in get(f"/prague/papers/a-paper/{path}")


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
