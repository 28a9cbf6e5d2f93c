"""How is a use written that its library is known to let down, and how should it be?

Each trap has a sample that it is about and one that it is not about: the same use as it should be. Its text says what to write after a
semicolon. So the entry itself is the cure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from callcheck.knowledge.read_yaml import read_yaml
from callcheck.model.errors import RuleError
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.packed import Packed
from callcheck.model.pattern import pattern
from callcheck.model.rule import Fix, Snippet

Samples = tuple[str, str]
"""The use as it is, and as it should be."""
Known = Mapping[tuple[str, str], Samples]
"""By framework and text of the trap."""

_NAME = pattern(r"(?m)^# file: (\S+)\n")


class Cures:
    """The samples of all traps, of which few are asked for."""

    def __init__(self, known: Known) -> None:
        found: dict[str, dict[str, Samples]] = {}
        for (framework, says), samples in known.items():
            found.setdefault(framework, {})[says] = samples
        self._numbers = {framework: number for number, framework in enumerate(found)}
        self._packed = Packed(found.values())

    def of(self, framework: str) -> Mapping[str, Samples]:
        """By the text of the trap."""
        return self._packed.at(self._numbers[framework]) if framework in self._numbers else {}


def load(folders: Sequence[Path]) -> Known:
    """Of every trap. Raises RuleError."""
    found = {}
    for path in (path for folder in folders for path in sorted((folder / "traps").glob("*.y*ml"))):
        data = read_yaml(path)
        if not isinstance(data, dict):
            raise RuleError("a file of traps is a mapping with a `framework`", str(path))
        for trap in data.get("traps") or ():
            key = (str(data.get("framework")), str(trap.get("says")))
            found[key] = _apart(str(trap.get("sample") or ""), str(trap.get("not_sample") or ""))
    return found


def _apart(before: str, after: str) -> Samples:
    """The texts of those files in which the two samples differ; a sample of one file has no line that names it."""
    was, now = _files(before), _files(after)
    changed = [name for name in dict.fromkeys([*was, *now]) if was.get(name) != now.get(name)]
    return _joined(was, changed), _joined(now, changed)


def _joined(files: Mapping[str, str], names: Sequence[str]) -> str:
    return "\n".join(files[name].rstrip() for name in names if name in files)


def _files(sample: str) -> dict[str, str]:
    first, *rest = _NAME.split(sample)
    return {"": first} if not rest else dict(zip(rest[::2], rest[1::2], strict=True))


def cure(fact: LibraryTrap, known: Cures) -> Fix:
    """What to write instead of the use that the fact is about."""
    advice = fact.why.rpartition("; ")[2]
    before, after = known.of(fact.framework).get(fact.why, ("", ""))
    snippet = Snippet("python" if fact.language == "python" else "typescript", before, after)
    return Fix(advice[:1].upper() + advice[1:], (snippet,) if before and after else ())
