"""Exports: who may take what, nothing that runs in a spreadsheet, no device, no name where nobody is named."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from conference.board import exporting, joining, keys, votes, wording
from conference.board.models import Post
from conference.event.models import Participant

DESK = frozenset({"desk"})
FILES = ("xlsx", "json", *(f"csv:{table}" for table in exporting.TABLES))


def path_of(scope: str, file: str) -> str:
    ending, _, table = file.partition(":")
    return f"/prague/moderate/export/{scope}{f'-{table}' if table else ''}.{ending}"


def text_of(client: Client, scope: str, file: str) -> str:
    """A file as text, cell by cell for a workbook."""
    response = client.get(path_of(scope, file))
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    assert ("INTERNAL" in response["Content-Disposition"]) == (scope == "desk")
    if file != "xlsx":
        return response.content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(response.content))
    return "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row)


def plant(house, ask) -> dict[str, Post]:
    """Unique words for what must not come out, and for what must."""
    posts = {
        state: ask(f"quibble{state}zonk", state, name=f"nom{state}bre")
        for state in ("pending", "declined", "hidden", "withdrawn")
    }
    posts["open"] = ask("publicword", "answered", name="Jana Public", addressee=house.person)
    posts["short"] = ask("shortword", "shortlisted")
    posts["chatham"] = ask("chathamword", "published", item=house.closed_door)
    Post.objects.filter(pk=posts["chatham"].pk).update(name="chathamname", addressee=house.person)
    posts["present"] = ask("presentword", "published", item=house.present)
    wording.annotate(
        post=posts["open"],
        note="privatenote",
        labels=["privatelabel"],
        by=house.desk,
        roles=DESK,
        version=posts["open"].version,
    )
    return posts


@pytest.mark.parametrize("file", FILES)
def test_the_public_file_holds_nothing_unreleased(house, ask, client_of, file: str) -> None:
    plant(house, ask)
    text = text_of(client_of("desk"), "public", file)
    for word in ("zonk", "nompending", "presentword", "chathamname", "private", "shortlisted", "INTERNAL"):
        assert word not in text, word
    if file == "json" or file == "xlsx" or file == "csv:questions":
        for word in ("publicword", "Jana Public", "chathamword", "shortword"):
            assert word in text, word


@pytest.mark.parametrize("file", FILES)
def test_the_desks_file_says_what_it_is_and_still_keeps_the_rules(house, ask, client_of, file: str) -> None:
    plant(house, ask)
    text = text_of(client_of("organiser"), "desk", file)
    # An empty table has no row to say it; the file's name does.
    assert "INTERNAL" in text or text == "scope,id\r\n"
    for word in ("presentword", "chathamname"):
        assert word not in text, word
    if file == "json":
        for word in ("quibblependingzonk", "quibbledeclinedzonk", "privatenote", "because"):
            assert word in text, word


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("scope", ["public", "desk"])
def test_no_device_is_in_any_file(house, ask, client_of, scope: str, file: str) -> None:
    post = ask("Votable", "published")
    voter = Participant.objects.create()
    votes.cast_vote(post=post, participant=voter, key=keys.new_key(), active=True)
    text = text_of(client_of("desk"), scope, file)
    for device in (house.device, voter):
        assert device.pk.hex not in text
        assert str(device.pk) not in text
        assert device.pk.hex[:6] not in text


@pytest.mark.parametrize(
    "path", ["/prague/moderate/export/", path_of("public", "json"), path_of("desk", "xlsx")]
)
def test_only_the_desk_and_organisers_take_files(house, client_of, path: str) -> None:
    assert Client().get(path).status_code == 303
    for name in ("stranger", "chair"):
        assert client_of(name).get(path).status_code == 404
    for name in ("desk", "organiser"):
        assert client_of(name).get(path).status_code == 200


def test_unknown_files_are_not_there(house, client_of) -> None:
    for name in ("everything.json", "desk-secrets.csv", "nobody-votes.csv"):
        assert client_of("desk").get(f"/prague/moderate/export/{name}").status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_what_a_spreadsheet_would_run_is_text(house, ask, client_of, text: str) -> None:
    post = ask("Why?", "published")
    Post.objects.filter(pk=post.pk).update(text=text, name=text)
    response = client_of("desk").get(path_of("public", "csv:questions"))
    row: dict[str, Any] = next(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    assert row["text"][0] == row["name"][0] == "'"
    book = load_workbook(io.BytesIO(client_of("desk").get(path_of("public", "xlsx")).content))
    types = {cell.data_type for sheet in book for line in sheet for cell in line}
    assert "f" not in types
    # JSON runs nowhere, and keeps the words as they were.
    assert (
        json.loads(client_of("desk").get(path_of("public", "json")).content)["questions"][0]["text"] == text
    )


@given(st.text())
def test_nothing_begins_with_a_sign_that_runs(text: str) -> None:
    assert not exporting.neutralised(text).startswith(exporting.RUNS)


def test_votes_of_a_joined_question_are_of_the_other(house, ask, client_of) -> None:
    target, other = ask("Why?", "published"), ask("But why?", "published")
    for device in (Participant.objects.create() for _ in range(2)):
        votes.cast_vote(post=other, participant=device, key=keys.new_key(), active=True)
    joining.join(post=other, into=target, by=house.desk, roles=DESK, version=other.version)
    votes.recount()
    data = json.loads(client_of("desk").get(path_of("desk", "json")).content)
    assert sum(row["votes"] for row in data["votes"] if row["id"] == target.public_id) == 2
    assert {row["id"]: row["votes"] for row in data["questions"]}[target.public_id] == 2
    assert data["decisions"][-1]["to"] == "merged"


def test_hidden_numbers_are_in_no_file_that_is_passed_on(house, ask, client_of) -> None:
    post = ask("Votable", "published")
    votes.cast_vote(post=post, participant=Participant.objects.create(), key=keys.new_key(), active=True)
    votes.recount()
    house.open.hide_votes = True
    house.open.save()
    public, desk = (
        json.loads(client_of("desk").get(path_of(scope, "json")).content) for scope in ("public", "desk")
    )
    assert (public["questions"][0]["votes"], public["votes"]) == ("", [])
    assert (desk["questions"][0]["votes"], len(desk["votes"])) == (1, 1)
