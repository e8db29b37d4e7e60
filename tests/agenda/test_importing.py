"""Programmes as offices save them: separators, encodings, days, times, headings, people."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, time

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from conference.agenda.importing import Someone, Unreadable, read
from conference.agenda.importing.people import people_of
from tests.conftest import PRAGUE

CZECH = (
    "Datum;Čas;Název;Místnost;Řečníci;Anotace\n"
    "17. 12. 2013;8.45–9.30;Registrace a káva;;;\n"
    ';9:30-9:45;Zahájení žluťoučkého dne;Velký sál;"Jan Novák (AMO), moderuje: Petra Malá";"Úvod; a co dál"\n'
    "18.12.2013;od 10:50 do 12.15 hod.;Panel;Malý sál;;\n"
)


def rows(data: bytes, **where: object) -> list[tuple[str, str, str]]:
    """What was read, short: day and start, end, title."""
    found = read(data, zone=PRAGUE, **where)  # type: ignore[arg-type]
    return [
        (f"{item.start:%Y-%m-%d %H:%M}", f"{item.end.astimezone(PRAGUE):%H:%M}", item.title)
        for item in found.items
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1250", "iso-8859-2"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_way_a_czech_office_saves_csv(encoding: str, separator: str) -> None:
    text = CZECH.replace("–", "-")
    if separator != ";":
        table = list(csv.reader(io.StringIO(text), delimiter=";"))
        written = io.StringIO()
        csv.writer(written, delimiter=separator).writerows(table)
        text = written.getvalue()
    found = read(text.encode(encoding), zone=PRAGUE)
    assert found.problems == []
    assert [item.title for item in found.items] == ["Registrace a káva", "Zahájení žluťoučkého dne", "Panel"]
    assert [item.start.isoformat() for item in found.items] == [
        "2013-12-17T08:45:00+01:00",
        "2013-12-17T09:30:00+01:00",
        "2013-12-18T10:50:00+01:00",
    ]
    assert found.items[1].people == [Someone("Jan Novák", "AMO"), Someone("Petra Malá", "", "chair")]
    assert (found.items[1].room, found.items[1].abstract) == ("Velký sál", "Úvod; a co dál")
    assert [item.kind for item in found.items] == ["registration", "talk", "panel"]
    assert [item.language for item in found.items] == ["cs", "cs", "en"]


def test_an_english_office() -> None:
    text = (
        "sep=,\r\nDate,Start,End,Session title,Type,Room,Speakers,Chair,Language\r\n"
        '12/17/2013,9:00 AM,10:30 AM,Opening,Keynote,Hall,"John Smith, Charles University, and Jane Doe",,English\r\n'
        '12/18/2013,2 pm,3:30 pm,A panel,panel,,"Ambassador John Smith, Jane Doe, Ph.D., NATO HQ",Ann O\'Neil,Czech\r\n'
    )
    found = read(text.encode("cp1252"), zone=PRAGUE)
    assert found.problems == []
    opening, panel = found.items
    assert (opening.start.hour, opening.end.hour, opening.kind) == (9, 10, "keynote")
    assert opening.people == [Someone("John Smith", "Charles University"), Someone("Jane Doe")]
    assert (panel.start.day, panel.start.hour, panel.language) == (18, 14, "cs")
    assert panel.people == [
        Someone("Ambassador John Smith"),
        Someone("Jane Doe, Ph.D.", "NATO HQ"),
        Someone("Ann O'Neil", "", "chair"),
    ]


@pytest.mark.parametrize(
    "written",
    [
        "17.12.2013",
        "17. 12. 2013",
        "2013-12-17",
        "2013/12/17",
        "17/12/2013",
        "12/17/2013",
        "17 December 2013",
        "December 17, 2013",
        "Tuesday 17 December 2013",
        "úterý 17. prosince 2013",
        "17. prosince",
        "17.12.",
        "17-12-2013",
        "41625",
    ],
)
def test_days(written: str) -> None:
    text = f"Date;Start;End;Title\n{written};9:00;10:00;A talk\n"
    assert rows(text.encode(), first_day=date(2013, 12, 16), last_day=date(2013, 12, 18)) == [
        ("2013-12-17 09:00", "10:00", "A talk")
    ]


@pytest.mark.parametrize(
    "written",
    [
        "9:00",
        "9.00",
        "09:00",
        "9",
        "9 h",
        "9h",
        "9 hod.",
        "9:00:00",
        "9:00 AM",
        "9 a.m.",
        "0900",
        "0,375",
        "od 9:00",
    ],
)
def test_times(written: str) -> None:
    text = f"Date;Start;End;Title\n17.12.2013;{written};10:00;A talk\n"
    assert rows(text.encode()) == [("2013-12-17 09:00", "10:00", "A talk")]


@pytest.mark.parametrize(
    "written",
    [
        "9:00–10:30",
        "9.00 - 10.30",
        "od 9:00 do 10:30",
        "9:00 to 10:30",
        "09:00—10:30 hod.",
        "9-10:30",
        "9 AM-10:30 AM",
    ],
)
def test_ranges(written: str) -> None:
    text = f"Time;Title\n{written};A talk\n"
    day = date(2013, 12, 17)
    assert rows(text.encode(), first_day=day, last_day=day) == [("2013-12-17 09:00", "10:30", "A talk")]


def test_two_readings_are_reported_not_guessed() -> None:
    text = b"Date,Start,End,Title\n11/12/2013,9:00,10:00,First\n11/12/2013,11:00,12:00,Second\n"
    found = read(text, zone=PRAGUE)
    assert found.items == []
    assert [(problem.row, problem.column) for problem in found.problems] == [(2, "Date"), (3, "Date")]
    assert "11/12/2013" in found.problems[0].text
    # Another row tells how this file writes its days.
    assert rows(text + b"12/31/2013,9:00,10:00,Third\n")[0][0] == "2013-11-12 09:00"
    assert rows(text + b"31/12/2013,9:00,10:00,Third\n")[0][0] == "2013-12-11 09:00"
    # So does the conference.
    days = {"first_day": date(2013, 12, 10), "last_day": date(2013, 12, 12)}
    assert rows(text, **days)[0][0] == "2013-12-11 09:00"


def test_errors_name_row_and_column() -> None:
    text = (
        "Date;Start;End;Title;Language\n"
        "17.12.2013;soon;10:00;A;\n"
        "17.12.2013;11:00;10:00;B;\n"
        "32.12.2013;11:00;12:00;C;\n"
        "17.12.2013;11:00;12:00;;\n"
        "17.12.2013;;;A note;\n"
        "17.12.2013;13:00;14:00;D;Klingon\n"
    )
    found = read(text.encode(), zone=PRAGUE)
    assert [(each.row, each.column, each.lost) for each in found.problems] == [
        (2, "Start", True),
        (3, "End", True),
        (4, "Date", True),
        (5, "Title", True),
        (6, "Start", True),
        (7, "Language", False),
    ]
    assert [item.title for item in found.items] == ["D"]


def test_an_end_that_is_not_told_is_the_next_start() -> None:
    text = "Programme\nTuesday 17 December 2013\n\nTime,Session\n9:00-10:00,Opening\n10:00,Coffee\n10:30,A talk\n"
    found = read(text.encode(), zone=PRAGUE)
    assert [(item.start.hour, item.end.hour, item.end.minute) for item in found.items] == [
        (9, 10, 0),
        (10, 10, 30),
        (10, 11, 0),
    ]
    assert [(problem.row, problem.lost) for problem in found.problems] == [(7, False)]
    assert found.items[1].kind == "break"


def test_an_evening_passes_midnight() -> None:
    text = "Date;Start;End;Title\n17.12.2013;21:00;01:00;Party\n17.12.2013;22:00;24:00;Late\n"
    found = read(text.encode(), zone=PRAGUE)
    assert [f"{item.end:%d %H:%M}" for item in found.items] == ["18 01:00", "18 00:00"]


def workbook(*sheets: tuple[str, list[list[object]], list[str]]) -> bytes:
    """An Excel file of sheets: name, rows, merged ranges."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, content, merged in sheets:
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(row)
        for area in merged:
            sheet.merge_cells(area)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_excel_with_merged_cells_serial_numbers_and_a_sheet_for_each_day() -> None:
    data = workbook(
        (
            "17. 12. 2013",
            [
                ["Program konference", None, None, None],
                ["Čas", "Do", "Název bloku", "Místnost"],
                [time(9, 0), time(10, 0), "Zahájení", "Velký sál"],
                [10.3, 11.15, "Druhý blok", None],
                [0.5, 0.5416666667, "Oběd", None],
            ],
            ["D3:D4", "A1:D1"],
        ),
        (
            "Second day",
            [["Start", "End", "Title"], [41626.375, 41626.4375, "Serial"], [None, None, None]],
            [],
        ),
    )
    found = read(data, zone=PRAGUE)
    assert found.problems == []
    assert [(f"{item.start:%d %H:%M}", f"{item.end:%H:%M}", item.room) for item in found.items] == [
        ("17 09:00", "10:00", "Velký sál"),
        ("17 10:30", "11:15", "Velký sál"),
        ("17 12:00", "13:00", ""),
        ("18 09:00", "10:30", ""),
    ]


