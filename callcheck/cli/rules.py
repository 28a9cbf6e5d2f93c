"""`callcheck rules`: what is known, and are rules that somebody wrote in order?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from callcheck import knowledge
from callcheck.cli import console
from callcheck.cli.exit_status import ExitStatus
from callcheck.model.errors import UsageError
from callcheck.model.events import Emitter
from callcheck.model.printable import clean
from callcheck.model.rule import STAGES
from callcheck.rulebooks import check_rules, load_rules


def listed(extra: Sequence[Path], what: str = "causes") -> ExitStatus:
    """Print a line a cause (name, stage, title, origin), or one of the `frameworks` or `platforms`."""
    _folders_exist(extra)
    rows = {"causes": _causes, "frameworks": _frameworks, "platforms": _platforms}[what]
    console.emit(_aligned(rows(extra)))
    return ExitStatus.NOTHING_LIKELY


def _causes(extra: Sequence[Path]) -> Iterable[tuple[str, ...]]:
    from callcheck.report.explained import readable

    for rule in sorted(load_rules(extra), key=lambda rule: (STAGES.index(rule.stage), rule.cause)):
        yield rule.cause, rule.stage, readable(rule.title), _origin(rule.origin)


def _frameworks(extra: Sequence[Path]) -> Iterable[tuple[str, ...]]:
    """Name, languages, number of patterns or event names, origin, the versions checked; tables of events after the frameworks."""
    known = knowledge.load(knowledge.folders(extra))
    for framework in sorted(known.frameworks, key=lambda each: each.name):
        languages = ", ".join(sorted(framework.languages))
        yield framework.name, languages, _counted(len(framework.idioms), "pattern"), _origin(framework.origin), _checked(framework.checked)
    tables: dict[str, list[Emitter]] = {}
    for emitter in known.events():
        tables.setdefault(emitter.origin, []).append(emitter)
    for origin, emitters in sorted(tables.items()):
        names = {(emitter.of[0], name) for emitter in emitters for name in emitter.names("")}
        said = _counted(len(names), "event name")
        yield f"events/{Path(origin).stem}", emitters[0].language, said, _origin(origin), _checked(emitters[0].checked)


def _platforms(extra: Sequence[Path]) -> Iterable[tuple[str, ...]]:
    """Title, files, and what holds where they say nothing."""
    from callcheck.knowledge import platforms

    for platform in platforms.load(knowledge.folders(extra)):
        yield platform.title, ", ".join(platform.files), platform.absent


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _checked(versions: str) -> str:
    return f"checked {versions}" if versions else "not checked"


def _origin(path: str) -> str:
    return "callcheck" if knowledge.shipped() in Path(path).parents else clean(path)


def _aligned(rows: Iterable[tuple[str, ...]]) -> str:
    table = [tuple(clean(cell) for cell in row) for row in rows]
    if not table:
        return ""
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() + "\n" for row in table
    )


def check(folder: Path | None) -> ExitStatus:
    """Print `file:line: problem` for each problem; without a folder, of our own rules."""
    _folders_exist([folder] if folder else [])
    count = 0
    checked = 0
    for path, line, problem in check_rules(folder):
        if problem:
            count += 1
            console.emit(f"{clean(path)}{f':{line}' if line else ''}: {clean(problem, 400)}\n")
        else:
            checked += 1
    if not checked and not count:
        raise UsageError(
            f"no rules in {clean(str(folder))}", "it holds causes/<stage>/<cause>.yaml or frameworks/<library>.yaml"
        )
    console.complain(f"{checked} files in order, {count} problem{'' if count == 1 else 's'}")
    return ExitStatus.BROKEN if count else ExitStatus.NOTHING_LIKELY


def _folders_exist(given: Iterable[Path]) -> None:
    for folder in given:
        if not folder.is_dir():
            raise UsageError(f"{clean(str(folder))} is no folder", "it holds causes/ and frameworks/")
