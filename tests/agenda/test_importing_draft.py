"""An import into the draft: every change is shown, nothing is deleted, and what was exported changes nothing."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.agenda import applying, drafts, exporting, undoing
from conference.agenda.importing import Item, Someone, Unreadable, read
from conference.agenda.importing.people import people_of, written
from conference.agenda.models import AgendaItem, Appearance, Attribution, Kind
from conference.agenda.records import DraftItem, Operation
from conference.event.models import Person, Room
from tests.conftest import PRAGUE

UPLOAD = "/prague/organise/agenda/import/"
PREVIEW = f"{UPLOAD}preview/"
FILE = (
    "ID;Datum;Čas;Název;Druh;Místnost;Řečníci\n"
    "keynote;17.12.2013;9:45–10:45;Keynote;Panel;Main hall;\n"
    ';17.12.2013;14:00–15:00;Nový blok;;Malý sál;"Jana Nová (AMO); moderuje: An Author"\n'
)


def plan_of(house, data: bytes) -> applying.Plan:
    conference = house.conference
    found = read(data, zone=conference.zone, first_day=conference.starts_on, last_day=conference.ends_on)
    assert found.problems == []
    return applying.plan(conference, found)


def states(house) -> dict[str, object]:
    """The draft as it stands, by item."""
    return {draft.slug: drafts.state_of(draft) for draft in drafts.drafts_of(house.conference)}


def titles(house) -> list[str]:
    return [draft.title for draft in drafts.drafts_of(house.conference)]


def enrich(house) -> None:
    """A programme with what is hard to write down."""
    people = [
        Person.objects.create(conference=house.conference, slug=slug, name=name, affiliation=affiliation)
        for slug, name, affiliation in (
            ("a", "Jan Novák, Ph.D.", "Univerzita Karlova, Praha"),
            ("b", "Eva (Evička) Malá", ""),
            ("c", "O'Neil | Smith", "Institute of War and Peace Studies; NATO"),
        )
    ]
    for person, role in zip(people, ("speaker", "chair", "author"), strict=True):
        Appearance.objects.create(item=house.open, person=person, role=role)
    AgendaItem.objects.filter(pk=house.open.pk).update(
        title="=1+1; „uvozovky“, čárky", abstract='První řádek\nDruhý, "třetí"; =A1', language="cs"
    )
    AgendaItem.objects.filter(pk=house.present.pk).update(cancelled=True)


@pytest.mark.parametrize("language", ["en", "cs"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_exported_changes_nothing(house, client_of, form: str, language: str) -> None:
    enrich(house)
    for item in (house.open, house.present):
        drafted = DraftItem.objects.get(item=item)
        drafted.content = drafts.content_of_item(AgendaItem.objects.get(pk=item.pk))
        drafted.save()
    prefix = "/cs" if language == "cs" else ""
    answer = client_of("organiser").get(f"{prefix}/prague/organise/agenda/export/{form}/")
    plan = plan_of(house, answer.content)
    assert [(row.item.title, row.fields) for row in plan.rows if row.fields or row.draft is None] == []
    assert (len(plan.rows), plan.missing, plan.is_empty) == (3, [], True)


def test_what_the_public_may_take_along_changes_nothing_either(house, client) -> None:
    """Those present only are not in it: they are told as missing, and stay."""
    for name in ("schedule.json", "agenda.csv", "agenda.xlsx"):
        plan = plan_of(house, client.get(f"/prague/{name}").content)
        assert plan.is_empty, name
        assert [draft.slug for draft in plan.missing] == ["table"]


def test_upload_preview_import(house, client_of) -> None:
    organiser = client_of("organiser")
    data = FILE.encode("cp1250")
    page = organiser.post(UPLOAD, {"file": SimpleUploadedFile("program.csv", data)})
    text = page.content.decode()
    assert page.status_code == 200
    assert "Nový blok" in text
    assert "In the draft, not in the file" in text
    assert DraftItem.objects.count() == 3
    fields = dict(re.findall(r'name="(packed|seen|name)" value="([^"]*)"', text))
    rows = re.findall(r'name="row" value="(\d+)"', text)
    assert len(rows) == 2
    done = organiser.post(PREVIEW, {**fields, "row": rows, "do": "import"})
    assert done.status_code == 302
    draft = DraftItem.objects.get(slug="novy-blok")
    assert Room.objects.get(name="Malý sál").slug == draft.content["room"]
    assert [(each["person"], each["role"]) for each in draft.content["people"]] == [
        ("jana-nova", "speaker"),
        ("an-author", "chair"),
    ]
    changed = DraftItem.objects.get(slug="keynote")
    assert changed.end.astimezone(PRAGUE).strftime("%H:%M") == "10:45"
    assert Operation.objects.last().kind == Operation.Kind.IMPORT
    # It is a draft: the public sees what it saw.
    assert not AgendaItem.objects.filter(slug="novy-blok").exists()
    assert AgendaItem.objects.get(slug="keynote").end == house.open.end
    # The same file again has nothing to say.
    again = organiser.post(UPLOAD, {"file": SimpleUploadedFile("program.csv", data)}).content.decode()
    assert "nothing to import" in again


def test_an_import_is_undone_and_done_again_as_one(house, client_of) -> None:
    organiser = client_of("organiser")
    before = states(house)
    text = organiser.post(UPLOAD, {"file": SimpleUploadedFile("p.csv", FILE.encode())}).content.decode()
    fields = dict(re.findall(r'name="(packed|seen|name)" value="([^"]*)"', text))
    organiser.post(PREVIEW, {**fields, "row": ["0", "1"], "do": "import"})
    after = states(house)
    assert len(after) == len(before) + 1
    assert after["keynote"] != before["keynote"]
    operation = undoing.next_undo(house.conference)
    assert operation.kind == Operation.Kind.IMPORT
    undo = {"operation": operation.pk}
    assert organiser.post("/prague/organise/agenda/undo/", undo).status_code == 303
    assert states(house) == before
    assert drafts.unpublished(house.conference) == 0
    # An undone import may be done again, by the same button or from the file.
    undoing.undo(operation=undoing.next_redo(house.conference), by=house.organiser)
    assert states(house) == after


def test_an_undone_import_can_be_imported_anew(house, client_of) -> None:
    organiser = client_of("organiser")
    for _time in range(2):
        text = organiser.post(UPLOAD, {"file": SimpleUploadedFile("p.csv", FILE.encode())}).content.decode()
        fields = dict(re.findall(r'name="(packed|seen|name)" value="([^"]*)"', text))
        organiser.post(PREVIEW, {**fields, "row": ["0", "1"], "do": "import"})
        assert [title for title in titles(house) if title == "Nový blok"] == ["Nový blok"]
        undoing.undo(operation=undoing.next_undo(house.conference), by=house.organiser)
        assert "Nový blok" not in titles(house)


def test_only_what_is_ticked(house, client_of) -> None:
    organiser = client_of("organiser")
    text = organiser.post(UPLOAD, {"file": SimpleUploadedFile("p.csv", FILE.encode())}).content.decode()
    fields = dict(re.findall(r'name="(packed|seen|name)" value="([^"]*)"', text))
    organiser.post(PREVIEW, {**fields, "row": ["0"], "do": "import"})
    assert not DraftItem.objects.filter(slug="novy-blok").exists()
    assert not Room.objects.filter(name="Malý sál").exists()
    assert DraftItem.objects.get(slug="keynote").version == 2


def test_a_preview_of_another_draft_is_409(house, client_of) -> None:
    from conference.agenda import services

    organiser = client_of("organiser")
    text = organiser.post(UPLOAD, {"file": SimpleUploadedFile("p.csv", FILE.encode())}).content.decode()
    fields = dict(re.findall(r'name="(packed|seen|name)" value="([^"]*)"', text))
    draft = DraftItem.objects.get(slug="keynote")
    services.edit_item(item=draft, by=house.organiser, version=1, values={"title": "A colleague was faster"})
    answer = organiser.post(PREVIEW, {**fields, "row": ["0", "1"], "do": "import"})
    assert answer.status_code == 409
    assert "A colleague was faster" in answer.content.decode()
    assert DraftItem.objects.count() == 3


def test_columns_are_changed_by_hand(house, client_of) -> None:
    organiser = client_of("organiser")
    file = SimpleUploadedFile("p.csv", b"Foo,Bar\n9:00-10:00,Something new\n")
    text = organiser.post(UPLOAD, {"file": file}).content.decode()
    assert "Choose it below" in text
    fields = dict(re.findall(r'name="(packed|seen|name)" value="([^"]*)"', text))
    text = organiser.post(PREVIEW, {**fields, "column-0": "time", "column-1": "title"}).content.decode()
    assert "Something new" in text


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"{}", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_cannot_be_read_is_said_in_place(house, client_of, data: bytes) -> None:
    organiser = client_of("organiser")
    answer = organiser.post(f"/cs{UPLOAD}", {"file": SimpleUploadedFile("p.csv", data)})
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert organiser.post(PREVIEW, {"packed": "no", "seen": "1"}).status_code == 422


def test_only_organisers(house, client_of, client) -> None:
    for path in (
        UPLOAD,
        "/prague/organise/agenda/export/csv/",
        "/prague/organise/practical/",
        "/prague/organise/print/",
    ):
        assert client.get(path).status_code == 303, path
        for name in ("stranger", "desk", "chair"):
            assert client_of(name).get(path).status_code == 404, path


def test_the_command_imports_into_the_draft(house, tmp_path, capsys) -> None:
    file = tmp_path / "p.csv"
    file.write_bytes(FILE.encode())
    call_command("import_agenda", str(file), "--conference", "prague")
    assert "1 added, 1 changed" in capsys.readouterr().out
    call_command("import_agenda", str(file), "--conference", "prague")
    assert "0 added, 0 changed, 2 as they were" in capsys.readouterr().out
    assert DraftItem.objects.filter(slug="novy-blok").count() == 1


def test_every_word_that_is_exported_is_read(db) -> None:
    """Labels of kinds and rules in both languages are understood by the importer."""
    for language in ("en", "cs"):
        with translation.override(language):
            for kind in Kind:
                for rule in Attribution:
                    entry = Item(
                        0, "T", NOON, NOON + timedelta(hours=1), kind=str(kind), attribution=str(rule)
                    )
                    (back,) = read(exporting.as_csv([entry]), zone=PRAGUE).items
                    assert (back.kind, back.attribution) == (str(kind), str(rule)), (language, kind, rule)


NOON = datetime(2013, 12, 17, 12, tzinfo=PRAGUE)
# What a form lets through: no control characters, no space around.
words = (
    st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=30)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
paragraphs = st.lists(words, max_size=3).map("\n".join)
someones = st.builds(
    Someone,
    name=words,
    affiliation=st.one_of(st.just(""), words),
    role=st.sampled_from(["speaker", "chair", "discussant", "author"]),
)
crowds = st.lists(someones, max_size=4, unique_by=lambda someone: someone.name)
starts = st.integers(0, 400 * 24 * 60).map(
    lambda minutes: datetime(2013, 1, 1, tzinfo=PRAGUE) + timedelta(minutes=minutes)
)


@st.composite
def entries(draw) -> Item:
    """An item as it may stand in the draft."""
    start = draw(starts)
    # Through UTC: local arithmetic would invent times that the clocks skipped.
    start = datetime.fromtimestamp(start.timestamp(), PRAGUE)
    end = datetime.fromtimestamp(start.timestamp() + 60 * draw(st.integers(1, 3000)), PRAGUE)
    return Item(
        row=0,
        title=draw(words),
        start=start,
        end=end,
        kind=str(draw(st.sampled_from(list(Kind)))),
        room=draw(st.one_of(st.just(""), words)),
        language=draw(st.sampled_from(["en", "cs", "de", "fr"])),
        abstract=draw(paragraphs),
        people=draw(crowds),
        id=draw(st.from_regex(r"[a-z][a-z0-9]{0,10}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)),
        attribution=str(draw(st.sampled_from(list(Attribution)))),
        cancelled=draw(st.booleans()),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(entries(), min_size=1, max_size=5), st.sampled_from(["en", "cs"]), st.booleans())
def test_a_spreadsheet_is_read_back_without_a_difference(
    items: list[Item], language: str, excel: bool
) -> None:
    with translation.override(language):
        data = exporting.as_xlsx(items) if excel else exporting.as_csv(items)
    found = read(data, zone=PRAGUE)
    assert found.problems == []
    for before, after in zip(items, found.items, strict=True):
        assert applying._fields(before, after, found.told) == ()
        assert (after.id, after.people) == (before.id, before.people)


@given(crowds)
def test_people_are_read_back_exactly(people: list[Someone]) -> None:
    assert people_of(written(people)) == people


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        read(data, zone=PRAGUE)


@given(
    st.lists(
        st.lists(
            st.one_of(words, st.sampled_from(["9:00", "17.12.2013", "Start", "Title", "1/2/2013"])),
            max_size=6,
        ),
        max_size=8,
    )
)
def test_any_table_is_read(rows: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([["Date", "Start", "End", "Title", "Speakers"], *rows])
    found = read(file.getvalue().encode(), zone=PRAGUE)
    assert all(item.end > item.start and item.title for item in found.items)
    assert all(problem.text for problem in found.problems)