def test_columns_can_be_chosen_by_hand() -> None:
    text = "Foo,Bar,Baz\n9:00-10:00,A talk,Somewhere\n"
    day = date(2013, 12, 17)
    chosen = {"first_day": day, "last_day": day, "columns": ["time", "title", "room"]}
    first = read(text.encode(), zone=PRAGUE, first_day=day, last_day=day)
    assert (first.items, first.headings) == ([], ["Foo", "Bar", "Baz"])
    found = read(text.encode(), zone=PRAGUE, **chosen)  # type: ignore[arg-type]
    assert [(item.title, item.room) for item in found.items] == [("A talk", "Somewhere")]


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Jan Novák, Ph.D. (AMO) a Petr Malý", [("Jan Novák, Ph.D.", "AMO", ""), ("Petr Malý", "", "")]),
        ("moderátor: Jan Novák", [("Jan Novák", "", "chair")]),
        ("Jan Novák (moderátor)", [("Jan Novák", "", "chair")]),
        ("Jan Novák - AMO", [("Jan Novák", "AMO", "")]),
        ("moderuje Eva Nová", [("Eva Nová", "", "chair")]),
        (
            "doc. PhDr. Jan Novák, CSc., Univerzita Karlova; Eva Malá",
            [("doc. PhDr. Jan Novák, CSc.", "Univerzita Karlova", ""), ("Eva Malá", "", "")],
        ),
        (
            "Chair: A. Smith; Speakers: B. Jones (NATO), C. van der Berg\nDiscussant: D. Dee",
            [
                ("A. Smith", "", "chair"),
                ("B. Jones", "NATO", ""),
                ("C. van der Berg", "", ""),
                ("D. Dee", "", "discussant"),
            ],
        ),
        (
            "Ann Lee, Institute of War and Peace Studies",
            [("Ann Lee", "Institute of War and Peace Studies", "")],
        ),
        ("", []),
    ],
)
def test_people(cell: str, people: list[tuple[str, str, str]]) -> None:
    assert people_of(cell) == [Someone(name, of, role or "speaker") for name, of, role in people]


