"""What a newer text changes, for people: block by block, and word by word within a block. Pure Python: no Django."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Indel

from papers.matching import Matching, Text

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
SAME, NEW, REMOVED, REWORDED, MOVED, SPLIT, MERGED, KIND = (
    "same",
    "new",
    "removed",
    "reworded",
    "moved",
    "split",
    "merged",
    "kind",
)


@dataclass(frozen=True)
class Run:
    """Words that stay ("equal"), go ("gone") or come ("come")."""

    what: str
    text: str


@dataclass
class Row:
    """One block of the comparison: what happened to it, and its words. `old` and `new` are indexes or None."""

    old: int | None
    new: int | None
    what: set[str] = field(default_factory=set)
    runs: list[Run] = field(default_factory=list)


def rows(old: Sequence[Text], new: Sequence[Text], found: Matching) -> list[Row]:
    """Every block of the newer text in order, and each that has gone after the one it used to follow."""
    result: list[Row] = []
    split = set(found.split_from.values())
    merged = set(found.merged_into.values())
    for n, block in enumerate(new):
        o = found.kept.get(n)
        row = Row(o, n)
        if o is None:
            row.what.add(SPLIT if n in found.split_from else NEW)
            row.runs = [Run("equal" if n in found.split_from else "come", block.text)]
        else:
            row.runs = words_changed(old[o].text, block.text)
            if o in split:
                row.what.add(SPLIT)
            if n in merged:
                row.what.add(MERGED)
            elif o not in split and any(run.what != "equal" for run in row.runs):
                row.what.add(REWORDED)
            if n in found.moved:
                row.what.add(MOVED)
            if old[o].kind != block.kind:
                row.what.add(KIND)
        if not row.what:
            row.what.add(SAME)
        result.append(row)
    _put_gone(result, old, found)
    return result


def _put_gone(result: list[Row], old: Sequence[Text], found: Matching) -> None:
    kept = set(found.kept.values())
    for o, block in enumerate(old):
        if o in kept:
            continue
        row = Row(o, found.merged_into.get(o), {MERGED if o in found.merged_into else REMOVED})
        row.runs = [Run("gone", block.text)]
        after = next((at for at, each in enumerate(result) if each.old == o - 1), -1) if o else -1
        result.insert(after + 1, row)


def words_changed(old: str, new: str) -> list[Run]:
    """What became of the words of a block: runs in order of reading, gone words before those that came."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    found: list[Run] = []
    gone = come = ""
    for step in Indel.opcodes(before, after):
        if step.tag == "equal":
            found += _runs(gone, come)
            gone = come = ""
            found.append(Run("equal", "".join(before[step.src_start : step.src_end])))
        else:
            gone += "".join(before[step.src_start : step.src_end])
            come += "".join(after[step.dest_start : step.dest_end])
    return found + _runs(gone, come)


def _runs(gone: str, come: str) -> list[Run]:
    return [run for run in (Run("gone", gone), Run("come", come)) if run.text]
