"""Which statements on many rows go past the callbacks that single ones of the same model run, as Active Record names both?

[0555d191] Flat Update (0.5ms)  UPDATE "flats" SET ...        [e834670d] Flat Update All (15.4ms)  UPDATE "flats" SET ...
[0555d191] Enqueued PriceAlertJob ...                          [e834670d] Completed 302 Found

Active Record 5 and later name a statement by its model: `Create`, `Update` and `Destroy` for what an object does, `Update All`, `Delete All`, `Insert`, `Upsert`
(with `Bulk` before these for several rows) for what a relation does (relation.rb, insert_all.rb).

INSERT INTO "catalog_lot" (...) VALUES ('SB-90220', ...)       ... VALUES ('SB-90224', ...), ('SB-90225', ...)
search document written accession=SB-90220                     (and no such line of SB-90224 or SB-90225)

Where only the database is heard, the row itself tells what follows: a line that names what stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit

_STATEMENT = pattern(r"(?:^|[\s\]])([A-Z]\w{0,60}(?:::[A-Z]\w{0,60}){0,4}) (Create|Update(?: All)?|Destroy|Delete All|(?:Bulk )?(?:Insert|Upsert)) \(\d{1,7}(?:\.\d{1,3})?ms\)")
_SINGLE = ("Create", "Update", "Destroy")
_BULK = {"Update All": "Update", "Delete All": "Destroy", "Insert": "Create", "Upsert": "Create", "Bulk Insert": "Create", "Bulk Upsert": "Create"}
_FOLLOWS = pattern(r"\bEnqueued \w|\bdelivered mail\b|\bDelivered mail\b|\[ActionCable\] Broadcasting|\bBroadcasting to\b|\bwebhook\b|\b(?:notif|publish|emit|index|callback)\w*", 2)
_SET = pattern(r"\bSET (.{1,200}?)(?: WHERE\b|$)")
_COLUMN = pattern(r"(?:^|, ?)[\"`]?(?:\w{1,60}[\"`]?\.[\"`]?)?(\w{1,60})[\"`]? = ")
_STAMP = pattern(r"_(?:at|on|count)$")
_OLD = pattern(r"_(?:at|on)[\"`]? <")
"""What is deleted for its age was not deleted by anybody."""
_INSERT = pattern(r"\bINSERT INTO [\"`\[]?([\w.\"`\[\]]{1,120}?)[\"`\]]? ?\([^()]{1,600}\) (?:OUTPUT [^()]{1,100} )?VALUES ?\(([^()]{1,600})(?:\)(, ?\()?)?", re.I)
_STATES = pattern(r"\b(?:INSERT INTO|UPDATE|SELECT|DELETE FROM)\b")
_VALUE = pattern(r"'([^']{4,80})'|(?<![\w.'-])(\d{4,20})(?![\w.'-])")
_LEAST = 3
_NEARLY_ALL = 0.8


@dataclass(frozen=True, slots=True)
class Unhooked:
    """Bulk statements on one model without what follows each single one."""

    bulk: list[Step]
    heard: int
    """Single statements that are followed by it."""


def unhooked(units: Sequence[Unit]) -> Iterator[Unhooked]:
    """Each model and kind of statement of which nearly all single ones are followed by one line that follows none of the bulk ones.

    A bulk statement behind a single one is often its consequence (a counter, a touched parent, what it takes along), and counts for nothing.
    """
    singles: dict[tuple[str, str], list[tuple[Step, set[str]]]] = {}
    bulks: dict[tuple[str, str], list[tuple[Step, set[str]]]] = {}
    for unit in units:
        steps = sorted(unit.steps.values(), key=lambda step: (step.time, step.order))
        number = next((number for number, step in enumerate(steps) if _STATEMENT.search(step.text)), 0)
        first = _STATEMENT.search(steps[number].text)
        if first is None or len(steps) < 2:
            continue
        follows = {after.shape for after in steps[number + 1 :] if not after.bad and _of_hook(after, first[1])}
        kinds = bulks if first[2] in _BULK else singles
        if first[2] != "Delete All" or not _OLD.search(steps[number].text):
            kinds.setdefault((first[1], _BULK.get(first[2], first[2])), []).append((steps[number], follows))
    for key, found in bulks.items():
        alike = [(step, follows) for step, follows in singles.get(key, ()) if key[1] != "Update" or any(_columns(step) & _columns(bulk) for bulk, _ in found)]
        hooks = {shape for _, follows in alike for shape in follows}
        heard = max((sum(shape in follows for _, follows in alike) for shape in hooks), default=0)
        same = [(bulk, follows) for bulk, follows in found if key[1] != "Update" or any(_columns(bulk) & _columns(step) for step, _ in alike)]
        if heard >= max(_LEAST, _NEARLY_ALL * len(alike)) and len(same) >= _LEAST and not any(follows for _, follows in same):
            yield Unhooked([step for step, _ in same], heard)


def unnamed(steps: Iterable[Step]) -> Iterator[Unhooked]:
    """Each table of which nearly all rows that are put in by themselves are then named by one kind of line, and none of those that are put in together."""
    singles: dict[str, dict[str, Step]] = {}
    bulks: dict[str, dict[str, Step]] = {}
    said: list[Step] = []
    for step in steps:
        found = _INSERT.search(step.text) if "VALUES" in step.text else None
        if found is not None:
            # An id of its own, such as the request's, is nothing of the row.
            row = {one or other for one, other in _VALUE.findall(found[2])} & step.ids
            (bulks if found[3] else singles).setdefault(found[1], {}).update(dict.fromkeys(sorted(row), step))
        elif not step.bad and not _STATES.search(step.text):
            said.append(step)
    for table in sorted(singles.keys() & bulks.keys()):
        one, many = singles[table], bulks[table]
        rows = {(step.place.whole, step.order) for step in one.values()}
        named: dict[str, set[tuple[str, int]]] = {}
        other: set[str] = set()
        for step in said:
            for value in step.ids & one.keys():
                named.setdefault(step.shape, set()).add((one[value].place.whole, one[value].order))
            if not step.ids.isdisjoint(many):
                other.add(step.shape)
        heard = max((len(places) for shape, places in named.items() if shape not in other), default=0)
        bulk = sorted({(step.place.whole, step.order): step for step in many.values()}.items())
        if heard >= max(_LEAST, _NEARLY_ALL * len(rows)) and len(bulk) >= _LEAST:
            yield Unhooked([step for _, step in bulk], heard)


def _columns(step: Step) -> set[str]:
    """What an update sets, without the times and counters that are written beside it."""
    found = _SET.search(step.text)
    return {name for name in _COLUMN.findall(found[1]) if not _STAMP.search(name)} if found else set()


def _of_hook(step: Step, model: str) -> bool:
    """Whether a line behind a statement may come from a callback: a job, a mail, a broadcast, or what another model writes."""
    statement = _STATEMENT.search(step.text)
    return statement[1] != model and statement[2] in _SINGLE if statement else _FOLLOWS.search(step.text, 0, 300) is not None