def test_a_grid_with_a_column_for_each_room() -> None:
    text = (
        "Program konference\n17. prosince 2013\n"
        "Čas;Velký sál;Malý sál\n"
        "8:30–9:00;Registrace;\n"
        '9:00–10:30;"Zahájení\nJan Novák (AMO)\nmoderuje: Petra Malá";"Workshop\nO čem se bude mluvit."\n'
        "10:30–11:00;Přestávka;\n"
        "11:00–12:00;;Druhý workshop\n"
    )
    day = date(2013, 12, 17)
    found = read(text.encode(), zone=PRAGUE, first_day=day, last_day=day)
    assert found.problems == []
    assert [(f"{item.start:%H:%M}", item.title, item.room, item.row) for item in found.items] == [
        ("08:30", "Registrace", "", 4),
        ("09:00", "Zahájení", "Velký sál", 5),
        ("09:00", "Workshop", "Malý sál", 5),
        ("10:30", "Přestávka", "", 6),
        ("11:00", "Druhý workshop", "Malý sál", 7),
    ]
    assert found.items[1].people == [Someone("Jan Novák", "AMO"), Someone("Petra Malá", "", "chair")]
    assert found.items[2].abstract == "O čem se bude mluvit."


PRETALX = {
    "schedule": {
        "version": "1.2",
        "conference": {
            "acronym": "democon",
            "days": [
                {
                    "date": "2013-12-17",
                    "rooms": {
                        "Main hall": [
                            {
                                "guid": "6b0f5ef6-1e0d-5c3d-9a55-8f4b1c2f4f11",
                                "id": 7,
                                "date": "2013-12-17T10:50:00+01:00",
                                "duration": "01:25",
                                "room": "Main hall",
                                "title": "Power",
                                "type": "Panel discussion",
                                "language": "en",
                                "abstract": "Where interests collide.",
                                "description": "More.",
                                "persons": [
                                    {"code": "ABCDEF", "name": "Jan Novák", "public_name": "Jan Novák"}
                                ],
                            },
                            {"title": "No date", "duration": "00:30"},
                            {"title": "No length", "date": "2013-12-17T10:50:00+01:00", "duration": "long"},
                        ]
                    },
                }
            ],
        },
    }
}


