"""What does a capture hold? Its archive is checked first, then every value in it; both may come from anybody."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from callcheck.model.captured import (
    CONTEXT,
    EVIDENCE,
    LINES,
    LOOKS,
    MANIFEST,
    MOST_ITEMS,
    MOST_LINE_BYTES,
    SCHEMA,
    Captured,
)
from callcheck.model.evidence import Ledger, Looked, Placement
from callcheck.model.knowledge import Knowledge
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Outcome
from callcheck.sources import Eyes
from callcheck.sources.capture import rows
from callcheck.sources.capture.archive import checked, members
from callcheck.sources.files import Tree

_MOST_DOCUMENT = 8_000_000
"""Bytes of a member that is one object; ours have some thousand."""


class CapturedEyes(Eyes):
    """Sees what a capture took along, and nothing of this machine."""

    def __init__(self, target: Target, captured: Captured) -> None:
        super().__init__(target, Knowledge())
        self.tree = Tree()
        self._held = captured.lines

    def lines(self, path: str, first: int, last: int) -> list[str]:
        """As far as they were taken along; from the first that was not, none."""
        found = []
        for number in range(first, min(last, first + 10_000) + 1):
            text = self._held.get((path, number))
            if text is None:
                break
            found.append(text)
        return found


def read(path: Path, name: str) -> Captured:
    """The capture in a file. Raises SourceError; `name` is what the file is called then."""
    texts = members(path, name)
    step = MANIFEST
    try:
        manifest = rows.table(_document(texts[MANIFEST]), "it")
        if manifest.get("schema") != SCHEMA:
            raise rows.Wrong(f"the schema is not {SCHEMA}")
        checked(texts, manifest.get("members"), name)
        step = EVIDENCE
        told = list(_objects(texts[EVIDENCE]))
        made = rows.evidence(told)
        kept = [item for row, item in zip(told, made, strict=True) if item is not None and not row.get("aside")]
        step = LINES
        lines = {(rows.text(row.get("file"), "file"), rows.number(row.get("line"), "line", 1)): _line(row.get("text")) for row in _objects(texts[LINES])}
        step = LOOKS
        looks = [rows.look(row) for row in rows.listed(_document(texts[LOOKS]), "it")]
        step = CONTEXT
        context = rows.table(_document(texts[CONTEXT]), "it")
        step = MANIFEST
        missing = _missing(manifest, told, made)
        return Captured(
            rows.text(rows.table(manifest.get("tool"), "tool").get("version"), "version"),
            tuple(rows.text(word, "targets") for word in rows.listed(manifest.get("targets"), "targets")),
            _ledger(kept, looks, context, missing),
            lines,
            tuple(rows.ignore(row) for row in rows.listed(context.get("ignores"), "ignores")),
            tuple(rows.left_out(row) for row in rows.listed(context.get("left_out"), "left_out")),
            rows.flag(context.get("complete"), "complete"),
            missing.total(),
        )
    except (rows.Wrong, ValueError, RecursionError, TypeError) as error:
        raise rows.malformed(name, step, error) from None


def _missing(manifest: dict[str, Any], told: list[dict[str, Any]], made: list[Any]) -> Counter[str]:
    """How many facts of each kind are not there: left out then, or not known now."""
    counts = rows.table(manifest.get("left_out"), "left_out")
    found = Counter({rows.text(kind, "left_out"): rows.number(count, "left_out") for kind, count in list(counts.items())[:1000]})
    found.update(rows.text(row.get("kind"), "kind") for row, item in zip(told, made, strict=True) if item is None)
    return found


def _ledger(evidence: list[Any], looks: list[Looked], context: dict[str, Any], missing: Counter[str]) -> Ledger:
    if missing:
        why = f"{missing.total()} facts are not in the capture, or of kinds that this version does not know"
        looks = [*looks, Looked("capture", frozenset(missing), Outcome.PART, why)]
    ledger = Ledger(evidence, looks)
    loaded = rows.table(context.get("loaded"), "loaded")
    units = {rows.text(path, "loaded"): _units(held) for path, held in loaded.items()}
    ledger.place(Placement(loaded=units, apps=_units(context.get("units"))))
    return ledger


def _units(held: Any) -> frozenset[str]:
    return frozenset(rows.text(unit, "units") for unit in rows.listed(held, "units"))


def _line(held: Any) -> str:
    """A line of a file; tabs stay, since columns count them as one."""
    if not isinstance(held, str):
        raise rows.Wrong("text is no text")
    return "\t".join(clean(part, 2 * len(part) + 20) for part in held.split("\t"))


def _document(text: str) -> Any:
    if len(text) > _MOST_DOCUMENT:
        raise rows.Wrong(f"it has over {_MOST_DOCUMENT // 1_000_000} MB")
    return json.loads(text, parse_constant=_no_number)


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The objects of a member that has one on each line. Raises Wrong, ValueError, RecursionError."""
    if text.count("\n") > MOST_ITEMS:
        raise rows.Wrong(f"it has over {MOST_ITEMS} lines")
    for line in text.splitlines():
        if len(line) > MOST_LINE_BYTES:
            raise rows.Wrong(f"a line has over {MOST_LINE_BYTES} bytes")
        yield rows.table(json.loads(line, parse_constant=_no_number), "a line")


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")
