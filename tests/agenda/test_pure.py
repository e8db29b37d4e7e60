"""Checks, differences, merging and delays: pure functions, for any programme."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.agenda import checks, shift
from conference.agenda.content import changed_fields, clashes, complete, stricter
from conference.agenda.diff import differences

PRAGUE = ZoneInfo("Europe/Prague")
DAY = date(2013, 12, 17)
VENUE = checks.Venue(
    zone=PRAGUE,
    starts_on=DAY,
    ends_on=DAY,
    closes_at=time(18, 0),
    rooms=frozenset({"main", "small"}),
    people=frozenset({"ann", "bob"}),
    papers=frozenset({"paper"}),
)


def at(minute: int) -> datetime:
    """Minutes after eight."""
    return datetime(2013, 12, 17, 8, tzinfo=PRAGUE) + timedelta(minutes=minute)


def content(begin: int, end: int, **values: Any) -> dict[str, Any]:
    people = [{"person": person} for person in values.pop("people", [])]
    return complete(
        {
            "title": "Talk",
            "room": "main",
            "start": at(begin).isoformat(),
            "end": at(end).isoformat(),
            "people": people,
            **values,
        }
    )


def codes(programme: dict[str, Any], venue: checks.Venue = VENUE) -> set[tuple[str, tuple[str, ...]]]:
    return {(problem.code, problem.slugs) for problem in checks.problems(programme, venue)}


@pytest.mark.parametrize(
    ("programme", "expected"),
    [
        ({"a": content(0, 60)}, set()),
        ({"a": content(60, 60)}, {("ends_before_start", ("a",))}),
        ({"a": content(60, 0)}, {("ends_before_start", ("a",))}),
        ({"a": content(-24 * 60, -23 * 60)}, {("outside_days", ("a",))}),
        ({"a": content(14 * 60, 16 * 60, kind="break")}, {("past_closing", ("a",))}),
        (
            {"a": content(14 * 60, 16 * 60 + 1, kind="break")},
            {("outside_days", ("a",)), ("past_closing", ("a",))},
        ),
        ({"a": content(60, 30 * 60, kind="break")}, {("outside_days", ("a",)), ("past_closing", ("a",))}),
        ({"a": content(0, 60, title=" ")}, {("no_title", ("a",))}),
        ({"a": content(0, 60, room="attic")}, {("unknown", ("a",))}),
        ({"a": content(0, 60, people=["eve"])}, {("unknown", ("a",))}),
        ({"a": content(0, 60, papers=["lost"])}, {("unknown", ("a",))}),
        ({"a": content(0, 60), "b": content(59, 90)}, {("room_taken", ("a", "b"))}),
        ({"a": content(0, 60), "b": content(60, 90)}, set()),
        ({"a": content(0, 60), "b": content(59, 90, cancelled=True)}, set()),
        (
            {"a": content(0, 60, people=["ann"]), "b": content(30, 90, room="small", people=["ann"])},
            {("person_twice", ("a", "b"))},
        ),
        (
            {"a": content(0, 60, people=["ann"]), "b": content(62, 90, room="small", people=["ann"])},
            {("no_gap", ("a", "b"))},
        ),
        ({"a": content(0, 60, people=["ann"]), "b": content(62, 90, people=["ann"])}, set()),
        (
            {"a": content(0, 90), "b": content(90, 180), "c": content(185, 200)},
            {("break_missing", ("a", "b"))},
        ),
        ({"a": content(0, 90), "b": content(100, 180)}, set()),
        ({"a": content(540, 601)}, {("past_closing", ("a",))}),
        ({"a": content(0, 60, room="")}, {("no_room", ("a",))}),
        ({"a": content(0, 60, kind="break", room="")}, set()),
        ({"a": content(0, 60, kind="panel", people=["ann"])}, {("no_chair", ("a",))}),
    ],
)
def test_what_the_checks_find(programme: dict[str, Any], expected: set[tuple[str, tuple[str, ...]]]) -> None:
    assert codes(programme) == expected


def test_a_replacement_stands_for_whom_it_replaces() -> None:
    ann = {"person": "ann", "cancelled": True, "replaced_by": "bob"}
    programme = {
        "a": complete({**content(0, 60), "people": [ann]}),
        "b": content(30, 90, room="small", people=["ann"]),
        "c": content(30, 90, room="", kind="break", people=["bob"]),
    }
    assert codes(programme) == {("person_twice", ("a", "c"))}
    nobody = complete({**content(0, 60), "people": [{**ann, "replaced_by": ""}]})
    assert codes({"a": nobody}) == {("not_replaced", ("a",))}


def test_an_acknowledgement_holds_until_the_times_change() -> None:
    def key(end: int) -> str:
        (problem,) = checks.problems({"a": content(0, 60), "b": content(50, end)}, VENUE)
        return problem.key

    assert key(90) == key(90)
    assert key(90) != key(95)


lengths = st.tuples(st.integers(0, 700), st.integers(-30, 120))
people = st.lists(st.sampled_from(["ann", "bob"]), unique=True)
contents = st.builds(
    lambda span, room, who, kind, cancelled: content(
        span[0], span[0] + span[1], room=room, people=who, kind=kind, cancelled=cancelled
    ),
    lengths,
    st.sampled_from(["", "main", "small"]),
    people,
    st.sampled_from(["talk", "panel", "break"]),
    st.booleans(),
)
programmes = st.dictionaries(st.sampled_from("abcdef"), contents, max_size=6)


@given(programmes)
def test_findings_do_not_depend_on_the_order_and_name_items_that_are_there(programme: dict) -> None:
    found = checks.problems(programme, VENUE)
    assert checks.problems(dict(reversed(programme.items())), VENUE) == found
    assert all(slug in programme for problem in found for slug in problem.slugs)
    assert all(not programme[slug]["cancelled"] for problem in found for slug in problem.slugs)
    assert [checks.GRADES.index(problem.grade) for problem in found] == sorted(
        checks.GRADES.index(problem.grade) for problem in found
    )


@given(programmes, st.sampled_from("abcdef"))
def test_cancelling_an_item_brings_no_problem_of_rooms_or_people(programme: dict, slug: str) -> None:
    watched = {checks.ROOM_TAKEN, checks.PERSON_TWICE, checks.NO_GAP, checks.ENDS_BEFORE_START}
    before = {each for each in codes(programme) if each[0] in watched}
    if slug in programme:
        programme = {**programme, slug: {**programme[slug], "cancelled": True}}
    assert {each for each in codes(programme) if each[0] in watched} <= before


@given(programmes, programmes)
def test_differences_are_complete_and_turn_around(one: dict, other: dict) -> None:
    assert differences(one, one) == []
    there, back = differences(one, other), differences(other, one)
    assert {each.slug for each in there} == {each.slug for each in back}
    rebuilt = {**one}
    for each in there:
        if each.after is None:
            del rebuilt[each.slug]
        else:
            rebuilt[each.slug] = each.after
    assert rebuilt == other


@given(contents, contents, contents)
def test_a_clash_is_shown_for_each_field_that_would_be_overwritten(
    base: dict, theirs: dict, mine: dict
) -> None:
    found = {clash.name: clash for clash in clashes(base, theirs, mine)}
    assert set(found) == set(changed_fields(theirs, mine))
    for clash in found.values():
        # Nobody's work is chosen away silently: a preset choice keeps what one of the two changed.
        assert not (clash.only_theirs and clash.only_mine)
        if clash.only_theirs:
            assert clash.theirs != clash.base


def test_the_stricter_rule() -> None:
    rules = ["on_record", "chatham_house", "those_present"]
    for n, one in enumerate(rules):
        for m, other in enumerate(rules):
            assert stricter(one, other) == rules[max(n, m)]


# Delays -------------------------------------------------------------------------------------------------------


def slot(slug: str, begin: int, end: int, **values: Any) -> shift.Slot:
    values = {"expected_start": at(begin), "expected_end": at(end), **values}
    return shift.Slot(slug, at(begin), at(end), **values)


MORNING = [
    slot("talk", 100, 160, room="main", running=True),
    slot("coffee", 160, 180),
    slot("panel", 180, 250, room="main"),
    slot("table", 180, 250, room="small"),
    slot("lunch", 255, 315, fixed=True),
    slot("after", 315, 400, room="main"),
]


def moved(moves: list[shift.Move]) -> dict[str, tuple[datetime, datetime, str]]:
    return {move.slug: (move.start, move.end, move.kept) for move in moves}


def test_fifteen_minutes_late_until_lunch() -> None:
    assert moved(shift.late(MORNING, "talk", 15)) == {
        "talk": (at(100), at(175), ""),
        "coffee": (at(175), at(195), ""),
        "panel": (at(195), at(255), "shortened"),
        "table": (at(195), at(255), "shortened"),
        "lunch": (at(255), at(315), "fixed"),
        "after": (at(315), at(400), "after_fixed"),
    }


def test_one_room_alone_is_late() -> None:
    assert set(moved(shift.late(MORNING, "panel", 10, room="main"))) == {"panel", "after"}


def test_on_time_again_says_who_was_told_later() -> None:
    told = [
        shift.Slot(
            each.slug,
            each.start,
            each.end,
            each.expected_start + timedelta(minutes=15),
            each.expected_end + timedelta(minutes=15),
            each.room,
        )
        for each in MORNING[1:3]
    ]
    assert shift.earlier(told, shift.late(told, "coffee", 0)) == ["coffee", "panel"]
    assert shift.earlier(told, shift.late(told, "coffee", 20)) == []


slots = st.lists(
    st.tuples(st.integers(0, 500), st.integers(5, 90), st.booleans(), st.sampled_from(["", "main", "small"])),
    min_size=1,
    max_size=8,
)


@given(slots, st.integers(0, 120), st.data())
def test_any_delay(rows: list[tuple[int, int, bool, str]], minutes: int, data: st.DataObject) -> None:
    """Nothing begins before it was planned, nothing ends before it begins, and what is fixed stays."""
    found = [
        slot(f"s{number}", begin, begin + length, fixed=fixed, room=room)
        for number, (begin, length, fixed, room) in enumerate(rows)
    ]
    first = data.draw(st.sampled_from(found))
    by_slug = {each.slug: each for each in found}
    moves = shift.late(found, first.slug, minutes)
    assert {move.slug for move in moves} == {each.slug for each in found if each.start >= first.start}
    for move in moves:
        was = by_slug[move.slug]
        assert move.start >= was.start
        assert move.end > move.start
        assert move.start <= was.start + timedelta(minutes=minutes)
        if was.fixed and move.slug != first.slug:
            assert (move.start, move.end) == (was.start, was.end)
    # The delay is counted from the plan: said twice it is the same.
    again = [
        shift.Slot(each.slug, each.start, each.end, move.start, move.end, each.room, each.fixed)
        for move in moves
        for each in [by_slug[move.slug]]
    ]
    assert moved(shift.late(again, first.slug, minutes)) == moved(moves)