def test_schedule_json() -> None:
    found = read(json.dumps(PRETALX).encode(), zone=PRAGUE)
    assert [(item.title, item.kind, item.room, item.abstract) for item in found.items] == [
        ("Power", "panel", "Main hall", "Where interests collide.\n\nMore.")
    ]
    assert found.items[0].end.isoformat() == "2013-12-17T12:15:00+01:00"
    assert [(each.row, each.column) for each in found.problems] == [(2, "date"), (3, "duration")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"schedule": 1}',
        b"PK\x03\x04 but no zip",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old excel",
        bytes(range(256)) * 20,
        b"{" * 100_000,
        b"a;b\n" * 6000,
    ],
)
def test_what_is_no_programme_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(data, zone=PRAGUE)


def test_the_command_prints_what_the_contract_says(tmp_path, capsys) -> None:
    """Without a mark for the database this test fails if the dry run touches it."""
    file = tmp_path / "programme.csv"
    file.write_bytes(CZECH.encode("cp1250") + b"17.12.2013;kdy?;Pozde;;;\n")
    call_command("import_agenda", str(file), "--conference", "prague-2013", "--dry-run", "--json")
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"items", "problems"}
    assert told["items"][1] == {
        "title": "Zahájení žluťoučkého dne",
        "kind": "talk",
        "start": "2013-12-17T09:30:00+01:00",
        "end": "2013-12-17T09:45:00+01:00",
        "room": "Velký sál",
        "language": "cs",
        "abstract": "Úvod; a co dál",
        "people": [
            {"name": "Jan Novák", "affiliation": "AMO", "role": "speaker"},
            {"name": "Petra Malá", "affiliation": "", "role": "chair"},
        ],
    }
    assert [(each["row"], each["column"]) for each in told["problems"]] == [(5, "Čas")]
    assert set(told["problems"][0]) == {"row", "column", "text"}


def test_the_command_refuses_what_it_cannot_do(tmp_path) -> None:
    with pytest.raises(CommandError):
        call_command("import_agenda", str(tmp_path / "absent.csv"), "--dry-run")
    (tmp_path / "bad.csv").write_bytes(b"")
    with pytest.raises(CommandError):
        call_command("import_agenda", str(tmp_path / "bad.csv"), "--dry-run")
    with pytest.raises(CommandError, match="conference"):
        call_command("import_agenda", str(tmp_path / "bad.csv"))
