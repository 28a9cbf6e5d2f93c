"""Which value does a unit work with that is not given a variable at all: what the code has in its place?

    web:    {environment: {BROKER_URL: redis://redis:6379/0}}
    worker: {environment: {BROKER: redis://redis:6379/0}}            # os.getenv("BROKER_URL", "redis://localhost:6379/0")
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from callcheck.model.noun import replace
from callcheck.sources.code.environ import behind, default_of
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Literal, Node
from callcheck.sources.environment.bare import bare
from callcheck.sources.environment.owners import programs_of
from callcheck.sources.environment.setting import OPEN, Setting

if TYPE_CHECKING:
    from callcheck.sources import Eyes


def defaulted(eyes: Eyes, found: list[Setting]) -> Iterator[Setting]:
    """A setting with the code's own value for each unit that is given other variables, all of them to be seen, or none at all, and runs a program that
    reads this one."""
    everywhere = {each.name for each in found if not each.unit}
    if OPEN in everywhere:
        return
    names = {each.name for each in found if each.unit} - everywhere
    own = {name: value for name, value in _values(eyes).items() if name in names}
    if not own:
        return
    for unit, told, programs in lacking(eyes, found):
        for name, (value, paths) in own.items():
            if name not in told and any(paths & eyes.code.programs.loads(program) for program in programs):
                yield replace(unit, name=name, value=value, secret="")


def lacking(eyes: Eyes, found: list[Setting]) -> Iterator[tuple[Setting, frozenset[str], frozenset[str]]]:
    """Each unit of which all variables are to be seen: a setting of it that stands for all, the names that it is given, and its programs."""
    by_unit: dict[str, list[Setting]] = {}
    for each in found:
        if each.unit:
            by_unit.setdefault(each.unit, []).append(each)
    for held in by_unit.values():
        told = frozenset(each.name for each in held)
        if OPEN not in told:
            yield held[0], told, programs_of(eyes, held[0])
    for each in bare(eyes):
        if each.unit not in by_unit:
            yield each, frozenset(), programs_of(eyes, each)


def _values(eyes: Eyes) -> Mapping[str, tuple[str, frozenset[str]]]:
    """The one text that stands in for a variable wherever it is read, and the files that read it."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for read in eyes.code.variables.reads:
        module = module_of(read.node)
        if not is_test(module.path):
            texts, paths = found.setdefault(read.name, (set(), set()))
            texts.add(stand_in(read.node))
            paths.add(module.path)
    return {name: (next(iter(texts)), frozenset(paths)) for name, (texts, paths) in found.items() if len(texts) == 1 and "" not in texts}


def stand_in(node: Node) -> str:
    """What a reading of a variable gives where it is not set: `os.getenv("A", "b")`, `process.env.A ?? "b"`; "" for nothing, or what is no plain text."""
    others: list[Node | None] = [*behind(node)] or [default_of(node) if isinstance(node, Call) else None]
    return others[0].value if len(others) == 1 and isinstance(others[0], Literal) and isinstance(others[0].value, str) else ""
