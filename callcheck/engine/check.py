"""Are the rule files of a folder in order, each by itself?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from callcheck.engine import examples, load
from callcheck.model.errors import RuleError
from callcheck.model.fact import kinds, names
from callcheck.model.pattern import pattern
from callcheck.model.rule import Rule

Problem = tuple[str, "int | None", str]
"""Path, line (from 1; None for the whole file) and what is wrong; "" when the file is in order."""

_HOLE = pattern(r"\{([a-z_][a-z0-9_.]*)\}")


def problems(folder: Path, beside: Sequence[Rule] = ()) -> Iterator[Problem]:
    """Every rule file of the folder; `beside` are the rules that it may yield to. One broken file does not hide the next."""
    read: list[Rule] = []
    for path in sorted((folder / "causes").rglob("*.y*ml")):
        try:
            read.append(load.read(path))
        except RuleError as error:
            yield error.path, error.line, error.plain
        except RecursionError:
            yield str(path), None, "nested too deeply"
        except (TypeError, ValueError, AttributeError, KeyError) as error:
            yield str(path), None, f"not a rule: {error}"
    everyone = {rule.cause: rule for rule in (*beside, *read)}
    attributes = {attr for kind in kinds().values() for attr in names(kind).values()}
    for rule in read:
        found = list(_of(rule, everyone, attributes))
        yield from found or [(rule.origin, None, "")]


def _of(rule: Rule, everyone: dict[str, Rule], attributes: set[str]) -> Iterator[Problem]:
    text = Path(rule.origin).read_text(encoding="utf-8", errors="replace").splitlines()
    titles = [
        rule.title,
        *(way.title for way in (*rule.ways, *rule.leads)),
        *(c.because for w in rule.ways for c in (*w.supports, *w.contradicts)),
    ]
    for hole in dict.fromkeys(hole for title in titles for hole in _HOLE.findall(title)):
        if hole not in attributes:
            yield rule.origin, _line(text, "{" + hole + "}"), f"no fact has the attribute {hole}"
    for way in rule.ways:
        for attribute in way.per:
            if attribute not in attributes:
                yield rule.origin, _line(text, attribute), f"`per` names {attribute}, which no fact has"
    for key, causes in (("yields_to", rule.yields_to), ("explained_by", rule.explained_by)):
        for cause in causes:
            if cause not in everyone:
                yield rule.origin, _line(text, cause), f"`{key}` names {cause}, which is no cause"
    for problem in examples.problems(rule, list(everyone.values())):
        named = re.match(r"example `(.*?)` gives", problem)
        yield rule.origin, _line(text, named[1]) if named else _line(text, "examples:"), problem


def _line(text: Sequence[str], wanted: str) -> int | None:
    return next((number for number, line in enumerate(text, 1) if wanted in line), None)
