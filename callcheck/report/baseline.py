"""Which findings were there before? A file of one JSON object a line, sorted, written by `callcheck baseline` and kept in the repository.

    {"cause": "late-registration", "file": "src/bus.ts", "message": "...", "near": ["9f2c…", "01ab…"], "text": "bus.emit(\\"ready\\");"}

A finding is known again by its cause, its file and what its line says, never by the line's number. One whose file is gone may have moved with
it; one whose line was edited is known by the lines around it. Each line of the file stands for one finding, so a second one of the same kind is new.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.digest import digest
from callcheck.model.errors import UsageError
from callcheck.model.noun import dataclass, replace
from callcheck.model.printable import clean
from callcheck.report.findings import Finding, Lines, findings, of

_ALIKE = 0.6
_REACH = 5
"""Lines that are looked through for the nearest one with something in it."""
_KEYS = frozenset({"cause", "file", "message", "near", "text"})


@dataclass(frozen=True, slots=True)
class Known:
    """One finding that was there before."""

    cause: str
    file: str
    text: str
    near: tuple[str, str]
    """Digests of the nearest lines with something in them, above and below; "" for none."""
    message: str = ""


def render(report: Report, lines: Lines, min_confidence: float = 0.0) -> str:
    """The file for what a report finds."""
    rows = sorted(json.dumps(_row(known), sort_keys=True, ensure_ascii=True) for known in knowns(report, lines, min_confidence))
    return "".join(f"{row}\n" for row in rows)


def knowns(report: Report, lines: Lines, min_confidence: float = 0.0) -> list[Known]:
    """What a report finds, as it will be known again."""
    return [_known(finding, lines) for finding in findings(report, lines, min_confidence)]


def read(text: str, name: str) -> list[Known]:
    """The findings of a baseline file. Raises UsageError for whatever is not as it was written: a gate that cannot read what it may pass is shut."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict) or set(row) != _KEYS or not all(isinstance(row[key], str) for key in _KEYS - {"near"}) or not _pair(row["near"]):
            raise UsageError(f"{clean(name)}:{number} is no line of a baseline", "write it anew: callcheck baseline -o FILE")
        found.append(Known(row["cause"], row["file"], row["text"], (row["near"][0], row["near"][1]), row["message"]))
    return found


def _pair(near: object) -> bool:
    return isinstance(near, list) and len(near) == 2 and all(isinstance(each, str) for each in near)


def without(report: Report, known: Sequence[Known], lines: Lines, there: Callable[[str], bool]) -> Report:
    """The report without what was known; `there` is whether a file of that name exists. What is left out is in its `known`."""
    every = [(diagnosed, list(of(diagnosed, lines))) for diagnosed in report.diagnoses]
    old = _matched([finding for _, found in every for finding in found], list(known), lines, there)
    kept: list[Diagnosed] = []
    dropped: list[Diagnosed] = []
    for diagnosed, found in every:
        new = [finding for finding in found if id(finding) not in old]
        if new:
            kept.append(_of(diagnosed, found[0], new))
        if len(new) < len(found):
            dropped += [replace(diagnosed, grounds=finding.roots, others=()) for finding in found if id(finding) in old]
    return replace(report, diagnoses=tuple(kept), known=tuple(dropped))


def _of(diagnosed: Diagnosed, first: Finding, new: list[Finding]) -> Diagnosed:
    """The diagnosis led by the first finding that is new."""
    others = tuple(finding.roots[0] for finding in new[1:])
    if new[0] is first:
        return replace(diagnosed, grounds=first.roots, others=others)
    return replace(diagnosed, title=new[0].message, grounds=new[0].roots, supports=(), others=others)


def _matched(found: Sequence[Finding], known: list[Known], lines: Lines, there: Callable[[str], bool]) -> set[int]:
    """The ids of the findings that are known; each of the known answers for one, the surest likeness first."""
    old: set[int] = set()
    rows = {id(finding): _known(finding, lines) for finding in found}
    for alike in (_same_place, _same, _moved(there), _edited):
        for finding in found:
            if id(finding) in old:
                continue
            one = next((each for each in known if each.cause == finding.cause and alike(each, rows[id(finding)])), None)
            if one is not None:
                known.remove(one)
                old.add(id(finding))
    return old


def _same_place(known: Known, row: Known) -> bool:
    return _same(known, row) and known.near == row.near


def _same(known: Known, row: Known) -> bool:
    return known.file == row.file and known.text == row.text


def _moved(there: Callable[[str], bool]) -> Callable[[Known, Known], bool]:
    return lambda known, row: known.text == row.text and bool(row.text) and known.file != row.file and not there(known.file)


def _edited(known: Known, row: Known) -> bool:
    if known.file != row.file or not any(one and one == other for one, other in zip(known.near, row.near, strict=True)):
        return False
    import difflib

    return difflib.SequenceMatcher(None, known.text, row.text, autojunk=False).ratio() >= _ALIKE


def _known(finding: Finding, lines: Lines) -> Known:
    where = finding.where
    near = tuple(_near(where.path, where.line, step, lines) for step in (-1, 1)) if where and where.line else ("", "")
    return Known(finding.cause, where.path if where else "", finding.text, (near[0], near[1]), finding.message)


def _near(path: str, line: int, step: int, lines: Lines) -> str:
    for number in range(line + step, line + step * (_REACH + 1), step):
        text = "".join(lines(path, number, number)).strip() if number > 0 else ""
        if text:
            return digest(text)[:16]
    return ""


def _row(known: Known) -> dict[str, object]:
    return {"cause": known.cause, "file": known.file, "text": known.text, "near": list(known.near), "message": known.message}


def places(report: Report, lines: Lines) -> Iterator[tuple[str, str, int | None]]:
    """Cause, file and line of what was left out because it was known."""
    for diagnosed in report.known:
        for finding in of(diagnosed, lines):
            yield finding.cause, finding.where.path if finding.where else "", finding.where.line if finding.where else None
