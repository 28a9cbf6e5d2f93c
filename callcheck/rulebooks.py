"""Which rules are there, ours and the user's, and is anything wrong with them?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from callcheck import knowledge
from callcheck.engine import load
from callcheck.model.errors import RuleError
from callcheck.model.rule import Rule
from callcheck.sources.kept import kept


def load_rules(extra: Sequence[Path] = ()) -> list[Rule]:
    """Every rule, ours and the user's. Raises RuleError."""
    places = knowledge.folders(extra)
    return kept("causes", places, lambda: load.load(places))


def check_rules(folder: Path | None = None) -> Iterator[tuple[str, int | None, str]]:
    """Every rule and framework file of a folder (None: ours) as path, line and problem; "" for a problem when the file is in order."""
    from callcheck.engine.check import problems
    from callcheck.knowledge import events, logs, platforms
    from callcheck.knowledge.frameworks import in_order, read_traps
    from callcheck.knowledge.frameworks import read as read_framework

    root = folder or knowledge.shipped()
    beside = [rule for rule in load_rules() if folder is not None]
    yield from problems(root, beside)
    for path in sorted((root / "frameworks").glob("*.y*ml")):
        yield _read(read_framework, path)
    beside_traps = in_order(dict.fromkeys((knowledge.shipped(), root)))
    for path in sorted((root / "traps").glob("*.y*ml")):
        yield _read(lambda path: read_traps(path, *beside_traps), path)
    for path in sorted((root / "events").glob("*.y*ml")):
        yield _read(events.read, path)
    for path in sorted((root / "platforms").glob("*.y*ml")):
        yield _read(platforms.read, path)
    try:
        for said in logs.problems(logs.load([root])):
            origin, _, problem = said.partition(": ")
            yield origin, None, problem
    except RuleError as error:
        yield error.path, error.line, error.plain


def _read(reader: Callable[[Path], object], path: Path) -> tuple[str, int | None, str]:
    try:
        reader(path)
    except RuleError as error:
        return error.path, error.line, error.plain
    return str(path), None, ""
