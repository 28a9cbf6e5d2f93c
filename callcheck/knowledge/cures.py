"""How is a use written that its library is known to let down, and how should it be?

Each trap has a sample that it is about and one that it is not about: the same use as it should be. Its text says what to write after a
semicolon. So the entry itself is the cure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from callcheck.knowledge.read_yaml import read_yaml
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.rule import Fix, Snippet

Samples = tuple[str, str]
"""The use as it is, and as it should be."""
Known = Mapping[str, Samples]
"""By the text of the trap."""

_NAME = pattern(r"(?m)^# file: (\S+)\n")


def load(folders: Sequence[Path], framework: str) -> Known:
    """Of the traps of one framework. Raises RuleError."""
    names_it = re.compile(rf"framework[\"']?\s*:\s*[\"']?{re.escape(framework)}[\"',\s]")
    files = (path for folder in folders for path in sorted((folder / "traps").glob("*.y*ml")))
    # To read all of them as YAML takes longer than a diagnosis.
    return {says: samples for path in files if names_it.search(path.read_text(encoding="utf-8", errors="replace")) for says, samples in of_file(path).items()}


def of_file(path: Path) -> Known:
    """Of the traps in one file. Raises RuleError."""
    traps = read_yaml(path).get("traps") or ()
    return {str(trap.get("says")): _apart(str(trap.get("sample") or ""), str(trap.get("not_sample") or "")) for trap in traps}


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


def cure(fact: LibraryTrap, known: Known) -> Fix:
    """What to write instead of the use that the fact is about."""
    advice = fact.why.rpartition("; ")[2]
    before, after = known.get(fact.why, ("", ""))
    snippet = Snippet("python" if fact.language == "python" else "typescript", before, after)
    return Fix(advice[:1].upper() + advice[1:], (snippet,) if before and after else ())
